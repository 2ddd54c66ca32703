import type { StateAddress } from '../records/address.ts'
import { makeClaim } from '../records/claims.ts'
import type { HolderState } from '../records/commands.ts'
import type { AddressDocument } from '../records/document.ts'
import { readDocument, transact } from '../records/journal.ts'
import type { Refusal } from '../records/refusal.ts'
import type { ApplyRun } from './apply-one.ts'
import type { World } from './world.ts'

/** Whether the process that has the claim still runs; another machine's cannot be asked. */
export function holderState({ machine }: Pick<World, 'machine'>, { claim }: AddressDocument): HolderState {
  const held = claim?.holder.process
  if (held === undefined) return 'unknown'
  const running = machine.isRunning(held)
  return running === undefined ? 'unknown' : running ? 'running' : 'over'
}

/** Why an address cannot be claimed now; undefined when nobody has it, or who had it is gone and its lease has ended. */
export function claimRefusal(
  world: Pick<World, 'machine'>,
  document: AddressDocument,
  nowMs: number,
): Refusal | undefined {
  const { claim } = document
  if (claim === undefined) return undefined
  const step = makeClaim(
    document,
    {
      kind: 'claim',
      holder: { run: '', by: '' },
      purpose: 'apply',
      leaseMs: 1,
      holderState: { fence: claim.fence, is: holderState(world, document) },
    },
    nowMs,
  )
  return step.kind === 'refused' ? step.refusal : undefined
}

/**
 * Takes over the claim that a run has left which is known to be over and whose lease has ended, so that the records say so:
 * what was begun under it is unknown until somebody looks. Does nothing where there is no such claim.
 */
export async function takeOver(
  world: Pick<World, 'machine' | 'store' | 'journal'>,
  { run, by, checkout }: Pick<ApplyRun, 'run' | 'by' | 'checkout'>,
  address: StateAddress,
): Promise<void> {
  const document = await readDocument(world.store, address)
  if (document.claim === undefined) return
  const taken = await transact(world.journal, address, {
    kind: 'claim',
    holder: { run, by, process: world.machine.self },
    purpose: 'apply',
    leaseMs: checkout.settings.leaseMinutes * 60_000,
    holderState: { fence: document.claim.fence, is: holderState(world, document) },
  })
  if (taken.kind === 'done') await transact(world.journal, address, { kind: 'release', fence: taken.document.fence })
}
