import { UserError } from '../error.ts'
import type { GitHub } from '../github/github.ts'
import type { ProcessId } from '../machine/machine.ts'
import type { StateAddress } from '../records/address.ts'
import { makeClaim } from '../records/claims.ts'
import type { HolderState } from '../records/commands.ts'
import type { AddressDocument } from '../records/document.ts'
import { readDocument, transact } from '../records/journal.ts'
import type { Refusal } from '../records/refusal.ts'
import type { ApplyRun } from './apply-one.ts'
import type { World } from './world.ts'

/** Whether the process that has the claim still runs: this machine's own are looked up, runs on GitHub are asked for. */
export function holderState(
  world: Pick<World, 'machine' | 'github'>,
  document: Pick<AddressDocument, 'claim'>,
): Promise<HolderState> {
  return holderStates(world)(document)
}

/** The same for many documents: each run on GitHub is asked for once. */
export function holderStates({
  machine,
  github,
}: Pick<World, 'machine' | 'github'>): (document: Pick<AddressDocument, 'claim'>) => Promise<HolderState> {
  const known = new Map<string, Promise<HolderState>>()
  return async ({ claim }) => {
    const held = claim?.holder.process
    if (held === undefined) return 'unknown'
    const running = machine.isRunning(held)
    if (running !== undefined) return running ? 'running' : 'over'
    if (github === undefined || held.host !== hostOf(github)) return 'unknown'
    const key = `${held.pid} ${held.started}`
    const state = known.get(key) ?? runState(github, machine.self, held)
    known.set(key, state)
    return state
  }
}

function hostOf({ repository: { owner, name } }: GitHub): string {
  return `github:${owner}/${name}`
}

/**
 * Whether a workflow run is over, or was run again since. A job that was killed while its run goes on counts as running: which
 * job had the claim is not known, and the run ends.
 */
async function runState(github: GitHub, self: ProcessId, { pid, started }: ProcessId): Promise<HolderState> {
  try {
    const run = await github.runs.get(pid)
    if (run !== undefined)
      return run.status === 'completed' || started !== `attempt ${run.attempt}` ? 'over' : 'running'
    // Only runs that are over can be deleted; but a token that sees no run at all says the same.
    const seesRuns = self.host === hostOf(github) && (await github.runs.get(self.pid)) !== undefined
    return seesRuns ? 'over' : 'unknown'
  } catch (error) {
    if (error instanceof UserError) return 'unknown'
    throw error
  }
}

/** Why an address cannot be claimed now; undefined when nobody has it, or who had it is gone and its lease has ended. */
export function claimRefusal(document: AddressDocument, holder: HolderState, nowMs: number): Refusal | undefined {
  const { claim } = document
  if (claim === undefined) return undefined
  const step = makeClaim(
    document,
    {
      kind: 'claim',
      holder: { run: '', by: '' },
      purpose: 'apply',
      leaseMs: 1,
      holderState: { fence: claim.fence, is: holder },
    },
    nowMs,
  )
  return step.kind === 'refused' ? step.refusal : undefined
}

/**
 * Takes over the claim that a run has left which is known to be over and whose lease has ended, so that the records say so:
 * what was begun under it is unknown until somebody looks. Does nothing where there is no such claim.
 * @returns the document as it is then
 */
export async function takeOver(
  world: Pick<World, 'machine' | 'github' | 'store' | 'journal'>,
  { run, by, checkout }: Pick<ApplyRun, 'run' | 'by' | 'checkout'>,
  address: StateAddress,
): Promise<AddressDocument> {
  const document = await readDocument(world.store, address)
  if (document.claim === undefined) return document
  const taken = await transact(world.journal, address, {
    kind: 'claim',
    holder: { run, by, process: world.machine.self },
    purpose: 'apply',
    leaseMs: checkout.settings.leaseMinutes * 60_000,
    holderState: { fence: document.claim.fence, is: await holderState(world, document) },
  })
  if (taken.kind === 'refused') return document
  const freed = await transact(world.journal, address, { kind: 'release', fence: taken.document.fence })
  return freed.kind === 'done' ? freed.document : taken.document
}
