import { callsForPerson } from '../drift/issue.ts'
import { UserError } from '../error.ts'
import { waves } from '../graph/waves.ts'
import { transact } from '../records/journal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { ApplyItem } from './apply.ts'
import { type ApplyResult, type ApplyRun, applyOne } from './apply-one.ts'
import { remembered } from './asking.ts'
import { confirmer, freshMs } from './confirm.ts'
import { addressOf, allDocuments } from './documents.ts'
import { type DriftEvents, type DriftOutcome, type DriftRequest, lookAround } from './drift.ts'
import { afterIn, orderAmong } from './edges.ts'
import { toolOf } from './plan-one.ts'
import { runBy, runName } from './run-name.ts'
import { schedule } from './schedule.ts'
import { type Status, type StatusItem, standing, status } from './status.ts'
import type { World } from './world.ts'

/** What was found, what was done about it, and what is left. */
export interface RemediateOutcome {
  readonly drift: DriftOutcome
  /** In the order in which they were worked on. */
  readonly items: readonly ApplyItem[]
  readonly left: Status
}

export interface RemediateEvents extends DriftEvents {
  beginRemedy(total: number, parallel: number): void
  remedied(item: ApplyItem): void
}

/**
 * Looks, and puts back what was changed outside: with a sealed plan, under the same approvals and claims as every apply.
 * What is in flight is not put back: what it becomes is decided already.
 * @throws UserError `remediate-in-flight` for an instance that was named
 */
export async function remediate(
  world: World,
  request: DriftRequest,
  events: RemediateEvents,
): Promise<RemediateOutcome> {
  const here = await status(world)
  mustBeAtRest(here, request)
  const drift = await lookAround(world, here, request, events)
  const { checkout, branch } = here
  const now = await standing(world, checkout, await allDocuments(world))
  const found = new Set(drift.items.flatMap((it) => (it.kind === 'drifted' ? [it.id] : [])))
  const tasks = new Map(
    now.flatMap((it): [InstanceId, Drifted][] =>
      it.kind === 'drifted' && found.has(it.id) && callsForPerson(it.finding.class) ? [[it.id, it]] : [],
    ),
  )
  const items = new Map<InstanceId, ApplyItem>()
  if (tasks.size > 0) {
    const parallel = request.parallel ?? checkout.settings.parallel ?? world.machine.cores
    const order = orderAmong(new Set(tasks.keys()), checkout.subjects)
    waves([...tasks.keys()], order)
    const after = afterIn(order)
    const run: ApplyRun = {
      checkout,
      tool: await toolOf(world, checkout, request.terraform),
      run: runName(world),
      by: await runBy(world),
      branch: branch.name,
      pullRequest: undefined,
      // The plan is made here: nobody else makes one of what is not in flight.
      moved: () => true,
      destroys: undefined,
      confirm: confirmer(world, here),
      follow: remembered(world.repo.follow, freshMs),
    }
    events.beginRemedy(tasks.size, parallel)
    await schedule([...tasks.keys()], after, parallel, async (node) => {
      const item = tasks.get(node as InstanceId)!
      const { id, component, stack } = item
      const upstream = after(id).find((it) => items.get(it as InstanceId)?.kind !== 'applied')
      const result: ApplyResult | { readonly kind: 'blocked'; readonly by: InstanceId } = upstream
        ? { kind: 'blocked', by: upstream as InstanceId }
        : await remedy(world, run, item, events)
      const done = { ...result, id, component, stack }
      items.set(id, done)
      events.remedied(done)
    })
  }
  return { drift, items: [...items.values()], left: await status(world) }
}

type Drifted = Extract<StatusItem, { kind: 'drifted' }>

/** Applies the plan that puts back what was found; one that was made before says nothing of that. */
async function remedy(world: World, run: ApplyRun, item: Drifted, events: RemediateEvents): Promise<ApplyResult> {
  const { task, plan, finding } = item
  if (plan !== undefined && plan.digest !== finding.digest)
    await transact(world.journal, addressOf(task.subject.instance), {
      kind: 'supersede',
      plans: [plan.id],
      why: 'newer-plan',
    })
  return applyOne(world, run, task, events)
}

function mustBeAtRest({ items, branch }: Status, { component, stack }: DriftRequest): void {
  const item = items.find((it) => it.component === component && it.stack === stack)
  if (item?.kind !== 'in-flight') return
  const failed = item.why.some(({ kind }) => kind === 'attempt-not-done')
  throw new UserError({
    code: 'remediate-in-flight',
    message: `${component} in ${stack} is in flight: ${failed ? 'its last apply is not done' : `${branch.name} asks for something else than is applied`}, so that there is nothing to put back to`,
    fix: `apply it, which decides what it becomes: airlock plan ${component} -s ${stack}; airlock approve ${component} -s ${stack}; airlock apply ${component} -s ${stack}`,
    exit: 3,
  })
}

/** Whether putting something back came out so that a person is awaited. */
export function isAwaited(item: ApplyItem): boolean {
  return item.kind === 'waits' || item.kind === 'refused' || item.kind === 'blocked'
}
