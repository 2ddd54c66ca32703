import { UserError } from '../error.ts'
import type { Claim } from '../records/document.ts'
import { readDocument, transact } from '../records/journal.ts'
import { refusalWords } from '../records/refusal.ts'
import { flushSoon } from './flush.ts'
import { holderState } from './holder.ts'
import { recordsNamed } from './named.ts'
import type { World } from './world.ts'

/** Whose claim to release, and why. */
export interface UnlockRequest {
  readonly component: string
  readonly stack: string
  readonly reason: string
  /** Who asks for it; the account of this machine where left out. */
  readonly by?: string
}

/** Releases the claim of a process or run that is known to be over. @throws UserError `unlock-refused` */
export async function unlockInstance(
  world: Omit<World, 'terraform'>,
  { component, stack, reason, by = world.machine.user }: UnlockRequest,
): Promise<Claim> {
  const { id, address } = await recordsNamed(world, component, stack)
  const document = await readDocument(world.store, address)
  const decision = await transact(world.journal, address, {
    kind: 'unlock',
    ...(document.claim && { fence: document.claim.fence }),
    by,
    reason,
    holder: await holderState(world, document),
  })
  if (decision.kind === 'refused' || document.claim === undefined) {
    const refusal = decision.kind === 'refused' ? decision.refusal : ({ kind: 'not-claimed' } as const)
    const { message, fix } = refusalWords(refusal, id, await world.store.now())
    throw new UserError({ code: 'unlock-refused', message, fix, exit: 3 })
  }
  await flushSoon(world.journal, address)
  return document.claim
}
