import type { Change } from '../affected/affected.ts'
import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import { GONE } from '../records/document.ts'
import { outcomeObject, type UnplannedOutcome } from '../records/inbox.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Store } from '../store/store.ts'
import { type CommitCheckout, checkout, commitOf, mustBeConfigured } from './checkout.ts'
import { addressOf } from './documents.ts'
import { edgesOf } from './edges.ts'
import { foresee } from './foresee.ts'
import { type JobPlan, type JobsFile, plannedCommit } from './jobs-file.ts'
import { type PlanRun, toolOf } from './plan-one.ts'
import { type PlanEvents, type PlanItem, planTasks } from './planning.ts'
import { runBy } from './run-name.ts'
import { type Task, taskAt } from './task.ts'
import type { World } from './world.ts'

/** What one plan job came to. */
export interface PlanJobOutcome {
  /** In id order. */
  readonly items: readonly PlanItem[]
  readonly checkout: CommitCheckout
}

/**
 * Plans the instances of one job. It runs code of the pull request, so it only creates objects: sealed plans, and what it
 * came to where there is no plan. Documents are neither written nor read here.
 */
export async function planJob(given: World, file: JobsFile, job: JobPlan, events: PlanEvents): Promise<PlanJobOutcome> {
  const world = { ...given, store: creating(given.store) }
  const side = await checkout(world, await plannedCommit(world, file))
  mustBeConfigured(side, world.repo.root)
  const tasks = await tasksOf(world, side, file, job)
  const run: PlanRun = {
    checkout: side,
    head: file.head,
    tool: await toolOf(world, side, undefined),
    run: file.run,
    by: await runBy(world),
    branch: file.branch,
    pullRequest: file.pullRequest,
    merged: async ({ instance }) => file.merged[instance.id] ?? [],
  }
  const own = new Set(job.ids)
  const others = new Set(
    [...file.jobs.flatMap(({ ids }) => ids), ...file.later, ...file.kept].filter((id) => !own.has(id)),
  )
  const subjects = new Map([...tasks].flatMap(([id, { target, subject }]) => (target === GONE ? [] : [[id, subject]])))
  const parallel = side.settings.parallel ?? world.machine.cores
  events.begin(tasks.size, parallel)
  const about = (id: InstanceId) => {
    const task = tasks.get(id)!
    const change: Change = { id, kind: 'destroy', before: task.subject, after: undefined, reasons: [] }
    return { change: task.target === GONE ? change : undefined }
  }
  const foreseen = await foresee(world, run, { own: [...subjects.values()], elsewhere: others, parallel })
  const elsewhere = new Map([...others].map((id) => [id, foreseen.get(id) ?? ('elsewhere' as const)]))
  const planning = { tasks, edges: edgesOf(subjects), parallel, about, elsewhere }
  const left: Promise<unknown>[] = []
  const items = await planTasks(world, run, planning, {
    ...events,
    finished(item) {
      const word = leave(world, file, tasks.get(item.id)!, item)
      word.catch(() => undefined) // it is waited for below, when all is planned
      left.push(word)
      events.finished(item)
    },
  })
  await Promise.all(left)
  return { items: [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), checkout: side }
}

async function tasksOf(
  world: World,
  side: CommitCheckout,
  { removed }: JobsFile,
  { ids }: JobPlan,
): Promise<ReadonlyMap<InstanceId, Task>> {
  const others = new Map<CommitId, CommitCheckout>()
  const at = async (commit: CommitId) => {
    const known = others.get(commit) ?? (await checkout(world, await commitOf(world, commit), { other: side }))
    others.set(commit, known)
    return known
  }
  const tasks = new Map<InstanceId, Task>()
  for (const id of ids) {
    const gone = removed[id]
    const then = gone ? await at(gone.commit) : side
    const subject = then.subjects.get(gone?.name ?? id)
    if (subject === undefined) throw vanished(id, then.commit)
    tasks.set(id, gone ? { subject, at: then, target: GONE, action: 'destroy' } : taskAt(side, subject))
  }
  return tasks
}

function vanished(id: InstanceId, commit: CommitId): UserError {
  return new UserError({
    code: 'instance-unknown',
    message: `${id} was to be planned, and commit ${commit.slice(0, 7)} does not have it`,
    fix: 'run the whole workflow again: jobs.json belongs to another commit',
  })
}

/** Leaves word of what came to no plan. */
async function leave(world: World, file: JobsFile, task: Task, item: PlanItem): Promise<void> {
  const words = outcomeOf(item)
  if (words === undefined) return
  const { key, bytes } = outcomeObject({
    address: addressOf(task.subject.instance),
    name: item.id,
    run: file.run,
    commit: file.head,
    fingerprint: task.target,
    outcome: words,
  })
  await world.store.put(key, bytes, { kind: 'absent' })
}

const mostOutput = 8_000

function outcomeOf(item: PlanItem): UnplannedOutcome | undefined {
  switch (item.kind) {
    case 'failed':
      // The end of what Terraform said is where it says what is wrong.
      return {
        kind: 'failed',
        step: item.step,
        output: item.output.length > mostOutput ? `…${item.output.slice(-mostOutput)}` : item.output,
      }
    case 'deferred':
      return { kind: 'deferred', waitsFor: item.waitsFor }
    case 'blocked':
      return { kind: 'blocked', by: item.by }
    case 'refused':
      return { kind: 'refused', code: item.code, message: item.message, fix: item.fix }
    case 'planned':
    case 'not-planned':
      return undefined
  }
}

/** The store as a plan job may use it: what it asks of records is answered as if there were none. */
function creating(store: Store): Store {
  return { ...store, get: async () => undefined, list: async () => [], versions: async () => new Map() }
}
