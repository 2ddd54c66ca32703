import type { Plan, ResourceChange } from '../plan/plan.ts'
import { hasEffect, replaces } from '../plan/plan.ts'
import { attributes } from '../plan/render/attributes.ts'
import type { PlanValue } from '../plan/value.ts'

/** One attribute of an object that is not as it was applied; undefined: not there. */
export interface AttributeDifference {
  readonly attribute: string
  readonly expected: PlanValue | undefined
  readonly now: PlanValue | undefined
}

/** An object, or an output, that is not as it was applied. */
export interface Difference {
  /** The address in Terraform: `folder_network.this`, `output.cidr`. */
  readonly object: string
  /** `missing`: it was removed outside. `surplus`: nothing asks for it any more. */
  readonly kind: 'changed' | 'missing' | 'surplus'
  readonly attributes: readonly AttributeDifference[]
  /** What Terraform met when it looked, and what it would do about it. */
  readonly drift: ResourceChange | undefined
  readonly change: ResourceChange | undefined
}

/** Objects that a plan of what is applied finds otherwise, in address order; outputs only where no object is. */
export function differences(plan: Plan): Difference[] {
  const drift = new Map(plan.drift.map((it) => [it.address, it]))
  const changes = new Map(
    [...plan.changes, ...plan.deferred.map(({ change }) => change)].filter(hasEffect).map((it) => [it.address, it]),
  )
  const objects = [...new Set([...drift.keys(), ...changes.keys()])].sort()
  const found = objects.map((object) => differenceOf(object, drift.get(object), changes.get(object)))
  return found.length > 0 ? found : outputDifferences(plan)
}

function differenceOf(
  object: string,
  drift: ResourceChange | undefined,
  change: ResourceChange | undefined,
): Difference {
  const about = { object, drift, change }
  if (drift?.action === 'delete' || change?.action === 'create') return { ...about, kind: 'missing', attributes: [] }
  if (change?.action === 'delete' || change?.action === 'forget') return { ...about, kind: 'surplus', attributes: [] }
  const seen = drift ? rowsOf(drift, 'before', 'after') : []
  const undone = (change && change.action !== 'read' ? rowsOf(change, 'after', 'before') : []).filter(
    ({ expected }) => expected?.kind !== 'unknown',
  )
  // What Terraform would make of it counts more than what its state says: a state may have been written by hand.
  const asked = new Map(undone.map((row) => [row.attribute, row]))
  const rows = seen.map((row) => ({ ...row, expected: asked.get(row.attribute)?.expected ?? row.expected }))
  const names = new Set(seen.map(({ attribute }) => attribute))
  return { ...about, kind: 'changed', attributes: [...rows, ...undone.filter((it) => !names.has(it.attribute))] }
}

function rowsOf(change: ResourceChange, expected: 'before' | 'after', now: 'before' | 'after'): AttributeDifference[] {
  const { rows } = attributes(replaces(change.action) ? { ...change, action: 'update' } : change)
  return rows.map((row) => ({ attribute: row.name, expected: plainly(row[expected]), now: row[now] }))
}

/** Outputs that would become another although no object does. */
function outputDifferences({ outputs }: Plan): Difference[] {
  return outputs
    .filter(({ action }) => action !== 'no-op')
    .map(({ name, before, after }) => ({
      object: `output.${name}`,
      kind: 'changed',
      attributes: [{ attribute: 'value', expected: before, now: after }],
      drift: undefined,
      change: undefined,
    }))
}

/** That a hidden value differs is told once, beside the one that is there now. */
function plainly(value: PlanValue | undefined): PlanValue | undefined {
  return value?.kind === 'sensitive' ? { kind: 'sensitive' } : value
}
