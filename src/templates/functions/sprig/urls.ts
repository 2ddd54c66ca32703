import { GoError, type GoFunctions, GoMap, GoPanic, type GoValue, goFunction } from '../../value.ts'
import { emptyUrl, hostname, parsedUrl, type Url, urlText, userText } from '../go-url.ts'
import { reflectKind } from '../kinds.ts'

/** sprig's URLs, as maps of their parts. */
export const urlFunctions: GoFunctions = {
  urlJoin: goFunction('func(map[string]any) string', joined),
  urlParse: goFunction('func(string) map[string]any', (text: string) => {
    const url = parsed(text, 'unable to parse url')
    return new GoMap(
      new Map([
        ['fragment', url.fragment],
        ['host', url.host],
        ['hostname', hostname(url)],
        ['opaque', url.opaque],
        ['path', url.path],
        ['query', url.rawQuery],
        ['scheme', url.scheme],
        ['userinfo', url.user ? userText(url.user) : ''],
      ]),
    )
  }),
}

function joined({ entries }: GoMap): GoValue {
  const part = (key: string): string => {
    const value = entries.get(key)
    if (value === undefined) return ''
    if (value === null) throw new GoPanic('runtime error: invalid memory address or nil pointer dereference')
    if (typeof value === 'string') return value
    throw new GoPanic(`unable to parse ${key} key, must be of type string, but ${reflectKind(value)} found`)
  }
  const info = part('userinfo')
  return urlText({
    ...emptyUrl,
    scheme: part('scheme'),
    host: part('host'),
    path: part('path'),
    rawQuery: part('query'),
    opaque: part('opaque'),
    fragment: part('fragment'),
    user: info === '' ? undefined : parsed(`proto://${info}@host`, 'unable to parse userinfo in dict').user,
  })
}

function parsed(text: string, failure: string): Url {
  try {
    return parsedUrl(text)
  } catch (cause) {
    if (cause instanceof GoError) throw new GoPanic(`${failure}: ${cause.message}`)
    throw cause
  }
}
