import { UserError } from '../error.ts'
import { addressId, type StateAddress } from '../records/address.ts'
import type { AddressDocument } from '../records/document.ts'
import { erroredAttempt } from '../records/errored-state.ts'
import { transact } from '../records/journal.ts'
import { erroredStateKey } from '../records/keys.ts'
import type { Refusal } from '../records/refusal.ts'
import type { Session } from '../terraform/terraform.ts'
import type { PlanRun } from './plan-one.ts'
import type { World } from './world.ts'

/**
 * Keeps the state that Terraform could not store in its backend, encrypted, and says where. It holds the only word of what
 * the apply made.
 */
export async function keepErrored(
  { store, vault }: Pick<World, 'store' | 'vault'>,
  address: StateAddress,
  attempt: string,
  state: Uint8Array,
): Promise<{ readonly is: 'kept' | 'left'; readonly words: string }> {
  const key = erroredStateKey(addressId(address), attempt)
  const failed = '\nThe state could not be stored in its backend'
  try {
    await store.put(key, await vault.encrypt(state), { kind: 'absent' })
    const words = `${failed}. What Terraform saved of it is kept encrypted: ${key} in ${store.url} (airlock recover pushes it back).\n`
    return { is: 'kept', words }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const words = `${failed}, nor could a copy of it be kept (${error.message}): errored.tfstate is in the working copy of the instance.\n`
    return { is: 'left', words }
  }
}

/**
 * Why nothing may be planned or applied: an earlier apply could not store its state, and nobody has pushed it yet. One that
 * a killed run has left in the working copy is kept first.
 */
export async function erroredRefusal(
  world: Pick<World, 'store' | 'vault' | 'journal'>,
  { run, by }: Pick<PlanRun, 'run' | 'by'>,
  document: AddressDocument,
  session?: Pick<Session, 'errored'>,
): Promise<Refusal | undefined> {
  const { address } = document
  const waiting = erroredAttempt(document)
  if (waiting !== undefined) return { kind: 'state-kept', attempt: waiting }
  const left = await session?.errored()
  const attempt = document.attempts.findLast(({ outcome }) => outcome !== 'rejected')
  if (left === undefined || attempt === undefined || attempt.errored !== undefined) return undefined
  const { is } = await keepErrored(world, address, attempt.id, left)
  if (is === 'kept')
    await transact(world.journal, address, { kind: 'errored-state', attempt: attempt.id, is, by: `${by}, run ${run}` })
  return { kind: 'state-kept', attempt }
}
