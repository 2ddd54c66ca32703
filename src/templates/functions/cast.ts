import { GoNumber, type GoValue } from '../value.ts'

/** Why Go's strconv refuses a number, in its words. */
export type NumberProblem = 'invalid syntax' | 'value out of range'

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }
const uint64 = { min: 0n, max: 2n ** 64n - 1n }

/**
 * What strconv.ParseInt reads.
 * @param base 10, 8, …; 0: by the prefix (`0x1f`, `0b1`, `0o7`, `07`), underscores allowed
 */
export function parsedInteger(text: string, base = 10, bits = 64): bigint | NumberProblem {
  const value = digits(text, base)
  if (value === undefined) return 'invalid syntax'
  const limit = 2n ** BigInt(bits - 1)
  return value < -limit || value >= limit ? 'value out of range' : value
}

/** What strconv.ParseUint reads: as ParseInt, and no sign. */
export function parsedUnsigned(text: string, base = 10, bits = 64): bigint | NumberProblem {
  const value = /^[+-]/.test(text) ? undefined : digits(text, base)
  if (value === undefined) return 'invalid syntax'
  return value >= 2n ** BigInt(bits) ? 'value out of range' : value
}

function digits(text: string, base: number): bigint | undefined {
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!
  const negative = sign === '-'
  if (base !== 0) return ofRadix(rest!, base, negative)
  const prefixed = /^0([xXbBoO]?)(_?[0-9a-fA-F].*)$/s.exec(rest!)
  if (rest!.includes('_') && !underscoresFit(rest!)) return undefined
  if (!prefixed) return ofRadix(rest!.replaceAll('_', ''), 10, negative)
  const radix = { x: 16, b: 2, o: 8, '': 8 }[prefixed[1]!.toLowerCase() as 'x' | 'b' | 'o' | '']
  return ofRadix(prefixed[2]!.replaceAll('_', ''), radix, negative)
}

function underscoresFit(text: string): boolean {
  return /^(0[xXbBoO]?_)?[0-9a-fA-F]+(_[0-9a-fA-F]+)*$|^0[xXbBoO][0-9a-fA-F]+(_[0-9a-fA-F]+)*$/.test(text)
}

function ofRadix(text: string, radix: number, negative: boolean): bigint | undefined {
  if (!/^[0-9a-z]+$/i.test(text)) return undefined
  let value = 0n
  if (radix === 10 && /^[0-9]+$/.test(text)) value = BigInt(text)
  else
    for (const character of text.toLowerCase()) {
      const digit = Number.parseInt(character, 36)
      if (digit >= radix) return undefined
      value = value * BigInt(radix) + BigInt(digit)
    }
  return negative ? -value : value
}

/** What strconv.ParseFloat reads: decimal, hexadecimal with `p`, `inf`, `nan`; underscores between digits. */
export function parsedFloat(text: string): number | NumberProblem {
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^nan$/i.test(text)) return Number.NaN
  if (/^[+-]?0x/i.test(text)) return hexFloat(text)
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return 'invalid syntax'
  const value = Number(plain)
  return Number.isFinite(value) ? value : 'value out of range'
}

function hexFloat(text: string): number | NumberProblem {
  const match = /^([+-]?)0x(_?[0-9a-f_]*)(?:\.([0-9a-f_]*))?p([+-]?\d+)$/i.exec(text)
  if (!match || /__|_p|_\.|\._/i.test(text)) return 'invalid syntax'
  const whole = match[2]!.replaceAll('_', '')
  const fraction = (match[3] ?? '').replaceAll('_', '')
  if (whole + fraction === '') return 'invalid syntax'
  const mantissa = Number(BigInt(`0x${whole}${fraction}`))
  const value = mantissa * 2 ** (Number(match[4]) - 4 * fraction.length)
  if (!Number.isFinite(value)) return 'value out of range'
  return match[1] === '-' ? -value : value
}

/** A float64 as int64, as Go on amd64 converts it: what does not fit is the smallest int64. */
export function truncated(value: number): bigint {
  if (!Number.isFinite(value) || value >= 2 ** 63 || value < -(2 ** 63)) return int64.min
  return BigInt(Math.trunc(value))
}

/** An integer as one of so many bits: what does not fit wraps around. */
export function wrapped(value: bigint, bits = 64): bigint {
  return BigInt.asIntN(bits, value)
}

/** An int64, as templates get it from `add`, `int64`, `len` of nothing. */
export function int64Of(value: bigint): GoNumber {
  return new GoNumber('int64', BigInt.asIntN(64, value))
}

/** The number a value is: a bigint for every kind of integer, a number for floats; undefined for all else. */
export function numeric(value: GoValue): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  return value instanceof GoNumber ? value.value : undefined
}

/** spf13/cast's ToInt64: numbers truncated, booleans 0 and 1, text by its prefix and without its fraction; else 0. */
export function castInt64(value: GoValue): bigint {
  const number = numeric(value)
  if (typeof number === 'bigint') return BigInt.asIntN(64, number)
  if (typeof number === 'number') return truncated(number)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value !== 'string') return 0n
  const read = parsedInteger(withoutFraction(value), 0)
  return typeof read === 'bigint' ? read : 0n
}

/** What cast leaves of a decimal text to read it as an integer: `3.7` is 3. */
function withoutFraction(text: string): string {
  return /^[-+]?\d*\.\d*$/.test(text) && /\d/.test(text) ? text.slice(0, text.indexOf('.')) || '0' : text
}

/** spf13/cast's ToFloat64: numbers, booleans 0 and 1, text that is a number; else 0. */
export function castFloat64(value: GoValue): number {
  const number = numeric(value)
  if (number !== undefined) return Number(number)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const read = parsedFloat(withoutUnderscores(value))
  return typeof read === 'number' ? read : 0
}

/** Underscores between digits are dropped, all others stay to make the text no number. */
function withoutUnderscores(text: string): string {
  return /0x/i.test(text) ? text : text.replace(/(?<=[0-9])_(?=[0-9])/g, '')
}

/** The largest and smallest of the integer types that templates meet. */
export const limits = { int64, uint64 } as const
