import { type Position, UserError } from '../error.ts'
import type { ListValue, MapValue, Value } from './value.ts'

/** What a later list does to an earlier one; Atmos' `settings.list_merge_strategy`. */
export type ListStrategy = 'replace' | 'append' | 'merge'

const STRATEGIES: readonly string[] = ['replace', 'append', 'merge']

/** Reads a list strategy. @throws UserError `list-strategy-invalid` */
export function listStrategy(text: string, at: Position | undefined): ListStrategy {
  if (STRATEGIES.includes(text)) return text as ListStrategy
  throw new UserError({
    code: 'list-strategy-invalid',
    message: `list_merge_strategy is "${text}"`,
    fix: 'use one of replace, append, merge',
    exit: 2,
    ...(at && { at }),
  })
}

/**
 * Files of one manifest merged, later ones over earlier ones. A single file keeps its `!append` marks for the merge of
 * layers; where files meet, the marks are spent.
 */
export function mergeFiles(files: readonly MapValue[], strategy: ListStrategy): MapValue | undefined {
  const filled = files.filter(({ entries }) => entries.size > 0)
  return filled.length <= 1 ? filled[0] : mergeLayers(filled, strategy)
}

/** Layers of a section merged, later ones over earlier ones, `!append` marks spent; undefined when all are empty. */
export function mergeLayers(layers: readonly (MapValue | undefined)[], strategy: ListStrategy): MapValue | undefined {
  let result: MapValue | undefined
  for (const layer of layers) {
    if (layer === undefined || layer.entries.size === 0) continue
    result = result === undefined ? (spent(layer) as MapValue) : mergedOnce(result, layer, strategy)
  }
  return result
}

type Merged = WeakMap<MapValue, MapValue>
const known: Record<ListStrategy, WeakMap<MapValue, Merged>> = {
  replace: new WeakMap(),
  append: new WeakMap(),
  merge: new WeakMap(),
}

/** The same two maps meet in many stacks: their merge is made once, and shared. */
function mergedOnce(below: MapValue, above: MapValue, strategy: ListStrategy): MapValue {
  let results = known[strategy].get(above)
  if (results === undefined) {
    results = new WeakMap()
    known[strategy].set(above, results)
  }
  let result = results.get(below)
  if (result === undefined) {
    result = mergeMaps(below, above, strategy)
    results.set(below, result)
  }
  return result
}

/** One value over another, as the merge of maps does it at a key that both have. */
export function mergeValues(below: Value, above: Value, strategy: ListStrategy): Value {
  if (above.kind === 'map' && below.kind === 'map') return mergeMaps(below, above, strategy)
  if (above.kind === 'list' && below.kind === 'list') {
    if (above.append) return replaced(joined(below, above), below)
    if (strategy === 'append') return replaced(joined(below, above), below)
    if (strategy === 'merge') return replaced(itemByItem(below, above), below)
  }
  return replaced(spent(above), below)
}

function mergeMaps(below: MapValue, above: MapValue, strategy: ListStrategy): MapValue {
  if (above.entries.size === 0 || (above === below && strategy !== 'append')) return below
  const entries = new Map(below.entries)
  for (const [key, value] of above.entries) {
    const existing = below.entries.get(key)
    entries.set(key, existing === undefined ? spent(value) : mergeValues(existing, value, strategy))
  }
  return { ...above, entries }
}

function joined(below: ListValue, above: ListValue): ListValue {
  return { kind: 'list', at: above.at, items: [...below.items, ...above.items] }
}

/** Maps at the same index merge; otherwise the earlier item stays, and surplus later ones follow. */
function itemByItem(below: ListValue, above: ListValue): ListValue {
  const items = below.items.map((item, index) => {
    const other = above.items[index]
    return item.kind === 'map' && other?.kind === 'map' ? mergeMaps(item, other, 'merge') : item
  })
  return { kind: 'list', at: above.at, items: [...items, ...above.items.slice(below.items.length)] }
}

/** So many values of a chain are kept that a merge has to copy; each that is imported again and again makes one longer. */
const LONGEST = 50

/** The value with the one that it replaced at the end of its chain. */
export function replaced(above: Value, below: Value, left = LONGEST): Value {
  if (above.over === undefined) return { ...above, over: below }
  return left === 0 ? above : { ...above, over: replaced(above.over, below, left - 1) }
}

const clean = new WeakMap<Value, Value>()

/** The value without `!append` marks; itself where it has none. */
export function spent(value: Value): Value {
  if (value.kind === 'scalar') return value
  const before = clean.get(value)
  if (before !== undefined) return before
  const result = value.kind === 'list' ? spentList(value) : spentMap(value)
  clean.set(value, result)
  return result
}

function spentList(value: ListValue): Value {
  const items = value.items.map(spent)
  if (!value.append && items.every((item, index) => item === value.items[index])) return value
  const { append: _, ...rest } = value
  return { ...rest, items }
}

function spentMap(value: MapValue): Value {
  let changed = false
  const entries = new Map<string, Value>()
  for (const [key, item] of value.entries) {
    const next = spent(item)
    changed ||= next !== item
    entries.set(key, next)
  }
  return changed ? { ...value, entries } : value
}
