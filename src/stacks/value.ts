import type { Position } from '../error.ts'

/**
 * A configuration value that remembers where it was written. Values are immutable and shared: a merge makes new nodes
 * only where the two sides meet. `over` is the value that this one replaced in a merge, for `explain`.
 */
export type Value = ScalarValue | MapValue | ListValue

interface Written {
  readonly at: Position
  readonly over?: Value
  /** Where the key stands that holds this value in the file it was read from: "declared at". List items have none. */
  readonly key?: Position | undefined
}

/**
 * A string, boolean, null or number. Integers beyond 2^53 are `bigint`; `float` marks a number that YAML wrote as a
 * float, which only templates tell apart from an integer. `include`: the text was written with the tag `!include` or
 * `!include.raw` (and holds it: `!include file.yaml .a`), which acts while the file is read; a quoted text never has it.
 */
export interface ScalarValue extends Written {
  readonly kind: 'scalar'
  readonly value: string | boolean | null | number | bigint
  readonly float?: true
  readonly include?: true
}

/** `time`: written as a timestamp, of which Atmos 1.227 makes an empty map; in RFC 3339. */
export interface MapValue extends Written {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Value>
  readonly time?: string
}

/** `append`: written with `!append`, a mark that the first merge it meets spends. */
export interface ListValue extends Written {
  readonly kind: 'list'
  readonly items: readonly Value[]
  readonly append?: true
}

/** JSON data, with `bigint` where a number is beyond 2^53. */
export type Plain = string | boolean | null | number | bigint | readonly Plain[] | { readonly [key: string]: Plain }

/** The value without its places: what `describe` prints and what is compared. */
export function plain(value: Value): Plain {
  switch (value.kind) {
    case 'scalar':
      return value.value
    case 'list':
      return value.items.map(plain)
    case 'map': {
      const result: Record<string, Plain> = {}
      for (const [key, item] of value.entries)
        Object.defineProperty(result, key, { value: plain(item), enumerable: true, writable: true, configurable: true })
      return result
    }
  }
}

/** Whether two values hold the same data, wherever they were written. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || a.kind !== b.kind) return false
  if (a.kind === 'scalar') return a.value === (b as ScalarValue).value
  if (a.kind === 'list') {
    const { items } = b as ListValue
    return a.items.length === items.length && a.items.every((item, index) => same(item, items[index]))
  }
  const { entries } = b as MapValue
  return a.entries.size === entries.size && [...a.entries].every(([key, item]) => same(item, entries.get(key)))
}

/** The value at a path of map keys and list positions; undefined where there is none. */
export function valueAt(value: Value | undefined, path: readonly string[]): Value | undefined {
  let here = value
  for (const key of path) {
    if (here?.kind === 'map') here = here.entries.get(key)
    else if (here?.kind === 'list') here = here.items[Number(key)]
    else return undefined
  }
  return here
}

/** A map with the given entries, said to be written at a place. */
export function mapAt(at: Position, entries: Iterable<readonly [string, Value]> = []): MapValue {
  return { kind: 'map', at, entries: new Map(entries) }
}

/** A scalar said to be written at a place. */
export function scalarAt(at: Position, value: ScalarValue['value']): ScalarValue {
  return { kind: 'scalar', at, value }
}

/** The text of a string; undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

/** The value as a map; undefined for anything else. */
export function mapOf(value: Value | undefined): MapValue | undefined {
  return value?.kind === 'map' ? value : undefined
}

/** Data as a value, all of it said to be written at one place. */
export function asValue(data: Plain, at: Position): Value {
  if (data === null || typeof data !== 'object') return scalarAt(at, data)
  if (Array.isArray(data)) return { kind: 'list', at, items: data.map((item: Plain) => asValue(item, at)) }
  return mapAt(
    at,
    Object.entries(data).map(([key, item]) => [key, asValue(item as Plain, at)] as const),
  )
}

/** What a person calls the value's kind: `list`, `string`, `null`. */
export function kindOf(value: Value): string {
  if (value.kind !== 'scalar') return value.kind
  if (value.value === null) return 'null'
  return typeof value.value === 'bigint' ? 'number' : typeof value.value
}

/** Every text and number inside a value, as text. */
export function textsIn(value: Plain): string[] {
  if (value === null || typeof value === 'boolean') return []
  if (typeof value !== 'object') return [String(value)]
  return Object.values(value).flatMap((item) => textsIn(item as Plain))
}
