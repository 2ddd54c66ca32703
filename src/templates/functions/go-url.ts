import { quoted } from '../quote.ts'
import { GoError } from '../value.ts'
import { escapedUrl, isEscaped, unescapedUrl } from './url-escapes.ts'

/** A URL in its parts, as net/url has them: unescaped, with the written form where escaping again would lose it. */
export interface Url {
  readonly scheme: string
  /** What follows the scheme of a URL without slashes: `a@b` of `mailto:a@b`. */
  readonly opaque: string
  readonly user: { readonly name: string; readonly password: string | undefined } | undefined
  readonly host: string
  readonly path: string
  readonly rawPath: string
  /** `file:/a`, not `file:///a`. */
  readonly omitHost: boolean
  /** A `?` with nothing after it. */
  readonly forceQuery: boolean
  readonly rawQuery: string
  readonly fragment: string
  readonly rawFragment: string
}

/** A URL of nothing. */
export const emptyUrl: Url = {
  scheme: '',
  opaque: '',
  user: undefined,
  host: '',
  path: '',
  rawPath: '',
  omitHost: false,
  forceQuery: false,
  rawQuery: '',
  fragment: '',
  rawFragment: '',
}

/**
 * What url.Parse reads.
 * @throws GoError `parse "%zz": invalid URL escape "%zz"`
 */
export function parsedUrl(text: string): Url {
  const hash = text.indexOf('#')
  const [before, after] = hash < 0 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)]
  const url = inParse(before, () => withoutFragment(before))
  if (after === '') return url
  return inParse(text, () => {
    const fragment = unescapedUrl(after, 'fragment')
    return { ...url, fragment, rawFragment: escapedUrl(fragment, 'fragment') === after ? '' : after }
  })
}

function inParse(text: string, read: () => Url): Url {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof GoError)) throw cause
    throw new GoError(`parse ${quoted(text)}: ${cause.message}`)
  }
}

function withoutFragment(text: string): Url {
  if (/[\p{Cc}]/u.test(text.replace(/[\u0080-\u009f]/g, '')))
    throw new GoError('net/url: invalid control character in URL')
  if (text === '*') return { ...emptyUrl, path: '*' }
  const { scheme, rest: afterScheme } = schemeOf(text)
  const forceQuery = afterScheme.endsWith('?') && afterScheme.indexOf('?') === afterScheme.length - 1
  const mark = afterScheme.indexOf('?')
  const rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark)
  const rawQuery = mark < 0 ? '' : afterScheme.slice(mark + 1)
  const start = { ...emptyUrl, scheme, forceQuery, rawQuery }
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...start, opaque: rest }
    if (rest.split('/', 1)[0]!.includes(':')) throw new GoError('first path segment in URL cannot contain colon')
  }
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const end = rest.indexOf('/', 2)
    const [authority, path] = end < 0 ? [rest.slice(2), ''] : [rest.slice(2, end), rest.slice(end)]
    return { ...start, ...authorityOf(authority), ...pathOf(path) }
  }
  return { ...start, ...pathOf(rest), omitHost: scheme !== '' && rest.startsWith('/') }
}

function schemeOf(text: string): { scheme: string; rest: string } {
  if (text.startsWith(':')) throw new GoError('missing protocol scheme')
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text)
  return match ? { scheme: match[1]!.toLowerCase(), rest: match[2]! } : { scheme: '', rest: text }
}

function pathOf(text: string): Pick<Url, 'path' | 'rawPath'> {
  const path = unescapedUrl(text, 'path')
  return { path, rawPath: escapedUrl(path, 'path') === text ? '' : text }
}

function authorityOf(text: string): Pick<Url, 'user' | 'host'> {
  const at = text.lastIndexOf('@')
  const host = hostOf(text.slice(at + 1))
  if (at < 0) return { user: undefined, host }
  const info = text.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(info)) throw new GoError('net/url: invalid userinfo')
  const colon = info.indexOf(':')
  if (colon < 0) return { user: { name: unescapedUrl(info, 'user'), password: undefined }, host }
  const [name, password] = [info.slice(0, colon), info.slice(colon + 1)]
  return { user: { name: unescapedUrl(name, 'user'), password: unescapedUrl(password, 'user') }, host }
}

function hostOf(text: string): string {
  if (text.startsWith('[')) {
    const end = text.lastIndexOf(']')
    if (end < 0) throw new GoError("missing ']' in host")
    checkPort(text.slice(end + 1))
    return unescapedUrl(text, 'host')
  }
  const colon = text.lastIndexOf(':')
  if (colon >= 0) checkPort(text.slice(colon))
  return unescapedUrl(text, 'host')
}

function checkPort(text: string): void {
  if (text !== '' && !/^:[0-9]*$/.test(text)) throw new GoError(`invalid port ${quoted(text)} after host`)
}

/** A URL as text: url.URL's String. */
export function urlText(url: Url): string {
  const { scheme, opaque, user, host, forceQuery, rawQuery, fragment } = url
  let text = scheme === '' ? '' : `${scheme}:`
  if (opaque !== '') text += opaque
  else {
    const path = escapedPath(url)
    const isOmitted = url.omitHost && host === '' && !user
    if ((scheme !== '' || host !== '' || user) && !isOmitted) {
      if (host !== '' || url.path !== '' || user) text += '//'
      if (user) text += `${userText(user)}@`
      text += escapedUrl(host, 'host')
    }
    if (path !== '' && !path.startsWith('/') && host !== '') text += '/'
    if (text === '' && path.split('/', 1)[0]!.includes(':')) text += './'
    text += path
  }
  if (forceQuery || rawQuery !== '') text += `?${rawQuery}`
  return fragment === '' ? text : `${text}#${escapedFragment(url)}`
}

/** The path with its escapes, as written where that is one way to write it. */
export function escapedPath({ path, rawPath }: Url): string {
  if (rawPath !== '' && isEscaped(rawPath, 'path') && unescapedUrl(rawPath, 'path') === path) return rawPath
  return path === '*' ? path : escapedUrl(path, 'path')
}

/** The fragment with its escapes. */
export function escapedFragment({ fragment, rawFragment }: Url): string {
  if (rawFragment !== '' && isEscaped(rawFragment, 'fragment') && unescapedUrl(rawFragment, 'fragment') === fragment)
    return rawFragment
  return escapedUrl(fragment, 'fragment')
}

/** A user and password as text: url.Userinfo's String. */
export function userText({ name, password }: NonNullable<Url['user']>): string {
  return escapedUrl(name, 'user') + (password === undefined ? '' : `:${escapedUrl(password, 'user')}`)
}

/** A host without its port, and without the brackets of an IPv6 address. */
export function hostname({ host }: Url): string {
  const bare = host.replace(/:[0-9]*$/, (port, at: number) =>
    host.startsWith('[') && host[at - 1] !== ']' ? port : '',
  )
  return bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1) : bare
}
