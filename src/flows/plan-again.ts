import { UserError } from '../error.ts'
import { covers, type PlanDifference } from '../plan/covers.ts'
import { digestInput, privateDigestInput } from '../plan/digest.ts'
import type { Plan } from '../plan/plan.ts'
import { redactValue } from '../plan/redact.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { approvalOf } from '../records/approval.ts'
import { type AddressDocument, GONE, type PlanRecord, type ReadRecord } from '../records/document.ts'
import { fold } from '../records/fold.ts'
import { changesNothing } from '../records/plans.ts'
import { secretsOf } from '../secrets.ts'
import { instanceSettings } from '../settings.ts'
import type { Session } from '../terraform/terraform.ts'
import type { ApplyResult, ApplyRun } from './apply-one.ts'
import type { Filled } from './fill-in.ts'
import { readModel } from './model.ts'
import { DAY_MS, planIn, type WorkEvents } from './plan-one.ts'
import { openSealed } from './sealed.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** The plan that is to be applied, if people agree. */
export interface Chosen {
  readonly kind: 'plan'
  readonly plan: PlanRecord
  readonly replanned: 'no' | 'same' | 'filled' | 'unasked'
  /** Digest of the approved plan that covers this one. */
  readonly coveredBy: string | undefined
}

/**
 * A sealed plan that was made provisionally, with other values than those of now, with inputs that no fingerprint holds,
 * or by another Terraform.
 */
export function mustPlanAgain(plan: PlanRecord, filling: Filled, run: ApplyRun): boolean {
  return (
    plan.provisional ||
    plan.uncertain.length > 0 ||
    movedReads(plan, filling).length > 0 ||
    plan.tool.kind !== run.tool.kind ||
    plan.tool.version !== run.tool.version
  )
}

/** Values that a plan read and that are others now. */
export function movedReads({ reads }: PlanRecord, filling: Filled): ReadRecord[] {
  const now = new Map(filling.reads.map(({ call, hash }) => [call, hash]))
  return reads.filter(({ call, hash }) => now.get(call) !== hash)
}

/** Whether people must agree to a plan of an instance. To a removal they must always. */
export function ruleOf({ subject: { instance }, target }: Pick<Task, 'subject' | 'target'>): 'needed' | 'none' {
  if (target === GONE) return 'needed'
  return instanceSettings(instance.sections).approval === 'none' ? 'none' : 'needed'
}

/** Plans with the values of now, and tells whether what was approved covers the result. */
export async function planAgain(
  world: World,
  run: ApplyRun,
  task: Task,
  filling: Filled,
  session: Session,
  warnings: readonly string[],
  hidden: readonly string[],
  events: WorkEvents,
  before: PlanRecord | undefined,
  document: AddressDocument,
): Promise<Chosen | ApplyResult> {
  const result = await planIn(world, run, task, filling, { session, warnings, hidden }, events)
  if (result.kind === 'failed') return { kind: 'failed', step: result.step, output: result.output, outcome: 'none' }
  if (result.kind === 'deferred') return { kind: 'waits', for: 'upstream', upstreams: result.waitsFor }
  await fold(world.journal, { run: run.run, maxAgeMs: run.checkout.settings.planDays * DAY_MS })
  const plan: PlanRecord = { ...result.record, status: { kind: 'open' } }
  const rule = ruleOf(task)
  if (rule === 'none') return { kind: 'plan', plan, replanned: 'unasked', coveredBy: undefined }
  const approved = before && approvalOf(document, before, rule)
  if (before === undefined || (approved?.kind !== 'approved' && !changesNothing(before)))
    return { kind: 'plan', plan, replanned: 'same', coveredBy: undefined }
  const old = await openSealed(world, task.subject, before)
  const known = [...secretsOf(world.ambient.env), ...hidden]
  const cover = covers(old.covered, privateDigestInput(result.plan, known))
  if (cover.kind !== 'different') return { kind: 'plan', plan, replanned: cover.kind, coveredBy: before.digest }
  if (changesNothing(plan)) return { kind: 'plan', plan, replanned: 'same', coveredBy: undefined }
  const model = await readModel(world, before)
  const shown = model ? covers(digestInput(model), digestInput(result.redacted)) : cover
  return {
    kind: 'waits',
    for: 'approval',
    plan,
    model: result.redacted,
    differences:
      shown.kind === 'different' ? shown.differences : cover.differences.map(shownDifference(known, result.plan)),
  }
}

/**
 * The same plan with the yes that an earlier one got, if that covers it: a run that was killed after it had planned again
 * leaves a plan that nobody approved by its own digest.
 */
export async function withEarlierYes(
  world: Pick<World, 'store' | 'vault'>,
  task: Task,
  chosen: Chosen,
  document: AddressDocument,
): Promise<Chosen> {
  const { plan, coveredBy } = chosen
  const { subject } = task
  if (approvalOf(document, plan, ruleOf(task), coveredBy).kind !== 'missing') return chosen
  const earlier = document.plans.filter(
    (it) =>
      it.id !== plan.id &&
      it.fingerprint === plan.fingerprint &&
      it.status.kind === 'superseded' &&
      it.status.why === 'newer-plan' &&
      approvalOf(document, it, 'needed').kind === 'approved',
  )
  for (const before of earlier.reverse()) {
    const old = await openSealed(world, subject, before).catch((error: unknown) => {
      if (error instanceof UserError) return undefined // a plan that cannot be opened covers nothing
      throw error
    })
    const cover = old && covers(old.covered, (await openSealed(world, subject, plan)).covered)
    if (cover && cover.kind !== 'different') return { ...chosen, replanned: cover.kind, coveredBy: before.digest }
  }
  return chosen
}

/** What the private digests tell of a difference, as people may see it: their names and facts still hold secrets. */
function shownDifference(known: readonly string[], plan: Plan): (it: PlanDifference) => PlanDifference {
  const all = secrets(known, plan.secrets)
  return (it) => ({
    ...it,
    name: redactText(it.name, all),
    what: redactText(it.what, all),
    approved: it.approved && redactValue(it.approved, all),
    fresh: it.fresh && redactValue(it.fresh, all),
  })
}
