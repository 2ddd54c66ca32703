import type { Change } from '../affected/affected.ts'
import type { CommitId } from '../git/repo.ts'
import { waves } from '../graph/waves.ts'
import type { PlanDigest } from '../plan/digest.ts'
import type { UnplannedWhy } from '../plan/render/input.ts'
import { type AddressId, addressId } from '../records/address.ts'
import { GONE, type PlanRecord } from '../records/document.ts'
import { type InboxOutcome, isOutcomeKey, receivedOutcome } from '../records/inbox.ts'
import { inboxPrefix } from '../records/keys.ts'
import { planFor } from '../records/plans.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Finding } from '../stacks/validate.ts'
import { findAffected } from './affected.ts'
import type { CommitCheckout } from './checkout.ts'
import type { Shown } from './comment.ts'
import { addressName, allDocuments, documentOf } from './documents.ts'
import { edgesOf } from './edges.ts'
import type { MergeResult } from './merge-result.ts'
import { readModel } from './model.ts'
import { refusalsAmong, removalsOf } from './plan-scope.ts'
import type { ShownItem } from './planning.ts'
import type { World } from './world.ts'

/** A change whose plans other jobs have made: all of it is found again in the records. */
export interface ShownRequest {
  readonly head: CommitId
  /** What was planned of it. */
  readonly result: MergeResult
  /** Names of the branches, for people. */
  readonly branch: string
  readonly into: string
  /** The run that planned it; undefined where none did yet. */
  readonly run: string | undefined
  /** Whose code nobody runs unasked. */
  readonly stranger: Exclude<UnplannedWhy, 'on-demand'> | undefined
}

/** What planning a change came to. */
export interface ShownChange extends Shown {
  readonly changes: readonly Change[]
  readonly findings: readonly Finding[]
  /** Why some have no plan, for a reason of the whole. */
  readonly unplanned?: { readonly why: UnplannedWhy; readonly head: string }
}

type Needs = Omit<World, 'terraform'>

/** What planning a change came to, from the records alone: by the fingerprints at its head. */
export async function shownChange(world: Needs, request: ShownRequest): Promise<ShownChange> {
  const {
    head,
    result: { commit, base },
    branch,
    into,
    run,
    stranger,
  } = request
  const { changes, sides, findings } = await findAffected(world, { head: commit, base })
  const side: CommitCheckout = { ...sides.head, commit }
  const active = changes.filter(({ kind }) => kind !== 'passive')
  const [documents, outcomes, refusals, { removals, unplanned }] = await Promise.all([
    allDocuments(world),
    outcomesOf(world, run),
    refusalsAmong(world, side, active),
    removalsOf(world, side, new Map(), active),
  ])
  const nowMs = await world.store.now()
  const many = active.filter(({ kind }) => kind !== 'absent').length > side.settings.github.planOnDemandAbove
  const nobody = stranger ?? (many ? 'on-demand' : undefined)
  const gone = new Map(unplanned.map(({ change, why }) => [change.id, why]))
  const items = await Promise.all(
    active.map(async (change): Promise<ShownItem> => {
      const { id, before, after } = change
      const { instance } = (after ?? before)!
      const readers = removals.get(id)?.readers
      const about = { id, change, component: instance.component, stack: instance.stack, ...(readers && { readers }) }
      const refusal = refusals.get(id)
      if (refusal) return { kind: 'refused', ...refusal, ...about }
      const why = gone.get(id)
      if (why !== undefined) return { kind: 'not-planned', why, ...about }
      const target = after?.fingerprint ?? GONE
      const plan = planFor(documentOf(documents, instance), target, nowMs)
      const model = plan && (await readModel(world, plan))
      if (plan && model) {
        const provisional = plan.provisional ? upstreamsOf(plan, active) : []
        return {
          kind: 'planned',
          redacted: model,
          digest: plan.digest as PlanDigest,
          record: plan,
          provisional,
          ...about,
        }
      }
      const said = outcomes.get(addressName(instance))
      if (said?.fingerprint === target) return { ...said.outcome, ...about }
      return nobody === undefined ? { kind: 'refused', ...unanswered, ...about } : { kind: 'unplanned', ...about }
    }),
  )
  return {
    head: { name: branch, commit: head, uncommitted: false },
    base: { name: into, commit: base, uncommitted: false },
    items,
    checkout: side,
    passive: changes.length - active.length,
    order: [...(waves([...side.subjects.keys()], edgesOf(side.subjects)).flat() as InstanceId[]), ...removals.keys()],
    changes: active,
    findings,
    ...(nobody !== undefined && items.some(({ kind }) => kind === 'unplanned') && { unplanned: { why: nobody, head } }),
  }
}

/** A job that was cancelled or evicted leaves nothing. */
const unanswered = {
  code: 'not-planned',
  message: 'its plan job ended without a plan: it was cancelled, or its runner was lost',
  fix: 'run the failed jobs of the workflow again, or say /airlock plan',
}

/** What a provisional plan reads of instances that the same change may change. */
function upstreamsOf({ reads }: PlanRecord, changes: readonly Change[]): InstanceId[] {
  const changing = new Set(changes.map(({ id }) => id))
  return [...new Set(reads.flatMap(({ of }) => (of !== undefined && changing.has(of) ? [of] : [])))]
}

/** What the plan jobs of a run said of instances that came to no plan, by address. */
async function outcomesOf(
  { store }: Pick<World, 'store'>,
  run: string | undefined,
): Promise<ReadonlyMap<AddressId, InboxOutcome>> {
  const keys = run === undefined ? [] : (await store.list(inboxPrefix(run))).filter(isOutcomeKey)
  const found = new Map<AddressId, InboxOutcome>()
  for (let at = 0; at < keys.length; at += 32)
    await Promise.all(
      keys.slice(at, at + 32).map(async (key) => {
        const stored = await store.get(key)
        const said = stored && receivedOutcome(key, stored.bytes)
        if (said) found.set(addressId(said.address), said)
      }),
    )
  return found
}
