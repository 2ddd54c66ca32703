import { UserError } from '../error.ts'
import { mayExist, residual } from '../plan/residual.ts'
import type { SealedPlan } from '../plan/seal.ts'
import type { Attempt, PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { changesNothing } from '../records/plans.ts'
import { approvedBefore, type Finding, finding } from '../records/settle.ts'
import type { ApplyRun } from './apply-one.ts'
import { addressOf } from './documents.ts'
import { readModel } from './model.ts'
import type { Known } from './plan-again.ts'
import { openSealed } from './sealed.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** What a fresh plan is of what was approved before an attempt was interrupted. */
export interface Rest {
  readonly found: Finding
  /** The approved plan that this one is what is left of; undefined where it is another. */
  readonly of: PlanRecord | undefined
  /** The approved plan that it was compared with. */
  readonly compared: PlanRecord | undefined
}

/** Finds out what an attempt that did not end well has come to, and writes it down. */
export async function restOf(
  world: Pick<World, 'store' | 'vault' | 'journal'>,
  run: Pick<ApplyRun, 'by' | 'run'>,
  { subject }: Pick<Task, 'subject'>,
  attempt: Attempt,
  plan: PlanRecord,
  { document, state }: Pick<Known, 'document' | 'state'>,
): Promise<Rest> {
  const fresh = (await openSealed(world, subject, plan)).covered
  const begun = document.plans.find(({ id }) => id === attempt.plan)
  const comparedWith = async (earlier: PlanRecord) => {
    const sealed = await openIfWhole(world, subject, earlier)
    return sealed && residual(sealed.covered, fresh)
  }
  const found = finding({
    attempt,
    state,
    rest: changesNothing(plan) ? 'nothing' : begun && (await comparedWith(begun)),
    mayExist: await lostBetween(world, begun, plan),
  })
  const approved = approvedBefore(document, attempt, await world.store.now())
  let of: PlanRecord | undefined
  for (const earlier of approved) {
    if ((await comparedWith(earlier))?.kind !== 'residual') continue
    of = earlier
    break
  }
  if (found.what !== 'done')
    await transact(world.journal, addressOf(subject.instance), {
      kind: 'settle',
      attempt: attempt.id,
      by: `${run.by}, run ${run.run}`,
      plan: plan.id,
      is: of === undefined ? 'different' : 'residual',
      what: found.what,
      mayExist: found.mayExist,
      state,
      fence: undefined,
    })
  return { found, of, compared: approved[0] }
}

async function lostBetween(world: Pick<World, 'store'>, begun: PlanRecord | undefined, plan: PlanRecord) {
  const [old, now] = await Promise.all([begun && readModel(world, begun), readModel(world, plan)])
  return old && now ? mayExist(old, now) : []
}

/** The sealed plan; one that cannot be opened covers nothing. */
export async function openIfWhole(...args: Parameters<typeof openSealed>): Promise<SealedPlan | undefined> {
  return openSealed(...args).catch((error: unknown) => {
    if (error instanceof UserError) return undefined
    throw error
  })
}
