import { textOfBytes } from '../../bytes.ts'
import { printed } from '../../print.ts'
import { typeOf } from '../../types.ts'
import { GoError, GoMap, GoNumber, GoSlice, type GoValue } from '../../value.ts'
import { numeric, parsedFloat, parsedInteger, truncated } from '../cast.ts'
import { bytesOfSlice } from './bytes.ts'

/** What gomplate's functions take for the text of a value: nil is `nil`, bytes are text, all else is as Go prints it. */
export function textOf(value: GoValue): string {
  if (typeof value === 'string') return value
  if (value === null) return 'nil'
  if (value instanceof GoSlice && value.type === '[]uint8') return textOfBytes(bytesOfSlice(value))
  return printed(value)
}

/** What gomplate takes for an integer: text by its prefix or as a float, thousands' commas left out; else 0. */
export function integerOf(value: GoValue): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'string') return integerOfText(value.replaceAll(',', ''))
  const number = numeric(value)
  if (number === undefined) return 0n
  return typeof number === 'bigint' ? BigInt.asIntN(64, number) : truncated(number)
}

function integerOfText(text: string): bigint {
  const whole = parsedInteger(text, 0)
  if (typeof whole === 'bigint') return whole
  const float = floatOfText(text)
  return truncated(float)
}

/** What gomplate takes for a float: as for integers, and else 0. */
export function floatOf(value: GoValue): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return floatOfText(value.replaceAll(',', ''))
  return Number(numeric(value) ?? 0)
}

function floatOfText(text: string): number {
  const whole = parsedInteger(text, 0)
  if (typeof whole === 'bigint') return Number(whole)
  const float = parsedFloat(text)
  return typeof float === 'number' ? float : 0
}

/** What gomplate takes for true: 1, and the words for it. */
export function booleanOf(value: GoValue): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return ['1', 't', 'true', 'yes'].includes(value.toLowerCase()) || floatOf(value) === 1
  const number = numeric(value)
  return number !== undefined && Number(number) === 1
}

/** The items of a list. @throws GoError for anything else */
export function itemsOf(value: GoValue): readonly GoValue[] {
  if (value instanceof GoSlice) return value.items
  throw new GoError('expected an array or slice, but got a reflect.Value')
}

/** A `[]string`. */
export function textList(texts: readonly string[]): GoSlice {
  return new GoSlice([...texts], '[]string')
}

/** A kind as reflect names it: `slice`, `ptr`, `int64`. */
export function kindOf(value: GoValue): string {
  if (value === null) return 'invalid'
  const type = typeOf(value)
  if (value instanceof GoNumber) return named.get(type) ?? type
  if (value instanceof GoSlice) return type.startsWith('[]') || !type.startsWith('[') ? 'slice' : 'array'
  if (value instanceof GoMap) return 'map'
  if (typeof value !== 'object') return type
  return type.startsWith('*') ? 'ptr' : type === 'uuid.UUID' ? 'array' : 'struct'
}

/** What numbers with a name of their own are made of. */
const named: ReadonlyMap<string, string> = new Map([
  ['time.Duration', 'int64'],
  ['time.Month', 'int'],
  ['time.Weekday', 'int'],
  ['uuid.Version', 'uint8'],
  ['uuid.Variant', 'uint8'],
  ['uuid.Domain', 'uint8'],
  ['uuid.Time', 'int64'],
])

/** How many arguments there may be. @throws GoError in gomplate's words */
export function expectCount(args: readonly GoValue[], least: number, most: number): void {
  if (args.length < least || args.length > most)
    throw new GoError(`wrong number of args: want ${least} or ${most}, got ${args.length}`)
}
