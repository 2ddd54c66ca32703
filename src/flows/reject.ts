import { UserError } from '../error.ts'
import type { Person, PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { refusalWords } from '../records/refusal.ts'
import {
  type Answerable,
  type Approved,
  answerable,
  isNamedBy,
  mustBeLocal,
  type PlanNames,
  person,
  withModels,
} from './approve.ts'
import { addressOf } from './documents.ts'
import { flushSoon } from './flush.ts'
import { mustBeKnown } from './named.ts'
import { status } from './status.ts'
import type { World } from './world.ts'

/** Which plan to reject, and why; without names only a single one that waits is rejected. */
export interface RejectRequest extends PlanNames {
  readonly reason: string
}

export interface RejectOutcome {
  readonly by: Person
  readonly rejected: readonly Approved[]
  /** Plans that could be meant: with more than one, a person must choose. */
  readonly waiting: readonly Approved[]
}

/**
 * Records a no in the name of Git's user: to a plan that waits, to one that was approved, or to what an interrupted apply
 * has left. It takes every yes to the same back, until somebody approves it after all. @throws UserError
 */
export async function rejectPlans(world: Omit<World, 'terraform'>, request: RejectRequest): Promise<RejectOutcome> {
  mustBeLocal(world)
  const by = await person(world)
  const here = await status(world)
  const all = await answerable(world, here, ({ approval }) => approval?.kind !== 'rejected')
  const begun = here.items.flatMap((item): Answerable[] => {
    if (item.kind !== 'in-flight' || item.waitsFor.kind !== 'finish' || item.plan !== undefined) return []
    const { attempt } = item.waitsFor
    const plan = item.document.plans.find(({ id }) => id === attempt.plan)
    return plan === undefined ? [] : [{ ...item, plan, destroys: undefined }]
  })
  const named = [...all, ...begun].filter((it) => isNamedBy(request, it))
  if (named.length === 0) {
    mustBeKnown(here.checkout, request)
    throw nothingSoNamed(request, [...all, ...begun])
  }
  const isNamed = request.component !== undefined || request.stack !== undefined || request.digest !== undefined
  if (!isNamed && named.length > 1) return { by, rejected: [], waiting: await withModels(world, named) }
  for (const { id, plan, task } of named) {
    const address = addressOf(task.subject.instance)
    const { fingerprint, digest } = plan
    const decision = await transact(world.journal, address, {
      kind: 'reject',
      fingerprint,
      digest,
      by,
      reason: request.reason,
    })
    if (decision.kind === 'refused') {
      const { message, fix } = refusalWords(decision.refusal, id, here.nowMs)
      throw new UserError({ code: 'reject-refused', message, fix, exit: 3 })
    }
    await flushSoon(world.journal, address)
  }
  return { by, rejected: await withModels(world, named), waiting: [] }
}

function nothingSoNamed(
  { component, stack, digest }: PlanNames,
  all: readonly (Answerable & { readonly plan: PlanRecord })[],
): UserError {
  const what = [component, stack && `-s ${stack}`, digest && `with digest ${digest}`].filter((it) => it).join(' ')
  return new UserError({
    code: 'nothing-to-reject',
    message:
      what === '' ? 'no plan is there that could be rejected' : `no plan of ${what} is there that could be rejected`,
    fix:
      all.length === 0
        ? 'airlock status tells what is in flight'
        : `there are: ${all.map((it) => `${it.component} -s ${it.stack}`).join(', ')}`,
    exit: 3,
  })
}
