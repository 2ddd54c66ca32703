import type { Close, Step } from './commands.ts'
import { refuse, same } from './commands.ts'
import { type AddressDocument, GONE, type Ledger } from './document.ts'
import { supersededIn } from './plans.ts'

/**
 * Moves the ledger to gone without a destroy: what was applied here is not here any more. An adopted address gets its first
 * ledger by that.
 */
export function close(document: AddressDocument, { name, commit, by }: Close, nowMs: number): Step {
  const { claim, ledger: before } = document
  if (before?.fingerprint === GONE) return same
  if (claim !== undefined) return refuse({ kind: 'claimed', claim, holder: 'unknown' })
  const running = document.attempts.find(({ outcome }) => outcome === undefined)
  if (running !== undefined) return refuse({ kind: 'attempt-running', attempt: running })
  const ledger: Ledger = {
    fingerprint: GONE,
    commit,
    atMs: nowMs,
    by,
    digest: before?.digest ?? '',
    reads: [],
    rev: document.rev + 1,
  }
  const names = document.names.length > 0 ? document.names : [name]
  const left = supersededIn({ ...document, names, ledger }, () => 'change-gone', nowMs)
  return {
    kind: 'changed',
    document: left.document,
    events: [{ kind: 'advanced', fingerprint: GONE, commit }, ...left.events],
  }
}
