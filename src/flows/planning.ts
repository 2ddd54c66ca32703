import type { Change } from '../affected/affected.ts'
import { dependencies } from '../affected/dependencies.ts'
import type { Subject } from '../affected/subject.ts'
import { told, UserError } from '../error.ts'
import type { Edge } from '../graph/graph.ts'
import { GONE } from '../records/document.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { afterIn } from './edges.ts'
import type { Planned } from './fill-in.ts'
import type { Refused } from './left-behind.ts'
import { type PlanResult, type PlanRun, planOne, type WorkEvents } from './plan-one.ts'
import { staysRefused } from './plan-scope.ts'
import type { Reader } from './removals.ts'
import { schedule } from './schedule.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** Why an instance is planned: it changes between two commits, or it is in flight on the protected branch. */
export type PlanItem = (
  | PlanResult
  | { readonly kind: 'blocked'; readonly id: InstanceId; readonly by: InstanceId }
  /** Going on would do harm, and a person can free it. */
  | ({ readonly kind: 'refused'; readonly id: InstanceId } & Refused)
  | {
      readonly kind: 'not-planned'
      readonly id: InstanceId
      readonly why: string
    }
) & {
  readonly change: Change | undefined
  readonly component: string
  readonly stack: string
  /** For a removal: who still needs it, so that it is planned, and not applied. */
  readonly readers?: readonly Reader[]
}

/** An item as people are shown it: what of a plan is for computing only is left out. */
export type ShownItem =
  | Shown<PlanItem>
  /** Nobody planned it, for a reason of the whole change. */
  | (Pick<PlanItem, 'id' | 'component' | 'stack' | 'readers'> & { readonly kind: 'unplanned'; readonly change: Change })

type Shown<T> = T extends { readonly kind: 'planned' | 'failed' } ? Omit<T, 'plan' | 'warnings' | 'durationMs'> : T

export interface PlanEvents extends WorkEvents {
  begin(total: number, parallel: number): void
  finished(item: PlanItem): void
}

/** What is planned together, and in which order. */
export interface Planning {
  readonly tasks: ReadonlyMap<InstanceId, Task>
  readonly edges: readonly Edge[]
  readonly parallel: number
  /** Why an instance is planned, and who still needs it. */
  about(id: InstanceId): Pick<PlanItem, 'change' | 'readers'>
  /** Instances whose state is left behind at another address. */
  readonly refusals?: ReadonlyMap<InstanceId, Refused>
  /** Instances that change too and are not planned here, with what their plan will say where that is known. */
  readonly elsewhere?: ReadonlyMap<InstanceId, Exclude<Planned, undefined>>
}

/** Plans tasks in order, several at once; only creates objects. */
export async function planTasks(
  world: World,
  run: PlanRun,
  { tasks, edges, parallel, about: aboutOf, refusals = new Map(), elsewhere = new Map() }: Planning,
  events: Pick<PlanEvents, 'doing' | 'finished'>,
): Promise<Map<InstanceId, PlanItem>> {
  const results = new Map<InstanceId, PlanResult>()
  const items = new Map<InstanceId, PlanItem>()
  const after = afterIn(edges)
  const keep = (id: InstanceId, result: PlanItem) => {
    items.set(id, result)
    events.finished(result)
  }
  await schedule([...tasks.keys()], after, parallel, async (node) => {
    const task = tasks.get(node as InstanceId)!
    const { subject } = task
    const { id, component, stack } = subject.instance
    const about = { ...aboutOf(id), component, stack }
    const refusal = refusals.get(id)
    if (refusal !== undefined && (await staysRefused(world, run, task, refusal, events)))
      return keep(id, { kind: 'refused', id, ...refusal, ...about })
    const broken = after(id).find((it) => stoppers.includes(items.get(it as InstanceId)?.kind ?? ''))
    if (broken !== undefined) return keep(id, { kind: 'blocked', id, by: broken as InstanceId, ...about })
    const planned = (upstream: InstanceId) => {
      const result = results.get(upstream)
      return result?.kind === 'planned' ? result.plan : elsewhere.get(upstream)
    }
    const deferredUpstream = after(id).filter((it) => results.get(it as InstanceId)?.kind === 'deferred')
    const result: PlanResult =
      deferredUpstream.length > 0 && readsAny(subject, deferredUpstream)
        ? { kind: 'deferred', id, waitsFor: deferredUpstream as InstanceId[] }
        : await planOrSay(id, () => planOne(world, run, task, task.target === GONE ? () => undefined : planned, events))
    results.set(id, result)
    keep(id, { ...result, ...about })
  })
  return items
}

/** What stops the instances that come after it. */
const stoppers: readonly string[] = ['failed', 'blocked', 'refused']

/** One instance that cannot be prepared does not keep the others from being planned; a store that fails does. */
async function planOrSay(id: InstanceId, plan: () => Promise<PlanResult>): Promise<PlanResult> {
  try {
    return await plan()
  } catch (error) {
    if (!(error instanceof UserError) || error.code.startsWith('store-') || error.code.startsWith('key-')) throw error
    return { kind: 'failed', id, step: 'preparation', output: told(error), durationMs: 0 }
  }
}

function readsAny({ instance }: Subject, ids: readonly string[]): boolean {
  return dependencies(instance).some(({ on, call }) => call !== undefined && ids.includes(on))
}
