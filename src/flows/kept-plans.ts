import type { Change } from '../affected/affected.ts'
import { dependencies } from '../affected/dependencies.ts'
import type { AddressId } from '../records/address.ts'
import { type AddressDocument, GONE, type PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { isRestorable, planFor } from '../records/plans.ts'
import type { PullRequestDocument } from '../records/pull-request.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { allDocuments, documentOf, documentsAmong } from './documents.ts'
import { flushSoon } from './flush.ts'
import type { World } from './world.ts'

type Documents = ReadonlyMap<AddressId, AddressDocument>

/**
 * What of a change needs no new plan: this pull request has one of the same head for the same fingerprint that counts, or that
 * counts again once its change is back; and what it reads needs none either, and was not planned after it.
 */
export async function keptPlans(
  { store }: Pick<World, 'store'>,
  changes: readonly Change[],
  { head, pullRequest }: { readonly head: string; readonly pullRequest: number },
): Promise<ReadonlySet<InstanceId>> {
  const own = await documentsAmong(
    { store },
    changes.map(({ before, after }) => (after ?? before)!.instance),
  )
  const isOurs = (plan: PlanRecord) => plan.commit === head && plan.pullRequest === pullRequest
  if (![...own.values()].some(({ plans }) => plans.some(isOurs))) return new Set()
  const [documents, nowMs] = [await allDocuments({ store }), await store.now()]
  const found = new Map<InstanceId, PlanRecord>()
  for (const { id, before, after } of changes) {
    const document = documentOf(documents, (after ?? before)!.instance)
    const target = after?.fingerprint ?? GONE
    const plan = planFor(document, target, nowMs) ?? lastRestorable(document, documents, nowMs)
    if (plan?.fingerprint === target && isOurs(plan)) found.set(id, plan)
  }
  return withoutStaleReaders(found, changes)
}

function withoutStaleReaders(found: Map<InstanceId, PlanRecord>, changes: readonly Change[]): ReadonlySet<InstanceId> {
  const changing = new Set(changes.map(({ id }) => id))
  const isStale = (plan: PlanRecord, on: InstanceId) => {
    const read = found.get(on)
    return read === undefined || (read.run !== plan.run && read.createdMs > plan.createdMs)
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const { id, after } of changes) {
      const plan = found.get(id)
      const reads = plan && after ? dependencies(after.instance).filter(({ on, call }) => call && changing.has(on)) : []
      if (plan && reads.some(({ on }) => isStale(plan, on))) found.delete(id)
    }
  }
  return new Set(found.keys())
}

/** Lets the plans of a pull request that is open again count again, where nothing moved that they stand on. */
export async function restorePlansOf(
  world: Pick<World, 'store' | 'journal'>,
  { number, head }: PullRequestDocument,
): Promise<void> {
  const [documents, nowMs] = [await allDocuments(world), await world.store.now()]
  for (const document of documents.values()) {
    const plan = lastRestorable(document, documents, nowMs)
    if (plan === undefined || plan.pullRequest !== number || plan.commit !== head) continue
    await transact(world.journal, document.address, { kind: 'restore', plans: [plan.id] })
    await flushSoon(world.journal, document.address)
  }
}

function lastRestorable(document: AddressDocument, documents: Documents, nowMs: number): PlanRecord | undefined {
  const plan = document.plans.findLast((it) => isRestorable(document, it, nowMs))
  return plan && !hasMoved(plan, documents) ? plan : undefined
}

/** Whether anything was applied since of what a plan has read. */
function hasMoved({ reads, createdMs }: PlanRecord, documents: Documents): boolean {
  const read = new Set(reads.flatMap(({ of }) => of ?? []))
  return [...documents.values()].some(
    ({ names, ledger }) => names.some((name) => read.has(name)) && (ledger?.atMs ?? 0) > createdMs,
  )
}
