import type { Subject } from '../affected/subject.ts'
import { erroredAttempt } from '../records/errored-state.ts'
import { readDocument, transact } from '../records/journal.ts'
import { type Refusal, refusalWords } from '../records/refusal.ts'
import { lockOwner } from '../records/state-locks.ts'
import { isOfApply, lockIn, type StateLock } from '../terraform/state-lock.ts'
import type { Session } from '../terraform/terraform.ts'
import { addressOf } from './documents.ts'
import type { PlanResult, PlanRun } from './plan-one.ts'
import type { World } from './world.ts'

/**
 * Releases Terraform's own lock if it is one that an attempt of ours has left, whose run is over; else says whose it is. A
 * lock that Terraform would pass by itself (left by a plan beside a local state) is no matter.
 */
export async function passLock(
  world: Pick<World, 'store' | 'journal'>,
  { run, by }: Pick<PlanRun, 'run' | 'by'>,
  { instance }: Subject,
  session: Pick<Session, 'unlock'>,
  lock: StateLock | undefined,
): Promise<Refusal | undefined> {
  if (lock === undefined || !isOfApply(lock)) return undefined
  const address = addressOf(instance)
  const owner = lockOwner(await readDocument(world.store, address), lock)
  if (owner.kind !== 'ours') return refusalOf(lock, owner)
  const released = await session.unlock(lock.id)
  if (released.kind === 'failed') return refusalOf(lock, owner)
  await transact(world.journal, address, { kind: 'lock-released', lock: lock.id, by: `${by}, run ${run}` })
  return undefined
}

/** The failure of a plan that must not be made: another's lock, or a state that an apply could not store; else undefined. */
export async function lockedPlan(
  world: Pick<World, 'store'>,
  { instance }: Subject,
  lock: StateLock | undefined,
): Promise<Extract<PlanResult, { kind: 'failed' }> | undefined> {
  const unstored = erroredAttempt(await readDocument(world.store, addressOf(instance)))
  if (unstored !== undefined) {
    const output = await lockText(world, instance.id, { kind: 'state-kept', attempt: unstored })
    return { kind: 'failed', id: instance.id, step: 'preparation', output, durationMs: 0 }
  }
  if (lock === undefined || !isOfApply(lock)) return undefined
  const owner = lockOwner(await readDocument(world.store, addressOf(instance)), lock)
  // What a plan meets of ours is left for an apply to release: a plan only creates.
  if (owner.kind === 'ours') return undefined
  const output = await lockText(world, instance.id, refusalOf(lock, owner))
  return { kind: 'failed', id: instance.id, step: 'preparation', output, durationMs: 0 }
}

/** A plan that Terraform refused because of a lock, with the words that tell whose it is and what frees it. */
export async function explained(
  world: Pick<World, 'store'>,
  { instance }: Subject,
  result: PlanResult,
): Promise<PlanResult> {
  const lock = result.kind === 'failed' ? lockIn(result.output) : undefined
  if (result.kind !== 'failed' || lock === undefined) return result
  const owner = lockOwner(await readDocument(world.store, addressOf(instance)), lock)
  const words = await lockText(world, instance.id, refusalOf(lock, owner))
  return { ...result, output: `${result.output.trimEnd()}\n\n${words}` }
}

function refusalOf(lock: StateLock, owner: ReturnType<typeof lockOwner>): Refusal {
  return { kind: 'state-locked', lock, ...(owner.kind !== 'foreign' && { attempt: owner.attempt }) }
}

async function lockText({ store }: Pick<World, 'store'>, id: string, refusal: Refusal): Promise<string> {
  const { message, fix } = refusalWords(refusal, id, await store.now())
  return `${message}\n${fix}`
}
