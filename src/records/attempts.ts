import { lost, mayBegin } from './claims.ts'
import type { Advance, Conclude, Intend, Step } from './commands.ts'
import { refuse, same, unclaimed } from './commands.ts'
import { applicable, current } from './conditions.ts'
import type { AddressDocument, Approval, Attempt, EventBody, Ledger, PlanRecord } from './document.ts'
import { asApplied } from './drift.ts'
import { lastAttempt } from './last-attempt.ts'
import { changesNothing, sameState, supersededIn } from './plans.ts'

/** Writes down what is about to be done, under a claim whose lease is fresh. The same intent twice is one. */
export function intend(document: AddressDocument, command: Intend, nowMs: number): Step {
  const { fence, attempt: id, action, commit, apply } = command
  const { claim } = document
  if (claim?.fence !== fence) return lost(document, fence)
  if (document.attempts.some((it) => it.id === id)) return same
  const running = document.attempts.find(({ outcome }) => outcome === undefined)
  if (running !== undefined) return refuse({ kind: 'attempt-running', attempt: running })
  if (!mayBegin(claim, nowMs)) return refuse({ kind: 'lease-ends', claim })
  const found = applicable(document, apply, nowMs)
  if (found.kind === 'refused') return found
  const { plan } = found
  const attempt: Attempt = {
    id,
    action,
    fingerprint: plan.fingerprint,
    digest: plan.digest,
    plan: plan.id,
    commit,
    by: `${claim.holder.by}, run ${claim.holder.run}`,
    fence,
    startedMs: nowMs,
    rev: document.rev + 1,
    ...(apply.state && { before: apply.state }),
  }
  return {
    kind: 'changed',
    document: { ...document, attempts: [...document.attempts, attempt] },
    events: [{ kind: 'attempt-started', attempt: id, digest: plan.digest }],
  }
}

/**
 * Writes down how an attempt ended. A holder that lost its claim meanwhile may still say so, as long as nothing was
 * begun or applied after it: what happened is worth more than `unknown`.
 */
export function conclude(document: AddressDocument, command: Conclude, nowMs: number): Step {
  const attempt = document.attempts.find(({ id }) => id === command.attempt)
  if (attempt === undefined) return refuse({ kind: 'attempt-unknown', attempt: command.attempt })
  if (attempt.fence !== command.fence) return lost(document, command.fence)
  if (attempt.outcome === command.outcome) return same
  if (attempt.outcome !== undefined && attempt.outcome !== 'unknown')
    return refuse({ kind: 'attempt-ended', attempt, outcome: attempt.outcome })
  if (isOvertaken(document, attempt)) return lost(document, command.fence)

  const ended: Attempt = {
    ...attempt,
    outcome: command.outcome,
    endedMs: nowMs,
    ...(command.state && { after: command.state }),
    ...(command.note !== undefined && { note: command.note }),
  }
  const free = document.claim?.fence === command.fence && command.keepClaim !== true
  const before: AddressDocument = {
    ...(free ? unclaimed(document) : document),
    attempts: document.attempts.map((it) => (it === attempt ? ended : it)),
  }
  const events: EventBody[] = [{ kind: 'attempt-ended', attempt: attempt.id, outcome: command.outcome }]
  const moved = ({ state }: PlanRecord) => !sameState(state, command.state)
  if (command.outcome !== 'done') {
    // What nobody knows moves nothing: the next look at the state will tell.
    const left = supersededIn(
      before,
      (plan) => (command.outcome !== 'unknown' && moved(plan) ? 'state-moved' : undefined),
      nowMs,
    )
    return { kind: 'changed', document: left.document, events: [...events, ...left.events] }
  }
  const ledger: Ledger = {
    fingerprint: attempt.fingerprint,
    commit: attempt.commit,
    atMs: nowMs,
    by: attempt.by,
    digest: attempt.digest,
    ...(command.state && { state: command.state }),
    reads: command.reads,
    rev: document.rev + 1,
  }
  const spent = ({ fingerprint, atMs }: Approval) => fingerprint === attempt.fingerprint && atMs <= attempt.startedMs
  return settled(before, ledger, attempt.plan, moved, spent, events, nowMs)
}

/** Moves the ledger without an apply: a plan of the target found nothing to do. An attempt at it that was interrupted is done. */
export function advance(document: AddressDocument, command: Advance, nowMs: number): Step {
  const { claim } = document
  if (claim !== undefined && claim.fence !== command.fence) return refuse({ kind: 'claimed', claim, holder: 'unknown' })
  const running = document.attempts.find(({ outcome }) => outcome === undefined)
  if (running !== undefined) return refuse({ kind: 'attempt-running', attempt: running })
  const found = current(document, command, nowMs)
  if (found.kind === 'refused') return found
  const { plan } = found
  if (!changesNothing(plan)) return refuse({ kind: 'changes-something', plan })
  const ledger: Ledger = {
    fingerprint: plan.fingerprint,
    commit: command.commit,
    atMs: nowMs,
    by: command.by,
    digest: plan.digest,
    ...(command.state && { state: command.state }),
    reads: plan.reads,
    rev: document.rev + 1,
  }
  const moved = ({ state }: PlanRecord) => !sameState(state, command.state)
  const last = lastAttempt(document)
  const finished = last?.fingerprint === plan.fingerprint && last.outcome !== 'done' ? last : undefined
  const facts = { what: 'done', by: command.by, mayExist: [] } as const
  const settledBy = { ...facts, atMs: nowMs, plan: plan.id, is: 'residual' } as const
  const attempts = document.attempts.map(
    (it): Attempt =>
      it === finished
        ? { ...it, outcome: 'done', ...(command.state && { after: command.state }), found: settledBy }
        : it,
  )
  const events: EventBody[] = [
    ...(finished ? [{ kind: 'attempt-settled', attempt: finished.id, outcome: 'done', ...facts } as const] : []),
    { kind: 'advanced', fingerprint: plan.fingerprint, commit: command.commit },
  ]
  const spent = ({ fingerprint, digest }: Approval) => fingerprint === plan.fingerprint && digest === plan.digest
  return settled({ ...document, attempts }, ledger, plan.id, moved, spent, events, nowMs)
}

/**
 * The ledger moves; the plan that brought it there is applied, and plans that it overtook are superseded. A yes is spent
 * by it: the same change asked for again, after a revert, is asked of people again.
 */
function settled(
  document: AddressDocument,
  ledger: Ledger,
  applied: string | undefined,
  moved: (plan: PlanRecord) => boolean,
  spent: (approval: Approval) => boolean,
  events: readonly EventBody[],
  nowMs: number,
): Step {
  const plans = document.plans.map(
    (plan): PlanRecord => (plan.id === applied ? { ...plan, status: { kind: 'applied', atMs: nowMs } } : plan),
  )
  const healed = asApplied(document, nowMs)
  const left = supersededIn(
    { ...healed.document, ledger, plans, approvals: document.approvals.filter((it) => !spent(it)) },
    (plan) => (plan.fingerprint === ledger.fingerprint ? 'applied' : moved(plan) ? 'state-moved' : undefined),
    nowMs,
  )
  return { kind: 'changed', document: left.document, events: [...events, ...left.events, ...healed.events] }
}

function isOvertaken({ attempts, ledger }: AddressDocument, attempt: Attempt): boolean {
  const later = attempts.some((it) => it.rev > attempt.rev && it.outcome !== 'rejected')
  return later || (ledger !== undefined && ledger.rev > attempt.rev)
}
