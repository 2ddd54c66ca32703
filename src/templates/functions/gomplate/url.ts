import { textOfBytes } from '../../bytes.ts'
import { quoted } from '../../quote.ts'
import { GoError, type GoFunction, GoMap, type GoObject, GoSlice, type GoValue, goFunction } from '../../value.ts'

interface Parts {
  readonly scheme: string
  readonly opaque: string
  readonly user: { readonly name: string; readonly password: string | undefined } | undefined
  readonly host: string
  readonly path: string
  readonly rawPath: string
  readonly forceQuery: boolean
  readonly rawQuery: string
  readonly fragment: string
  readonly rawFragment: string
}

/** A *url.URL for templates. @throws GoError as url.Parse refuses a text */
export function urlOf(text: string): GoObject {
  try {
    return url(parsed(text))
  } catch (cause) {
    throw cause instanceof GoError ? new GoError(`parse ${quoted(text)}: ${cause.message}`) : cause
  }
}

function parsed(text: string): Parts {
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new GoError('net/url: invalid control character in URL')
  const [beforeFragment, rawFragment] = cut(text, '#')
  const [scheme, afterScheme] = schemeOf(beforeFragment)
  const forceQuery = afterScheme.endsWith('?') && afterScheme.indexOf('?') === afterScheme.length - 1
  const [bare, rawQuery] = forceQuery ? [afterScheme.slice(0, -1), ''] : cut(afterScheme, '?')
  const fragment = unescaped(rawFragment)
  const common = {
    scheme: scheme.toLowerCase(),
    forceQuery,
    rawQuery,
    fragment,
    rawFragment: escaped(fragment, fragmentSafe) === rawFragment ? '' : rawFragment,
  }
  const none = { opaque: '', user: undefined, host: '', path: '', rawPath: '' }
  if (!bare.startsWith('/')) {
    if (scheme !== '') return { ...common, ...none, opaque: bare }
    if (bare.split('/')[0]!.includes(':')) throw new GoError('first path segment in URL cannot contain colon')
  }
  const hasAuthority = bare.startsWith('//') && (scheme !== '' || !bare.startsWith('///'))
  const slash = hasAuthority ? bare.indexOf('/', 2) : 0
  const authority = hasAuthority ? bare.slice(2, slash < 0 ? undefined : slash) : ''
  const escapedPath = hasAuthority ? (slash < 0 ? '' : bare.slice(slash)) : bare
  const path = unescaped(escapedPath)
  const rawPath = escaped(path, pathSafe) === escapedPath ? '' : escapedPath
  return { ...common, opaque: '', ...authorityOf(authority), path, rawPath }
}

function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function schemeOf(text: string): [string, string] {
  if (text.startsWith(':')) throw new GoError('missing protocol scheme')
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text)
  return match ? [match[1]!, match[2]!] : ['', text]
}

function authorityOf(authority: string): Pick<Parts, 'user' | 'host'> {
  const at = authority.lastIndexOf('@')
  const host = hostOf(authority.slice(at + 1))
  if (at < 0) return { user: undefined, host }
  const info = authority.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(info)) throw new GoError('net/url: invalid userinfo')
  const [name, password] = cut(info, ':')
  return { user: { name: unescaped(name), password: info.includes(':') ? unescaped(password) : undefined }, host }
}

function hostOf(host: string): string {
  const port = host.startsWith('[')
    ? host.slice(host.indexOf(']') + 1)
    : host.slice(host.includes(':') ? host.indexOf(':') : host.length)
  if (host.startsWith('[') && !host.includes(']')) throw new GoError("missing ']' in host")
  if (!/^(:\d*)?$/.test(port)) throw new GoError(`invalid port ${quoted(port)} after host`)
  const bad = /[ "<>\\^`{|}]/.exec(host)
  if (bad) throw new GoError(`invalid character ${quoted(bad[0])} in host name`)
  return unescaped(host)
}

function unescaped(text: string): string {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text)
  if (bad) throw new GoError(`invalid URL escape ${quoted(bad[0])}`)
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => textOfBytes(Buffer.from(run.replaceAll('%', ''), 'hex')))
}

const pathSafe = /[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]]/
const fragmentSafe = /[A-Za-z0-9\-_.~$&+,/:;=?@!()*']/

function escaped(text: string, safe: RegExp): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    return byte < 0x80 && safe.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

/** A URL as text again: url.URL.String. */
function written(parts: Parts): string {
  const { scheme, opaque, user, host, path, rawPath, forceQuery, rawQuery, fragment, rawFragment } = parts
  const query = forceQuery || rawQuery !== '' ? `?${rawQuery}` : ''
  const end = fragment === '' ? '' : `#${rawFragment || escaped(fragment, fragmentSafe)}`
  const start = scheme === '' ? '' : `${scheme}:`
  if (opaque !== '') return start + opaque + query + end
  const shown = rawPath || escaped(path, /[A-Za-z0-9\-_.~$&+,/:;=@]/)
  const authority =
    host !== '' || user || (scheme !== '' && path.startsWith('//'))
      ? `//${userText(user)}${host}`
      : scheme === 'file' && path !== ''
        ? '//'
        : ''
  const slash = authority !== '' && path !== '' && !path.startsWith('/') ? '/' : ''
  return start + authority + slash + shown + query + end
}

function userText(user: Parts['user']): string {
  if (!user) return ''
  const safe = /[A-Za-z0-9\-_.~$&+,;=]/
  return `${escaped(user.name, safe)}${user.password === undefined ? '' : `:${escaped(user.password, safe)}`}@`
}

function url(parts: Parts): GoObject {
  const text = (name: string, value: () => string): [string, GoFunction] => [name, goFunction('func() string', value)]
  const host = parts.host
  const port = /:(\d*)$/.exec(host.slice(host.lastIndexOf(']') + 1))?.[1] ?? ''
  const bare = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '')
  return {
    type: '*url.URL',
    print: () => written(parts),
    fields: {
      Scheme: parts.scheme,
      Opaque: parts.opaque,
      User: parts.user ? userinfo(parts.user) : null,
      Host: host,
      Path: parts.path,
      RawPath: parts.rawPath,
      OmitHost: false,
      ForceQuery: parts.forceQuery,
      RawQuery: parts.rawQuery,
      Fragment: parts.fragment,
      RawFragment: parts.rawFragment,
    },
    methods: Object.fromEntries([
      text('String', () => written(parts)),
      text('Hostname', () => bare),
      text('Port', () => port),
      text('EscapedPath', () => parts.rawPath || escaped(parts.path, pathSafe)),
      text('EscapedFragment', () => parts.rawFragment || escaped(parts.fragment, fragmentSafe)),
      text('RequestURI', () => requestUri(parts)),
      text('Redacted', () =>
        written(
          parts.user?.password === undefined ? parts : { ...parts, user: { name: parts.user.name, password: 'xxxxx' } },
        ),
      ),
      ['IsAbs', goFunction('func() bool', () => parts.scheme !== '')],
      ['Query', goFunction('func() url.Values', () => query(parts.rawQuery))],
    ]),
  }
}

function requestUri(parts: Parts): string {
  const { opaque, rawPath, path, scheme, forceQuery, rawQuery } = parts
  const target =
    opaque !== ''
      ? opaque.startsWith('//')
        ? `${scheme}:${opaque}`
        : opaque
      : rawPath || escaped(path, pathSafe) || '/'
  return target + (forceQuery || rawQuery !== '' ? `?${rawQuery}` : '')
}

function userinfo(user: NonNullable<Parts['user']>): GoObject {
  const shown = userText(user).slice(0, -1)
  return {
    type: '*url.Userinfo',
    print: () => shown,
    methods: {
      String: goFunction('func() string', () => shown),
      Username: goFunction('func() string', () => user.name),
    },
  }
}

/** url.Values: a map of lists, with the methods that read it. */
function query(raw: string): GoObject {
  const values = new Map<string, string[]>()
  for (const pair of raw.split('&')) {
    if (pair === '' || pair.includes(';')) continue
    const [key, value] = cut(pair, '=')
    try {
      const name = unescaped(key.replaceAll('+', ' '))
      values.set(name, [...(values.get(name) ?? []), unescaped(value.replaceAll('+', ' '))])
    } catch (cause) {
      if (!(cause instanceof GoError)) throw cause
    }
  }
  const encode = (text: string): string => escaped(text, /[A-Za-z0-9\-_.~]/).replaceAll('%20', '+')
  const sorted = [...values].sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  return {
    type: 'url.Values',
    truth: values.size > 0,
    print: () => `map[${sorted.map(([key, all]) => `${key}:[${all.join(' ')}]`).join(' ')}]`,
    data: new GoMap(new Map<GoValue, GoValue>(sorted.map(([key, all]) => [key, new GoSlice(all, '[]string')]))),
    methods: {
      Encode: goFunction('func() string', () =>
        sorted.flatMap(([key, all]) => all.map((value) => `${encode(key)}=${encode(value)}`)).join('&'),
      ),
      Get: goFunction('func(string) string', (key: string) => values.get(key)?.[0] ?? ''),
      Has: goFunction('func(string) bool', (key: string) => values.has(key)),
    },
  }
}
