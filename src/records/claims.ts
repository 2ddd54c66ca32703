import type { MakeClaim, Release, Renew, Step, Unlock } from './commands.ts'
import { refuse, same, unclaimed } from './commands.ts'
import { applicable } from './conditions.ts'
import type { AddressDocument, Attempt, Claim, EventBody } from './document.ts'

/** Takes the address, or says who has it. A claim is taken over only when its lease has ended and its run is known to be over. */
export function makeClaim(document: AddressDocument, command: MakeClaim, nowMs: number): Step {
  const { claim } = document
  if (claim !== undefined) {
    const holder = command.holderState?.fence === claim.fence ? command.holderState.is : 'unknown'
    const ended = claim.untilMs !== undefined && nowMs >= claim.untilMs
    if (!ended || holder !== 'over') return refuse({ kind: 'claimed', claim, holder })
  }
  if (command.apply !== undefined) {
    const found = applicable(document, command.apply, nowMs)
    if (found.kind === 'refused') return found
  }
  const left = claim === undefined ? { document, events: [] } : abandoned(document, claim.fence, nowMs)
  const fence = document.fence + 1
  const { holder, purpose } = command
  const next: Claim = {
    purpose,
    holder,
    fence,
    sinceMs: nowMs,
    leasedMs: nowMs,
    ...(purpose !== 'hold' && { untilMs: nowMs + command.leaseMs }),
    ...(command.apply && { plan: command.apply.plan }),
    ...(command.reason !== undefined && { reason: command.reason }),
  }
  return {
    kind: 'changed',
    document: { ...left.document, claim: next, fence },
    events: [
      ...left.events,
      ...(claim === undefined
        ? []
        : [{ kind: 'taken-over', fence, from: claim.holder.by, fromRun: claim.holder.run } as const]),
      { kind: 'claimed', fence, by: holder.by, run: holder.run },
    ],
  }
}

/** Makes a claim last longer, from now. */
export function renew(document: AddressDocument, { fence, leaseMs }: Renew, nowMs: number): Step {
  const { claim } = document
  if (claim?.fence !== fence) return lost(document, fence)
  if (claim.untilMs === undefined) return same
  const untilMs = Math.max(claim.untilMs, nowMs + leaseMs)
  return { kind: 'changed', document: { ...document, claim: { ...claim, leasedMs: nowMs, untilMs } }, events: [] }
}

/** Gives a claim back. An attempt under it that nobody concluded is unknown from now on. */
export function release(document: AddressDocument, { fence }: Release, nowMs: number): Step {
  const { claim } = document
  if (claim === undefined) return same
  if (claim.fence !== fence) return lost(document, fence)
  const left = abandoned(unclaimed(document), fence, nowMs)
  return { kind: 'changed', document: left.document, events: [...left.events, { kind: 'released', fence }] }
}

/** Takes the claim of a holder that is known to be gone; a person's hold may be taken by anybody who says why. */
export function unlock(document: AddressDocument, { fence, by, reason, holder }: Unlock, nowMs: number): Step {
  const { claim } = document
  if (claim === undefined) return refuse({ kind: 'not-claimed' })
  if (fence !== undefined && claim.fence !== fence) return refuse({ kind: 'claimed', claim, holder: 'unknown' })
  if (claim.purpose !== 'hold') {
    if (holder === 'running') return refuse({ kind: 'holder-alive', claim })
    if (holder === 'unknown') return refuse({ kind: 'holder-unknown', claim })
  }
  const left = abandoned(unclaimed(document), claim.fence, nowMs)
  return {
    kind: 'changed',
    document: left.document,
    events: [...left.events, { kind: 'unlocked', fence: claim.fence, by, reason }],
  }
}

/** A claim that this holder does not have any more. */
export function lost({ claim }: AddressDocument, fence: number): Extract<Step, { kind: 'refused' }> {
  return refuse({ kind: 'claim-lost', fence, ...(claim && { claim }) })
}

/** Whether a lease is fresh enough to begin something new: less than two thirds of it are gone. */
export function mayBegin({ leasedMs, untilMs }: Claim, nowMs: number): boolean {
  return untilMs !== undefined && nowMs < leasedMs + ((untilMs - leasedMs) * 2) / 3
}

/** The document once a claim is left: an attempt under it that nobody concluded is unknown from then on. */
export function abandoned(
  document: AddressDocument,
  fence: number,
  nowMs: number,
): { readonly document: AddressDocument; readonly events: readonly EventBody[] } {
  const open = document.attempts.filter((it) => it.fence === fence && it.outcome === undefined)
  if (open.length === 0) return { document, events: [] }
  const attempts = document.attempts.map(
    (it): Attempt => (open.includes(it) ? { ...it, outcome: 'unknown', endedMs: nowMs } : it),
  )
  return {
    document: { ...document, attempts },
    events: open.map(({ id }) => ({ kind: 'attempt-ended', attempt: id, outcome: 'unknown' })),
  }
}
