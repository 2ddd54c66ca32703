import type { Subject } from '../affected/subject.ts'
import type { PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { type Refusal, refusalWords } from '../records/refusal.ts'
import type { ApplyResult } from './apply-one.ts'
import { addressOf } from './documents.ts'
import { flushSoon } from './flush.ts'
import type { World } from './world.ts'

/** A refusal in words. A plan whose state has moved never counts again. */
export async function refused(
  world: Pick<World, 'store' | 'journal'>,
  subject: Subject,
  refusal: Refusal,
): Promise<ApplyResult> {
  if (refusal.kind === 'state-moved') await supersede(world, subject, refusal.plan, 'state-moved')
  return { kind: 'refused', ...refusalWords(refusal, subject.instance.id, await world.store.now()) }
}

/** Says that a plan of an instance never counts again. */
export async function supersede(
  { journal }: Pick<World, 'journal'>,
  { instance }: Subject,
  { id }: PlanRecord,
  why: 'broken' | 'state-moved',
): Promise<void> {
  const address = addressOf(instance)
  await transact(journal, address, { kind: 'supersede', plans: [id], why })
  await flushSoon(journal, address)
}
