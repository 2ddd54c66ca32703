import { type FloatVerb, floatText } from './float.ts'
import { canBackquote, isPrintable, quoted } from './quote.ts'

/** What stands between `%` and its verb. */
export interface Format {
  readonly width?: number
  readonly precision?: number
  readonly minus?: boolean
  readonly plus?: boolean
  readonly sharp?: boolean
  readonly space?: boolean
  readonly zero?: boolean
  /** `%+v` */
  readonly plusV?: boolean
  /** `%#v`: as Go source. */
  readonly sharpV?: boolean
  /** Inside a mistake, where String methods are not asked. */
  readonly raw?: boolean
}

/** Nothing between `%` and its verb. */
export const PLAIN: Format = {}

/** A text padded to the width, in characters. */
export function field(text: string, { width, minus, zero }: Format): string {
  if (!width) return text
  const missing = width - lengthOf(text)
  if (missing <= 0) return text
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text
}

function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

/** As many characters of a string as the precision says. */
export function truncated(text: string, { precision }: Format): string {
  return precision === undefined || text.length <= precision ? text : [...text].slice(0, precision).join('')
}

/** `%q` of a string. */
export function quotedIn(text: string, format: Format): string {
  const cut = truncated(text, format)
  return field(format.sharp && canBackquote(cut) ? `\`${cut}\`` : quoted(cut, format.plus), format)
}

/** `%x` of a string or of bytes. */
export function hexBytes(bytes: Uint8Array, upper: boolean, format: Format): string {
  const { precision = bytes.length, sharp, space } = format
  const pairs = Array.from(bytes.subarray(0, precision), (byte) => {
    const pair = byte.toString(16).padStart(2, '0')
    return upper ? pair.toUpperCase() : pair
  })
  if (pairs.length === 0) return field('', format)
  const prefix = sharp ? (upper ? '0X' : '0x') : ''
  return field(space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join(''), format)
}

/** An integer in a base, `v` the verb that asked for it. */
export function integerText(value: bigint, base: 2 | 8 | 10 | 16, verb: string, format: Format): string {
  const { width = 0, precision, minus, plus, space, sharp, zero } = format
  const negative = value < 0n
  if (precision === 0 && value === 0n) return ' '.repeat(width)
  const least = precision ?? (zero && !minus ? width - (negative || plus || space ? 1 : 0) : 0)
  const plain = (negative ? -value : value).toString(base)
  let digits = (verb === 'X' ? plain.toUpperCase() : plain).padStart(least, '0')
  if (sharp && base === 2) digits = `0b${digits}`
  if (sharp && base === 8 && !digits.startsWith('0')) digits = `0${digits}`
  if (sharp && base === 16) digits = (verb === 'X' ? '0X' : '0x') + digits
  if (verb === 'O') digits = `0o${digits}`
  const sign = negative ? '-' : plus ? '+' : space ? ' ' : ''
  return field(sign + digits, { ...format, zero: false })
}

/** `%U`: `U+0041`, with `#` the character as well. */
export function unicodeText(value: bigint, format: Format): string {
  const code = BigInt.asUintN(64, value)
  const digits = code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(format.precision ?? 0, 4), '0')
  const character = format.sharp && code <= 0x10ffffn && isCharacter(code) ? String.fromCodePoint(Number(code)) : ''
  const shown = character !== '' && isPrintable(character) ? ` '${character}'` : ''
  return field(`U+${digits}${shown}`, { ...format, zero: false })
}

function isCharacter(code: bigint): boolean {
  return code < 0xd800n || code > 0xdfffn
}

/** A float as a verb writes it; `precision` where the format says none. */
export function printedFloat(value: number, verb: string, precision: number, format: Format, bits: 32 | 64): string {
  const { width = 0, plus, space, sharp, zero, minus } = format
  const wanted = format.precision ?? precision
  const bare = floatText(value, verb.toLowerCase() as FloatVerb, wanted, bits)
  const cased = verb === 'G' || verb === 'E' || verb === 'X' ? bare.replace(/[a-z]+(?=[^a-z]|$)/g, upperCase) : bare
  const negative = cased.startsWith('-')
  const unsigned = cased.replace(/^[+-]/, '')
  if (unsigned === 'NaN' || unsigned === 'Inf') {
    const sign = negative ? '-' : plus ? '+' : space ? ' ' : unsigned === 'Inf' ? '+' : ''
    return field((space && !plus && !negative ? ' ' : sign) + unsigned, { ...format, zero: false })
  }
  const digits = sharp && verb !== 'b' ? withAllDigits(unsigned, verb, wanted) : unsigned
  const sign = negative ? '-' : plus ? '+' : space ? ' ' : ''
  if (sign === '' || !zero || minus) return field(sign + digits, format)
  return sign + digits.padStart(width - 1, '0')
}

function upperCase(text: string): string {
  return text === 'nf' || text === 'a' ? text : text.toUpperCase()
}

/** What `#` asks of a float: a point always, and for `%g` the zeros at its end. */
function withAllDigits(text: string, verb: string, precision: number): string {
  const isHex = verb === 'x' || verb === 'X'
  const tailAt = text.search(isHex ? /[pP]/ : /[eE]/)
  const number = tailAt < 0 ? text : text.slice(0, tailAt)
  const tail = tailAt < 0 ? '' : text.slice(tailAt)
  const pointed = number.includes('.') ? number : `${number}.`
  if (!['v', 'g', 'G', 'x'].includes(verb)) return pointed + tail
  const wanted = precision === -1 ? 6 : precision
  const digits = pointed.replace('.', '')
  const seen = digits === '0' ? 1 : digits.replace(/^0+/, '').length
  return pointed + '0'.repeat(Math.max(wanted - seen, 0)) + tail
}
