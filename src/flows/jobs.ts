import type { Change } from '../affected/affected.ts'
import { dependencies } from '../affected/dependencies.ts'
import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import { packed, type Work } from '../graph/jobs.ts'
import type { AddressDocument } from '../records/document.ts'
import type { Settings } from '../settings.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Finding } from '../stacks/validate.ts'
import { findAffected } from './affected.ts'
import { documentsAmong, mustBeApart } from './documents.ts'
import type { JobsFile } from './jobs-file.ts'
import { keptPlans } from './kept-plans.ts'
import type { MergeResult } from './merge-result.ts'
import { mergedAt } from './merged.ts'
import { runName } from './run-name.ts'
import { type Status, type StatusItem, status } from './status.ts'
import type { World } from './world.ts'

/** What a run plans: a pull request or a commit of the merge queue, or what is in flight on the protected branch. */
export type JobsRange =
  | {
      readonly kind: 'change'
      readonly head: CommitId
      /** What is planned: what the merge would give, compared with what it is merged into. */
      readonly result: MergeResult
      readonly branch?: string
      readonly pullRequest?: number
      /** Somebody asked for all plans, however many. */
      readonly all: boolean
    }
  | { readonly kind: 'tip' }

/** An instance that was found, and why, in the order of ids. */
export type Found =
  | { readonly kind: 'change'; readonly id: InstanceId; readonly change: Change }
  | { readonly kind: 'in-flight'; readonly id: InstanceId; readonly item: Extract<StatusItem, { kind: 'in-flight' }> }

/** What a run is to plan, packed into jobs, and all that was found. */
export interface JobsOutcome {
  readonly file: JobsFile
  readonly found: readonly Found[]
  /** What differs between the two commits; none on the protected branch. */
  readonly changes: readonly Change[]
  readonly passive: number
  readonly findings: readonly Finding[]
}

/** Finds what is to be planned, without Terraform, and packs it into jobs. */
export async function affectedJobs(world: Omit<World, 'terraform'>, range: JobsRange): Promise<JobsOutcome> {
  return range.kind === 'tip' ? jobsAtTip(world) : jobsOfChange(world, range)
}

async function jobsOfChange(
  world: Omit<World, 'terraform'>,
  { head, result: { commit, base, onto }, branch, pullRequest, all }: Extract<JobsRange, { kind: 'change' }>,
): Promise<JobsOutcome> {
  const { changes, sides, findings } = await findAffected(world, { head: commit, base })
  mustBeApart(sides.head.subjects)
  const { settings } = sides.head
  const active = changes.filter(({ kind }) => kind !== 'passive')
  const planned = active.filter(({ kind, after }) => after !== undefined || kind === 'destroy')
  const mayKeep = !all && pullRequest !== undefined && planned.length <= settings.github.planOnDemandAbove
  const kept = mayKeep ? await keptPlans(world, planned, { head, pullRequest }) : new Set()
  const missing = planned.filter(({ id }) => !kept.has(id))
  const { now, later } = all ? { now: planned, later: [] } : sampled(missing, settings)
  const removed = now.flatMap(({ id, kind, before }) =>
    kind === 'destroy' && before ? [[id, { commit: base, name: before.instance.id }] as const] : [],
  )
  // How long the last plans of these took, where it is known; of nothing else the records are read.
  const documents = await documentsAmong(
    world,
    now.map(({ before, after }) => (after ?? before)!.instance),
  )
  const work = now.map(({ id, before, after }): Work => {
    const { instance } = (after ?? before)!
    return { id, component: instance.component, ...timed(tookLast(documents.get(instance)!)) }
  })
  return {
    file: {
      format: 1,
      run: runName(world),
      head,
      base,
      ...(onto !== undefined && { onto }),
      ...(branch !== undefined && { branch }),
      ...(pullRequest !== undefined && { pullRequest }),
      jobs: jobsOf(work, settings),
      removed: Object.fromEntries(removed),
      merged: {},
      later,
      kept: planned.flatMap(({ id }) => (kept.has(id) ? [id] : [])),
    },
    found: active.map((change) => ({ kind: 'change', id: change.id, change })),
    changes,
    passive: changes.length - active.length,
    findings,
  }
}

/** Of very many instances one of each component: enough to see what kind of change it is. */
function sampled(
  planned: readonly Change[],
  { github: { planOnDemandAbove } }: Settings,
): { readonly now: readonly Change[]; readonly later: readonly InstanceId[] } {
  if (planned.length <= planOnDemandAbove) return { now: planned, later: [] }
  const seen = new Set<string>()
  const now = planned.filter(({ before, after }) => {
    const { component } = (after ?? before)!.instance
    const isFirst = !seen.has(component) && seen.size < planOnDemandAbove
    seen.add(component)
    return isFirst
  })
  const sample = new Set(now)
  return { now, later: planned.flatMap((it) => (sample.has(it) ? [] : [it.id])) }
}

async function jobsAtTip(world: Omit<World, 'terraform'>): Promise<JobsOutcome> {
  const at = await status(world)
  const flying = at.items.filter((it) => it.kind === 'in-flight')
  const planned = flying.filter((item) => needsPlan(item, at))
  const merged = await mergedAt(world, at.branch.tip)
  const changes = await Promise.all(planned.map(async ({ id, task }) => [id, await merged(task.subject)] as const))
  const removed = planned.flatMap(({ id, task, removal }) =>
    removal ? [[id, { commit: task.at.commit, name: task.subject.instance.id }] as const] : [],
  )
  const work = planned.map(({ id, component, document }): Work => ({ id, component, ...timed(tookLast(document)) }))
  return {
    file: {
      format: 1,
      run: runName(world),
      head: at.branch.tip,
      branch: at.branch.name,
      jobs: jobsOf(work, at.checkout.settings),
      removed: Object.fromEntries(removed),
      merged: Object.fromEntries(changes.filter(([, numbers]) => numbers.length > 0)),
      later: [],
      kept: [],
    },
    found: flying.map((item) => ({ kind: 'in-flight', id: item.id, item })),
    changes: [],
    passive: 0,
    findings: [],
  }
}

/** Whether a plan is what is missing, and one can be made now. */
function needsPlan(item: Extract<StatusItem, { kind: 'in-flight' }>, { items, checkout }: Status): boolean {
  if (item.refusal !== undefined && !item.removal) return false
  if (!['plan', 're-plan', 'upstream'].includes(item.waitsFor.kind)) return false
  if (item.plan !== undefined && item.waitsFor.kind !== 're-plan') return false
  const never = new Set(items.flatMap((it) => (it.applied === undefined && it.kind === 'in-flight' ? [it.id] : [])))
  const instance = checkout.inventory.get(item.id)
  // Its values are not there before what it reads is applied for the first time.
  const reads = instance ? dependencies(instance).filter(({ call }) => call !== undefined) : []
  return item.removal !== undefined || !reads.some(({ on }) => never.has(on))
}

function tookLast({ plans }: AddressDocument): number | undefined {
  return plans.findLast(({ durationMs }) => durationMs !== undefined)?.durationMs
}

function timed(durationMs: number | undefined): Pick<Work, 'durationMs'> {
  return durationMs === undefined ? {} : { durationMs }
}

function jobsOf(work: readonly Work[], { github: { maxJobs, instancesPerJob } }: Settings): JobsFile['jobs'] {
  return packed(work, { maxJobs, perJob: instancesPerJob }).map(({ name, ids }) => ({
    name,
    ids: ids as InstanceId[],
  }))
}

/** The commit where a change left the branch that it is to be merged into. @throws UserError `merge-base-unknown` */
export async function forkOf({ repo }: Pick<World, 'repo'>, head: CommitId, into: string): Promise<CommitId> {
  const tip = (await repo.resolve(`refs/remotes/origin/${into}`)) ?? (await repo.resolve(`refs/heads/${into}`))
  const fork = tip && (await repo.mergeBase(head, tip))
  if (fork !== undefined) return fork
  throw new UserError({
    code: 'merge-base-unknown',
    message: `${into} and ${head.slice(0, 7)} have no common commit here`,
    fix: 'check out with the whole history: fetch-depth: 0 of actions/checkout',
    exit: 2,
  })
}
