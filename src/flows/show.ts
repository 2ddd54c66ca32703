import type { RedactedPlan } from '../plan/plan.ts'
import type { AddressDocument, PlanRecord } from '../records/document.ts'
import { readDocument } from '../records/journal.ts'
import { readModel } from './model.ts'
import { recordsNamed } from './named.ts'
import type { World } from './world.ts'

/** The newest stored plan of an instance, and what else its records say. */
export interface Shown {
  readonly document: AddressDocument
  readonly plan: PlanRecord | undefined
  readonly model: RedactedPlan | undefined
  readonly nowMs: number
}

/** Reads what is stored of one instance. @throws UserError `component-unknown`, `stack-unknown` */
export async function showInstance(
  world: Omit<World, 'terraform'>,
  { component, stack }: { readonly component: string; readonly stack: string },
): Promise<Shown> {
  const { address } = await recordsNamed(world, component, stack)
  const document = await readDocument(world.store, address)
  const plan = document.plans.findLast(({ status }) => status.kind === 'open') ?? document.plans.at(-1)
  return { document, plan, model: plan && (await readModel(world, plan)), nowMs: await world.store.now() }
}
