import { type ApplyEvents, type ApplyOutcome, applyInFlight } from './apply.ts'
import { checkout, commitOf, protectedBranch } from './checkout.ts'
import { keepCopies } from './documents.ts'
import { type ApplyJob, idsOfJob } from './next-jobs.ts'
import { isOpen, type StatusItem, status } from './status.ts'
import type { GitHubWorld } from './world.ts'

/** What a job of an apply wave is given, and how it works. */
export interface ApplyJobRequest extends Omit<ApplyJob, 'name'> {
  readonly parallel?: number
  readonly terraform?: string
}

/** How a job came out. */
export interface ApplyJobOutcome extends ApplyOutcome {
  /** What of the job's instances is in flight still, and so waits for a person or another run, where nothing failed. */
  readonly awaited: readonly StatusItem[]
  /** Something failed, or a sealed plan is not what was sealed. What only waits is no failure. */
  readonly failed: boolean
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
  return {
    ...outcome,
    awaited: outcome.left.items.filter((it) => ids.has(it.id) && isOpen(it)),
    failed: outcome.items.some((it) => it.kind === 'failed' || (it.kind === 'refused' && it.broken === true)),
  }
}
