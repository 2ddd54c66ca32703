import { type GoFunctions, GoPanic, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { castInt64 } from '../cast.ts'
import { deepEqual } from '../deep-equal.ts'
import { reflectKind } from '../kinds.ts'
import { isEmpty } from './defaults.ts'

const nilPointer = 'runtime error: invalid memory address or nil pointer dereference'

/** sprig's functions of lists; `must…` differ from the others in nothing but how Go words a failure. */
export const listFunctions: GoFunctions = {
  ...withMust('append', 'func(any, any) []any', (list: GoValue, item: GoValue) =>
    slice([...itemsOf(list, cannotFind('push', 'Cannot push on type')), item]),
  ),
  ...withMust('push', 'func(any, any) []any', (list: GoValue, item: GoValue) =>
    slice([...itemsOf(list, cannotFind('push', 'Cannot push on type')), item]),
  ),
  ...withMust('prepend', 'func(any, any) []any', (list: GoValue, item: GoValue) =>
    slice([item, ...itemsOf(list, cannotFind('prepend', 'Cannot prepend on type'))]),
  ),
  ...withMust('first', 'func(any) any', (list: GoValue) => itemsOf(list, cannotFind('first')).at(0) ?? null),
  ...withMust('last', 'func(any) any', (list: GoValue) => itemsOf(list, cannotFind('last')).at(-1) ?? null),
  ...withMust('rest', 'func(any) []any', (list: GoValue) => {
    const items = itemsOf(list, cannotFind('rest'))
    return items.length === 0 ? nilSlice() : slice(items.slice(1))
  }),
  ...withMust('initial', 'func(any) []any', (list: GoValue) => {
    const items = itemsOf(list, cannotFind('initial'))
    return items.length === 0 ? nilSlice() : slice(items.slice(0, -1))
  }),
  ...withMust('reverse', 'func(any) []any', (list: GoValue) =>
    slice([...itemsOf(list, cannotFind('reverse'))].reverse()),
  ),
  ...withMust('compact', 'func(any) []any', (list: GoValue) =>
    slice(itemsOf(list, cannotFind('compact', 'Cannot compact on type')).filter((item) => !isEmpty(item))),
  ),
  ...withMust('uniq', 'func(any) []any', (list: GoValue) => {
    const found: GoValue[] = []
    for (const item of itemsOf(list, cannotFind('uniq'))) if (!holds(found, item)) found.push(item)
    return slice(found)
  }),
  ...withMust('without', 'func(any, ...any) []any', (list: GoValue, ...out: GoValue[]) =>
    slice(itemsOf(list, cannotFind('without')).filter((item) => !holds(out, item))),
  ),
  ...withMust('has', 'func(any, any) bool', (item: GoValue, list: GoValue) =>
    list === null ? false : holds(itemsOf(list, cannotFind('has')), item),
  ),
  ...withMust('slice', 'func(any, ...any) any', part),
  ...withMust('chunk', 'func(int, any) [][]any', chunks),
  concat: goFunction('func(...any) any', (...lists: GoValue[]) => {
    if (lists.length === 0) return nilSlice()
    const items = lists.flatMap((list) => itemsOf(list, (kind) => `Cannot concat type ${kind} as list`))
    return items.length === 0 ? nilSlice() : slice(items)
  }),
  list: goFunction('func(...any) []any', (...items: GoValue[]) => slice(items)),
  tuple: goFunction('func(...any) []any', (...items: GoValue[]) => slice(items)),
  all: goFunction('func(...any) bool', (...items: GoValue[]) => items.every((item) => !isEmpty(item))),
  any: goFunction('func(...any) bool', (...items: GoValue[]) => items.some((item) => !isEmpty(item))),
}

/** A function under its own name, and under `mustName` with an error in its signature. */
function withMust(name: string, signature: string, call: (...args: never[]) => GoValue): GoFunctions {
  const result = signature.slice(signature.lastIndexOf(') ') + 2)
  const must = `must${name[0]!.toUpperCase()}${name.slice(1)}`
  const mustSignature = `${signature.slice(0, signature.length - result.length)}(${result}, error)`
  return { [name]: goFunction(signature, call), [must]: goFunction(mustSignature, call) }
}

function cannotFind(what: string, start = `Cannot find ${what} on type`): (kind: string) => string {
  return (kind) => `${start} ${kind}`
}

/** The items of a slice; sprig panics for all else, and differently for nil. */
function itemsOf(list: GoValue, refusal: (kind: string) => string): readonly GoValue[] {
  if (list instanceof GoSlice) return list.items
  throw new GoPanic(list === null ? nilPointer : refusal(reflectKind(list)))
}

function holds(items: readonly GoValue[], item: GoValue): boolean {
  return items.some((it) => deepEqual(it, item))
}

function slice(items: readonly GoValue[]): GoSlice {
  return new GoSlice([...items])
}

function nilSlice(): GoSlice {
  return new GoSlice([], '[]interface {}', true)
}

/** Items from one place up to another; of an empty list, nil. */
function part(list: GoValue, ...places: GoValue[]): GoValue {
  const items = itemsOf(list, (kind) => `list should be type of slice or array but ${kind}`)
  if (items.length === 0) return null
  const from = places.length > 0 ? castInt64(places[0]!) : 0n
  const to = places.length > 1 ? castInt64(places[1]!) : BigInt(items.length)
  if (from < 0n || to < from || to > BigInt(items.length))
    throw new GoPanic('reflect.Value.Slice: slice index out of bounds')
  return new GoSlice(items.slice(Number(from), Number(to)), (list as GoSlice).type)
}

/** A list in pieces of so many items, the last with what is left. */
function chunks(size: bigint, list: GoValue): GoValue {
  const items = itemsOf(list, (kind) => `Cannot chunk type ${kind}`)
  const length = Number(size)
  const count = Math.floor((items.length - 1) / length) + 1
  if (!Number.isFinite(count) || count < 0) throw new GoPanic('runtime error: makeslice: len out of range')
  const pieces: GoValue[] = []
  for (let index = 0; index < count; index++) {
    const isLast = index === count - 1
    const width = isLast ? items.length % length || length : length
    if (width < 0) throw new GoPanic('runtime error: makeslice: len out of range')
    pieces.push(slice(items.slice(index * length, index * length + width)))
  }
  return new GoSlice(pieces, '[][]interface {}')
}
