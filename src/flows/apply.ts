import type { Edge } from '../graph/graph.ts'
import { waves } from '../graph/waves.ts'
import type { Command } from '../records/commands.ts'
import { transact } from '../records/journal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { type AfterApply, afterApply } from './after-apply.ts'
import { type ApplyResult, type ApplyRun, applyOne } from './apply-one.ts'
import { remembered } from './asking.ts'
import { confirmer, freshMs } from './confirm.ts'
import { afterIn, edgesOf, orderAmong } from './edges.ts'
import { flushSoon } from './flush.ts'
import { mergedAt } from './merged.ts'
import { mustBeKnown } from './named.ts'
import { toolOf, type WorkEvents } from './plan-one.ts'
import { runBy, runName } from './run-name.ts'
import { schedule } from './schedule.ts'
import { hasTask, type RemovalOrder, type Status, type StatusItem, status, type TaskItem } from './status.ts'
import { type Task, taskAt } from './task.ts'
import type { World } from './world.ts'

/** What to apply; without instances: all that is in flight. */
export interface ApplyRequest {
  readonly component?: string
  readonly stack?: string
  /** Only these: what one job of a run was given. */
  readonly ids?: ReadonlySet<InstanceId>
  readonly parallel?: number
  readonly terraform?: string
  /** Make a plan where none is sealed, instead of only saying so. */
  readonly planMissing?: boolean
}

export type ApplyItem = (ApplyResult | { readonly kind: 'blocked'; readonly by: InstanceId }) & {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
}

export interface ApplyOutcome {
  readonly run: string
  readonly branch: Status['branch']
  /** In the order in which they were worked on. */
  readonly items: readonly ApplyItem[]
  /** What only the records had to be told: a changed name, a state that was moved. */
  readonly settled: readonly Settled[]
  /** What is still in flight when the run ends: computed anew. */
  readonly left: Status
  /** What it meant for open pull requests. */
  readonly others: AfterApply
}

export interface Settled {
  readonly id: InstanceId
  readonly words: string
}

export interface ApplyEvents extends WorkEvents {
  begin(total: number, parallel: number): void
  finished(item: ApplyItem): void
}

/** Applies what is in flight on the protected branch and approved, dependencies first. */
export async function applyInFlight(world: World, request: ApplyRequest, events: ApplyEvents): Promise<ApplyOutcome> {
  const before = await status(world)
  const { checkout } = before
  mustBeAsked(before, request)
  const chosen = before.items.filter((item) => isAsked(item, request))
  const items = new Map(
    chosen.flatMap((item) => (hasTask(item) && isToApply(item, request) ? [[item.id, item] as const] : [])),
  )
  const tasks = new Map([...items].map(([id, { task }]) => [id, task]))
  // Readers of what is applied here: the value they read may move under them.
  const readers = readersOf(before, new Set(tasks.keys()), request)
  const all = new Map([...tasks, ...readers])
  const notAsked = new Set(before.items.flatMap(({ kind, id }) => (kind === 'in-flight' && !tasks.has(id) ? [id] : [])))
  const order = [
    ...orderAmong(new Set([...all.keys(), ...notAsked]), checkout.subjects),
    ...removalEdges(before, new Set(all.keys())),
  ]
  waves([...all.keys()], order)
  const after = afterIn(order)
  const readsOf = afterIn(edgesOf(new Map([...all].map(([id, { subject }]) => [id, subject]))))
  const applied = new Set<InstanceId>()
  const results = new Map<InstanceId, ApplyItem>()
  const parallel = request.parallel ?? checkout.settings.parallel ?? world.machine.cores
  const run: ApplyRun = {
    checkout,
    tool: all.size === 0 ? NO_TOOL : await toolOf(world, checkout, request.terraform),
    run: runName(world),
    by: await runBy(world),
    branch: before.branch.name,
    pullRequest: undefined,
    destroys: before.items.find(isCounted)?.removal.destroys,
    merged: await mergedAt(world, before.branch.tip),
    confirm: confirmer(world, before),
    follow: remembered(world.repo.follow, freshMs),
    moved: (id) => request.planMissing === true || readsOf(id).some((it) => applied.has(it as InstanceId)),
  }
  if (all.size > 0) events.begin(all.size, parallel)
  await schedule([...all.keys()], after, parallel, async (node) => {
    const task = all.get(node as InstanceId)!
    const { id, component, stack } = task.subject.instance
    const keep = (result: ApplyResult | { readonly kind: 'blocked'; readonly by: InstanceId }) => {
      const item = { ...result, id, component, stack }
      results.set(id, item)
      events.finished(item)
    }
    const upstream = after(id).find((it) => stops(results.get(it as InstanceId)))
    if (upstream !== undefined) return keep({ kind: 'blocked', by: upstream as InstanceId })
    // A reader that was not in flight comes into it only when something it reads was applied.
    if (readers.has(id) && !run.moved(id)) return
    const upstreams = after(id).filter((it) => notAsked.has(it as InstanceId)) as InstanceId[]
    if (upstreams.length > 0) return keep({ kind: 'waits', for: 'upstream', upstreams })
    const item = items.get(id)
    if (item?.kind === 'in-flight' && item.refusal) {
      const { message, fix } = item.refusal
      return keep({ kind: 'refused', message, fix })
    }
    const result = await applyOne(world, run, task, events)
    if (result.kind === 'applied') applied.add(id)
    keep(result)
  })
  const settled = await settle(world, run, chosen)
  const others = await afterApply(world, checkout, applied)
  return {
    run: run.run,
    branch: before.branch,
    items: [...results.values()],
    settled,
    left: await status(world),
    others,
  }
}

/** Writes down what needs no work: a name that has changed, a state that is not at its old address any more. */
async function settle(world: World, run: ApplyRun, items: readonly StatusItem[]): Promise<Settled[]> {
  const settled: Settled[] = []
  for (const { id, document, ...item } of items) {
    const command: Command | undefined =
      item.kind === 'moved'
        ? { kind: 'rename', to: id }
        : item.kind === 'absent' && item.why === 'closed'
          ? { kind: 'close', name: id, commit: run.checkout.commit, by: run.by }
          : undefined
    if (command === undefined) continue
    const decision = await transact(world.journal, document.address, command)
    if (decision.kind === 'refused') continue // somebody works on it: the next run settles it
    await flushSoon(world.journal, document.address)
    const words = item.kind === 'moved' ? movedWords(item.from) : item.kind === 'absent' ? item.words : ''
    settled.push({ id, words })
  }
  return settled
}

/** What is told of an instance that has the state of another name. */
export function movedWords(from: InstanceId): string {
  return `moved from ${from}: it has the same state, nothing is destroyed`
}

/** A removal comes after what read it until now. */
function removalEdges({ items }: Status, nodes: ReadonlySet<InstanceId>): Edge[] {
  return items.flatMap((item): Edge[] =>
    item.kind === 'in-flight' && item.removal && nodes.has(item.id)
      ? item.removal.after.map((to) => ({ from: item.id, to, why: `was read by ${to}` }))
      : [],
  )
}

function isCounted(item: StatusItem): item is StatusItem & { removal: RemovalOrder } {
  return item.kind === 'in-flight' && item.removal?.destroys !== undefined
}

const NO_TOOL: ApplyRun['tool'] = { kind: 'terraform', path: '', version: '' }

function isAsked(
  { id, component, stack }: Pick<StatusItem, 'id' | 'component' | 'stack'>,
  request: ApplyRequest,
): boolean {
  return (
    (request.ids === undefined || request.ids.has(id)) &&
    (request.component === undefined || request.component === component) &&
    (request.stack === undefined || request.stack === stack)
  )
}

/** What is not in flight is applied when a person said yes to a plan of it, or names it. */
function isToApply(item: TaskItem, { component, stack }: ApplyRequest): boolean {
  if (item.kind !== 'unknown' && item.kind !== 'drifted') return true
  if (component !== undefined && stack !== undefined) return true
  return item.plan !== undefined && (item.approval?.kind === 'approved' || item.approval?.kind === 'not-needed')
}

/** A removed instance is known to the records alone. @throws UserError `component-unknown`, `stack-unknown` */
function mustBeAsked({ checkout, items }: Status, request: ApplyRequest): void {
  if (!items.some((item) => isAsked(item, request))) mustBeKnown(checkout, request)
}

/** Whether what comes after an instance must not go on. */
function stops(item: ApplyItem | undefined): boolean {
  return item !== undefined && item.kind !== 'applied' && item.kind !== 'advanced'
}

/** Instances that are clean, are asked for, and read, directly or through others, what is about to be applied. */
function readersOf(
  { checkout, items }: Status,
  asked: ReadonlySet<InstanceId>,
  request: ApplyRequest,
): Map<InstanceId, Task> {
  const dirty = new Set(items.map(({ id }) => id))
  const edges = edgesOf(checkout.subjects)
  const found = new Map<InstanceId, Task>()
  const queue = [...asked] as string[]
  const seen = new Set<string>(queue)
  while (queue.length > 0) {
    const here = queue.shift()!
    for (const { from } of edges.filter((it) => it.to === here && it.why.startsWith('reads '))) {
      if (seen.has(from)) continue
      seen.add(from)
      queue.push(from)
      const subject = checkout.subjects.get(from as InstanceId)!
      if (!dirty.has(subject.instance.id) && isAsked(subject.instance, request))
        found.set(subject.instance.id, taskAt(checkout, subject))
    }
  }
  return found
}
