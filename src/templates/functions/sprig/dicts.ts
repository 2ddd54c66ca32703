import { sortedEntries, typeOf } from '../../types.ts'
import { GoError, type GoFunctions, GoMap, GoPanic, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { deepCopy } from '../deep-copy.ts'
import { merged } from './merging.ts'
import { stringSlice, textOf } from './texts.ts'

/** sprig's functions of maps. Go gives keys in an order of chance; here they are sorted. */
export const dictFunctions: GoFunctions = {
  deepCopy: goFunction('func(any) any', deepCopy),
  dict: goFunction('func(...any) map[string]any', (...parts: GoValue[]) => {
    const entries = new Map<GoValue, GoValue>()
    for (let at = 0; at < parts.length; at += 2)
      entries.set(textOf(parts[at]!), at + 1 < parts.length ? parts[at + 1]! : '')
    return new GoMap(entries)
  }),
  dig: goFunction('func(...any) (any, error)', dig),
  get: goFunction('func(map[string]any, string) any', ({ entries }: GoMap, key: string) =>
    entries.has(key) ? entries.get(key)! : '',
  ),
  hasKey: goFunction('func(map[string]any, string) bool', ({ entries }: GoMap, key: string) => entries.has(key)),
  keys: goFunction('func(...map[string]any) []string', (...maps: GoMap[]) =>
    stringSlice(maps.flatMap((map) => sortedEntries(map).map(([key]) => key as string))),
  ),
  merge: goFunction('func(map[string]any, ...map[string]any) any', (into: GoMap, ...from: GoMap[]) =>
    merged(into, from, { overwrite: false }),
  ),
  mergeOverwrite: goFunction('func(map[string]any, ...map[string]any) any', (into: GoMap, ...from: GoMap[]) =>
    merged(into, from, { overwrite: true }),
  ),
  mustDeepCopy: goFunction('func(any) (any, error)', deepCopy),
  mustMerge: goFunction('func(map[string]any, ...map[string]any) (any, error)', (into: GoMap, ...from: GoMap[]) =>
    merged(into, from, { overwrite: false }),
  ),
  mustMergeOverwrite: goFunction(
    'func(map[string]any, ...map[string]any) (any, error)',
    (into: GoMap, ...from: GoMap[]) => merged(into, from, { overwrite: true }),
  ),
  omit: goFunction(
    'func(map[string]any, ...string) map[string]any',
    ({ entries }: GoMap, ...keys: string[]) =>
      new GoMap(new Map([...entries].filter(([key]) => !keys.includes(key as string)))),
  ),
  pick: goFunction(
    'func(map[string]any, ...string) map[string]any',
    ({ entries }: GoMap, ...keys: string[]) =>
      new GoMap(new Map([...entries].filter(([key]) => keys.includes(key as string)))),
  ),
  pluck: goFunction(
    'func(string, ...map[string]any) []any',
    (key: string, ...maps: GoMap[]) =>
      new GoSlice(maps.filter(({ entries }) => entries.has(key)).map(({ entries }) => entries.get(key)!)),
  ),
  set: goFunction('func(map[string]any, string, any) map[string]any', (map: GoMap, key: string, value: GoValue) => {
    if (map.isNil) throw new GoPanic('assignment to entry in nil map')
    map.entries.set(key, value)
    return map
  }),
  unset: goFunction('func(map[string]any, string) map[string]any', (map: GoMap, key: string) => {
    map.entries.delete(key)
    return map
  }),
  values: goFunction(
    'func(map[string]any) []any',
    (map: GoMap) => new GoSlice(sortedEntries(map).map(([, value]) => value)),
  ),
}

/** `dig "a" "b" otherwise map`: what lies below the keys, or another value where one of them is missing. */
function dig(...parts: GoValue[]): GoValue {
  if (parts.length < 3) throw new GoError('dig needs at least three arguments')
  let map = stringMap(parts.at(-1)!)
  const otherwise = parts.at(-2)!
  const keys = parts.slice(0, -2).map((key) => {
    if (typeof key === 'string') return key
    throw new GoPanic(`interface conversion: interface {} is ${nameOf(key)}, not string`)
  })
  for (const [index, key] of keys.entries()) {
    if (!map.entries.has(key)) return otherwise
    const value = map.entries.get(key)!
    if (index === keys.length - 1) return value
    map = stringMap(value)
  }
  return otherwise
}

function stringMap(value: GoValue): GoMap {
  if (value instanceof GoMap && value.type === 'map[string]interface {}') return value
  throw new GoPanic(`interface conversion: interface {} is ${nameOf(value)}, not map[string]interface {}`)
}

function nameOf(value: GoValue): string {
  return value === null ? 'nil' : typeOf(value)
}
