import { GONE } from '../../records/document.ts'
import { planFor } from '../../records/plans.ts'
import type { ChangedInstance } from '../../records/pull-request.ts'
import type { GateReason, Unplanned } from '../../records/verdict.ts'
import { appliedHere, type GateFacts, unwritten } from '../facts.ts'

/** Every changed instance has a sealed plan that counts, for what the merge would ask for. */
export function planned(facts: GateFacts): GateReason[] {
  return facts.outlook.instances
    .filter((it) => needsPlan(it, facts))
    .flatMap((it): GateReason[] => {
      const why = unplanned(it, facts)
      if (why === undefined) return []
      return [{ kind: 'not-planned', id: it.id, why, ...(it.target === GONE && { removed: true }) }]
    })
}

/** What only reads a changed instance is planned when that is known; a removal of what was never made does nothing. */
function needsPlan({ kind, target, before, address }: ChangedInstance, { records }: GateFacts): boolean {
  if (kind === 'may' || kind === 'absent' || target === undefined || target === before) return false
  const tried = records.documents.get(address)?.attempts.some(({ outcome }) => outcome !== 'rejected') ?? false
  return target !== GONE || tried || appliedHere(address, records) !== undefined
}

function unplanned({ address, target }: ChangedInstance, facts: GateFacts): Unplanned | undefined {
  const { records, branch, number } = facts
  const document = records.documents.get(address) ?? unwritten
  if (planFor(document, target!, records.nowMs)) return undefined
  const old = document.plans.findLast(({ fingerprint }) => fingerprint === target)
  if (old?.status.kind === 'superseded') return old.status.why
  if (old?.status.kind === 'applied') return 'applied'
  if (old !== undefined) return 'expired'
  const ours = document.plans.some(
    (it) =>
      it.status.kind === 'open' && (it.pullRequest === undefined ? it.branch === branch : it.pullRequest === number),
  )
  return ours ? 'other' : 'never'
}
