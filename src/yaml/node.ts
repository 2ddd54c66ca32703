import type { Mark } from './cursor.ts'
import type { ScalarStyle } from './token.ts'

/** A document as written: tags and anchors are there, types are not decided yet. `tag` is short: `!!int`, `!env`; '' for none. */
export type Node = ScalarNode | SequenceNode | MappingNode | AliasNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly at: Mark
  readonly tag: string
  readonly style: ScalarStyle
  readonly value: string
}

export interface SequenceNode {
  readonly kind: 'sequence'
  readonly at: Mark
  readonly tag: string
  readonly items: readonly Node[]
}

export interface MappingNode {
  readonly kind: 'mapping'
  readonly at: Mark
  readonly tag: string
  /** `flow` is `{a: b}`; an unquoted `{{ x }}` is one in one. */
  readonly flow: boolean
  readonly pairs: readonly Pair[]
}

/** `*name`: the very node that `&name` marks, which may hold this alias. */
export interface AliasNode {
  readonly kind: 'alias'
  readonly at: Mark
  readonly name: string
  readonly target: Exclude<Node, AliasNode>
}

export interface Pair {
  readonly key: Node
  readonly value: Node
}
