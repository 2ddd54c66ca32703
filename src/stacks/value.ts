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

export interface MapValue extends Written {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Value>
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
