import type { InstanceId } from '../stacks/instance.ts'
import { asking } from './asking.ts'
import { type Confirmed, recordApprovals } from './confirm.ts'
import { type EnvironmentDeployment, recordDeployments } from './deployments.ts'
import { dispatchNext } from './dispatch-next.ts'
import { keepCopies } from './documents.ts'
import { type NextJobs, nextJobs } from './next-jobs.ts'
import { isOpen, type Status, status } from './status.ts'
import type { GitHubWorld } from './world.ts'

type Needs = Omit<GitHubWorld, 'terraform'>

/** What a run on the protected branch found, and what it does next. */
export interface Onward extends NextJobs {
  /** What is in flight, with approvals as GitHub tells them now. */
  readonly at: Status
  readonly confirmed: ReadonlyMap<InstanceId, Confirmed>
  /** Whether the workflow was started again, since what is left to do is for none of this run's jobs. */
  readonly started: boolean
}

/**
 * The sweep that every run on the protected branch makes, whatever started it: reads approvals again, and tells what can go.
 * @param approvalRun the run in which reviewers of an environment have agreed just now
 */
export async function sweep(world: Needs, approvalRun?: number): Promise<Onward> {
  const found = await look(world, approvalRun)
  // After jobs that apply, and after a yes of reviewers, a later job of this run goes on.
  const hasJobs = found.waves.length > 0 || found.approve.length > 0
  return { ...found, started: found.more && !hasJobs && (await dispatchNext(world, found.at)) }
}

async function look(world: Needs, approvalRun?: number): Promise<Omit<Onward, 'started'>> {
  const ask = asking(world.github)
  const confirmed = await recordApprovals(world, await status(world), approvalRun, ask)
  const at = await status(world)
  return { ...(await nextJobs(world, at, ask)), at, confirmed }
}

/** What the end of a run that applied came to. */
export interface AfterRun {
  readonly at: Status
  readonly deployments: readonly EnvironmentDeployment[]
  /** Whether the workflow was started again to go on. */
  readonly started: boolean
  /** Whether something is in flight still. */
  readonly open: boolean
}

/** Ends a run that applied: tells GitHub what it did, and starts another where something can go on that could not before. */
export async function afterRun(world: Needs): Promise<AfterRun> {
  const onward = await look(world)
  const { at } = onward
  const deployments = await recordDeployments(world, at)
  const canGo = onward.more || onward.waves.length > 0 || needsPlan(at)
  const started = canGo && (await dispatchNext(world, at))
  await keepCopies(world)
  return { at, deployments, started, open: at.items.some(isOpen) }
}

/** What came in flight by what was applied, or whose plan does not count any more, is planned by the next run. */
function needsPlan({ items }: Status): boolean {
  return items.some(
    (it) =>
      it.kind === 'in-flight' &&
      it.refusal === undefined &&
      (it.waitsFor.kind === 'plan' || it.waitsFor.kind === 're-plan'),
  )
}
