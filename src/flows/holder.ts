import { makeClaim } from '../records/claims.ts'
import type { HolderState } from '../records/commands.ts'
import type { AddressDocument } from '../records/document.ts'
import type { Refusal } from '../records/refusal.ts'
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
