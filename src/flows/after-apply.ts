import { UserError } from '../error.ts'
import type { PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Checkout } from './checkout.ts'
import { addressOf, allDocuments, documentOf } from './documents.ts'
import { fillIn } from './fill-in.ts'
import { flushSoon } from './flush.ts'
import { type Judged, judgeOpen } from './gate.ts'
import type { World } from './world.ts'

/** What an apply meant for other changes. `failed`: why their gates could not be looked at; the apply stands all the same. */
export interface AfterApply {
  readonly judged: readonly Judged[]
  readonly failed: UserError | undefined
}

/**
 * At the end of an apply: plans of other branches that were made with values which are others now do not count any more
 * (those whose state moved went in the apply itself), and open pull requests are judged again. Nothing else is touched.
 */
export async function afterApply(
  world: Omit<World, 'terraform'>,
  tip: Checkout,
  applied: ReadonlySet<InstanceId>,
): Promise<AfterApply> {
  if (applied.size === 0) return { judged: [], failed: undefined }
  try {
    await supersedeMoved(world, tip, applied)
    return { judged: await judgeOpen(world), failed: undefined }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { judged: [], failed: error }
  }
}

async function supersedeMoved(
  world: Omit<World, 'terraform'>,
  tip: Checkout,
  applied: ReadonlySet<InstanceId>,
): Promise<void> {
  const documents = await allDocuments(world)
  for (const subject of tip.subjects.values()) {
    const document = documentOf(documents, subject.instance)
    // What the tip asks for is planned again by the apply itself, and compared with what was approved.
    const plans = document.plans.filter(
      (it) => it.status.kind === 'open' && it.fingerprint !== subject.fingerprint && readsOf(it, applied).length > 0,
    )
    if (plans.length === 0) continue
    const filling = await fillIn(world, tip, subject, () => undefined)
    if (filling.kind === 'deferred') continue
    const now = new Map(filling.reads.map(({ call, hash }) => [call, hash]))
    const moved = plans.filter((plan) =>
      readsOf(plan, applied).some(({ call, hash }) => now.has(call) && now.get(call) !== hash),
    )
    if (moved.length === 0) continue
    const address = addressOf(subject.instance)
    await transact(world.journal, address, { kind: 'supersede', plans: moved.map(({ id }) => id), why: 'read-moved' })
    await flushSoon(world.journal, address)
  }
}

/** What a plan took from these; not what it took from another plan, which was never what is applied. */
function readsOf({ reads }: PlanRecord, applied: ReadonlySet<InstanceId>): PlanRecord['reads'] {
  return reads.filter(({ of, source }) => of !== undefined && source === 'state' && applied.has(of))
}
