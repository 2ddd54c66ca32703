import type { Change } from '../affected/affected.ts'
import { dependencies } from '../affected/dependencies.ts'
import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import { waves } from '../graph/waves.ts'
import { fold } from '../records/fold.ts'
import { type InstanceId, instanceId } from '../stacks/instance.ts'
import type { Finding } from '../stacks/validate.ts'
import { findAffected, type SideName } from './affected.ts'
import {
  type Checkout,
  type CommitCheckout,
  checkout,
  commitOf,
  mustBeConfigured,
  protectedBranch,
} from './checkout.ts'
import { allDocuments, mustBeApart } from './documents.ts'
import { edgesOf } from './edges.ts'
import { manifestFindings } from './findings.ts'
import type { Refused } from './left-behind.ts'
import { mergedAt } from './merged.ts'
import { mustBeKnown, notRunnable } from './named.ts'
import { DAY_MS, type PlanRun, toolOf } from './plan-one.ts'
import { type PlannedRemoval, refusalsAmong, refusalsOf, removalsOf } from './plan-scope.ts'
import { type PlanEvents, type PlanItem, planTasks } from './planning.ts'
import { pullRequestOf } from './pull-requests.ts'
import { runBy, runName } from './run-name.ts'
import { type StatusItem, standing } from './status.ts'
import { taskAt } from './task.ts'
import type { World } from './world.ts'

/** What to plan; without instances: all that the branch changes, or, on the protected branch, all that is in flight. */
export interface PlanRequest {
  readonly component?: string
  readonly stack?: string
  readonly base?: string
  readonly parallel?: number
  /** `terraform`, `tofu` or a path, instead of what the repository asks for. */
  readonly terraform?: string
}

export interface PlanOutcome {
  readonly head: SideName
  /** What the branch is compared with; undefined on the protected branch itself. */
  readonly base: SideName | undefined
  readonly run: string
  /** In id order. */
  readonly items: readonly PlanItem[]
  readonly checkout: Checkout
  /** Instances affected in name only. */
  readonly passive: number
  /** What `validate stacks` says of the planned commit. */
  readonly findings: readonly Finding[]
  /** What an instance comes after is before it. */
  readonly order: readonly InstanceId[]
}

/** Plans, seals, stores, and folds what was stored into the documents. */
export async function planChanges(world: World, request: PlanRequest, events: PlanEvents): Promise<PlanOutcome> {
  const scope = await scopeOf(world, request)
  const { head, side, changes } = scope
  mustBeApart(side.subjects)
  const findings = await manifestFindings(side)
  const wanted = selected(scope, request)
  const subjects = new Map(wanted.flatMap(({ id, after }): [InstanceId, Subject][] => (after ? [[id, after]] : [])))
  const { removals, unplanned } = await removalsOf(world, side, scope.removals, wanted)
  const edges = edgesOf(subjects)
  const order = waves([...subjects.keys()], edges).flat() as InstanceId[]
  const parallel = request.parallel ?? side.settings.parallel ?? world.machine.cores
  const isTip = side.commit === scope.tip
  const run: PlanRun = {
    checkout: side,
    tool: await toolOf(world, side, request.terraform),
    run: runName(world),
    by: await runBy(world),
    branch: isTip ? head.name : world.repo.branch,
    pullRequest: isTip ? undefined : await pullRequestOf(world, world.repo.branch),
    ...(isTip && { merged: await mergedAt(world, scope.tip) }),
  }
  await foldLeft(world, side)
  const tasks = new Map([
    ...[...subjects].map(([id, it]) => [id, taskAt(side, it)] as const),
    ...[...removals].map(([id, it]) => [id, it.task] as const),
  ])
  events.begin(tasks.size, parallel)
  const changeOf = new Map(wanted.map((change) => [change.id, change]))
  const about = (id: InstanceId) => {
    const { readers, change } = removals.get(id) ?? {}
    return { change: changeOf.get(id) ?? change, ...(readers && { readers }) }
  }
  // With what runs left that were killed before they could.
  const takeIn = () => fold(world.journal, { maxAgeMs: side.settings.planDays * DAY_MS })
  const planning = planTasks(world, run, { tasks, edges, parallel, about, refusals: scope.refusals }, events)
  const items = await planning.catch(async (error: unknown) => {
    await takeIn().catch(() => undefined) // what was sealed before is kept, if the store lets us
    throw error
  })
  for (const { change, why } of unplanned) {
    const { component, stack } = change.before!.instance
    items.set(change.id, { kind: 'not-planned', id: change.id, why, change, component, stack })
  }
  await takeIn()
  return {
    head,
    base: scope.base,
    run: run.run,
    items: [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    checkout: side,
    findings,
    passive: changes.filter(({ kind }) => kind === 'passive').length,
    order: [...order, ...removals.keys()],
  }
}

/** Takes in what runs that were killed have sealed and not handed in. What cannot be read of it stands in nobody's way. */
async function foldLeft({ journal }: World, { settings }: Checkout): Promise<void> {
  try {
    await fold(journal, { maxAgeMs: settings.planDays * DAY_MS })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
}

interface Scope {
  readonly head: SideName
  /** Where the protected branch stands. */
  readonly tip: CommitId
  readonly base: SideName | undefined
  readonly side: CommitCheckout
  readonly changes: readonly Change[]
  /** Instances whose state is left behind at another address. */
  readonly refusals: ReadonlyMap<InstanceId, Refused>
  /** Removals that are known already, in the order in which they are done. */
  readonly removals: ReadonlyMap<InstanceId, PlannedRemoval>
}

async function scopeOf(world: World, request: PlanRequest): Promise<Scope> {
  const commit = await commitOf(world, 'HEAD')
  const side = await checkout(world, commit)
  mustBeConfigured(side, world.repo.root)
  const { tip, name } = await protectedBranch(world, side.settings)
  const head = { name: world.repo.branch ?? 'HEAD', commit, uncommitted: false }
  if (request.base === undefined && tip === commit) {
    const items = await standing(world, side, await allDocuments(world))
    const removals = items.flatMap((item): [InstanceId, PlannedRemoval][] =>
      item.kind === 'in-flight' && item.removal ? [[item.id, { task: item.task, readers: item.removal.readers }]] : [],
    )
    return {
      head: { ...head, name },
      tip,
      base: undefined,
      side,
      changes: inFlightChanges(side, items),
      refusals: refusalsOf(items),
      removals: new Map(removals),
    }
  }
  const revisions = { ...(request.base && { base: request.base }), head: 'HEAD' }
  const { base, changes } = await findAffected(world, revisions, side)
  const refusals = await refusalsAmong(world, side, changes)
  return { head, tip, base, side, changes, refusals, removals: new Map() }
}

/** On the protected branch: what is not applied yet, and what reads it. */
function inFlightChanges(side: CommitCheckout, items: readonly StatusItem[]): Change[] {
  const own = items.flatMap((item): Change[] => {
    if (item.kind !== 'in-flight') return []
    const { id, task, removal } = item
    if (removal)
      return [
        {
          id,
          kind: 'destroy',
          before: task.subject,
          after: undefined,
          reasons: [{ kind: 'removed', was: task.subject.instance.at }],
        },
      ]
    const kind = item.applied === undefined ? 'create' : 'update'
    return [{ id, kind, before: undefined, after: task.subject, reasons: [] }]
  })
  const moved = new Set<string>(own.map(({ id }) => id))
  for (;;) {
    const more = [...side.subjects.values()].filter(
      ({ instance }) =>
        !moved.has(instance.id) && dependencies(instance).some(({ on, call }) => call !== undefined && moved.has(on)),
    )
    if (more.length === 0) return own.sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const after of more) {
      const { id } = after.instance
      moved.add(id)
      const reasons = dependencies(after.instance).flatMap(({ on, call }) =>
        call !== undefined && moved.has(on) ? [{ kind: 'reads', call, of: on } as const] : [],
      )
      own.push({ id, kind: 'may', before: after, after, reasons })
    }
  }
}

/** @throws UserError `component-unknown`, `nothing-to-plan` */
function selected({ changes, side }: Scope, { component, stack }: PlanRequest): Change[] {
  const wanted = changes.filter(({ kind }) => kind !== 'passive')
  if (component === undefined && stack === undefined) return wanted
  if (component !== undefined && stack !== undefined) {
    const known = wanted.find((change) => change.id === instanceId(component, stack))
    if (known) return [known]
    const { id } = side.stacks.instance(component, stack)
    const subject = side.subjects.get(id)
    if (subject) return [{ id, kind: 'may', before: subject, after: subject, reasons: [] }]
    throw notRunnable(id)
  }
  const found = wanted.filter(({ before, after }) => {
    const { instance } = (after ?? before)!
    return (
      (component === undefined || instance.component === component) && (stack === undefined || instance.stack === stack)
    )
  })
  if (found.length === 0) mustBeKnown(side, { ...(component && { component }), ...(stack && { stack }) })
  return found
}
