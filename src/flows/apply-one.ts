import type { Subject } from '../affected/subject.ts'
import { told, UserError } from '../error.ts'
import type { PlanDifference } from '../plan/covers.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import { approvalOf } from '../records/approval.ts'
import { abandoned } from '../records/claims.ts'
import type { Conditions } from '../records/commands.ts'
import { GONE, type PlanRecord } from '../records/document.ts'
import { resumable } from '../records/in-flight.ts'
import { lastDocument, readDocument, transact } from '../records/journal.ts'
import { interrupted } from '../records/last-attempt.ts'
import { changesNothing, openPlan, planFor, sameState } from '../records/plans.ts'
import type { Finding } from '../records/settle.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { lockIn } from '../terraform/state-lock.ts'
import type { Session, StateId } from '../terraform/terraform.ts'
import { applyClaimed } from './apply-claimed.ts'
import { protectedBranch } from './checkout.ts'
import type { Confirm, Confirmed } from './confirm.ts'
import { addressOf } from './documents.ts'
import { erroredRefusal } from './errored.ts'
import { fillIn, stateRef } from './fill-in.ts'
import { flushSoon } from './flush.ts'
import { claimRefusal, holderState, takeOver } from './holder.ts'
import { readModel } from './model.ts'
import { type Chosen, movedReads, mustPlanAgain, planAgain, ruleOf, withEarlierYes } from './plan-again.ts'
import { mustBeRunnable, openSession, type PlanRun, type WorkEvents } from './plan-one.ts'
import { refused, supersede } from './refused.ts'
import { actingRole } from './role.ts'
import { passLock } from './state-lock.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** How applying one instance came out. */
export type ApplyResult =
  | {
      readonly kind: 'applied'
      readonly plan: PlanRecord
      readonly model: RedactedPlan
      /** How a plan that was made in this run compares with the approved one; `unasked`: nobody had to approve one. */
      readonly replanned: Chosen['replanned']
      readonly found?: Finding
      readonly durationMs: number
    }
  /** The plan changes nothing: the ledger says so, without an approval. */
  | { readonly kind: 'advanced'; readonly plan: PlanRecord; readonly found?: Finding }
  /** A person, a plan or another run is awaited. */
  | {
      readonly kind: 'waits'
      readonly for: 'approval' | 'plan' | 'upstream'
      readonly plan?: PlanRecord
      readonly model?: RedactedPlan
      /** How the plan differs from the one that was approved. */
      readonly differences?: readonly PlanDifference[]
      /** Why approvals that were given, or could have been, do not count; in words. */
      readonly unconfirmed?: readonly string[]
      /** What became of an earlier attempt that did not end well. */
      readonly found?: Finding
      readonly upstreams?: readonly InstanceId[]
    }
  | {
      readonly kind: 'refused'
      readonly message: string
      readonly fix: string
      /** The sealed plan is not what was sealed: nobody is awaited, something is wrong. */
      readonly broken?: true
    }
  | {
      readonly kind: 'failed'
      /** What failed: a command of Terraform, `preparation`, or `record`. */
      readonly step: string
      readonly output: string
      /** `unrecorded`: Terraform has applied it, and the ledger does not say so. */
      readonly outcome: 'failed' | 'partial' | 'none' | 'unrecorded'
    }

/** What one apply run has in common, beside what all plans of it have. */
export interface ApplyRun extends PlanRun {
  /** Where more removals are in flight than go without saying: the number that their approvals must name. */
  readonly destroys: number | undefined
  /** Whether this run has applied something that the instance reads, so that a missing plan is made now. */
  readonly moved: (id: InstanceId) => boolean
  /** Reads approvals again where they were given, just before they are relied on. */
  readonly confirm: Confirm
  /** Brings a clone's protected branch up to date. */
  readonly follow: (branch: string) => Promise<void>
}

/**
 * Applies one instance if all that must be so is so: the plan of the tip's fingerprint, on the state and the values of
 * now, approved. Every condition is derived again here and looked at once more in the very write that takes the claim.
 */
export async function applyOne(world: World, run: ApplyRun, task: Task, events: WorkEvents): Promise<ApplyResult> {
  try {
    return await applyChecked({ ...world, acts: 'apply' }, run, task, events)
  } catch (error) {
    // One instance that cannot be prepared does not take the others' outcomes with it.
    if (!(error instanceof UserError)) throw error
    const { component, stack } = task.subject.instance
    if (error.exit === 3)
      return {
        kind: 'refused',
        message: error.message,
        fix: error.fix ?? `airlock plan ${component} -s ${stack}`,
        ...(brokenCodes.includes(error.code) && { broken: true }),
      }
    return { kind: 'failed', step: 'preparation', output: told(error), outcome: 'none' }
  }
}

async function applyChecked(world: World, run: ApplyRun, task: Task, events: WorkEvents): Promise<ApplyResult> {
  const { subject, target } = task
  const { instance } = subject
  mustBeRunnable(target === GONE ? 'destroy' : 'apply', task)
  const filling = await fillIn(world, task.at, subject, () => undefined)
  if (filling.kind === 'deferred') return { kind: 'waits', for: 'upstream', upstreams: filling.waitsFor }
  const address = addressOf(instance)
  const before = await readDocument(world.store, address)
  const nowMs = await world.store.now()
  const busy = claimRefusal(before, await holderState(world, before), nowMs)
  if (busy !== undefined) return refused(world, subject, busy)
  const kept = await erroredRefusal(world, run, before)
  if (kept !== undefined) return refused(world, subject, kept)
  const known = planFor(before, target, nowMs)
  const asLeft = before.claim === undefined ? before : abandoned(before, before.claim.fence, nowMs).document
  const goesOn = resumable(asLeft, target, ruleOf(task), known, nowMs) !== undefined
  if (known === undefined && !run.moved(instance.id) && !goesOn) return { kind: 'waits', for: 'plan' }
  const { session, warnings, job, hidden } = await openSession(world, run, task, filling, events)
  let used = known
  let confirmed: Confirmed | undefined
  try {
    // The working copy may have been waited for: who had it has changed what is recorded.
    confirmed = await run.confirm(task, await takeOver(world, run, address))
    const document = await lastDocument(world.store, address)
    const plan = planFor(document, target, await world.store.now())
    used = plan
    const gone =
      known && plan === undefined && !interrupted(document, target)
        ? openPlan(document, known.id, await world.store.now())
        : undefined
    if (gone?.kind === 'refused') return await refused(world, subject, gone.refusal)
    const atTip = {
      task,
      sections: filling.sections,
      job,
      tool: run.tool,
      generatesBackend: task.at.stacks.config.components.terraform.autoGenerateBackendFile,
      secrets: hidden,
    }
    const obstacle =
      (await erroredRefusal(world, run, document, session)) ??
      (await passLock(world, run, subject, session, await session.lock()))
    if (obstacle !== undefined) return await refused(world, subject, obstacle)
    const state = await stateNow(world, subject, session)
    const left = interrupted(document, target)
    const moved = left !== undefined && plan !== undefined && !sameState(plan.state, state)
    const again = plan === undefined || left?.outcome === 'unknown' || moved || mustPlanAgain(plan, filling, run)
    const fresh = () =>
      planAgain(world, run, task, filling, session, warnings, hidden, events, { plan, document, state })
    let made = again ? await fresh() : ({ kind: 'plan', plan, replanned: 'no', coveredBy: undefined } as const)
    const lock = made.kind === 'failed' ? lockIn(made.output) : undefined
    if (lock !== undefined) {
      const other = await passLock(world, run, subject, session, lock)
      if (other !== undefined) return await refused(world, subject, other)
      made = await fresh()
    }
    if (made.kind !== 'plan') return explained(made, confirmed)
    await mustBeTip(world, run)
    // A first plan makes the workspace, and in a remote backend an empty state with it.
    const stands = again ? await stateNow(world, subject, session) : state
    // Planning takes its time, and somebody may have changed their mind.
    if (again) confirmed = await run.confirm(task, await readDocument(world.store, address))
    if (document.names[0] !== instance.id) await transact(world.journal, address, { kind: 'rename', to: instance.id })
    const now = await lastDocument(world.store, address)
    const chosen = await withEarlierYes(world, run, task, made, now, stands)
    const conditions: Conditions = {
      plan: chosen.plan.id,
      target,
      approval: ruleOf(task),
      ...(target === GONE && run.destroys !== undefined && { destroys: run.destroys }),
      ...(chosen.coveredBy !== undefined && { coveredBy: chosen.coveredBy }),
      state: stands,
      movedReads: movedReads(chosen.plan, filling),
    }
    if (changesNothing(chosen.plan)) return await advance(world, run, subject, chosen, conditions)
    const said = approvalOf(now, chosen.plan, conditions.approval, conditions.coveredBy, conditions.destroys)
    if (said.kind === 'missing') {
      const model = await readModel(world, chosen.plan)
      const waits = { kind: 'waits', for: 'approval', plan: chosen.plan, ...(model && { model }) } as const
      return explained({ ...waits, ...foundOf(chosen) }, confirmed)
    }
    return await applyClaimed(world, run, atTip, chosen, conditions, now, session, filling, events)
  } catch (error) {
    if (used && error instanceof UserError && brokenCodes.includes(error.code))
      await supersede(world, subject, used, 'broken')
    throw error
  } finally {
    await session.close()
  }
}

/** Moves the ledger: what is asked is so already. */
async function advance(
  world: World,
  run: ApplyRun,
  subject: Subject,
  chosen: Chosen,
  { plan, target, state, movedReads }: Conditions,
): Promise<ApplyResult> {
  const address = addressOf(subject.instance)
  const { commit } = run.checkout
  const facts = { plan, target, state, movedReads, commit, by: run.by, fence: undefined }
  const advanced = await transact(world.journal, address, { kind: 'advance', ...facts })
  if (advanced.kind === 'refused') return refused(world, subject, advanced.refusal)
  await flushSoon(world.journal, address)
  return { kind: 'advanced', plan: chosen.plan, ...foundOf(chosen) }
}

/** The result, with why approvals do not count where one is awaited. */
function explained(result: ApplyResult, { withdrawn, why }: Confirmed): ApplyResult {
  if (result.kind !== 'waits' || result.for !== 'approval') return result
  const unconfirmed = [...withdrawn.map((it) => `the approval by ${it.by.name}: ${it.why}`), ...why]
  return unconfirmed.length === 0 ? result : { ...result, unconfirmed }
}

function foundOf({ found }: Chosen): { readonly found?: Finding } {
  return found === undefined ? {} : { found }
}

/** Only the tip is ever applied, and the branch may have moved while this run worked. @throws UserError `tip-moved` */
async function mustBeTip(
  world: Pick<World, 'repo' | 'github'>,
  { branch, follow, checkout: { commit, settings } }: ApplyRun,
): Promise<void> {
  // A job's clone stands where its branch was when the job began.
  if (world.github && branch !== undefined) await follow(branch)
  const { name, tip } = await protectedBranch(world, settings)
  if (tip === commit) return
  throw new UserError({
    code: 'tip-moved',
    message: `${name} moved from ${commit.slice(0, 7)} to ${tip.slice(0, 7)} during this run, and only its tip is applied`,
    fix: 'see what is in flight now, and apply that: airlock status; airlock apply',
    exit: 3,
  })
}

/** Errors after which a stored plan never counts again. */
const brokenCodes: readonly string[] = [
  'plan-missing',
  'seal-broken',
  'plan-foreign',
  'planfile-mismatch',
  'planfile-unreadable',
  'archive-unreadable',
]

/** The state as it is: read directly where that can be done, else asked of Terraform. */
async function stateNow(world: World, { instance }: Subject, session: Session): Promise<StateId | undefined> {
  try {
    return (await world.states.read(stateRef(instance, world.repo.mainWorktree, actingRole(world, instance))))?.id
  } catch (error) {
    if (error instanceof UserError && error.code === 'state-backend-unsupported') return session.state()
    throw error
  }
}
