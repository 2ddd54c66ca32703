import { bytesOf, textOfBytes } from '../bytes.ts'
import { quoted } from '../quote.ts'
import { GoError } from '../value.ts'

/** The part of a URL that is escaped: each leaves other characters as they are. */
export type UrlPart = 'path' | 'segment' | 'host' | 'user' | 'query' | 'fragment'

/** What a part leaves unescaped besides letters, digits and `-_.~`. */
const plain: Readonly<Record<UrlPart, string>> = {
  path: '$&+,/:;=@',
  segment: '$&+:=@',
  host: '!$&\'()*+,;=:[]<>"',
  user: '$&+,;=',
  query: '',
  fragment: '$&+,/:;=?@!()*',
}

/** A text with what a part of a URL cannot hold as `%xx`; in queries a space is `+`. */
export function escapedUrl(text: string, part: UrlPart): string {
  let result = ''
  for (const byte of bytesOf(text)) {
    const character = String.fromCharCode(byte)
    if (isPlain(character, part)) result += character
    else if (character === ' ' && part === 'query') result += '+'
    else result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}

function isPlain(character: string, part: UrlPart): boolean {
  return /[A-Za-z0-9_.~-]/.test(character) || plain[part].includes(character)
}

/**
 * A part of a URL without its escapes.
 * @throws GoError `invalid URL escape "%zz"`, `invalid character " " in host name`
 */
export function unescapedUrl(text: string, part: UrlPart): string {
  if (part === 'host') checkHost(text)
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(text)
  if (bad) throw new GoError(`invalid URL escape ${quoted(text.slice(bad.index, bad.index + 3))}`)
  const spaced = part === 'query' ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  const bytes: number[] = []
  const raw = bytesOf(spaced)
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === 0x25) {
      bytes.push(Number.parseInt(String.fromCharCode(raw[at + 1]!, raw[at + 2]!), 16))
      at += 2
    } else bytes.push(raw[at]!)
  }
  return textOfBytes(Uint8Array.from(bytes))
}

function checkHost(text: string): void {
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '%') {
      const code = text.slice(at, at + 3)
      if (/^%[0-7]/.test(code) && code !== '%25') throw new GoError(`invalid URL escape ${quoted(code)}`)
      at += 2
    } else if (character < '\x80' && !isPlain(character, 'host'))
      throw new GoError(`invalid character ${quoted(character)} in host name`)
  }
}

/** Whether a text is escaped already as a path or fragment may be. */
export function isEscaped(text: string, part: UrlPart): boolean {
  return [...text].every((it) => "!$&'()*+,;=:@[]%".includes(it) || isPlain(it, part))
}
