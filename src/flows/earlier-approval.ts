import { covers, type PlanDifference } from '../plan/covers.ts'
import { digestInput } from '../plan/digest.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import { approvalOf } from '../records/approval.ts'
import type { AddressDocument, Approval, PlanRecord } from '../records/document.ts'
import { readModel } from './model.ts'
import type { World } from './world.ts'

/** The last plan of an instance that somebody approved and that was not applied, and how another plan differs from it. */
export interface EarlierApproval {
  readonly plan: PlanRecord
  readonly approval: Approval
  readonly differences: readonly PlanDifference[]
}

/**
 * What a person who is asked again has to know: how a plan differs from the one that was approved last. Undefined where
 * the plan is approved itself, or nothing else was since the last apply.
 */
export async function earlierApproval(
  world: Pick<World, 'store'>,
  document: AddressDocument,
  plan: PlanRecord | undefined,
  model: RedactedPlan | undefined,
): Promise<EarlierApproval | undefined> {
  if (plan?.status.kind !== 'open' || model === undefined) return undefined
  if (approvalOf(document, plan, 'needed').kind !== 'missing') return undefined
  const since = document.ledger?.atMs ?? 0
  const approval = document.approvals.filter(({ atMs, digest }) => atMs > since && digest !== plan.digest).at(-1)
  const before =
    approval &&
    document.plans.findLast((it) => it.fingerprint === approval.fingerprint && it.digest === approval.digest)
  if (approval === undefined || before === undefined || before.status.kind === 'applied') return undefined
  const old = await readModel(world, before)
  const cover = old && covers(digestInput(old), digestInput(model))
  return cover?.kind === 'different' ? { plan: before, approval, differences: cover.differences } : undefined
}
