import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import type { Person, PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { refusalWords } from '../records/refusal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { checkout, commitOf } from './checkout.ts'
import { addressOf, allDocuments } from './documents.ts'
import { type EarlierApproval, earlierApproval } from './earlier-approval.ts'
import { flushSoon } from './flush.ts'
import { readModel } from './model.ts'
import { mustBeKnown } from './named.ts'
import { hasTask, type Status, type StatusItem, standing, status, type TaskItem } from './status.ts'
import type { World } from './world.ts'

/** Which plans to approve. */
export interface ApproveRequest extends PlanNames {
  /** Every plan that waits; without it and without names, only a single one is approved. */
  readonly all: boolean
}

/** How a person names plans. */
export interface PlanNames {
  readonly component?: string
  readonly stack?: string
  /** Only if the plan's digest begins so: for whoever wants to be sure of what they saw. */
  readonly digest?: string
  /** The number of removals that are agreed to, where more are in flight than go without saying. */
  readonly destroy?: number
}

export interface Approved {
  readonly id: InstanceId
  readonly plan: PlanRecord
  readonly model: RedactedPlan | undefined
  /** What was approved before this: how this differs. */
  readonly before: EarlierApproval | undefined
}

export interface ApproveOutcome {
  readonly by: Person
  readonly approved: readonly Approved[]
  /** Plans that wait and were not named: with more than one, a person must choose. */
  readonly waiting: readonly Approved[]
  readonly nowMs: number
}

/** Records a yes in the name of Git's user, bound to fingerprint and digest. @throws UserError */
export async function approvePlans(world: Omit<World, 'terraform'>, request: ApproveRequest): Promise<ApproveOutcome> {
  mustBeLocal(world)
  const by = await person(world)
  const here = await status(world)
  const isNamed = request.component !== undefined || request.stack !== undefined || request.digest !== undefined
  const waiting = await answerable(world, here, ({ approval }) => approval?.kind === 'missing')
  // A no is taken back only by name.
  const isOne = (request.component !== undefined && request.stack !== undefined) || request.digest !== undefined
  const rejected = isOne ? await answerable(world, here, ({ approval }) => approval?.kind === 'rejected') : []
  const named = [...waiting, ...rejected].filter((it) => isNamedBy(request, it))
  if (isNamed && named.length === 0) throw nothingSoNamed(request, waiting, here)
  if (!isNamed && !request.all && named.length > 1)
    return { by, approved: [], waiting: await withModels(world, waiting), nowMs: here.nowMs }
  mustBeCounted(named, request)
  for (const { id, plan, task, destroys } of named) {
    const decision = await transact(world.journal, addressOf(task.subject.instance), {
      kind: 'approve',
      fingerprint: plan.fingerprint,
      digest: plan.digest,
      how: 'local',
      by,
      ...(destroys !== undefined && { destroys }),
    })
    if (decision.kind === 'refused') {
      const { message, fix } = refusalWords(decision.refusal, id, here.nowMs)
      throw new UserError({ code: 'approve-refused', message, fix, exit: 3 })
    }
    await flushSoon(world.journal, addressOf(task.subject.instance))
  }
  return { by, approved: await withModels(world, named), waiting: [], nowMs: here.nowMs }
}

/** Refuses to agree to many removals but by their number. @throws UserError `destroys-uncounted` */
function mustBeCounted(named: readonly Answerable[], { destroy }: ApproveRequest): void {
  const removed = named.filter(({ destroys }) => destroys !== undefined)
  const count = removed[0]?.destroys
  if (count === undefined || destroy === count) return
  throw new UserError({
    code: 'destroys-uncounted',
    message: [
      `${count} instances are to be destroyed, more than destroy.max${destroy === undefined ? '' : `, and not ${destroy}`}:`,
      ...removed.map(({ component, stack }) => `  ${component} -s ${stack}`),
    ].join('\n'),
    fix: `look at each of them (airlock show); if that is meant: airlock approve --all --destroy ${count}`,
    exit: 3,
  })
}

/** An instance with something asked of it, and a plan to say yes or no to. */
export type Answerable = TaskItem & { readonly plan: PlanRecord; readonly destroys: number | undefined }

/** Plans of the protected branch's tip; and those of what is checked out, where that is another commit. */
export async function answerable(
  world: Omit<World, 'terraform'>,
  here: Status,
  wanted: (item: Answerable) => boolean,
): Promise<Answerable[]> {
  const head = await commitOf(world, 'HEAD')
  const more = head === here.branch.tip ? [] : await standingOfHead(world, head, here)
  const all = [...here.items, ...more].flatMap((item): Answerable[] =>
    hasTask(item) && item.plan !== undefined
      ? [{ ...item, plan: item.plan, destroys: item.kind === 'in-flight' ? item.removal?.destroys : undefined }]
      : [],
  )
  return all.filter((item, index) => wanted(item) && all.findIndex(({ plan }) => plan.id === item.plan.id) === index)
}

async function standingOfHead(world: Omit<World, 'terraform'>, head: CommitId, here: Status): Promise<StatusItem[]> {
  const at = await checkout(world, head, { other: here.checkout })
  const fork = await world.repo.mergeBase(head, here.branch.tip)
  const base =
    fork === here.branch.tip || fork === undefined ? here.checkout : await checkout(world, fork, { other: at })
  return standing(world, at, await allDocuments(world), base)
}

/** Whether a plan is one of those that a person named. */
export function isNamedBy(
  { component, stack, digest }: PlanNames,
  item: Pick<Answerable, 'component' | 'stack' | 'plan'>,
): boolean {
  const hex = (text: string) => text.replace(/^pd1:|\s/g, '')
  return (
    (component === undefined || item.component === component) &&
    (stack === undefined || item.stack === stack) &&
    (digest === undefined || hex(item.plan.digest).startsWith(hex(digest)))
  )
}

/** Refuses answers where records are not on this machine. @throws UserError `approve-local-only` */
export function mustBeLocal({ store }: Pick<World, 'store'>): void {
  if (store.url.startsWith('file:')) return
  throw new UserError({
    code: 'approve-local-only',
    message: `approvals on a laptop count only with records on this machine, and these are in ${store.url}`,
    fix: 'approve where the repository says: in the pull request, or in the environment',
    exit: 3,
  })
}

/** Plans as people may see them. */
export async function withModels(world: Pick<World, 'store'>, waiting: readonly Answerable[]): Promise<Approved[]> {
  return Promise.all(
    waiting.map(async ({ id, plan, document }) => {
      const model = await readModel(world, plan)
      return { id, plan, model, before: await earlierApproval(world, document, plan, model) }
    }),
  )
}

/** Whom Git takes for the user: who gives an answer. @throws UserError `person-unknown` */
export async function person({ repo }: Pick<World, 'repo'>): Promise<Person> {
  const [name, email] = await Promise.all([repo.config('user.name'), repo.config('user.email')])
  if (name && email) return { name, email }
  throw new UserError({
    code: 'person-unknown',
    message: `Git does not know who you are (${name ? 'user.email' : 'user.name'} is not set), and an approval needs a name`,
    fix: 'git config --global user.name "Your Name" && git config --global user.email you@example.com',
    exit: 2,
  })
}

function nothingSoNamed(
  { component, stack, digest }: ApproveRequest,
  waiting: readonly Answerable[],
  { checkout: tip, items }: Status,
): UserError {
  mustBeKnown(tip, { ...(component && { component }), ...(stack && { stack }) })
  const isApproved = items.some(
    (item) =>
      hasTask(item) && item.component === component && item.stack === stack && item.approval?.kind === 'approved',
  )
  const what = [component, stack && `-s ${stack}`, digest && `with digest ${digest}`].filter((it) => it).join(' ')
  return new UserError({
    code: 'nothing-to-approve',
    message: `no plan${component ? ' of' : ''} ${what} waits for an approval`,
    fix: isApproved
      ? `it is approved already: airlock apply ${component} -s ${stack}`
      : waiting.length === 0
        ? 'airlock status tells what is in flight'
        : `waiting: ${waiting.map((it) => `${it.component} -s ${it.stack}`).join(', ')}`,
    exit: 3,
  })
}
