import { GoError, type GoFunction, GoMap, type GoObject, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { escapedFragment, escapedPath, hostname, parsedUrl, type Url, urlText, userText } from '../go-url.ts'
import { escapedUrl, unescapedUrl } from '../url-escapes.ts'

/** A *url.URL for templates. @throws GoError as url.Parse refuses a text */
export function urlOf(text: string): GoObject {
  return url(parsedUrl(text))
}

function url(parts: Url): GoObject {
  const text = (name: string, value: () => string): [string, GoFunction] => [name, goFunction('func() string', value)]
  const host = parts.host
  const port = /:(\d*)$/.exec(host.slice(host.lastIndexOf(']') + 1))?.[1] ?? ''
  return {
    type: '*url.URL',
    print: () => urlText(parts),
    fields: {
      Scheme: parts.scheme,
      Opaque: parts.opaque,
      User: parts.user ? userinfo(parts.user) : null,
      Host: host,
      Path: parts.path,
      RawPath: parts.rawPath,
      OmitHost: parts.omitHost,
      ForceQuery: parts.forceQuery,
      RawQuery: parts.rawQuery,
      Fragment: parts.fragment,
      RawFragment: parts.rawFragment,
    },
    methods: Object.fromEntries([
      text('String', () => urlText(parts)),
      text('Hostname', () => hostname(parts)),
      text('Port', () => port),
      text('EscapedPath', () => escapedPath(parts)),
      text('EscapedFragment', () => escapedFragment(parts)),
      text('RequestURI', () => requestUri(parts)),
      text('Redacted', () =>
        urlText(
          parts.user?.password === undefined ? parts : { ...parts, user: { name: parts.user.name, password: 'xxxxx' } },
        ),
      ),
      ['IsAbs', goFunction('func() bool', () => parts.scheme !== '')],
      ['Query', goFunction('func() url.Values', () => query(parts.rawQuery))],
    ]),
  }
}

function requestUri(parts: Url): string {
  const { opaque, scheme, forceQuery, rawQuery } = parts
  const target = opaque !== '' ? (opaque.startsWith('//') ? `${scheme}:${opaque}` : opaque) : escapedPath(parts) || '/'
  return target + (forceQuery || rawQuery !== '' ? `?${rawQuery}` : '')
}

function userinfo(user: NonNullable<Url['user']>): GoObject {
  const shown = userText(user)
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
    const [, key, value] = /^([^=]*)=?(.*)$/s.exec(pair)!
    try {
      const name = unescapedUrl(key!, 'query')
      values.set(name, [...(values.get(name) ?? []), unescapedUrl(value!, 'query')])
    } catch (cause) {
      if (!(cause instanceof GoError)) throw cause
    }
  }
  const encode = (text: string): string => escapedUrl(text, 'query')
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
