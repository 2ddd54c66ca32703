import { type ApplyEvents, type ApplyOutcome, applyInFlight } from './apply.ts'
import { checkout, commitOf, protectedBranch } from './checkout.ts'
import { keepCopies } from './documents.ts'
import { type ApplyJob, idsOfJob } from './next-jobs.ts'
import { isOpen, status } from './status.ts'
import type { GitHubWorld } from './world.ts'

/** What a job of an apply wave is given, and how it works. */
export interface ApplyJobRequest extends Omit<ApplyJob, 'name'> {
  readonly parallel?: number
  readonly terraform?: string
}

/** How a job came out. */
export interface ApplyJobOutcome extends ApplyOutcome {
  /** 0: all of it is as the tip asks; 3: something waits for a person or another run; 1: something failed. */
  readonly exit: 0 | 1 | 3
}

/**
 * Applies what a job was given, at the tip as it is now: what was merged since the run began counts, what was applied by
 * another run meanwhile is done. A plan that does not count any more is made again, and goes on alone only inside what was approved.
 */
export async function applyJob(
  world: GitHubWorld,
  request: ApplyJobRequest,
  events: ApplyEvents,
): Promise<ApplyJobOutcome> {
  const here = await checkout(world, await commitOf(world, 'HEAD'))
  await world.repo.follow((await protectedBranch(world, here.settings)).name)
  const ids = idsOfJob(await status(world), request)
  const { parallel, terraform } = request
  const outcome = await applyInFlight(
    world,
    { ids, planMissing: true, ...(parallel && { parallel }), ...(terraform && { terraform }) },
    events,
  )
  await keepCopies(world)
  return { ...outcome, exit: exitOf(outcome, ids) }
}

function exitOf({ items, left }: ApplyOutcome, ids: ReadonlySet<string>): ApplyJobOutcome['exit'] {
  if (items.some(({ kind }) => kind === 'failed')) return 1
  const waits = items.some(({ kind }) => kind === 'waits' || kind === 'blocked' || kind === 'refused')
  return waits || left.items.some((it) => ids.has(it.id) && isOpen(it)) ? 3 : 0
}
