import { printed } from '../../print.ts'
import { type GoFunctions, GoNumber, GoPanic, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { castFloat64, castInt64, int64Of, parsedInteger, wrapped } from '../cast.ts'
import { type Decimal, decimalOf, floatOf, minus, over, plus, times } from './decimal.ts'

/** How many numbers a list may be made of; Go would go on until its memory ends. */
const longestList = 10_000_000

/** sprig's arithmetic: of int64 by spf13/cast, or with an `f` at the end of decimals. */
export const mathFunctions: GoFunctions = {
  add: goFunction('func(...any) int64', (...values: GoValue[]) => folded(0n, values, (one, other) => one + other)),
  add1: goFunction('func(any) int64', (value: GoValue) => int64Of(castInt64(value) + 1n)),
  add1f: goFunction('func(any) float64', (value: GoValue) => decimals(castFloat64(value), [1n], plus)),
  addf: goFunction('func(...any) float64', (...values: GoValue[]) => decimals(0, values, plus)),
  atoi: goFunction('func(string) int', atoi),
  biggest: goFunction('func(any, ...any) int64', largest),
  ceil: goFunction('func(any) float64', (value: GoValue) => Math.ceil(castFloat64(value))),
  div: goFunction('func(any, any) int64', (one: GoValue, other: GoValue) => {
    const by = divisor(other)
    return int64Of(castInt64(one) / by)
  }),
  divf: goFunction('func(any, ...any) float64', (first: GoValue, ...values: GoValue[]) =>
    decimals(castFloat64(first), values, over),
  ),
  float64: goFunction('func(any) float64', castFloat64),
  floor: goFunction('func(any) float64', (value: GoValue) => Math.floor(castFloat64(value))),
  int: goFunction('func(any) int', castInt64),
  int64: goFunction('func(any) int64', (value: GoValue) => int64Of(castInt64(value))),
  max: goFunction('func(any, ...any) int64', largest),
  maxf: goFunction('func(any, ...any) float64', (first: GoValue, ...values: GoValue[]) =>
    chosen([first, ...values], Math.max),
  ),
  min: goFunction('func(any, ...any) int64', (first: GoValue, ...values: GoValue[]) =>
    folded(castInt64(first), values, (one, other) => [one, other].sort(ascending)[0]!),
  ),
  minf: goFunction('func(any, ...any) float64', (first: GoValue, ...values: GoValue[]) =>
    chosen([first, ...values], Math.min),
  ),
  mod: goFunction('func(any, any) int64', (one: GoValue, other: GoValue) => {
    const by = divisor(other)
    return int64Of(castInt64(one) % by)
  }),
  mul: goFunction('func(any, ...any) int64', (first: GoValue, ...values: GoValue[]) =>
    folded(castInt64(first), values, (one, other) => one * other),
  ),
  mulf: goFunction('func(any, ...any) float64', (first: GoValue, ...values: GoValue[]) =>
    decimals(castFloat64(first), values, times),
  ),
  round: goFunction('func(any, int, ...float64) float64', rounded),
  seq: goFunction('func(...int) string', (...bounds: bigint[]) => sequence(bounds).join(' ')),
  sub: goFunction('func(any, any) int64', (one: GoValue, other: GoValue) => int64Of(castInt64(one) - castInt64(other))),
  subf: goFunction('func(any, ...any) float64', (first: GoValue, ...values: GoValue[]) =>
    decimals(castFloat64(first), values, minus),
  ),
  toDecimal: goFunction('func(any) int64', (value: GoValue) => {
    const read = parsedInteger(printed(value), 8)
    return new GoNumber('int64', typeof read === 'bigint' ? read : 0n)
  }),
  until: goFunction('func(int) []int', (count: bigint) => intSlice(steps(0n, count, count < 0n ? -1n : 1n))),
  untilStep: goFunction('func(int, int, int) []int', (start: bigint, stop: bigint, step: bigint) =>
    intSlice(steps(start, stop, step)),
  ),
}

function folded(first: bigint, values: readonly GoValue[], join: (one: bigint, other: bigint) => bigint): GoNumber {
  return new GoNumber(
    'int64',
    values.reduce<bigint>((sum, value) => wrapped(join(sum, castInt64(value))), first),
  )
}

function largest(first: GoValue, ...values: GoValue[]): GoNumber {
  return folded(castInt64(first), values, (one, other) => [one, other].sort(ascending)[1]!)
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function chosen(values: readonly GoValue[], choose: (one: number, other: number) => number): number {
  return values.map(castFloat64).reduce((one, other) => choose(one, other))
}

function decimals(first: number, values: readonly GoValue[], join: (one: Decimal, other: Decimal) => Decimal): number {
  return floatOf(values.reduce<Decimal>((sum, value) => join(sum, decimalOf(castFloat64(value))), decimalOf(first)))
}

function divisor(value: GoValue): bigint {
  const by = castInt64(value)
  if (by === 0n) throw new GoPanic('runtime error: integer divide by zero')
  return by
}

/** strconv.Atoi without its error: what does not fit is the largest there is. */
function atoi(text: string): bigint {
  const read = parsedInteger(text)
  if (typeof read === 'bigint') return read
  if (read === 'invalid syntax') return 0n
  return text.startsWith('-') ? -(2n ** 63n) : 2n ** 63n - 1n
}

/** Rounded to so many places: up from the half on, or from another part on; negative numbers down. */
function rounded(value: GoValue, places: bigint, ...from: number[]): number {
  const power = 10 ** Number(places)
  const scaled = power * castFloat64(value)
  const fraction = scaled % 1
  return (fraction >= (from[0] ?? 0.5) ? Math.ceil(scaled) : Math.floor(scaled)) / power
}

function sequence(bounds: readonly bigint[]): bigint[] {
  const [first, second, third] = bounds
  if (bounds.length === 1) return inclusive(1n, first!, first! < 1n ? -1n : 1n)
  if (bounds.length === 2) return inclusive(first!, second!, second! < first! ? -1n : 1n)
  if (bounds.length !== 3) return []
  const down = third! < first!
  if (down && second! > 0n) return []
  return steps(first!, third! + (down ? -1n : 1n), second!)
}

function inclusive(start: bigint, end: bigint, step: bigint): bigint[] {
  return steps(start, end + step, step)
}

/** Numbers from a start up to a stop, or down to it, without it. */
function steps(start: bigint, stop: bigint, step: bigint): bigint[] {
  const down = stop < start
  if (down ? step >= 0n : step <= 0n) return []
  if ((stop - start) / step > longestList) throw new GoPanic(`more than ${longestList} numbers in a list`)
  const found: bigint[] = []
  for (let at = start; down ? at > stop : at < stop; at += step) found.push(at)
  return found
}

function intSlice(items: bigint[]): GoSlice {
  return new GoSlice(items, '[]int')
}
