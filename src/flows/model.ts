import { decodePlan } from '../plan/format.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import type { World } from './world.ts'

/**
 * The plan that a record names as people may see it; undefined when the store has it no more.
 * @throws UserError `plan-model-unreadable`, `plan-model-newer`
 */
export async function readModel(
  { store }: Pick<World, 'store'>,
  { id, model }: { readonly id: string; readonly model: string },
): Promise<RedactedPlan | undefined> {
  const stored = await store.get(model)
  return stored && decodePlan(stored.bytes, `plan ${id}`)
}
