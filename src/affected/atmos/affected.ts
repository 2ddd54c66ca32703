import { UserError } from '../../error.ts'
import type { Plain } from '../../stacks/value.ts'
import { addAdminStacks } from './admin.ts'
import { dependentsOf } from './dependents.ts'
import {
  type Described,
  describedComponents,
  isAbstract,
  isDisabled,
  isLocked,
  mapOf,
  type PlainMap,
  stackSlug,
} from './described.ts'
import { includedInOthers, printedDependents } from './included.ts'
import { type DependentItem, type ItemSettings, itemHead, itemSettings } from './items.ts'
import { changedOfType } from './paths.ts'
import { type AtmosReason, atmosReasons, type Comparison, isCompared } from './reasons.ts'

/** Flags of `describe affected` that decide its answer. */
export interface AffectedOptions extends ItemSettings {
  readonly excludeLocked: boolean
  readonly includeDependents: boolean
  readonly includeSpaceliftAdminStacks: boolean
}

/** An affected component with its reasons, before it is printed. */
export interface AffectedItem {
  readonly it: Described
  readonly reasons: readonly AtmosReason[]
  readonly deleted?: 'component' | 'stack'
}

/**
 * The answer of `describe affected`, ordered by stack and component, deleted items last (Atmos leaves the order to
 * chance).
 * @param head answer of `describe stacks` for the head; where it was asked for one stack, dependents are of that stack too
 * @param base the same for the base; undefined where the base counts as empty
 * @throws UserError `dependency-cycle`, `hcl-error`, `wrong-type`
 */
export function describeAffected(
  head: Plain,
  base: Plain | undefined,
  comparison: Comparison,
  options: AffectedOptions,
): PlainMap[] {
  const now = describedComponents(head)
  const before = describedComponents(base ?? {})
  const items = [...changedItems(now, before, comparison, options), ...deletedItems(now, before, head)]
  const printed = items.map((item) => ({
    ...item,
    dependents: options.includeDependents ? (item.deleted ? [] : dependentTree(item.it, now, options, [])) : undefined,
  }))
  return printed.map((item) => {
    const included = !item.deleted && includedInOthers(item, printed)
    const [first] = item.reasons
    return {
      ...itemHead(item.it, options, item.deleted !== undefined),
      affected: first!.reason,
      affected_all: item.reasons.map(({ reason }) => reason),
      ...(first!.file === undefined ? {} : { file: first!.file }),
      ...(first!.folder === undefined ? {} : { folder: first!.folder }),
      dependents: printedDependents(item.dependents, included),
      included_in_dependents: included,
      settings: itemSettings(item.it, options),
      ...(item.deleted ? { deleted: true, deletion_type: item.deleted } : {}),
    }
  })
}

/** The answer of `describe dependents`: direct dependents only. */
export function describeDependents(target: Described, all: Plain, settings: ItemSettings): PlainMap[] {
  return dependentsOf(target, describedComponents(all)).map((it) => ({
    ...itemHead(it, settings, true),
    dependents: null,
    included_in_dependents: false,
    settings: itemSettings(it, settings),
  }))
}

function changedItems(
  now: readonly Described[],
  before: readonly Described[],
  comparison: Comparison,
  options: AffectedOptions,
): AffectedItem[] {
  const known = new Map(before.map((it) => [key(it), it]))
  const near = new Map(
    [...new Set(now.map(({ type }) => type))].map((type) => [
      type,
      changedOfType(comparison.paths, type, comparison.changed),
    ]),
  )
  const items = now
    .filter(
      (it) => isCompared(it.type) && !isAbstract(it) && !isDisabled(it) && !(options.excludeLocked && isLocked(it)),
    )
    .map((it): AffectedItem => ({ it, reasons: atmosReasons(it, known.get(key(it)), comparison, near.get(it.type)!) }))
    .filter(({ reasons }) => reasons.length > 0)
  return options.includeSpaceliftAdminStacks ? addAdminStacks(items, now, options) : items
}

/** Types of which deletions are told. */
const DELETABLE = new Set(['terraform', 'helmfile', 'packer'])

function deletedItems(now: readonly Described[], before: readonly Described[], head: Plain): AffectedItem[] {
  const there = new Set(now.map(key))
  return before
    .filter((it) => DELETABLE.has(it.type) && !isAbstract(it) && !there.has(key(it)))
    .map((it) => {
      const gone = !Object.hasOwn(mapOf(head), it.stack)
      return { it, reasons: [{ reason: gone ? 'deleted.stack' : 'deleted' }], deleted: gone ? 'stack' : 'component' }
    })
}

/** Dependents of dependents; Atmos never ends on a cycle, so it is an error here. */
function dependentTree(
  it: Described,
  all: readonly Described[],
  settings: ItemSettings,
  chain: readonly Described[],
): DependentItem[] {
  const path = [...chain, it]
  return dependentsOf(it, all).map((dependent) => {
    if (path.includes(dependent)) {
      const names = [...path.slice(path.indexOf(dependent)), dependent]
      throw new UserError({
        code: 'dependency-cycle',
        message: `these depend on each other: ${names.map(stackSlug).join(' ← ')}`,
        fix: 'remove one of the dependencies',
        exit: 2,
      })
    }
    return {
      head: itemHead(dependent, settings, true),
      it: dependent,
      settings: itemSettings(dependent, settings),
      dependents: dependentTree(dependent, all, settings, path),
    }
  })
}

function key({ stack, type, component }: Described): string {
  return JSON.stringify([stack, type, component])
}
