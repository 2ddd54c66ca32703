import type { Checked, Step } from './commands.ts'
import { same } from './commands.ts'
import type { AddressDocument, DriftFinding, DriftRecord, EventBody } from './document.ts'
import { changesNothing, supersededIn } from './plans.ts'

/**
 * Takes in what a look at reality found. A look that failed says nothing of reality: what was found before stands. The
 * same class found again keeps the time it was found first.
 */
export function checked(document: AddressDocument, command: Checked, nowMs: number): Step {
  const { result, name } = command
  const isRunning = document.attempts.some(({ outcome }) => outcome === undefined)
  if (isRunning || document.ledger?.rev !== command.ledger) return same
  const names = document.names.includes(name) ? document.names : [...document.names, name]
  const before = document.drift
  switch (result.kind) {
    case 'failed': {
      const drift: DriftRecord = {
        ...(before ?? { checkedMs: 0 }),
        failed: { sinceMs: before?.failed?.sinceMs ?? nowMs, atMs: nowMs, why: result.why },
      }
      const events: EventBody[] = before?.failed ? [] : [{ kind: 'drift-check-failed', why: result.why }]
      return { kind: 'changed', document: { ...document, names, drift }, events }
    }
    case 'found': {
      const found = continued(before?.found, result.finding, nowMs)
      const isNew = before?.found?.class !== found.class || before.found.digest !== found.digest
      // What a provider always reports is as it was applied.
      const cleanMs = found.class === 'provider-noise' ? nowMs : before?.cleanMs
      const drift: DriftRecord = { checkedMs: nowMs, ...(cleanMs !== undefined && { cleanMs }), found }
      const events: EventBody[] = isNew ? [{ kind: 'drifted', class: found.class, digest: found.digest }] : []
      return { kind: 'changed', document: { ...document, names, drift }, events }
    }
    case 'clean': {
      const healed = asApplied({ ...document, names, drift: before ?? { checkedMs: 0 } }, nowMs)
      if (before?.found === undefined) return { kind: 'changed', ...healed }
      // A yes to put back what is so again is spent: the next drift is asked of people anew.
      const { fingerprint } = command
      const left = supersededIn(
        { ...healed.document, approvals: document.approvals.filter((it) => it.fingerprint !== fingerprint) },
        (plan) => (plan.fingerprint === fingerprint && !changesNothing(plan) ? 'drift-gone' : undefined),
        nowMs,
      )
      return { kind: 'changed', document: left.document, events: [...healed.events, ...left.events] }
    }
  }
}

/** The document once reality is as it was applied: by an apply, or because a look found it so. */
export function asApplied(
  document: AddressDocument,
  nowMs: number,
): { readonly document: AddressDocument; readonly events: readonly EventBody[] } {
  if (document.drift === undefined) return { document, events: [] }
  const { found } = document.drift
  return {
    document: { ...document, drift: { checkedMs: nowMs, cleanMs: nowMs } },
    events: found ? [{ kind: 'drift-gone', class: found.class, digest: found.digest }] : [],
  }
}

function continued(
  before: DriftFinding | undefined,
  now: Omit<DriftFinding, 'firstMs' | 'lastMs'>,
  nowMs: number,
): DriftFinding {
  return { ...now, firstMs: before?.class === now.class ? before.firstMs : nowMs, lastMs: nowMs }
}
