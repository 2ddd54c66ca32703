import type { RedactedPlan } from '../plan/plan.ts'
import { addressId } from '../records/address.ts'
import type { Baseline, BaselineEntry } from '../records/baseline.ts'
import type { AddressDocument, PlanRecord } from '../records/document.ts'
import { readDocument } from '../records/journal.ts'
import { type EarlierApproval, earlierApproval } from './earlier-approval.ts'
import { readBaseline } from './known.ts'
import { readModel } from './model.ts'
import { recordsNamed } from './named.ts'
import type { World } from './world.ts'

/** The newest stored plan of an instance, and what else its records say. */
export interface Shown {
  readonly document: AddressDocument
  readonly plan: PlanRecord | undefined
  /** What that plan would do; without a plan, what the last look at reality found. */
  readonly model: RedactedPlan | undefined
  /** What adoption found, where nothing was applied since. */
  readonly adopted: (BaselineEntry & Pick<Baseline, 'atMs' | 'by' | 'commit'>) | undefined
  /** What was approved before, where the plan waits for another yes. */
  readonly before: EarlierApproval | undefined
  readonly nowMs: number
}

/** Reads what is stored of one instance. @throws UserError `component-unknown`, `stack-unknown` */
export async function showInstance(
  world: Omit<World, 'terraform'>,
  { component, stack }: { readonly component: string; readonly stack: string },
): Promise<Shown> {
  const { address } = await recordsNamed(world, component, stack)
  const [document, baseline] = await Promise.all([readDocument(world.store, address), readBaseline(world)])
  const plan = document.plans.findLast(({ status }) => status.kind === 'open') ?? document.plans.at(-1)
  const entry = document.ledger === undefined ? baseline?.addresses[addressId(address)] : undefined
  const model = await modelOf(world, plan, document, entry)
  return {
    document,
    plan,
    model,
    before: await earlierApproval(world, document, plan, model),
    adopted: baseline && entry && { ...entry, atMs: baseline.atMs, by: baseline.by, commit: baseline.commit },
    nowMs: await world.store.now(),
  }
}

async function modelOf(
  world: Pick<World, 'store'>,
  plan: PlanRecord | undefined,
  { drift }: AddressDocument,
  entry: BaselineEntry | undefined,
): Promise<RedactedPlan | undefined> {
  if (plan?.status.kind === 'open') return readModel(world, plan)
  if (drift?.found) return readModel(world, { id: `drift ${drift.found.digest}`, model: drift.found.model })
  if (plan) return readModel(world, plan)
  const standing = entry?.standing
  const model = standing?.kind === 'unknown' && standing.why !== 'plan-failed' ? standing.model : undefined
  return model === undefined ? undefined : readModel(world, { id: `adoption of ${entry?.name}`, model })
}
