import { bytesOf } from '../../bytes.ts'
import { printed } from '../../print.ts'
import { typeOf } from '../../types.ts'
import { GoError, type GoFunctions, GoMap, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { dict, has } from './conv.ts'
import { deepEqual } from './equal.ts'
import { jsonPath } from './json-path.ts'
import { namespace } from './namespace.ts'
import { sortedBy } from './sort.ts'
import { integerOf, itemsOf, textList, textOf } from './values.ts'

function sortedKeys({ entries }: GoMap): string[] {
  return [...(entries.keys() as Iterable<string>)].sort((one, other) => Buffer.compare(bytesOf(one), bytesOf(other)))
}

function atLeastOne(maps: readonly GoMap[]): readonly GoMap[] {
  if (maps.length === 0) throw new GoError('need at least one argument')
  return maps
}

function keys(...maps: (GoMap | null)[]): GoSlice {
  return textList(atLeastOne(maps.map(present)).flatMap(sortedKeys))
}

function values(...maps: (GoMap | null)[]): GoSlice {
  return new GoSlice(
    atLeastOne(maps.map(present)).flatMap((map) => sortedKeys(map).map((key) => map.entries.get(key)!)),
  )
}

/** A nil map reads like one without keys. */
function present(map: GoMap | null): GoMap {
  return map ?? new GoMap(new Map())
}

/** The first map with what the others add; the first that has a key says what it holds, maps in maps are merged too. */
function merged(...maps: (GoMap | null)[]): GoMap {
  return maps.map(present).reduce(mergedPair)
}

function mergedPair(one: GoMap, other: GoMap): GoMap {
  const entries = new Map(one.entries)
  for (const [key, theirs] of other.entries) {
    const mine = entries.get(key)
    if (mine === undefined) entries.set(key, theirs)
    else if (isStringMap(mine) && isStringMap(theirs)) entries.set(key, mergedPair(mine, theirs))
  }
  return new GoMap(entries)
}

function isStringMap(value: GoValue): value is GoMap {
  return value instanceof GoMap && value.type === 'map[string]interface {}'
}

function uniq(list: GoValue): GoSlice {
  const found: GoValue[] = []
  for (const item of itemsOf(list)) if (!found.some((it) => deepEqual(it, item))) found.push(item)
  return new GoSlice(found)
}

function oneOrTwo(args: readonly GoValue[]): void {
  if (args.length < 1 || args.length > 2) throw new GoError(`wrong number of args: wanted 1 or 2, got ${args.length}`)
}

function sorted(...args: GoValue[]): GoSlice {
  oneOrTwo(args)
  const list = args.at(-1)!
  if (list === null) return new GoSlice([])
  return sortedBy(args.length === 2 ? textOf(args[0]!) : '', itemsOf(list))
}

function flattened(...args: GoValue[]): GoSlice {
  oneOrTwo(args)
  const depth = args.length === 2 ? Number(integerOf(args[0]!)) : -1
  return new GoSlice(flat(itemsOf(args.at(-1)!), depth))
}

function flat(items: readonly GoValue[], depth: number): GoValue[] {
  return items.flatMap((item) => (depth !== 0 && item instanceof GoSlice ? flat(item.items, depth - 1) : [item]))
}

function keysAndMap(args: readonly GoValue[]): { names: ReadonlySet<string>; map: GoMap } {
  if (args.length < 2) throw new GoError(`wrong number of args: wanted 2 or more, got ${args.length}`)
  const map = args.at(-1)!
  if (!isStringMap(map)) throw new GoError(`wrong map type: must be map[string]interface{}, got ${typeOf(map)}`)
  const names = args.slice(0, -1).map((key) => {
    if (typeof key === 'string') return key
    throw new GoError(`wrong key type: must be string, got ${typeOf(key)} (${printed(key)})`)
  })
  return { names: new Set(names), map }
}

function withKeys(map: GoMap, wanted: (key: string) => boolean): GoMap {
  return new GoMap(new Map([...map.entries].filter(([key]) => wanted(key as string))))
}

const methods: GoFunctions = {
  Append: goFunction(
    'func(any, any) ([]any, error)',
    (item: GoValue, list: GoValue) => new GoSlice([...itemsOf(list), item]),
  ),
  Dict: goFunction('func(...any) (map[string]any, error)', dict),
  Flatten: goFunction('func(...any) ([]any, error)', flattened),
  Has: goFunction('func(any, string) bool', has),
  JSONPath: goFunction('func(string, any) (any, error)', jsonPath),
  Keys: goFunction('func(...map[string]any) ([]string, error)', keys),
  Merge: goFunction('func(map[string]any, ...map[string]any) (map[string]any, error)', merged),
  Omit: goFunction('func(...any) (map[string]any, error)', (...args: GoValue[]) => {
    const { names, map } = keysAndMap(args)
    return withKeys(map, (key) => !names.has(key))
  }),
  Pick: goFunction('func(...any) (map[string]any, error)', (...args: GoValue[]) => {
    const { names, map } = keysAndMap(args)
    return withKeys(map, (key) => names.has(key))
  }),
  Prepend: goFunction(
    'func(any, any) ([]any, error)',
    (item: GoValue, list: GoValue) => new GoSlice([item, ...itemsOf(list)]),
  ),
  Reverse: goFunction('func(any) ([]any, error)', (list: GoValue) => new GoSlice([...itemsOf(list)].reverse())),
  Slice: goFunction('func(...any) []any', (...items: GoValue[]) => new GoSlice(items)),
  Sort: goFunction('func(...any) ([]any, error)', sorted),
  Uniq: goFunction('func(any) ([]any, error)', uniq),
  Values: goFunction('func(...map[string]any) ([]any, error)', values),
}

/** The namespace `coll`, and those of its methods that have a name of their own. */
export const collFunctions: GoFunctions = {
  coll: namespace('CollFuncs', methods),
  append: methods.Append!,
  flatten: methods.Flatten!,
  jsonpath: methods.JSONPath!,
  keys: methods.Keys!,
  merge: methods.Merge!,
  prepend: methods.Prepend!,
  reverse: methods.Reverse!,
  sort: methods.Sort!,
  uniq: methods.Uniq!,
  values: methods.Values!,
}
