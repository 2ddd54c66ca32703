import { covers, type PlanDifference } from '../plan/covers.ts'
import { digestInput, privateDigestInput } from '../plan/digest.ts'
import type { Plan } from '../plan/plan.ts'
import { redactValue } from '../plan/redact.ts'
import { residual } from '../plan/residual.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { approvalOf } from '../records/approval.ts'
import { type AddressDocument, GONE, type PlanRecord, type ReadRecord } from '../records/document.ts'
import { fold } from '../records/fold.ts'
import { interrupted } from '../records/last-attempt.ts'
import { changesNothing } from '../records/plans.ts'
import type { Finding } from '../records/settle.ts'
import { secretsOf } from '../secrets.ts'
import { instanceSettings } from '../settings.ts'
import type { Session, StateId } from '../terraform/terraform.ts'
import type { ApplyResult, ApplyRun } from './apply-one.ts'
import type { Filled } from './fill-in.ts'
import { readModel } from './model.ts'
import { DAY_MS, planIn, type WorkEvents } from './plan-one.ts'
import { openIfWhole, restOf } from './rest.ts'
import { openSealed } from './sealed.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** The plan that is to be applied, if people agree. */
export interface Chosen {
  readonly kind: 'plan'
  readonly plan: PlanRecord
  readonly replanned: 'no' | 'same' | 'filled' | 'residual' | 'unasked'
  /** Digest of the approved plan that covers this one. */
  readonly coveredBy: string | undefined
  /** What became of an earlier attempt that did not end well, where there was one. */
  readonly found?: Finding
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

/** The plan that an apply would take as it stands, and what else is known of the address. */
export interface Known {
  readonly plan: PlanRecord | undefined
  readonly document: AddressDocument
  /** The state as it is now. */
  readonly state: StateId | undefined
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
  { plan: before, document, state }: Known,
): Promise<Chosen | ApplyResult> {
  const { subject } = task
  const result = await planIn(world, run, task, filling, { session, warnings, hidden }, events)
  if (result.kind === 'failed') return { kind: 'failed', step: result.step, output: result.output, outcome: 'none' }
  if (result.kind === 'deferred') return { kind: 'waits', for: 'upstream', upstreams: result.waitsFor }
  await fold(world.journal, { run: run.run, maxAgeMs: run.checkout.settings.planDays * DAY_MS })
  const plan: PlanRecord = { ...result.record, status: { kind: 'open' } }
  const known = [...secretsOf(world.ambient.env), ...hidden]
  const rule = ruleOf(task)
  const attempt = interrupted(document, task.target)
  const rest = attempt && (await restOf(world, run, task, attempt, plan, { document, state }))
  const left = rest && { found: rest.found }
  if (rule === 'none')
    return { kind: 'plan', plan, replanned: rest?.of ? 'residual' : 'unasked', coveredBy: undefined, ...left }
  const approved = before && approvalOf(document, before, rule)
  const isAgreed = before !== undefined && (approved?.kind === 'approved' || changesNothing(before))
  if (isAgreed) {
    const old = await openSealed(world, subject, before)
    const cover = covers(old.covered, privateDigestInput(result.plan, known))
    if (cover.kind !== 'different')
      return { kind: 'plan', plan, replanned: cover.kind, coveredBy: before.digest, ...left }
  }
  if (rest?.of) return { kind: 'plan', plan, replanned: 'residual', coveredBy: rest.of.digest, ...left }
  if (changesNothing(plan)) return { kind: 'plan', plan, replanned: 'same', coveredBy: undefined, ...left }
  const asked = isAgreed ? before : rest?.compared
  if (asked === undefined) return { kind: 'plan', plan, replanned: 'same', coveredBy: undefined, ...left }
  const old = await openIfWhole(world, subject, asked)
  if (old === undefined) return { kind: 'plan', plan, replanned: 'same', coveredBy: undefined, ...left }
  const fresh = privateDigestInput(result.plan, known)
  const compare = rest ? residual : covers
  const model = await readModel(world, asked)
  const [shown, hiddenOnes] = [
    model && compare(digestInput(model), digestInput(result.redacted)),
    compare(old.covered, fresh),
  ]
  return {
    kind: 'waits',
    for: 'approval',
    plan,
    model: result.redacted,
    differences:
      shown?.kind === 'different'
        ? shown.differences
        : hiddenOnes.kind === 'different'
          ? hiddenOnes.differences.map(shownDifference(known, result.plan))
          : [],
    ...left,
  }
}

/**
 * The same plan with the yes that an earlier one got, if that covers it: a run that was killed after it had planned again
 * leaves a plan that nobody approved by its own digest.
 */
export async function withEarlierYes(
  world: Pick<World, 'store' | 'vault' | 'journal'>,
  run: Pick<ApplyRun, 'by' | 'run'>,
  task: Task,
  chosen: Chosen,
  document: AddressDocument,
  state: StateId | undefined,
): Promise<Chosen> {
  const { subject } = task
  const { plan, coveredBy } = chosen
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
    const old = await openIfWhole(world, subject, before)
    const cover = old && covers(old.covered, (await openSealed(world, subject, plan)).covered)
    if (cover && cover.kind !== 'different') return { ...chosen, replanned: cover.kind, coveredBy: before.digest }
  }
  const attempt = chosen.found === undefined ? interrupted(document, task.target) : undefined
  if (attempt === undefined) return chosen
  const rest = await restOf(world, run, task, attempt, plan, { document, state })
  return rest.of
    ? { ...chosen, replanned: 'residual', coveredBy: rest.of.digest, found: rest.found }
    : { ...chosen, found: rest.found }
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
