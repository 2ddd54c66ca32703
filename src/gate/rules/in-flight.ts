import { GONE } from '../../records/document.ts'
import { planFor } from '../../records/plans.ts'
import type { GateReason, MergedChange } from '../../records/verdict.ts'
import { appliedHere, type Flying, type GateFacts } from '../facts.ts'

/**
 * Nothing of another change is in flight on an address of this one, nor on an address whose outputs it reads and which are
 * planned to change. In an ordered stack nothing is in flight at all.
 */
export function inFlight(facts: GateFacts): GateReason[] {
  return facts.flying.flatMap((it): GateReason[] => {
    if (it.concern === 'read' && !outputsMayChange(it, facts)) return []
    const { on, by } = it
    const why = excuse(it, facts)
    if (why !== undefined) return [{ kind: 'excused', on, by, why }]
    const attempt = it.flight.why.find(({ kind }) => kind === 'attempt-not-done')
    const outcome = attempt?.kind === 'attempt-not-done' ? attempt.outcome : undefined
    const { claim } = it.document
    return [
      {
        kind: 'in-flight',
        on,
        for: it.for,
        concern: it.concern,
        by,
        waiting: it.flight.waitsFor.kind,
        ...(outcome !== undefined && { outcome }),
        ...digestAsked(it.flight),
        ...(claim && { holder: { by: claim.holder.by, run: claim.holder.run, sinceMs: claim.sinceMs } }),
      },
    ]
  })
}

/** The digest that a yes or a no has to name. */
function digestAsked({ waitsFor }: Flying['flight']): { readonly digest?: string } {
  return waitsFor.kind === 'approval' || waitsFor.kind === 'rejected' ? { digest: waitsFor.plan.digest } : {}
}

/** A plan that leaves all outputs as they are moves no reader; where there is none that counts, nobody knows. */
function outputsMayChange({ document, target }: Flying, { records }: GateFacts): boolean {
  const plan = target === undefined ? undefined : planFor(document, target, records.nowMs)
  return plan === undefined || plan.changes.outputs > 0 || plan.changes.deferred > 0
}

/** Why an address in flight need not be waited for: it failed or was rejected, or this change takes it back or over. */
function excuse(
  it: Flying & { readonly by: readonly MergedChange[] },
  { outlook, records, supersedes }: GateFacts,
): Extract<GateReason, { kind: 'excused' }>['why'] | undefined {
  const { waitsFor } = it.flight
  if (waitsFor.kind === 'running' || isUnsettled(it)) return undefined
  const own = outlook.instances.find(({ address }) => address === it.address)
  const applied = appliedHere(it.address, records)?.fingerprint ?? GONE
  if (own?.target !== undefined && own.target === applied) return 'restores'
  if (it.by.length > 0 && it.by.every(({ pullRequest: n }) => n !== undefined && supersedes.includes(n)))
    return 'superseded'
  if (it.concern === 'ordered') return undefined
  if (hasFailed(it)) return 'failed'
  return isRejected(it) ? 'rejected' : undefined
}

/** Somebody may still be changing it, or nobody knows what was changed: the next apply has to find out first. */
function isUnsettled({ flight }: Flying): boolean {
  return flight.why.some(
    (why) => why.kind === 'attempt-not-done' && (why.outcome === 'running' || why.outcome === 'unknown'),
  )
}

/** What is asked now was tried and failed: what mends it must not have to wait for it. */
function hasFailed({ flight, target }: Flying): boolean {
  return flight.why.some(
    (why) =>
      why.kind === 'attempt-not-done' &&
      (why.outcome === 'failed' || why.outcome === 'partial') &&
      (target === undefined || why.attempt.fingerprint === target),
  )
}

function isRejected({ document: { attempts, approvals }, target }: Flying): boolean {
  const no = attempts.findLast((it) => it.outcome === 'rejected' && it.fingerprint === target)
  return no !== undefined && !approvals.some((it) => it.fingerprint === target && it.atMs > no.startedMs)
}
