import type { MayExist, Residual } from '../plan/residual.ts'
import type { StateId } from '../terraform/terraform.ts'
import { approvalOf } from './approval.ts'
import { refuse, type Settle, type Step, same } from './commands.ts'
import type { AddressDocument, Attempt, Found, PlanRecord } from './document.ts'
import { lastAttempt } from './last-attempt.ts'
import { sameState } from './plans.ts'

/** Approved plans of an interrupted attempt's target, that of the attempt first: what is left of one goes on without a new yes. */
export function approvedBefore(document: AddressDocument, attempt: Attempt, nowMs: number): readonly PlanRecord[] {
  const approved = document.plans.filter(
    (plan) =>
      plan.fingerprint === attempt.fingerprint &&
      nowMs < plan.expiresMs &&
      !(plan.status.kind === 'superseded' && plan.status.why === 'broken') &&
      approvalOf(document, plan, 'needed').kind === 'approved',
  )
  const first = (plan: PlanRecord) => (plan.id === attempt.plan ? 0 : 1)
  return approved.toReversed().sort((a, b) => first(a) - first(b))
}

/** What is known when a later run looks at what an attempt has left. */
export interface FindingFacts {
  readonly attempt: Pick<Attempt, 'outcome' | 'before' | 'errored'>
  /** The state as it is now. */
  readonly state: StateId | undefined
  /** What a fresh plan is of the one that was begun; undefined where that cannot be read any more. */
  readonly rest: Residual | 'nothing' | undefined
  /** Creations of the plan that are still to be done. */
  readonly mayExist: readonly MayExist[]
}

/** What became of an attempt, as far as state and a fresh plan tell. */
export interface Finding {
  readonly what: Found['what']
  /** Objects that may be there although no state knows them. */
  readonly mayExist: readonly MayExist[]
}

/**
 * Tells what an attempt has come to. Terraform stores the state after each object, so one that was killed can have created
 * something of which the state knows nothing; what it updates or destroys a fresh plan sees as it is. One that ended by
 * itself has stored all it made, but for one whose state could not be stored and was dropped.
 */
export function finding({ attempt, state, rest, mayExist }: FindingFacts): Finding {
  if (rest === 'nothing') return { what: 'done', mayExist: [] }
  const lost = attempt.outcome === 'unknown' || attempt.errored === 'dropped' ? mayExist : []
  // A state may move without any of it being done: Terraform writes an empty one before it begins.
  const begun = rest?.kind === 'residual' ? rest.done.length > 0 : !sameState(state, attempt.before)
  if (begun) return { what: 'partial', mayExist: lost }
  // Nobody can compare a plan that is gone: that nothing was done is not known then.
  if (lost.length > 0 || (rest === undefined && attempt.outcome === 'unknown'))
    return { what: 'unknown', mayExist: lost }
  return { what: 'never-started', mayExist: [] }
}

const outcomes = { 'never-started': 'failed', partial: 'partial', unknown: 'unknown' } as const

/**
 * Writes down what a later run found of an attempt that did not end well, and whether what is left is inside of what was
 * approved. What Terraform itself said of its end stands; `unknown` becomes what was found.
 */
export function settle(document: AddressDocument, command: Settle, nowMs: number): Step {
  const { attempt: id, by, plan, is, what, mayExist, state, fence } = command
  const { claim } = document
  if (claim !== undefined && claim.fence !== fence) return refuse({ kind: 'claimed', claim, holder: 'unknown' })
  const attempt = lastAttempt(document)
  if (attempt?.id !== id) return refuse({ kind: 'attempt-unknown', attempt: id })
  if (attempt.outcome === undefined) return refuse({ kind: 'attempt-running', attempt })
  if (attempt.outcome === 'done') return refuse({ kind: 'attempt-ended', attempt, outcome: 'done' })
  if (attempt.found?.plan === plan) return same
  const outcome = attempt.outcome === 'unknown' ? outcomes[what] : attempt.outcome
  const settled: Attempt = {
    ...attempt,
    outcome,
    ...(attempt.outcome === 'unknown' && outcome !== 'unknown' && state && { after: state }),
    found: { what, atMs: nowMs, by, plan, is, mayExist },
  }
  return {
    kind: 'changed',
    document: { ...document, attempts: document.attempts.map((it) => (it === attempt ? settled : it)) },
    events: [
      { kind: 'attempt-settled', attempt: id, outcome, what, by, mayExist: mayExist.map(({ address }) => address) },
    ],
  }
}
