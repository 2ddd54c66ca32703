import { GoError, type GoFunctions, GoNumber, GoPanic, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { int64Of, parsedFloat, parsedInteger, truncated } from '../cast.ts'
import { namespace } from './namespace.ts'
import { floatOf, integerOf } from './values.ts'

/** gomplate's `math`: in integers, unless one of the numbers is a float. */
const methods: GoFunctions = {
  Abs: goFunction('func(any) any', (value: GoValue) => {
    const size = Math.abs(floatOf(value))
    return isFloat(value) ? size : int64Of(truncated(size))
  }),
  Add: goFunction('func(...any) any', (...values: GoValue[]) =>
    values.some(isFloat)
      ? values.reduce((sum: number, it) => sum + floatOf(it), 0)
      : int64Of(values.reduce((sum: bigint, it) => sum + integerOf(it), 0n)),
  ),
  Ceil: goFunction('func(any) any', (value: GoValue) => Math.ceil(floatOf(value))),
  Div: goFunction('func(any, any) (any, error)', (one: GoValue, other: GoValue) => {
    const divisor = floatOf(other)
    if (divisor === 0) throw new GoError('error: division by 0')
    return floatOf(one) / divisor
  }),
  Floor: goFunction('func(any) any', (value: GoValue) => Math.floor(floatOf(value))),
  IsFloat: goFunction('func(any) bool', isFloat),
  IsInt: goFunction('func(any) bool', isInteger),
  IsNum: goFunction('func(any) bool', (value: GoValue) => isInteger(value) || isFloat(value)),
  Max: goFunction('func(any, ...any) (any, error)', (...values: GoValue[]) =>
    values.some(isFloat) ? Math.max(...values.map(floatOf)) : int64Of(values.map(integerOf).sort(ascending).at(-1)!),
  ),
  Min: goFunction('func(any, ...any) (any, error)', (...values: GoValue[]) =>
    values.some(isFloat) ? Math.min(...values.map(floatOf)) : int64Of(values.map(integerOf).sort(ascending)[0]!),
  ),
  Mul: goFunction('func(...any) any', (...values: GoValue[]) =>
    values.some(isFloat)
      ? values.reduce((product: number, it) => product * floatOf(it), 1)
      : int64Of(values.reduce((product: bigint, it) => BigInt.asIntN(64, product * integerOf(it)), 1n)),
  ),
  Pow: goFunction('func(any, any) any', (base: GoValue, exponent: GoValue) =>
    isFloat(base)
      ? power(floatOf(base), floatOf(exponent))
      : int64Of(truncated(power(Number(integerOf(base)), Number(integerOf(exponent))))),
  ),
  Rem: goFunction('func(any, any) any', (one: GoValue, other: GoValue) => {
    const divisor = integerOf(other)
    if (divisor === 0n) throw new GoPanic('runtime error: integer divide by zero')
    return int64Of(integerOf(one) % divisor)
  }),
  Round: goFunction('func(any) any', (value: GoValue) => rounded(floatOf(value))),
  Seq: goFunction('func(...any) ([]int64, error)', (...values: GoValue[]) => sequence(values)),
  Sub: goFunction('func(any, any) any', (one: GoValue, other: GoValue) =>
    isFloat(one) || isFloat(other) ? floatOf(one) - floatOf(other) : int64Of(integerOf(one) - integerOf(other)),
  ),
}

/** The namespace `math`, and those of its methods that have a name of their own. */
export const mathFunctions: GoFunctions = {
  math: namespace('MathFuncs', methods),
  add: methods.Add!,
  div: methods.Div!,
  mul: methods.Mul!,
  pow: methods.Pow!,
  rem: methods.Rem!,
  seq: methods.Seq!,
  sub: methods.Sub!,
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function isInteger(value: GoValue): boolean {
  if (typeof value === 'string') return typeof parsedInteger(value, 0) === 'bigint'
  return typeof value === 'bigint' || (value instanceof GoNumber && typeof value.value === 'bigint')
}

function isFloat(value: GoValue): boolean {
  if (typeof value === 'string') return typeof parsedFloat(value) === 'number' && !isInteger(value)
  return typeof value === 'number' || (value instanceof GoNumber && typeof value.value === 'number')
}

/** As Go's math.Pow: 1 to any power, and -1 to an infinite one, is 1. */
function power(base: number, exponent: number): number {
  return base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) ? 1 : base ** exponent
}

/** Halves away from zero. */
function rounded(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5
    ? whole + Math.sign(value)
    : Object.is(value, -0) || value < 0
      ? -Math.abs(whole)
      : whole
}

/** How many numbers a sequence may have before it is no use to anyone. */
const longest = 1_000_000n

function sequence(values: readonly GoValue[]): GoValue {
  if (values.length === 0) throw new GoError("math.Seq must be given at least an 'end' value")
  const given = values.map(integerOf)
  const [start, end, step] =
    given.length === 1 ? [1n, given[0]!, 1n] : given.length < 4 ? [given[0]!, given[1]!, given[2] ?? 1n] : [1n, 0n, 1n]
  if (step === 0n) return new GoSlice([], '[]int64')
  const size = step < 0n ? -step : step
  const towards = end < start ? -size : size
  const count = (end - start) / towards + 1n
  if (count > longest) throw new GoError(`math.Seq: ${count} numbers are more than ${longest}`)
  return new GoSlice(
    Array.from({ length: Number(count) }, (_, index) => int64Of(start + BigInt(index) * towards)),
    '[]int64',
  )
}
