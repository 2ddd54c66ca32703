import type { Position } from '../../error.ts'
import type { ScalarValue } from '../value.ts'
import type { Key } from './typed.ts'

/**
 * What a YAML text comes to: scalars, lists and maps with text keys, plus whatever the caller makes of the things that
 * our values have no words for (`Foreign`).
 */
export type Tree<F> = ScalarValue | ListTree<F> | MapTree<F> | F

/** Where a value stands, and the key that holds it. */
export interface Written {
  readonly at: Position
  readonly key?: Position | undefined
}

export interface ListTree<F> extends Written {
  readonly kind: 'list'
  readonly items: readonly Tree<F>[]
  readonly append?: true
}

export interface MapTree<F> extends Written {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Tree<F>>
}

/** Makes something of what a text may hold beside JSON's types. */
export interface Foreign<F> {
  /** A timestamp, in RFC 3339. */
  time(text: string, written: Written): F
  /** `!!binary` that is no UTF-8. */
  bytes(bytes: Uint8Array, written: Written): F
  /** A map in which a key is not a text; keys keep their types. */
  pairs(pairs: readonly TypedPair<F>[], written: Written): F
  /** `!include x` and `!include.raw x`, which act while a file is read; `text` is the tag and its arguments. */
  include(text: string, written: Written): F
}

export interface TypedPair<F> {
  readonly key: Key
  readonly at: Position
  readonly value: Tree<F>
}
