import { isTrue } from '../../types.ts'
import { GoError, type GoFunctions, GoMap, GoNumber, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { int64Of, limits, parsedFloat, parsedInteger, parsedUnsigned } from '../cast.ts'
import { namespace } from './namespace.ts'
import { urlOf } from './url.ts'
import { booleanOf, floatOf, integerOf, itemsOf, textList, textOf } from './values.ts'

/** The map of keys and values given in turn; a last key without a value holds an empty text. */
export function dict(...args: GoValue[]): GoMap {
  const entries = new Map<GoValue, GoValue>()
  for (let index = 0; index < args.length; index += 2)
    entries.set(textOf(args[index]!), index + 1 < args.length ? args[index + 1]! : '')
  return new GoMap(entries)
}

/** Whether a map has a key, or a list a text. */
export function has(holder: GoValue, key: string): boolean {
  if (holder instanceof GoMap) return holder.entries.has(key)
  return holder instanceof GoSlice && holder.items.includes(key)
}

function joined(list: GoValue, separator: string): string {
  try {
    return itemsOf(list).map(textOf).join(separator)
  } catch (cause) {
    throw cause instanceof GoError ? new GoError(`input to Join must be an array: ${cause.message}`) : cause
  }
}

/** strconv's ParseInt, whose errors gomplate ignores: what does not fit is the largest or smallest that does. */
function parseInteger(value: GoValue, base: bigint, bits: bigint): bigint {
  const size = bits === 0n ? 64n : bits
  if (!isBase(base) || size < 0n || size > 64n) return 0n
  const text = textOf(value)
  const read = parsedInteger(text, Number(base), Number(size))
  if (typeof read === 'bigint') return read
  if (read === 'invalid syntax') return 0n
  return text.startsWith('-') ? -(2n ** (size - 1n)) : 2n ** (size - 1n) - 1n
}

function parseUnsigned(value: GoValue, base: bigint, bits: bigint): bigint {
  const size = bits === 0n ? 64n : bits
  if (!isBase(base) || size < 0n || size > 64n) return 0n
  const read = parsedUnsigned(textOf(value), Number(base), Number(size))
  return typeof read === 'bigint' ? read : read === 'invalid syntax' ? 0n : 2n ** size - 1n
}

function isBase(base: bigint): boolean {
  return base === 0n || (base >= 2n && base <= 36n)
}

function parseFloat64(value: GoValue, bits: bigint): number {
  const text = textOf(value)
  const read = parsedFloat(text)
  if (read === 'invalid syntax') return 0
  const float = read === 'value out of range' ? (text.startsWith('-') ? -Infinity : Infinity) : read
  return bits === 32n ? Math.fround(float) : float
}

const methods: GoFunctions = {
  Atoi: goFunction('func(any) int', (value: GoValue) => {
    const text = textOf(value)
    const read = parsedInteger(text, 10)
    if (typeof read === 'bigint') return read
    return read === 'invalid syntax' ? 0n : text.startsWith('-') ? limits.int64.min : limits.int64.max
  }),
  Bool: goFunction('func(any) bool', (value: GoValue) =>
    ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(textOf(value)),
  ),
  Default: goFunction('func(any, any) any', (fallback: GoValue, value: GoValue) => (isTrue(value) ? value : fallback)),
  Dict: goFunction('func(...any) (map[string]any, error)', dict),
  Has: goFunction('func(any, string) bool', has),
  Join: goFunction('func(any, string) (string, error)', joined),
  ParseFloat: goFunction('func(any, int) float64', parseFloat64),
  ParseInt: goFunction('func(any, int, int) int64', (value: GoValue, base: bigint, bits: bigint) =>
    int64Of(parseInteger(value, base, bits)),
  ),
  ParseUint: goFunction(
    'func(any, int, int) uint64',
    (value: GoValue, base: bigint, bits: bigint) => new GoNumber('uint64', parseUnsigned(value, base, bits)),
  ),
  Slice: goFunction('func(...any) []any', (...items: GoValue[]) => new GoSlice(items)),
  ToBool: goFunction('func(any) bool', booleanOf),
  ToBools: goFunction('func(...any) []bool', (...values: GoValue[]) => new GoSlice(values.map(booleanOf), '[]bool')),
  ToFloat64: goFunction('func(any) float64', floatOf),
  ToFloat64s: goFunction(
    'func(...any) []float64',
    (...values: GoValue[]) => new GoSlice(values.map(floatOf), '[]float64'),
  ),
  ToInt: goFunction('func(any) int', integerOf),
  ToInt64: goFunction('func(any) int64', (value: GoValue) => int64Of(integerOf(value))),
  ToInt64s: goFunction(
    'func(...any) []int64',
    (...values: GoValue[]) =>
      new GoSlice(
        values.map((value) => int64Of(integerOf(value))),
        '[]int64',
      ),
  ),
  ToInts: goFunction('func(...any) []int', (...values: GoValue[]) => new GoSlice(values.map(integerOf), '[]int')),
  ToString: goFunction('func(any) string', textOf),
  ToStrings: goFunction('func(...any) []string', (...values: GoValue[]) => textList(values.map(textOf))),
  URL: goFunction('func(any) (*url.URL, error)', (value: GoValue) => urlOf(textOf(value))),
}

/** The namespace `conv`, and those of its methods that have a name of their own. */
export const convFunctions: GoFunctions = {
  conv: namespace('ConvFuncs', methods),
  bool: methods.Bool!,
  default: methods.Default!,
  dict: methods.Dict!,
  has: methods.Has!,
  join: methods.Join!,
  slice: methods.Slice!,
  urlParse: methods.URL!,
}
