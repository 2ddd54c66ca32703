import { UserError } from '../../error.ts'
import { sameConfig } from '../../stacks/alike.ts'
import type { Instance, InstanceId, Inventory } from '../../stacks/instance.ts'
import { resolveStacks, type Stacks } from '../../stacks/instances.ts'
import { plain } from '../../stacks/value.ts'
import { atmosPaths, comparedSections } from './between.ts'
import { changedPaths } from './changed.ts'
import type { Described, PlainMap } from './described.ts'
import { changedOfType, fromCwd } from './paths.ts'
import { atmosReasons, type Comparison } from './reasons.ts'

/** What `describe affected` says of Terraform components: by instance its reasons, the headline first. */
export type Listed = ReadonlyMap<InstanceId, readonly string[]>

interface Resolved {
  readonly stacks: Stacks
  readonly inventory: Inventory
}

/**
 * The instances that `describe affected` would list; undefined where it would fail. Unlike there, uncommitted files count,
 * and calls that only a run can answer are compared as they are written.
 */
export function listed(base: Resolved, head: Resolved): Listed | undefined {
  try {
    return listedAmong(baseInventory(base, head), base, head)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function listedAmong(before: Inventory, base: Resolved, { stacks, inventory }: Resolved): Listed {
  const paths = atmosPaths(stacks)
  const changed = changedPaths(stacks.tree, base.stacks.tree).map((path) => fromCwd(paths, path))
  const comparison: Comparison = { tree: stacks.tree, paths, changed, sections: comparedSections(stacks.config) }
  const near = changedOfType(paths, 'terraform', changed)
  const found = new Map<InstanceId, readonly string[]>()
  for (const [id, now] of inventory) {
    if (now.abstract || !now.enabled) continue
    const was = before.get(id)
    if (changed.length === 0 && was?.sections === now.sections) continue
    const why = atmosReasons(described(now), was && described(was), comparison, near)
    if (why.length > 0) found.set(id, [...new Set(why.map(({ reason }) => reason))])
  }
  const names = new Set([...inventory.values()].map(({ stack }) => stack))
  for (const [id, { abstract, stack }] of before)
    if (!abstract && !inventory.has(id)) found.set(id, [names.has(stack) ? 'deleted' : 'deleted.stack'])
  return found
}

/** Atmos reads the base with the configuration of the head, and takes one that it cannot follow for empty. */
function baseInventory({ stacks, inventory }: Resolved, head: Resolved): Inventory {
  if (sameConfig(stacks.config, head.stacks.config)) return inventory
  try {
    return resolveStacks(stacks.tree, head.stacks.ambient, { config: head.stacks.config }).inventory()
  } catch (error) {
    if (error instanceof UserError && ['import-not-found', 'stacks-none'].includes(error.code)) return new Map()
    throw error
  }
}

const known = new WeakMap<Instance['sections'], PlainMap>()

function described({ stack, type, component, sections }: Instance): Described {
  const section = known.get(sections) ?? (plain(sections) as PlainMap)
  known.set(sections, section)
  return { stack, type, component, section }
}
