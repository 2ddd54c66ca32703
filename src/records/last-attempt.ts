import type { AddressDocument, Attempt, Target } from './document.ts'

/** The last attempt that was begun since the ledger moved. What was rejected was not begun. */
export function lastAttempt({ attempts, ledger }: AddressDocument): Attempt | undefined {
  return attempts.findLast((it) => it.rev > (ledger?.rev ?? -1) && it.outcome !== 'rejected')
}

/** The attempt at a target that ended, and not well: what is left of it may go on. */
export function interrupted(document: AddressDocument, target: Target): Attempt | undefined {
  const attempt = lastAttempt(document)
  return attempt?.fingerprint === target && attempt.outcome !== undefined && attempt.outcome !== 'done'
    ? attempt
    : undefined
}
