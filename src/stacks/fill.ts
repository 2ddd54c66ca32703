import type { LateCall } from './instance.ts'
import type { MapValue, Plain, Value } from './value.ts'

/** The sections with late calls replaced by the values that a run found for them; calls without a value stay as text. */
export function filled(sections: MapValue, values: ReadonlyMap<LateCall, Plain>): MapValue {
  const tree = branch([...values])
  return replaced(sections, tree) as MapValue
}

interface Branch {
  readonly here?: Plain
  readonly below: ReadonlyMap<string, Branch>
}

function branch(values: readonly (readonly [LateCall, Plain])[], depth = 0): Branch {
  const here = values.find(([{ path }]) => path.length === depth)
  if (here) return { here: here[1], below: new Map() }
  const groups = new Map<string, (readonly [LateCall, Plain])[]>()
  for (const item of values) {
    const key = item[0].path[depth]!
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return { below: new Map([...groups].map(([key, items]) => [key, branch(items, depth + 1)])) }
}

function replaced(value: Value, tree: Branch): Value {
  if (tree.here !== undefined) return asValue(tree.here, value.at)
  if (tree.below.size === 0) return value
  if (value.kind === 'list')
    return { ...value, items: value.items.map((item, index) => next(item, tree, String(index))) }
  if (value.kind === 'map')
    return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, next(item, tree, key)])) }
  return value
}

function next(item: Value, tree: Branch, key: string): Value {
  const below = tree.below.get(key)
  return below ? replaced(item, below) : item
}

/** A value that a run found, as if it had been written where the call stands. */
function asValue(data: Plain, at: Value['at']): Value {
  if (Array.isArray(data)) return { kind: 'list', at, items: data.map((item: Plain) => asValue(item, at)) }
  if (data !== null && typeof data === 'object')
    return {
      kind: 'map',
      at,
      entries: new Map(Object.entries(data).map(([key, item]) => [key, asValue(item as Plain, at)])),
    }
  return { kind: 'scalar', at, value: data as string | number | bigint | boolean | null }
}
