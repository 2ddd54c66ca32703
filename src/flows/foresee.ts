import { dependencies } from '../affected/dependencies.ts'
import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import { parsePlan } from '../plan/parse.ts'
import type { Plan } from '../plan/plan.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { afterIn, edgesOf } from './edges.ts'
import { fillIn, type Planned, stateRef } from './fill-in.ts'
import { openSession, type PlanRun } from './plan-one.ts'
import { actingRole } from './role.ts'
import { schedule } from './schedule.ts'
import { type Task, taskAt } from './task.ts'
import type { World } from './world.ts'

/** What a job plans, and what changes besides. */
export interface Foresight {
  /** Instances of this job. */
  readonly own: readonly Subject[]
  /** Instances that change too, and that another job plans, or nobody yet. */
  readonly elsewhere: ReadonlySet<InstanceId>
  readonly parallel: number
}

/**
 * Plans of what a job's instances read and other jobs change, directly or through others, so that a reader is planned with
 * what its upstream will give. They are for that only: nothing is sealed, stored or told, and what cannot be planned is left
 * out. So is what was never applied, since planning that would make its workspace, while the job whose it is makes it too.
 */
export async function foresee(
  world: World,
  run: PlanRun,
  { own, elsewhere, parallel }: Foresight,
): Promise<ReadonlyMap<InstanceId, Plan>> {
  const subjects = readOf(run, own, elsewhere)
  const plans = new Map<InstanceId, Plan>()
  const planned = (id: InstanceId) => plans.get(id) ?? (subjects.has(id) || elsewhere.has(id) ? 'elsewhere' : undefined)
  await schedule([...subjects.keys()], afterIn(edgesOf(subjects)), parallel, async (node) => {
    const id = node as InstanceId
    const plan = await unlessRefused(() => passingPlan(world, run, taskAt(run.checkout, subjects.get(id)!), planned))
    if (plan !== undefined) plans.set(id, plan)
  })
  return plans
}

/** What is planned elsewhere and read here, and of this job what that reads. */
function readOf(
  { checkout }: PlanRun,
  own: readonly Subject[],
  elsewhere: ReadonlySet<InstanceId>,
): ReadonlyMap<InstanceId, Subject> {
  const mine = new Set(own.map(({ instance }) => instance.id))
  const found = new Map<InstanceId, Subject>()
  const queue = own.map((subject) => ({ subject, isOwn: true }))
  for (const { subject, isOwn } of queue)
    for (const { on, call } of dependencies(subject.instance)) {
      const upstream = checkout.subjects.get(on)
      const isWanted = elsewhere.has(on) || (!isOwn && mine.has(on))
      if (call === undefined || upstream === undefined || !isWanted || found.has(on)) continue
      found.set(on, upstream)
      queue.push({ subject: upstream, isOwn: false })
    }
  return found
}

/** A plan that leaves nothing behind. It takes no lock either: the job whose it is may hold that just now. */
async function passingPlan(
  world: World,
  run: PlanRun,
  task: Task,
  planned: (id: InstanceId) => Planned,
): Promise<Plan | undefined> {
  const { instance } = task.subject
  const state = await world.states.read(stateRef(instance, world.repo.mainWorktree, actingRole(world, instance)))
  if (state === undefined || (state.objects === 0 && Object.keys(state.outputs).length === 0)) return undefined
  const filling = await fillIn(world, task.at, task.subject, planned)
  if (filling.kind === 'deferred') return undefined
  const { session } = await openSession(world, run, task, filling, { doing: () => {} })
  try {
    const ran = await session.plan({ destroy: false, extraArgs: ['-lock=false'] })
    return ran.kind === 'planned' ? parsePlan(ran.json, ran.lockFile) : undefined
  } finally {
    await session.close()
  }
}

async function unlessRefused(plan: () => Promise<Plan | undefined>): Promise<Plan | undefined> {
  try {
    return await plan()
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
