import { exactJson } from '../json.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import type { PlanRecord } from '../records/document.ts'
import type { World } from './world.ts'

/** The plan that a record names as people may see it; undefined when the store has it no more. */
export async function readModel(
  { store }: Pick<World, 'store'>,
  { model }: Pick<PlanRecord, 'model'>,
): Promise<RedactedPlan | undefined> {
  const stored = await store.get(model)
  return stored && (exactJson(new TextDecoder().decode(stored.bytes)) as unknown as RedactedPlan)
}
