import { UserError } from '../error.ts'
import type { GitHub } from '../github/github.ts'
import type { Machine } from '../machine/machine.ts'
import { jobOfProcess, type WorkflowJob } from '../machine/workflow-job.ts'
import type { StateAddress } from '../records/address.ts'
import { makeClaim } from '../records/claims.ts'
import type { HolderState } from '../records/commands.ts'
import type { AddressDocument } from '../records/document.ts'
import { readDocument, transact } from '../records/journal.ts'
import type { Refusal } from '../records/refusal.ts'
import type { ApplyRun } from './apply-one.ts'
import type { World } from './world.ts'

/** Whether the process that has the claim still runs: this machine's own are looked up, runs and jobs on GitHub are asked for. */
export function holderState(
  world: Pick<World, 'machine' | 'github'>,
  document: Pick<AddressDocument, 'claim'>,
): Promise<HolderState> {
  return holderStates(world)(document)
}

/**
 * The same for many documents: each run on GitHub is asked for once, and so is each job of a run that goes on.
 * @param nowMs where only claims that could be taken over matter: a job whose lease goes on is not asked for, and counts as running
 */
export function holderStates(
  { machine, github }: Pick<World, 'machine' | 'github'>,
  nowMs?: number,
): (document: Pick<AddressDocument, 'claim'>) => Promise<HolderState> {
  const known = new Map<string, Promise<HolderState>>()
  const once = (key: string, ask: () => Promise<HolderState>) => {
    const state = known.get(key) ?? ask()
    known.set(key, state)
    return state
  }
  return async ({ claim }) => {
    const held = claim?.holder.process
    if (held === undefined) return 'unknown'
    const running = machine.isRunning(held)
    if (running !== undefined) return running ? 'running' : 'over'
    const of = jobOfProcess(held)
    if (github === undefined || of?.repository !== nameOf(github)) return 'unknown'
    const run = await once(`${of.run} ${of.attempt}`, () => runState(github, machine, of))
    const { job } = of
    const isLeased = nowMs !== undefined && claim?.untilMs !== undefined && nowMs < claim.untilMs
    return run !== 'running' || job === undefined || isLeased ? run : once(`job ${job}`, () => jobState(github, job))
  }
}

function nameOf({ repository: { owner, name } }: GitHub): string {
  return `${owner}/${name}`
}

/** Whether a workflow run is over, or was run again since. */
async function runState(github: GitHub, { self }: Machine, { run: id, attempt }: WorkflowJob): Promise<HolderState> {
  const own = jobOfProcess(self)
  const isOurs = own?.repository === nameOf(github)
  if (isOurs && own.run === id) return own.attempt === attempt ? 'running' : 'over'
  return unlessRefused('unknown', async () => {
    const run = await github.runs.get(id)
    if (run !== undefined) return run.status === 'completed' || attempt !== run.attempt ? 'over' : 'running'
    // Only runs that are over can be deleted; but a token that sees no run at all says the same.
    return isOurs && (await github.runs.get(own.run)) !== undefined ? 'over' : 'unknown'
  })
}

/** Whether a job of a run that goes on is over: its machine may have been taken away long before the others are done. */
function jobState(github: GitHub, id: number): Promise<HolderState> {
  return unlessRefused('running', async () =>
    (await github.runs.job(id))?.status === 'completed' ? 'over' : 'running',
  )
}

async function unlessRefused(otherwise: HolderState, ask: () => Promise<HolderState>): Promise<HolderState> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof UserError) return otherwise
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
