import { approvalOf } from './approval.ts'
import { type Conditions, refuse, type Step } from './commands.ts'
import type { AddressDocument, PlanRecord } from './document.ts'
import { openPlan, sameState } from './plans.ts'

/**
 * Whether a plan may be applied now: it counts, it is what the tip asks for, the state and the values it read are as
 * they were, and people agreed.
 */
export function applicable(
  document: AddressDocument,
  conditions: Conditions,
  nowMs: number,
): { readonly kind: 'open'; readonly plan: PlanRecord } | Extract<Step, { kind: 'refused' }> {
  const found = current(document, conditions, nowMs)
  if (found.kind === 'refused') return found
  const { plan } = found
  const approval = approvalOf(document, plan, conditions.approval, conditions.coveredBy, conditions.destroys)
  if (approval.kind === 'rejected') return refuse({ kind: 'rejected', plan, rejection: approval.rejection })
  if (approval.kind === 'missing' && conditions.destroys !== undefined)
    return refuse({ kind: 'destroys-unnamed', plan, count: conditions.destroys, others: approval.others })
  if (approval.kind === 'missing') return refuse({ kind: 'approval-missing', plan, others: approval.others })
  return found
}

/** The same, but for what people say. */
export function current(
  document: AddressDocument,
  { plan: id, target, state, movedReads }: Pick<Conditions, 'plan' | 'target' | 'state' | 'movedReads'>,
  nowMs: number,
): ReturnType<typeof openPlan> {
  const found = openPlan(document, id, nowMs)
  if (found.kind === 'refused') return found
  const { plan } = found
  if (plan.fingerprint !== target) return refuse({ kind: 'target-moved', plan, target })
  if (!sameState(plan.state, state)) return refuse({ kind: 'state-moved', plan, found: state })
  if (movedReads.length > 0) return refuse({ kind: 'read-moved', plan, reads: movedReads })
  return found
}
