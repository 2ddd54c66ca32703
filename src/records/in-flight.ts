import type { InstanceId } from '../stacks/instance.ts'
import { approvalOf, rejectionOf } from './approval.ts'
import type {
  AddressDocument,
  Attempt,
  Claim,
  Outcome,
  PlanRecord,
  ReadRecord,
  SupersededWhy,
  Target,
} from './document.ts'
import { GONE } from './document.ts'
import { interrupted, lastAttempt } from './last-attempt.ts'
import { planFor } from './plans.ts'
import { approvedBefore } from './settle.ts'

/** All that decides whether an address is in flight; nothing of it is remembered. */
export interface FlightFacts {
  readonly document: AddressDocument
  /** What the tip of the protected branch asks for; undefined when it asks nothing (absent, abstract, disabled). */
  readonly target: Target | undefined
  /** The fingerprint that adoption found applied, where there is no ledger. */
  readonly baseline: Target | undefined
  /** What adoption found that it read, where there is no ledger. */
  readonly baselineReads?: readonly ReadRecord[]
  /** Whether the value that a read had is another now. */
  readonly moved: (read: ReadRecord) => boolean
  /** Instances that this one depends on and that are in flight themselves. */
  readonly upstreams: readonly InstanceId[]
  readonly approval: 'needed' | 'none'
  /** The number of removals that an approval must name, where it must. */
  readonly destroys?: number
  readonly nowMs: number
}

/** Why an address is in flight. Several may hold at once. */
export type FlightWhy =
  | { readonly kind: 'never-applied' }
  | { readonly kind: 'changed'; readonly from: Target; readonly to: Target }
  | { readonly kind: 'gone'; readonly from: Target }
  | {
      readonly kind: 'attempt-not-done'
      readonly attempt: Attempt
      readonly outcome: Exclude<Outcome, 'done'> | 'running'
    }
  | { readonly kind: 'read-moved'; readonly reads: readonly ReadRecord[] }

/** What an address that is in flight waits for. */
export type WaitsFor =
  /** Somebody works on it. */
  | { readonly kind: 'running'; readonly claim: Claim }
  /** A person keeps it from being worked on. */
  | { readonly kind: 'hold'; readonly claim: Claim }
  | { readonly kind: 'plan' }
  /** There was a plan of what is asked, and it does not count any more. */
  | { readonly kind: 're-plan'; readonly plan: PlanRecord; readonly why: SupersededWhy | 'expired' }
  | { readonly kind: 'upstream'; readonly of: readonly InstanceId[]; readonly plan?: PlanRecord }
  | { readonly kind: 'approval'; readonly plan: PlanRecord }
  /** An apply that was interrupted: what is left of the approved plan goes on without a new yes. */
  | { readonly kind: 'finish'; readonly attempt: Attempt; readonly plan?: PlanRecord }
  /** A person said no; another change, a revert or a yes frees it. */
  | { readonly kind: 'rejected'; readonly plan: PlanRecord; readonly rejection: Attempt }
  /** Nothing is missing but the apply itself. */
  | { readonly kind: 'apply'; readonly plan: PlanRecord }

/** Where an address stands. `absent`: the protected branch asks nothing of it, and nothing was removed by name. */
export type Flight =
  | { readonly kind: 'clean' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'in-flight'; readonly why: readonly FlightWhy[]; readonly waitsFor: WaitsFor }

/** Where an address stands: what is asked against what was last applied, what was tried since, and what it read. */
export function flightOf(facts: FlightFacts): Flight {
  const { target } = facts
  const reasons = flightReasons(facts)
  if (target === undefined) {
    const tried = reasons.some(({ kind }) => kind === 'attempt-not-done')
    return tried
      ? { kind: 'in-flight', why: reasons, waitsFor: waitsFor(facts, appliedTarget(facts) ?? GONE) }
      : { kind: 'absent' }
  }
  if (reasons.length === 0) return { kind: 'clean' }
  return { kind: 'in-flight', why: reasons, waitsFor: waitsFor(facts, target) }
}

/** What was last applied, as far as anybody knows. */
function appliedTarget({ document, baseline }: FlightFacts): Target | undefined {
  return document.ledger?.fingerprint ?? baseline
}

function appliedReads({ document, baselineReads }: FlightFacts): readonly ReadRecord[] {
  return document.ledger?.reads ?? baselineReads ?? []
}

function flightReasons(facts: FlightFacts): readonly FlightWhy[] {
  const { document, target, moved } = facts
  const applied = appliedTarget(facts)
  const attempt = lastAttempt(document)
  const outcome = attempt === undefined ? undefined : (attempt.outcome ?? 'running')
  const reads = target === undefined || target === GONE ? [] : appliedReads(facts).filter(moved)
  return [
    ...(target === undefined ? [] : targetReasons(applied, target)),
    // What was rejected was not begun: it keeps nothing in flight but its own change.
    ...(attempt !== undefined && outcome !== undefined && outcome !== 'done' && outcome !== 'rejected'
      ? [{ kind: 'attempt-not-done', attempt, outcome } as const]
      : []),
    ...(reads.length > 0 ? [{ kind: 'read-moved', reads } as const] : []),
  ]
}

function targetReasons(applied: Target | undefined, target: Target): readonly FlightWhy[] {
  if (applied === target) return []
  if (target === GONE) return applied === undefined ? [] : [{ kind: 'gone', from: applied }]
  return applied === undefined || applied === GONE
    ? [{ kind: 'never-applied' }]
    : [{ kind: 'changed', from: applied, to: target }]
}

function waitsFor({ document, upstreams, approval, moved, destroys, nowMs }: FlightFacts, target: Target): WaitsFor {
  const { claim } = document
  if (claim !== undefined) return claim.purpose === 'hold' ? { kind: 'hold', claim } : { kind: 'running', claim }
  const plan = planFor(document, target, nowMs)
  const attempt = upstreams.length === 0 ? resumable(document, target, approval, plan, nowMs) : undefined
  if (attempt !== undefined) return { kind: 'finish', attempt, ...(plan && { plan }) }
  if (plan === undefined) {
    if (upstreams.length > 0) return { kind: 'upstream', of: upstreams }
    const old = document.plans.findLast(({ fingerprint }) => fingerprint === target)
    if (old === undefined || old.status.kind === 'applied') return { kind: 'plan' }
    const rejection = interrupted(document, target) && rejectionOf(document, target, old.digest)
    if (rejection !== undefined) return { kind: 'rejected', plan: old, rejection }
    return { kind: 're-plan', plan: old, why: old.status.kind === 'superseded' ? old.status.why : 'expired' }
  }
  if (plan.reads.some(moved)) {
    return upstreams.length > 0
      ? { kind: 'upstream', of: upstreams, plan }
      : { kind: 're-plan', plan, why: 'read-moved' }
  }
  const said = approvalOf(document, plan, approval, undefined, destroys)
  if (said.kind === 'rejected') return { kind: 'rejected', plan, rejection: said.rejection }
  if (plan.provisional && upstreams.length > 0) return { kind: 'upstream', of: upstreams, plan }
  if (said.kind === 'missing') return { kind: 'approval', plan }
  if (upstreams.length > 0) return { kind: 'upstream', of: upstreams, plan }
  return { kind: 'apply', plan }
}

/**
 * The interrupted attempt that an apply would go on with by itself: its plan, or one that it was made of, was approved, and
 * no fresh plan was found to be another. What failed and moved nothing is simply applied again.
 */
export function resumable(
  document: AddressDocument,
  target: Target,
  rule: 'needed' | 'none',
  plan: PlanRecord | undefined,
  nowMs: number,
): Attempt | undefined {
  const attempt = interrupted(document, target)
  if (attempt === undefined) return undefined
  const said = plan && approvalOf(document, plan, rule)
  if (said?.kind === 'rejected' || (said && said.kind !== 'missing' && attempt.outcome !== 'unknown')) return undefined
  if (plan && attempt.found?.plan === plan.id && attempt.found.is === 'different') return undefined
  return rule === 'none' || approvedBefore(document, attempt, nowMs).length > 0 ? attempt : undefined
}
