import { bytesOf, textOfBytes } from './bytes.ts'
import { equalsAny, isBelow, mapKey } from './compare.ts'
import { type Held, zeroOf } from './convert.ts'
import { htmlEscaped, jsEscaped, queryEscaped } from './escape.ts'
import { printed, sprint, sprintln } from './print.ts'
import { sprintf } from './printf.ts'
import { elementType, integerOf, isTrue, keyType, kindOf, typeOf } from './types.ts'
import {
  GoError,
  type GoFunction,
  type GoFunctions,
  GoMap,
  GoNumber,
  GoPanic,
  GoSlice,
  type GoValue,
  goFunction,
} from './value.ts'

/** `and` and `or` look at their arguments one by one, so that the evaluator does it. */
export const AND: GoFunction = lazy()
export const OR: GoFunction = lazy()

function lazy(): GoFunction {
  return goFunction('func(reflect.Value, ...reflect.Value) reflect.Value', () => {
    throw new Error('and, or: called by the evaluator')
  })
}

/** `call` is told by the evaluator how its function was written. */
export const CALL: GoFunction = goFunction('func(reflect.Value, ...reflect.Value) (reflect.Value, error)', () => {
  throw new Error('call: called by the evaluator')
})

/** `slice`, which does not look into interfaces for its indexes, as `index` does. */
export const SLICE: GoFunction = reflected('func(reflect.Value, ...reflect.Value) (reflect.Value, error)', slice)

/** The functions of the language itself; a function of the same name that a library brings goes before. */
export const builtins: GoFunctions = {
  and: AND,
  or: OR,
  call: CALL,
  not: reflected('func(reflect.Value) bool', (value) => !(value !== undefined && isTrue(value))),
  eq: comparison('func(reflect.Value, ...reflect.Value) (bool, error)', (a, ...rest) => equalsAny(a, rest)),
  ne: comparison('func(reflect.Value, reflect.Value) (bool, error)', (a, b) => !equalsAny(a, [b])),
  lt: comparison('func(reflect.Value, reflect.Value) (bool, error)', isBelow),
  le: comparison('func(reflect.Value, reflect.Value) (bool, error)', (a, b) => isAtMost(a, b)),
  gt: comparison('func(reflect.Value, reflect.Value) (bool, error)', (a, b) => !isAtMost(a, b)),
  ge: comparison('func(reflect.Value, reflect.Value) (bool, error)', (a, b) => !isBelow(a, b)),
  len: reflected('func(reflect.Value) (int, error)', length),
  index: reflected('func(reflect.Value, ...reflect.Value) (reflect.Value, error)', index),
  slice: SLICE,
  print: goFunction('func(...any) string', (...values: GoValue[]) => sprint(values)),
  println: goFunction('func(...any) string', (...values: GoValue[]) => sprintln(values)),
  printf: goFunction('func(string, ...any) string', (format: string, ...values: GoValue[]) => sprintf(format, values)),
  html: goFunction('func(...any) string', (...values: GoValue[]) => htmlEscaped(printable(values))),
  js: goFunction('func(...any) string', (...values: GoValue[]) => jsEscaped(printable(values))),
  urlquery: goFunction('func(...any) string', (...values: GoValue[]) => queryEscaped(printable(values))),
}

/** A function whose arguments may be no value at all. */
function reflected(signature: string, body: (...values: Held[]) => GoValue): GoFunction {
  return goFunction(signature, body as (...values: never[]) => GoValue)
}

function comparison(signature: string, body: (a: Held, ...rest: Held[]) => boolean): GoFunction {
  return goFunction(signature, body as (...values: never[]) => GoValue)
}

function isAtMost(a: Held, b: Held): boolean {
  return isBelow(a, b) || equalsAny(a, [b])
}

function printable(values: readonly GoValue[]): string {
  return sprint(values.map((value) => value ?? '<no value>'))
}

function length(value: Held): bigint {
  if (value === undefined) throw new GoPanic('reflect: call of reflect.Value.Type on zero Value')
  if (value === null) throw new GoError('len of nil pointer')
  if (typeof value === 'string') return BigInt(bytesOf(value).length)
  if (value instanceof GoSlice) return BigInt(value.items.length)
  if (value instanceof GoMap) return BigInt(value.entries.size)
  throw new GoError(`len of type ${typeOf(value)}`)
}

function index(of: Held, ...indexes: Held[]): GoValue {
  if (of === undefined || of === null) throw new GoError('index of untyped nil')
  let item: GoValue = of
  for (const at of indexes) {
    const key = at ?? undefined
    if (item === null) throw new GoError('index of nil pointer')
    if (typeof item === 'string') {
      const bytes = bytesOf(item)
      const found = bytes[position(key, bytes.length)]
      if (found === undefined) throw new GoPanic('reflect: string index out of range')
      item = new GoNumber('uint8', BigInt(found))
    } else if (item instanceof GoSlice) {
      const found: GoValue | undefined = item.items[position(key, item.items.length)]
      if (found === undefined) throw new GoPanic('reflect: slice index out of range')
      item = found
    } else if (item instanceof GoMap) {
      const found: GoValue | undefined = item.entries.get(mapKey(key, keyType(item.type)))
      item = found === undefined ? zeroOf(elementType(item.type)) : found
    } else throw new GoError(`can't index item of type ${typeOf(item)}`)
  }
  return item
}

/** An index, which may be the length: reflection refuses that in words of its own. */
function position(value: Held, capacity: number): number {
  if (value === undefined || value === null) throw new GoError('cannot index slice/array with nil')
  const at = integerOf(value)
  if (at === undefined) throw new GoError(`cannot index slice/array with type ${typeOf(value)}`)
  if (at < 0n || at > BigInt(capacity)) throw new GoError(`index out of range: ${at}`)
  return Number(at)
}

function slice(of: Held, ...indexes: Held[]): GoValue {
  if (of === undefined || of === null) throw new GoError('slice of untyped nil')
  if (indexes.length > 3) throw new GoError(`too many slice indexes: ${indexes.length}`)
  if (typeof of !== 'string' && kindOf(of) !== 'slice') throw new GoError(`can't slice item of type ${typeOf(of)}`)
  if (typeof of === 'string' && indexes.length === 3) throw new GoError('cannot 3-index slice a string')
  const items = typeof of === 'string' ? bytesOf(of) : (of as GoSlice).items
  const [start = 0, end = items.length, limit] = indexes.map((it) => position(it ?? undefined, items.length))
  if (start > end) throw new GoError(`invalid slice index: ${start} > ${end}`)
  if (limit !== undefined && end > limit) throw new GoError(`invalid slice index: ${end} > ${limit}`)
  if (typeof of === 'string') return textOfBytes((items as Uint8Array).subarray(start, end))
  return new GoSlice((items as GoValue[]).slice(start, end), typeOf(of))
}

/** What `call` answers: a template's data never holds a function. */
export function called(name: string, value: Held): never {
  if (value === undefined || value === null) throw new GoError('call of nil')
  throw new GoError(`non-function ${name} of type ${typeOf(value)}`)
}

/** What `{{ x }}` writes for a value. */
export function written(value: Held): string {
  return value === undefined ? '<no value>' : printed(value)
}
