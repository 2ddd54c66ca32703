import { bytesOf, textOfBytes } from './bytes.ts'

/** What Go takes for printable: letters, marks, numbers, punctuation, symbols, and the plain space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** Whether a character is printable in Go's sense. */
export function isPrintable(character: string): boolean {
  return PRINTABLE.test(character)
}

/** A string in double quotes, as `%q` writes it; `ascii` as `%+q` does. */
export function quoted(text: string, ascii = false): string {
  return `"${escaped(text, '"', ascii)}"`
}

/** A character in single quotes, as `%q` writes numbers. */
export function quotedCharacter(code: number, ascii = false): string {
  return `'${escaped(characterOf(code), "'", ascii)}'`
}

/** The character of a code point; U+FFFD for what is none. */
export function characterOf(code: number | bigint): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return valid ? String.fromCodePoint(Number(code)) : '\ufffd'
}

function escaped(text: string, quote: string, ascii: boolean): string {
  let result = ''
  for (const character of text) result += escapedCharacter(character, quote, ascii)
  return result
}

function escapedCharacter(character: string, quote: string, ascii: boolean): string {
  if (character === quote || character === '\\') return `\\${character}`
  const code = character.codePointAt(0)!
  if (code < 0x7f && code >= 0x20) return character
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`
  if (!ascii && isPrintable(character)) return character
  const short = SHORT[character]
  if (short !== undefined) return short
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}

/** Whether a string can stand between back quotes unchanged. */
export function canBackquote(text: string): boolean {
  return !/[\x00-\x08\x0a-\x1f`\x7f\ufeff\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
}

/**
 * What a quoted string of a template's text means: `"a\tb"`, or raw between back quotes, without carriage returns.
 * Undefined where an escape is none.
 */
export function unquoted(text: string): string | undefined {
  const inner = text.slice(1, -1)
  if (text[0] === '`') return inner.replaceAll('\r', '')
  if (!inner.includes('\\')) return inner.includes('\n') ? undefined : inner
  let result = ''
  for (let at = 0; at < inner.length; ) {
    if (inner[at] !== '\\') {
      result += inner[at++]
      continue
    }
    const found = escapeAt(inner, at, '"')
    if (!found) return undefined
    at = found.end
    result += found.byte && found.code > 0x7f ? String.fromCharCode(0xdc00 + found.code) : characterOf(found.code)
  }
  // Bytes next to each other may be a character together.
  return textOfBytes(bytesOf(result))
}

/** The code of a character constant, `'a'` or `'\n'`. */
export function unquotedCharacter(text: string): { readonly code: number } | { readonly error: string } {
  const invalid = { error: 'invalid syntax' }
  const inner = text.slice(1)
  if (inner === '' || inner[0] === "'") return invalid
  if (inner[0] === '\\') {
    const found = escapeAt(inner, 0, "'")
    if (!found) return invalid
    if (inner.slice(found.end) !== "'") return { error: `malformed character constant: ${text}` }
    return { code: found.code }
  }
  const code = inner.codePointAt(0)!
  const length = code > 0xffff ? 2 : 1
  if (inner.slice(length) !== "'") return { error: `malformed character constant: ${text}` }
  return { code: code >= 0xdc80 && code <= 0xdcff ? 0xfffd : code }
}

interface Escape {
  readonly code: number
  readonly end: number
  /** Whether the code is a byte of a string, not a character. */
  readonly byte: boolean
}

const NAMED: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function escapeAt(text: string, at: number, quote: string): Escape | undefined {
  const kind = text[at + 1] ?? ''
  const named = Object.hasOwn(NAMED, kind) ? NAMED[kind]! : kind === quote ? quote.charCodeAt(0) : undefined
  if (named !== undefined) return { code: named, end: at + 2, byte: false }
  if (/[0-7]/.test(kind)) {
    const digits = /^[0-7]{3}/.exec(text.slice(at + 1, at + 4))?.[0]
    const code = Number.parseInt(digits ?? '777', 8)
    return code > 255 ? undefined : { code, end: at + 4, byte: true }
  }
  const length = Object.hasOwn(DIGITS, kind) ? DIGITS[kind]! : 0
  const digits = text.slice(at + 2, at + 2 + length)
  if (length === 0 || digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined
  const code = Number.parseInt(digits, 16)
  if (kind !== 'x' && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return undefined
  return { code, end: at + 2 + length, byte: kind === 'x' }
}
