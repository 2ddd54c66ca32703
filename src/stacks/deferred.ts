import { place, UserError } from '../error.ts'
import { type ListStrategy, mergeLayers, mergeValues } from './merge.ts'
import { kindOf, type ListValue, type MapValue, mapAt, scalarAt, textOf, type Value } from './value.ts'

/** What several layers say at one path where at least one says it with a YAML function. */
export interface Deferred {
  readonly path: readonly string[]
  /** From the weakest layer to the strongest. */
  readonly values: readonly Value[]
  readonly strategy: ListStrategy
}

/** A merged section, with what functions yet have to say in it. */
export interface DeferredMerge {
  readonly value: MapValue | undefined
  readonly deferred: readonly Deferred[]
}

/** Functions whose result merges with the values of other layers. */
const MERGED = ['!template', '!terraform.output', '!terraform.state', '!store', '!exec', '!env', '!labels', '!tags']

/** Whether a value is a function that the merge of layers waits for. */
export function isDeferredFunction(value: Value): boolean {
  const text = textOf(value)
  return text?.startsWith('!') === true && MERGED.some((name) => text.startsWith(name))
}

/**
 * Layers of one component's section, merged; where a function meets another layer's value at a path, all are remembered
 * for when functions run, and the text of the last one that is not null stands until then.
 * @throws UserError `function-replaced` where a value takes the place of a map that holds a function below
 */
export function mergeDeferred(layers: readonly (MapValue | undefined)[], strategy: ListStrategy): DeferredMerge {
  if (!layers.some((layer) => layer !== undefined && holdsFunction(layer)))
    return { value: mergeLayers(layers, strategy), deferred: [] }
  const found = new Map<string, { path: readonly string[]; byLayer: Map<number, Value> }>()
  const prepared = layers.map((layer, index) => layer && withoutFunctions(layer, [], index, found))
  for (const { path, byLayer } of found.values())
    for (const [index, layer] of prepared.entries()) {
      const other = byLayer.has(index) ? undefined : mapPath(layer, path)
      if (other !== undefined && !isNull(other)) byLayer.set(index, other)
    }
  let value: Value | undefined = mergeLayers(prepared, strategy)
  const deferred: Deferred[] = []
  const inOrder = [...found.values()].sort((a, b) => a.path.length - b.path.length)
  for (const { path, byLayer } of inOrder) {
    const values = [...byLayer].sort(([a], [b]) => a - b).map(([, item]) => item)
    value = withValueAt(value!, path, mergedValues(values, strategy), path)
    deferred.push({ path, values, strategy })
  }
  return { value: value as MapValue | undefined, deferred }
}

/** What the values of one path come to; the first one's kind decides how they merge. */
export function mergedValues(values: readonly Value[], strategy: ListStrategy): Value {
  const [first, ...rest] = values
  const last = values.at(-1)!
  if (first!.kind === 'scalar') return chained(last, values)
  if (first!.kind === 'map') {
    let result: Value = first!
    for (const value of rest) {
      if (value.kind !== 'map') return value
      result = mergeValues(result, value, 'replace')
    }
    return result
  }
  if (strategy === 'replace') return chained(last, values)
  const lists = values.filter((value) => value.kind === 'list')
  if (strategy === 'append') return { ...first!, items: lists.flatMap(({ items }) => items) }
  return rest.find((value) => value.kind !== 'list') ?? lists.reduce(itemByItem)
}

function chained(last: Value, values: readonly Value[]): Value {
  const below = values.at(-2)
  return below === undefined || last.over !== undefined ? last : { ...last, over: chained(below, values.slice(0, -1)) }
}

/** Maps at the same index merge, otherwise the later item counts: here, unlike between plain layers. */
function itemByItem(below: ListValue, above: ListValue): ListValue {
  const items = below.items.map((item, index) => {
    const other = above.items[index]
    if (other === undefined) return item
    return item.kind === 'map' && other.kind === 'map' ? mergeValues(item, other, 'replace') : other
  })
  return { ...above, items: [...items, ...above.items.slice(items.length)] }
}

const holding = new WeakMap<MapValue, boolean>()

function holdsFunction(map: MapValue): boolean {
  let result = holding.get(map)
  if (result === undefined) {
    result = [...map.entries.values()].some((value) =>
      value.kind === 'map' ? holdsFunction(value) : isDeferredFunction(value),
    )
    holding.set(map, result)
  }
  return result
}

function withoutFunctions(
  map: MapValue,
  path: readonly string[],
  layer: number,
  found: Map<string, { path: readonly string[]; byLayer: Map<number, Value> }>,
): MapValue {
  if (!holdsFunction(map)) return map
  const entries = new Map<string, Value>()
  for (const [key, value] of map.entries) {
    const here = [...path, key]
    if (value.kind === 'map') entries.set(key, withoutFunctions(value, here, layer, found))
    else if (isDeferredFunction(value)) {
      const name = here.join('.')
      const known = found.get(name) ?? { path: here, byLayer: new Map<number, Value>() }
      known.byLayer.set(layer, value)
      found.set(name, known)
      entries.set(key, scalarAt(value.at, null))
    } else entries.set(key, value)
  }
  return { ...map, entries }
}

function mapPath(value: Value | undefined, path: readonly string[]): Value | undefined {
  let here = value
  for (const key of path) here = here?.kind === 'map' ? here.entries.get(key) : undefined
  return here
}

function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null
}

/** The value with another one put at a path, maps made where there are none. */
export function withValueAt(
  value: Value,
  path: readonly string[],
  item: Value,
  whole: readonly string[] = path,
): Value {
  const [first, ...rest] = path
  if (first === undefined) return item
  if (value.kind !== 'map') throw replacedFunction(value, item, whole)
  const inner = rest.length === 0 ? item : withValueAt(value.entries.get(first) ?? mapAt(item.at), rest, item, whole)
  return { ...value, entries: new Map(value.entries).set(first, inner) }
}

function replacedFunction(value: Value, call: Value, path: readonly string[]): UserError {
  return new UserError({
    code: 'function-replaced',
    message: `${path.join('.')} holds ${textOf(call) ?? 'a function'} (${place(call.at)}), but a ${kindOf(value)} takes the place of a map above it`,
    fix: 'write a map here, or remove the function; Atmos 1.227 resolves no stack with this',
    at: value.at,
    exit: 2,
  })
}
