import { UserError } from '../error.ts'
import { waves } from '../graph/waves.ts'
import type { PlanDifference } from '../plan/covers.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import type { Person, PlanRecord } from '../records/document.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { type ApplyEvents, type ApplyItem, applyInFlight, type Settled } from './apply.ts'
import { approvePlans } from './approve.ts'
import { commitOf } from './checkout.ts'
import { edgesOf } from './edges.ts'
import { mustBeKnown } from './named.ts'
import { type Status, type StatusItem, status } from './status.ts'
import type { World } from './world.ts'

/** What to bring up: a whole stack, or one component of it. */
export interface UpRequest {
  readonly component?: string
  readonly stack: string
  /** Say yes, in the name of Git's user, to every plan that is shown. */
  readonly approve: boolean
  readonly parallel?: number
  readonly terraform?: string
}

/** A plan that nobody has agreed to yet. */
export interface Waiting {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
  readonly plan: PlanRecord
  readonly model: RedactedPlan | undefined
  /** How it differs from the plan that was approved, where one was. */
  readonly differences: readonly PlanDifference[] | undefined
}

/** What a person says of a plan; `nobody`: there is none to ask. */
export type Answer = 'yes' | 'no' | 'nobody'

export interface UpEvents extends ApplyEvents {
  /** Shows a plan that waits, whoever answers. */
  shown(waiting: Waiting): void
  ask(waiting: Waiting): Promise<Answer>
  /** A yes was recorded. */
  approved(waiting: Waiting, by: Person): void
}

export interface UpOutcome {
  readonly branch: Status['branch']
  /** What was asked for and is as the tip asks already, in dependency order. */
  readonly clean: readonly InstanceId[]
  /** How each of the others came out in the end, in the order in which they were worked on first. */
  readonly items: readonly ApplyItem[]
  readonly approved: readonly { readonly id: InstanceId; readonly by: Person }[]
  /** What only the records had to be told. */
  readonly settled: readonly Settled[]
  /** What is still in flight of what was asked for. */
  readonly left: readonly StatusItem[]
}

/**
 * Plans, asks for approval and applies, dependencies first, until all that was asked for is applied or somebody is
 * awaited. What is clean is skipped, so that a run that stopped is continued by running it again.
 * @throws UserError `not-at-tip`, `stack-unknown`, `component-unknown`
 */
export async function up(world: World, request: UpRequest, events: UpEvents): Promise<UpOutcome> {
  const before = await statusAtTip(world, request)
  const { component, stack, parallel, terraform } = request
  const results = new Map<InstanceId, ApplyItem>()
  const approved: { readonly id: InstanceId; readonly by: Person }[] = []
  const answered = new Set<string>()
  const told: Settled[] = []
  for (;;) {
    const { items, settled, left } = await applyInFlight(
      world,
      {
        stack,
        ...(component !== undefined && { component }),
        ...(parallel !== undefined && { parallel }),
        ...(terraform !== undefined && { terraform }),
        planMissing: true,
      },
      events,
    )
    for (const item of items) results.set(item.id, item)
    told.push(...settled)
    const fresh = waitingIn(items, left.items).filter((it) => !answered.has(questionOf(it)))
    const { yes, refused } = await answers(world, request, fresh, events)
    for (const item of refused) results.set(item.id, item)
    for (const it of fresh) answered.add(questionOf(it))
    approved.push(...yes)
    if (yes.length > 0) continue
    return {
      branch: before.branch,
      clean: cleanBefore(before, request).filter((id) => !results.has(id)),
      items: [...results.values()],
      approved,
      settled: told,
      left: left.items.filter((item) => isAsked(item, request)),
    }
  }
}

/** Where the tip stands, which must be what is checked out: only it is ever applied. @throws UserError `not-at-tip` */
export async function statusAtTip(world: World, request: Pick<UpRequest, 'component' | 'stack'>): Promise<Status> {
  const here = await status(world)
  const head = await commitOf(world, 'HEAD')
  const { name, tip } = here.branch
  if (head !== tip)
    throw new UserError({
      code: 'not-at-tip',
      message: `${world.repo.branch ?? 'HEAD'} stands at ${head.slice(0, 7)}, and only the tip of ${name} (${tip.slice(0, 7)}) is applied`,
      fix: `git switch ${name}, and bring it to its tip; a branch is planned with airlock plan, and applied after its merge`,
      exit: 3,
    })
  // What was removed is known to the records alone.
  if (!here.items.some((item) => isAsked(item, request))) mustBeKnown(here.checkout, request)
  return here
}

/** One instance of a whole stack: where it stands, and in which wave its turn comes. */
export interface Turn {
  readonly id: InstanceId
  /** The first is 1. */
  readonly wave: number
  /** Undefined where it is clean. */
  readonly item: StatusItem | undefined
}

/** The order in which a run would go, and what each is waiting for: nothing is planned, stored or applied. */
export async function turns(
  world: World,
  request: Pick<UpRequest, 'component' | 'stack'>,
): Promise<{ readonly status: Status; readonly turns: readonly Turn[] }> {
  const here = await statusAtTip(world, request)
  const items = new Map(here.items.map((it) => [it.id, it]))
  const inOrder = wavesOf(here, request)
  // What the tip does not declare any more comes last.
  const gone = here.items.flatMap((it) => (isAsked(it, request) && !here.checkout.subjects.has(it.id) ? [it.id] : []))
  const found = [...inOrder, ...(gone.length > 0 ? [gone] : [])].flatMap((ids, index) =>
    ids.map((id): Turn => ({ id, wave: index + 1, item: items.get(id) })),
  )
  return { status: here, turns: found }
}

function wavesOf({ checkout: { subjects } }: Status, request: Pick<UpRequest, 'component' | 'stack'>): InstanceId[][] {
  const asked = new Map([...subjects].filter(([, { instance }]) => isAsked(instance, request)))
  return waves([...asked.keys()], edgesOf(asked)) as InstanceId[][]
}

function cleanBefore(before: Status, request: UpRequest): InstanceId[] {
  const moving = new Set(before.items.map(({ id }) => id))
  return wavesOf(before, request)
    .flat()
    .filter((id) => !moving.has(id))
}

/** Names what was asked: two instances may have plans that would do the same. */
function questionOf({ id, plan }: Waiting): string {
  return `${id} ${plan.digest}`
}

/** Plans that wait for a yes, in the order of `order`, whatever was planned first. */
function waitingIn(items: readonly ApplyItem[], order: readonly StatusItem[]): Waiting[] {
  const place = new Map(order.map(({ id }, index) => [id, index]))
  return items
    .flatMap((item): Waiting[] => {
      if (item.kind !== 'waits' || item.for !== 'approval' || item.plan === undefined) return []
      const { id, component, stack, plan, model, differences } = item
      return [{ id, component, stack, plan, model, differences }]
    })
    .sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0))
}

/** Shows each plan, and records a yes to those that somebody agrees to, where one person's yes to it alone counts. */
async function answers(
  world: World,
  { approve }: UpRequest,
  waiting: readonly Waiting[],
  events: UpEvents,
): Promise<{ readonly yes: { readonly id: InstanceId; readonly by: Person }[]; readonly refused: ApplyItem[] }> {
  const yes: { readonly id: InstanceId; readonly by: Person }[] = []
  const refused: ApplyItem[] = []
  let alone = false
  for (const it of waiting) {
    events.shown(it)
    const answer: Answer = approve ? 'yes' : alone ? 'nobody' : await events.ask(it)
    alone = answer === 'nobody'
    if (answer !== 'yes') continue
    const { id, component, stack, plan } = it
    try {
      const { by } = await approvePlans(world, { component, stack, digest: plan.digest, all: false })
      events.approved(it, by)
      yes.push({ id, by })
    } catch (error) {
      // Many removals are agreed to by their number, and some plans elsewhere than here.
      if (!(error instanceof UserError) || error.exit !== 3) throw error
      refused.push({ kind: 'refused', message: error.message, fix: error.fix ?? '', id, component, stack })
    }
  }
  return { yes, refused }
}

function isAsked(
  { component, stack }: { readonly component: string; readonly stack: string },
  request: Pick<UpRequest, 'component' | 'stack'>,
): boolean {
  return stack === request.stack && (request.component === undefined || component === request.component)
}
