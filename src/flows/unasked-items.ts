import { approvalOf } from '../records/approval.ts'
import type { HolderState } from '../records/commands.ts'
import { type AddressDocument, GONE } from '../records/document.ts'
import { flightOf } from '../records/in-flight.ts'
import { planFor } from '../records/plans.ts'
import type { OldState } from './left-behind.ts'
import { lockedWhenRemoved, type Removal, stillRead } from './removals.ts'
import type { StatusItem } from './status.ts'
import type { Unasked } from './unasked.ts'

/** A removal as an item of the status. */
export async function removalItem(
  holder: (document: AddressDocument) => Promise<HolderState>,
  { unasked: it, after, readers }: Removal,
  destroys: number | undefined,
  nowMs: number,
): Promise<StatusItem> {
  const { id, document, applied, task } = it
  const { component, stack } = task.subject.instance
  const counted = destroys === undefined ? {} : { destroys }
  const upstreams = [...new Set([...readers.map((reader) => reader.id), ...after])]
  const facts = { document, target: GONE, baseline: applied?.fingerprint, moved: () => false, upstreams, nowMs }
  const flight = flightOf({ ...facts, approval: 'needed', ...counted })
  if (flight.kind !== 'in-flight') throw new Error(`${id} was removed, and is not in flight`)
  const plan = planFor(document, GONE, nowMs)
  return {
    kind: 'in-flight',
    id,
    component,
    stack,
    document,
    applied,
    task,
    why: flight.why,
    waitsFor: flight.waitsFor,
    holder: document.claim && (await holder(document)),
    plan,
    approval: plan && approvalOf(document, plan, 'needed', undefined, destroys),
    refusal: it.locked ? lockedWhenRemoved(id) : stillRead(id, readers),
    removal: { words: it.words, by: it.by, readers, after, destroys },
  }
}

/** An instance whose state is left behind at its old address is told of once, where it is in flight. */
export function absentItems(
  it: Extract<Unasked, { kind: 'absent' }>,
  old: OldState | undefined,
  isFlying: boolean,
): StatusItem[] {
  const { id, document, applied, attempt } = it
  const cut = id.lastIndexOf('@')
  const about = { id, component: id.slice(0, cut), stack: id.slice(cut + 1), document, applied, attempt }
  if (it.why !== 'elsewhere' || old === undefined) return [{ kind: 'absent', ...about, why: it.why, words: it.words }]
  if (old.kind === 'closed') return [{ kind: 'absent', ...about, why: 'closed', words: old.words }]
  return isFlying ? [] : [{ kind: 'absent', ...about, why: it.why, words: it.words }]
}
