import type { Approve, Reject, Step, Withdraw } from './commands.ts'
import { refuse, same } from './commands.ts'
import type { AddressDocument, Approval, Attempt, PlanRecord, Target } from './document.ts'
import { interrupted } from './last-attempt.ts'
import { changesNothing, openPlan } from './plans.ts'

/** Approvals of plans that are no more are kept for the record, this many. */
const keptApprovals = 50

/** Whether a plan may be applied, as far as people are concerned. */
export type ApprovalState =
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'approved'; readonly approval: Approval }
  | { readonly kind: 'missing'; readonly others: readonly Approval[] }
  | { readonly kind: 'rejected'; readonly rejection: Attempt }

/**
 * What people said of a plan. An approval counts when it was given for this fingerprint and this digest (or for that of
 * an approved plan which covers this one), and nobody rejected the same later. A plan that changes nothing needs none.
 * @param destroys the number of removals that the approval must name, where it must
 */
export function approvalOf(
  document: AddressDocument,
  plan: PlanRecord,
  rule: 'needed' | 'none',
  coveredBy?: string,
  destroys?: number,
): ApprovalState {
  if (rule === 'none' || changesNothing(plan)) return { kind: 'not-needed' }
  const rejection = rejectionOf(document, plan.fingerprint, plan.digest)
  if (rejection !== undefined) return { kind: 'rejected', rejection }
  const ofChange = document.approvals.filter(({ fingerprint }) => fingerprint === plan.fingerprint)
  const approval = ofChange.findLast(
    (it) =>
      (it.digest === plan.digest || it.digest === coveredBy) && (destroys === undefined || it.destroys === destroys),
  )
  return approval === undefined ? { kind: 'missing', others: ofChange } : { kind: 'approved', approval }
}

/** Records a yes: to an open plan that is here to be seen. The same yes twice is one. */
export function approve(document: AddressDocument, command: Approve, nowMs: number): Step {
  const { kind: _, ...approval } = command
  const found = shown(document, approval.fingerprint, approval.digest, nowMs)
  if (found.kind === 'refused') return found
  const isSame = (it: Approval) =>
    it.fingerprint === approval.fingerprint &&
    it.digest === approval.digest &&
    it.how === approval.how &&
    it.by.email === approval.by.email
  const rejected = rejectionOf(document, approval.fingerprint, approval.digest)
  if (rejected === undefined && document.approvals.some((it) => isSame(it) && it.destroys === approval.destroys))
    return same
  return {
    kind: 'changed',
    document: {
      ...document,
      approvals: [...document.approvals.filter((it) => !isSame(it)), { ...approval, atMs: nowMs }].slice(
        -keptApprovals,
      ),
      attempts: document.attempts.filter((it) => it !== rejected),
    },
    events: [{ kind: 'approved', digest: approval.digest, by: approval.by }],
  }
}

/**
 * Records a no: an attempt that ended before it began. It takes back every yes to the same plan; where an apply of the same
 * target was interrupted, every yes to the target, since what is left of one would go on by it.
 */
export function reject(document: AddressDocument, { fingerprint, digest, by, reason }: Reject, nowMs: number): Step {
  const begun = interrupted(document, fingerprint)
  const plan = document.plans.find(({ id }) => id === begun?.plan && begun.digest === digest)
  const found = plan ? ({ kind: 'open', plan } as const) : shown(document, fingerprint, digest, nowMs)
  if (found.kind === 'refused') return found
  if (rejectionOf(document, fingerprint, digest) !== undefined) return same
  const rejection: Attempt = {
    id: `rejected-${document.rev + 1}`,
    action: fingerprint === 'gone' ? 'destroy' : 'apply',
    fingerprint,
    digest,
    plan: found.plan.id,
    commit: found.plan.commit,
    by: by.name,
    fence: document.fence,
    startedMs: nowMs,
    rev: document.rev + 1,
    outcome: 'rejected',
    endedMs: nowMs,
    note: reason,
  }
  return {
    kind: 'changed',
    document: {
      ...document,
      approvals: document.approvals.filter(
        (it) => it.fingerprint !== fingerprint || (it.digest !== digest && begun === undefined),
      ),
      attempts: [...document.attempts, rejection],
    },
    events: [{ kind: 'rejected', digest, by, reason }],
  }
}

/** Takes back what was recorded as a yes and is none; nobody is told twice. */
export function withdraw(document: AddressDocument, { approvals }: Withdraw): Step {
  const found = approvals.flatMap(({ why, ...of }) => {
    const given = document.approvals.find(
      (it) =>
        it.fingerprint === of.fingerprint &&
        it.digest === of.digest &&
        it.how === of.how &&
        it.by.email === of.by.email,
    )
    return given === undefined ? [] : [{ given, why }]
  })
  if (found.length === 0) return same
  const gone = new Set(found.map(({ given }) => given))
  return {
    kind: 'changed',
    document: { ...document, approvals: document.approvals.filter((it) => !gone.has(it)) },
    events: found.map(({ given: { digest, by }, why }) => ({ kind: 'approval-withdrawn', digest, by, why })),
  }
}

/** The standing no to a plan; a later yes takes it away. */
export function rejectionOf({ attempts }: AddressDocument, fingerprint: Target, digest: string): Attempt | undefined {
  return attempts.findLast((it) => it.outcome === 'rejected' && it.fingerprint === fingerprint && it.digest === digest)
}

function shown(
  document: AddressDocument,
  fingerprint: Target,
  digest: string,
  nowMs: number,
): ReturnType<typeof openPlan> {
  const matching = document.plans.filter((it) => it.fingerprint === fingerprint && it.digest === digest)
  const plan = matching.findLast(({ status }) => status.kind === 'open') ?? matching.at(-1)
  if (plan !== undefined) return openPlan(document, plan.id, nowMs)
  return refuse({ kind: 'plan-unknown', what: `digest ${digest} for what is asked now` })
}
