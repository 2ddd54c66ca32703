import type { Position } from '../../error.ts'
import type { Tree } from '../../git/tree.ts'
import type { Stacks } from '../instances.ts'
import type { MapValue, ScalarValue, Value } from '../value.ts'

/** What a trap is about; for programs and docs. */
export type TrapKind =
  | 'append-spent'
  | 'date-empty'
  | 'document-dropped'
  | 'folder-inherited'
  | 'function-kept'
  | 'import-beside'
  | 'import-dropped'
  | 'list-merge'
  | 'literal-useless'
  | 'name-pattern'
  | 'number-changed'
  | 'providers-ignored'
  | 'section-wiped'
  | 'template-cut'
  | 'template-swallowed'

/**
 * A place where the answer of Atmos 1.227, which is Airlock's too, is likely not what its writer meant, and nothing says so.
 * `fix`: the way out.
 */
export interface Trap {
  readonly kind: TrapKind
  readonly at: Position
  readonly message: string
  readonly fix: string
}

/** A manifest as it is written, before any merge. */
export interface Written {
  readonly file: string
  readonly text: string
  readonly value: MapValue
}

/** A value that holds others is walked through with them, each with its path. */
export function* within(value: Value, path: readonly string[] = []): Generator<readonly [Value, readonly string[]]> {
  yield [value, path]
  if (value.kind === 'list')
    for (const [index, item] of value.items.entries()) yield* within(item, [...path, String(index)])
  if (value.kind === 'map') for (const [key, item] of value.entries) yield* within(item, [...path, key])
}

/** The texts of a manifest, with their paths. */
export function* textsOf(
  value: Value,
): Generator<readonly [ScalarValue & { readonly value: string }, readonly string[]]> {
  for (const [item, path] of within(value))
    if (item.kind === 'scalar' && typeof item.value === 'string')
      yield [item as ScalarValue & { readonly value: string }, path]
}

/** What stands in a file from a place to the end of its line. */
export function sourceAt(tree: Tree, at: Position): string {
  return (tree.text(at.file) ?? '').split('\n')[at.line - 1]?.slice(at.column - 1) ?? ''
}

/** A check that looks at the manifests one by one. */
export type ManifestCheck = (manifest: Written, stacks: Stacks) => Trap[]

/** A check that looks at all stacks at once. */
export type StacksCheck = (stacks: Stacks) => Trap[]
