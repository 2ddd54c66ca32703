import { floatText } from './float.ts'
import type { NumberOperand } from './nodes.ts'
import { quoted, unquotedCharacter } from './quote.ts'
import type { GoObject, GoValue } from './value.ts'

/** What a constant of a template's text is, or what is wrong with it. */
export type Constant = Omit<NumberOperand, 'kind' | 'at'> | { readonly error: string }

const MAX_UINT = (1n << 64n) - 1n
const MAX_INT = (1n << 63n) - 1n

/** A character constant: a number of type int, until something asks for another. */
export function characterConstant(source: string): Constant {
  const found = unquotedCharacter(source)
  if ('error' in found) return found
  const code = BigInt(found.code)
  return { source, int: code, uint: code, float: found.code, ideal: code }
}

/** A complex constant such as `1+2i`. */
export function complexConstant(source: string): Constant {
  const [, real = '', imaginary = ''] = /^(.+?)([+-][^+-]*(?:[eEpP][+-][^+-]*)?)i$/.exec(source) ?? []
  const parts = [parsedFloat(real), parsedFloat(imaginary)]
  if (parts[0] === undefined || parts[1] === undefined) return { error: 'syntax error scanning complex number' }
  return { source, ...asFloat(parts[1] === 0 ? parts[0] : undefined), ideal: complex(parts[0], parts[1]) }
}

/** A number as the text has it; which of int, uint and float it can be is decided here, which it is by its use. */
export function numberConstant(source: string): Constant {
  if (source.endsWith('i')) {
    const imaginary = parsedFloat(source.slice(0, -1))
    if (imaginary !== undefined)
      return { source, ...asFloat(imaginary === 0 ? 0 : undefined), ideal: complex(0, imaginary) }
  }
  const whole = parsedInteger(source)
  if (whole !== undefined) return integerConstant(source, whole)
  const float = parsedFloat(source)
  if (float === undefined || !Number.isFinite(float)) return { error: `illegal number syntax: ${quoted(source)}` }
  if (!/[.eEpP]/.test(source)) return { error: `integer overflow: ${quoted(source)}` }
  return { source, ...asFloat(float), ideal: float }
}

function integerConstant(source: string, whole: bigint): Constant {
  const isInt = whole <= MAX_INT && whole >= -MAX_INT - 1n
  const isUint = whole >= 0n && !/^[+-]/.test(source)
  return {
    source,
    float: Number(whole),
    ...(isInt && { int: whole }),
    ...((isUint || whole === 0n) && { uint: whole }),
    ideal: isInt ? idealOf(source, whole) : undefined,
  }
}

/** Go takes the digit `e` of a hexadecimal number for an exponent where a sign stands before it. */
function idealOf(source: string, whole: bigint): GoValue {
  return /^[+-]?0[xX]/.test(source) && /^[+-]/.test(source) && /[eE]/.test(source) ? Number(whole) : whole
}

function asFloat(float: number | undefined): { float?: number; int?: bigint; uint?: bigint } {
  if (float === undefined) return {}
  if (!Number.isInteger(float)) return { float }
  const whole = BigInt(float)
  return {
    float,
    ...(whole <= MAX_INT && whole >= -MAX_INT - 1n && { int: whole }),
    ...(whole >= 0n && whole <= MAX_UINT && { uint: whole }),
  }
}

const INTEGER =
  /^([+-]?)(0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[bB]_?[01]+(?:_[01]+)*|0[oO]_?[0-7]+(?:_[0-7]+)*|0(?:_?[0-7]+)*|[1-9][0-9]*(?:_[0-9]+)*)$/

/** Longer than this nothing is an integer of 64 bits, but for zeros before it. */
const LONGEST = 1000

/** An integer of 64 bits in any of Go's bases. */
function parsedInteger(source: string): bigint | undefined {
  if (source.length > LONGEST) return undefined
  const [, sign, digits = ''] = INTEGER.exec(source) ?? []
  if (sign === undefined) return undefined
  const plain = digits.replaceAll('_', '')
  const size = BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain)
  const value = sign === '-' ? -size : size
  return value > (sign === '' ? MAX_UINT : MAX_INT) || value < -MAX_INT - 1n ? undefined : value
}

const DECIMAL =
  /^[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?$/
const HEX =
  /^([+-]?)0[xX]_?([0-9a-fA-F]*(?:_[0-9a-fA-F]+)*)(?:\.([0-9a-fA-F]*(?:_[0-9a-fA-F]+)*))?[pP]([+-]?[0-9]+(?:_[0-9]+)*)$/

function parsedFloat(source: string): number | undefined {
  if (DECIMAL.test(source)) return Number(source.replaceAll('_', ''))
  const [, sign, whole = '', fraction = '', exponent = ''] =
    HEX.exec(source)?.map((it = '') => it.replaceAll('_', '')) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const digits = Number(BigInt(`0x${whole}${fraction}`))
  return (sign === '-' ? -1 : 1) * digits * 2 ** (Number(exponent) - 4 * fraction.length)
}

function complex(real: number, imaginary: number): GoObject {
  const sign = imaginary < 0 || Object.is(imaginary, -0) || Number.isNaN(imaginary) ? '' : '+'
  const text = `(${floatText(real, 'g', -1)}${sign}${floatText(imaginary, 'g', -1)}i)`
  return { type: 'complex128', methods: {}, print: () => text, truth: real !== 0 || imaginary !== 0 }
}
