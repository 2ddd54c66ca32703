import type { Ambient } from '../stacks/ambient.ts'
import type { Instance } from '../stacks/instance.ts'
import { resolveStacks } from '../stacks/instances.ts'
import { affected, type Change, type Side } from './affected.ts'
import { type Manifests, scopeOf, type Unresolved } from './scope.ts'
import { subjects } from './subject.ts'

/** What differs, with both sides resolved as far as that takes. */
export interface Narrowed {
  readonly changes: Change[]
  readonly base: Side
  readonly head: Side
}

/**
 * The same as `affected` of two trees, with only those manifests resolved that may come out differently or read what does.
 * Undefined where all of them are needed: where the scope cannot be told, and where instances come or go, for which any other
 * manifest may matter.
 */
export function narrowlyAffected(
  base: Unresolved,
  head: Unresolved,
  ambient: Ambient,
  addressOf: (instance: Instance) => string,
): Narrowed | undefined {
  const scope = scopeOf(base, head)
  if (scope === undefined) return undefined
  for (let only = scope.touched; ; ) {
    const before = sideOf(base, ambient, only)
    const after = sideOf(head, ambient, only, before)
    if ([...after.inventory.keys()].join('\n') !== [...before.inventory.keys()].join('\n')) return undefined
    const changes = affected(before, after, addressOf)
    const moving = changes.filter(({ kind }) => kind !== 'passive')
    const readers = scope.readers(new Set(moving.map((it) => it.after!.instance.component)))
    const next = new Set([...only, ...readers])
    if (next.size === only.size) return { changes, base: before, head: after }
    only = next
  }
}

function sideOf({ tree, config }: Unresolved, ambient: Ambient, only: Manifests, other?: Side): Side {
  const stacks = resolveStacks(tree, ambient, { config, only, other: other?.stacks })
  const inventory = stacks.inventory()
  return { stacks, inventory, subjects: subjects(tree, inventory, other?.subjects) }
}
