import { changesAnything } from '../plan/summary.ts'
import type { StateId } from '../terraform/terraform.ts'
import type { Restore, Step, StorePlan, Supersede } from './commands.ts'
import { refuse, same } from './commands.ts'
import type { AddressDocument, EventBody, PlanId, PlanRecord, SupersededWhy, Target } from './document.ts'

/** Plans that do not count any more are kept for people to look at, this many. */
const keptPlans = 20

/** Takes a plan in, once. It comes in superseded when what it was made on has moved already, or a newer one is here. */
export function storePlan(document: AddressDocument, { plan, name }: StorePlan, nowMs: number): Step {
  if (document.plans.some(({ id }) => id === plan.id)) return same
  const why = outdated(document, plan)
  const stored: PlanRecord = {
    ...plan,
    createdMs: Math.min(plan.createdMs, nowMs),
    takenMs: nowMs,
    status: why === undefined ? { kind: 'open' } : { kind: 'superseded', why, atMs: nowMs },
  }
  const replaced = why !== undefined ? undefined : supersededIn(document, (it) => replacedBy(it, plan), nowMs)
  const before = replaced?.document ?? document
  return {
    kind: 'changed',
    document: {
      ...before,
      names: before.names.includes(name) ? before.names : [...before.names, name],
      plans: trimmed([...before.plans, stored]),
    },
    events: [
      { kind: 'plan-stored', plan: plan.id, digest: plan.digest, fingerprint: plan.fingerprint },
      ...(why === undefined ? [] : [supersededEvent(stored, why)]),
      ...(replaced?.events ?? []),
    ],
  }
}

/** Marks plans as superseded. */
export function supersede(document: AddressDocument, { plans, why }: Supersede, nowMs: number): Step {
  const { document: next, events } = supersededIn(document, (it) => (plans.includes(it.id) ? why : undefined), nowMs)
  return events.length === 0 ? same : { kind: 'changed', document: next, events }
}

/** Lets plans count again whose change went away and is back. */
export function restore(document: AddressDocument, { plans }: Restore, nowMs: number): Step {
  const back = document.plans.filter((it) => plans.includes(it.id) && isRestorable(document, it, nowMs))
  if (back.length === 0) return same
  return {
    kind: 'changed',
    document: {
      ...document,
      plans: document.plans.map((it) => (back.includes(it) ? { ...it, status: { kind: 'open' } } : it)),
    },
    events: back.map(({ id, pullRequest }) => ({
      kind: 'plan-restored',
      plan: id,
      ...(pullRequest !== undefined && { pullRequest }),
    })),
  }
}

/** Whether a plan would count still, had its change not gone away: nothing was applied at its address since, and none took its place. */
export function isRestorable(document: AddressDocument, plan: PlanRecord, nowMs: number): boolean {
  const { status, createdMs, expiresMs } = plan
  if (status.kind !== 'superseded' || status.why !== 'change-gone' || nowMs >= expiresMs) return false
  return (document.ledger?.atMs ?? 0) <= createdMs && outdated(document, plan) === undefined
}

/** The document with every open plan for which there is a reason superseded. */
export function supersededIn(
  document: AddressDocument,
  reason: (plan: PlanRecord) => SupersededWhy | undefined,
  nowMs: number,
): { readonly document: AddressDocument; readonly events: readonly EventBody[] } {
  const events: EventBody[] = []
  const plans = document.plans.map((plan): PlanRecord => {
    const why = plan.status.kind === 'open' ? reason(plan) : undefined
    if (why === undefined) return plan
    events.push(supersededEvent(plan, why))
    return { ...plan, status: { kind: 'superseded', why, atMs: nowMs } }
  })
  return { document: events.length === 0 ? document : { ...document, plans: trimmed(plans) }, events }
}

/** The plan to look at for a target: the newest that counts; undefined when one has to be made. */
export function planFor(document: AddressDocument, target: Target, nowMs: number): PlanRecord | undefined {
  return document.plans.findLast(
    ({ fingerprint, status, expiresMs }) => fingerprint === target && status.kind === 'open' && nowMs < expiresMs,
  )
}

/** A plan that may still be worked with, or the refusal that says why not. */
export function openPlan(
  document: AddressDocument,
  id: PlanId,
  nowMs: number,
): { readonly kind: 'open'; readonly plan: PlanRecord } | Extract<Step, { kind: 'refused' }> {
  const plan = document.plans.find((it) => it.id === id)
  if (plan === undefined) return refuse({ kind: 'plan-unknown', what: `the name ${id}` })
  const { status } = plan
  if (status.kind === 'superseded') return refuse({ kind: 'plan-superseded', plan, why: status.why, atMs: status.atMs })
  if (status.kind === 'applied') return refuse({ kind: 'plan-superseded', plan, why: 'applied', atMs: status.atMs })
  if (nowMs >= plan.expiresMs) return refuse({ kind: 'plan-expired', plan })
  return { kind: 'open', plan }
}

/** Whether applying the plan would do anything. */
export function changesNothing({ changes }: PlanRecord): boolean {
  return !changesAnything(changes)
}

/** Whether two states are the same version of the same state. */
export function sameState(a: StateId | undefined, b: StateId | undefined): boolean {
  return a?.lineage === b?.lineage && a?.serial === b?.serial
}

/** The names with this one in front. */
export function withName<T extends string>(names: readonly T[], name: T): readonly T[] {
  return names[0] === name ? names : [name, ...names.filter((it) => it !== name)]
}

function outdated({ ledger, plans }: AddressDocument, plan: StorePlan['plan']): SupersededWhy | undefined {
  const applied = ledger?.state
  if (applied !== undefined) {
    const { state } = plan
    // Another state, or none, that is found after the apply is what reality is now: somebody moved it or lost it.
    const isOther = state === undefined || state.lineage !== applied.lineage
    if (isOther ? plan.createdMs <= ledger!.atMs : state.serial < applied.serial) return 'state-moved'
  }
  const newer = plans.some(
    (it) => it.status.kind === 'open' && it.createdMs > plan.createdMs && replacedBy(plan, it) !== undefined,
  )
  return newer ? 'newer-plan' : undefined
}

/** Why `newer` takes the place of `plan`: the same is asked, or the same pull request or branch asks something else now. */
function replacedBy(
  plan: StorePlan['plan'],
  newer: StorePlan['plan'],
): Extract<SupersededWhy, 'newer-plan' | 'change-moved'> | undefined {
  if (plan.fingerprint === newer.fingerprint) return 'newer-plan'
  const sameChange =
    plan.pullRequest !== undefined
      ? plan.pullRequest === newer.pullRequest
      : plan.branch !== undefined && plan.branch === newer.branch
  return sameChange ? 'change-moved' : undefined
}

function supersededEvent({ id, pullRequest }: PlanRecord, why: SupersededWhy): EventBody {
  return { kind: 'plan-superseded', plan: id, why, ...(pullRequest !== undefined && { pullRequest }) }
}

function trimmed(plans: readonly PlanRecord[]): readonly PlanRecord[] {
  const over = plans.filter(({ status }) => status.kind !== 'open')
  const dropped = new Set(over.slice(0, Math.max(0, over.length - keptPlans)))
  return dropped.size === 0 ? plans : plans.filter((plan) => !dropped.has(plan))
}
