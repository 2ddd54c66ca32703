import { UserError } from '../error.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import type { Person, PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { refusalWords } from '../records/refusal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { type ApprovedBefore, approvedBefore } from './approved-before.ts'
import { checkout, commitOf } from './checkout.ts'
import { addressOf, allDocuments } from './documents.ts'
import { flushSoon } from './flush.ts'
import { readModel } from './model.ts'
import { mustBeKnown } from './named.ts'
import { type Status, type StatusItem, standing, status } from './status.ts'
import type { World } from './world.ts'

/** Which plans to approve. */
export interface ApproveRequest {
  readonly component?: string
  readonly stack?: string
  /** Every plan that waits; without it and without names, only a single one is approved. */
  readonly all: boolean
  /** Only if the plan's digest begins so: for whoever wants to be sure of what they saw. */
  readonly digest?: string
}

export interface Approved {
  readonly id: InstanceId
  readonly plan: PlanRecord
  readonly model: RedactedPlan | undefined
  /** What was approved before this: how this differs. */
  readonly before: ApprovedBefore | undefined
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
  if (!world.store.url.startsWith('file:'))
    throw new UserError({
      code: 'approve-local-only',
      message: `approvals on a laptop count only with records on this machine, and these are in ${world.store.url}`,
      fix: 'approve where the repository says: in the pull request, or in the environment',
      exit: 3,
    })
  const by = await person(world)
  const here = await status(world)
  const waiting = await waitingPlans(world, here)
  const named = waiting.filter(
    ({ component, stack, plan }) =>
      (request.component === undefined || component === request.component) &&
      (request.stack === undefined || stack === request.stack) &&
      (request.digest === undefined ||
        plan.digest.replace(/^pd1:/, '').startsWith(request.digest.replace(/^pd1:|\s/g, ''))),
  )
  const isNamed = request.component !== undefined || request.stack !== undefined || request.digest !== undefined
  if (isNamed && named.length === 0) throw nothingSoNamed(request, waiting, here)
  if (!isNamed && !request.all && named.length > 1)
    return { by, approved: [], waiting: await withModels(world, waiting), nowMs: here.nowMs }
  for (const { id, plan, task } of named) {
    const decision = await transact(world.journal, addressOf(task.subject.instance), {
      kind: 'approve',
      fingerprint: plan.fingerprint,
      digest: plan.digest,
      how: 'local',
      by,
    })
    if (decision.kind === 'refused') {
      const { message, fix } = refusalWords(decision.refusal, id, here.nowMs)
      throw new UserError({ code: 'approve-refused', message, fix, exit: 3 })
    }
    await flushSoon(world.journal, addressOf(task.subject.instance))
  }
  return { by, approved: await withModels(world, named), waiting: [], nowMs: here.nowMs }
}

type Waiting = Exclude<StatusItem, { kind: 'orphan' }> & { readonly plan: PlanRecord }

/** Plans of the protected branch's tip that wait for a yes; and those of what is checked out, where that is another commit. */
async function waitingPlans(world: Omit<World, 'terraform'>, here: Status): Promise<Waiting[]> {
  const head = await commitOf(world, 'HEAD')
  const more =
    head === here.branch.tip
      ? []
      : await standing(world, await checkout(world, head, { other: here.checkout }), await allDocuments(world))
  const all = [...here.items, ...more].flatMap((item): Waiting[] =>
    item.kind !== 'orphan' && item.plan !== undefined && item.approval?.kind === 'missing'
      ? [{ ...item, plan: item.plan }]
      : [],
  )
  return all.filter(({ plan }, index) => all.findIndex((it) => it.plan.id === plan.id) === index)
}

async function withModels(world: Pick<World, 'store'>, waiting: readonly Waiting[]): Promise<Approved[]> {
  return Promise.all(
    waiting.map(async ({ id, plan, document }) => {
      const model = await readModel(world, plan)
      return { id, plan, model, before: await approvedBefore(world, document, plan, model) }
    }),
  )
}

/** Git's user, in whose name a word is recorded. @throws UserError `person-unknown` */
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
  waiting: readonly Waiting[],
  { checkout: tip, items }: Status,
): UserError {
  mustBeKnown(tip, { ...(component && { component }), ...(stack && { stack }) })
  const isApproved = items.some(
    (item) =>
      item.kind !== 'orphan' &&
      item.component === component &&
      item.stack === stack &&
      item.approval?.kind === 'approved',
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
