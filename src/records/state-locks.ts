import type { StateLock } from '../terraform/state-lock.ts'
import { lost } from './claims.ts'
import { type LockReleased, type NoteLock, type Step, same } from './commands.ts'
import type { AddressDocument, Attempt } from './document.ts'

/** Writes down Terraform's own lock, under the claim that its attempt was begun under. */
export function noteLock(document: AddressDocument, { fence, attempt, lock }: NoteLock): Step {
  if (document.claim?.fence !== fence) return lost(document, fence)
  const begun = document.attempts.find(({ id, outcome }) => id === attempt && outcome === undefined)
  if (begun === undefined || begun.lock === lock) return same
  return {
    kind: 'changed',
    document: { ...document, attempts: document.attempts.map((it) => (it === begun ? withLock(it, lock) : it)) },
    events: [],
  }
}

function withLock({ lock: _, ...rest }: Attempt, lock: string | undefined): Attempt {
  return lock === undefined ? rest : { ...rest, lock }
}

/** Says who released a lock of Terraform's; for good, so that the same lock is never taken for ours again. */
export function lockReleased(document: AddressDocument, { lock, by, reason }: LockReleased): Step {
  const attempt = document.attempts.find((it) => it.lock === lock)
  const attempts = document.attempts.map((it) => (it === attempt ? withLock(it, undefined) : it))
  return {
    kind: 'changed',
    document: { ...document, attempts },
    events: [
      {
        kind: 'lock-released',
        lock,
        ...(attempt && { attempt: attempt.id }),
        by,
        ...(reason !== undefined && { reason }),
      },
    ],
  }
}

/**
 * Whose Terraform's own lock is. `ours`: an attempt has it in our journal, and that attempt is over: nobody has the claim
 * any more under which it was begun, and a claim goes only when its run said so or is known to be over. `running`: that
 * claim is still there. Anything else is another one's, and never released by itself.
 */
export type LockOwner =
  | { readonly kind: 'ours'; readonly attempt: Attempt }
  | { readonly kind: 'running'; readonly attempt: Attempt }
  | { readonly kind: 'foreign' }

/** Whose a lock is that was found on the state of an address. */
export function lockOwner({ attempts, claim }: AddressDocument, { id }: Pick<StateLock, 'id'>): LockOwner {
  const attempt = attempts.find(({ lock }) => lock === id)
  if (attempt === undefined) return { kind: 'foreign' }
  const isOver = attempt.outcome !== undefined && claim?.fence !== attempt.fence
  return { kind: isOver ? 'ours' : 'running', attempt }
}
