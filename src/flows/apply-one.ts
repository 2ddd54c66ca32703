import type { Subject } from '../affected/subject.ts'
import { told, UserError } from '../error.ts'
import type { PlanDifference } from '../plan/covers.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import { shownStateSecrets } from '../plan/secret-marks.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { addressId, type StateAddress } from '../records/address.ts'
import { approvalOf } from '../records/approval.ts'
import type { Command, Conditions } from '../records/commands.ts'
import type { PlanRecord } from '../records/document.ts'
import { readDocument, transact } from '../records/journal.ts'
import { erroredStateKey } from '../records/keys.ts'
import { changesNothing, openPlan, planFor } from '../records/plans.ts'
import { type Refusal, refusalWords } from '../records/refusal.ts'
import { secretsOf } from '../secrets.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { ApplyRun as ApplyRan, Session, StateId } from '../terraform/terraform.ts'
import { protectedBranch } from './checkout.ts'
import { addressOf } from './documents.ts'
import { type Filled, fillIn, stateRef } from './fill-in.ts'
import { flushSoon } from './flush.ts'
import { claimRefusal, holderState } from './holder.ts'
import { readModel } from './model.ts'
import { type Chosen, movedReads, mustPlanAgain, planAgain, ruleOf, withEarlierYes } from './plan-again.ts'
import { mustBeRunnable, openSession, type PlanRun, type WorkEvents } from './plan-one.ts'
import { openSealed, verifySealed } from './sealed.ts'
import type { World } from './world.ts'

/** How applying one instance came out. */
export type ApplyResult =
  | {
      readonly kind: 'applied'
      readonly plan: PlanRecord
      readonly model: RedactedPlan
      /** How a plan that was made in this run compares with the approved one; `unasked`: nobody had to approve one. */
      readonly replanned: 'no' | 'same' | 'filled' | 'unasked'
      readonly durationMs: number
    }
  /** The plan changes nothing: the ledger says so, without an approval. */
  | { readonly kind: 'advanced'; readonly plan: PlanRecord }
  /** A person, a plan or another run is awaited. */
  | {
      readonly kind: 'waits'
      readonly for: 'approval' | 'plan' | 'upstream'
      readonly plan?: PlanRecord
      readonly model?: RedactedPlan
      /** How the plan differs from the one that was approved. */
      readonly differences?: readonly PlanDifference[]
      readonly upstreams?: readonly InstanceId[]
    }
  | { readonly kind: 'refused'; readonly message: string; readonly fix: string }
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
  /** Whether this run has applied something that the instance reads, so that a missing plan is made now. */
  readonly moved: (id: InstanceId) => boolean
}

/**
 * Applies one instance if all that must be so is so: the plan of the tip's fingerprint, on the state and the values of
 * now, approved. Every condition is derived again here and looked at once more in the very write that takes the claim.
 */
export async function applyOne(
  world: World,
  run: ApplyRun,
  subject: Subject,
  events: WorkEvents,
): Promise<ApplyResult> {
  try {
    return await applyChecked(world, run, subject, events)
  } catch (error) {
    // One instance that cannot be prepared does not take the others' outcomes with it.
    if (!(error instanceof UserError)) throw error
    const { component, stack } = subject.instance
    if (error.exit === 3)
      return { kind: 'refused', message: error.message, fix: error.fix ?? `airlock plan ${component} -s ${stack}` }
    return { kind: 'failed', step: 'preparation', output: told(error), outcome: 'none' }
  }
}

async function applyChecked(world: World, run: ApplyRun, subject: Subject, events: WorkEvents): Promise<ApplyResult> {
  const { instance, fingerprint } = subject
  mustBeRunnable('apply', run.checkout, subject)
  const filling = await fillIn(world, run.checkout, subject, () => undefined)
  if (filling.kind === 'deferred') return { kind: 'waits', for: 'upstream', upstreams: filling.waitsFor }
  const address = addressOf(instance)
  const before = await readDocument(world.store, address)
  const nowMs = await world.store.now()
  const busy = claimRefusal(world, before, nowMs)
  if (busy !== undefined) return refused(world, subject, busy)
  const known = planFor(before, fingerprint, nowMs)
  if (known === undefined && !run.moved(instance.id)) return { kind: 'waits', for: 'plan' }
  const { session, warnings, job, hidden } = await openSession(world, run, subject, filling, events)
  let used = known
  try {
    // The working copy may have been waited for: who had it has changed what is recorded.
    const document = await readDocument(world.store, address)
    const plan = planFor(document, fingerprint, await world.store.now())
    used = plan
    const gone = known && plan === undefined ? openPlan(document, known.id, await world.store.now()) : undefined
    if (gone?.kind === 'refused') return await refused(world, subject, gone.refusal)
    const atTip = {
      subject,
      sections: filling.sections,
      job,
      tool: run.tool,
      generatesBackend: run.checkout.stacks.config.components.terraform.autoGenerateBackendFile,
      secrets: hidden,
    }
    const state = await stateNow(world, subject, session)
    const again = plan === undefined || mustPlanAgain(plan, filling, run)
    const made = again
      ? await planAgain(world, run, subject, filling, session, warnings, hidden, events, plan, document)
      : ({ kind: 'plan', plan, replanned: 'no', coveredBy: undefined } as const)
    if (made.kind !== 'plan') return made
    await mustBeTip(world, run)
    await transact(world.journal, address, { kind: 'rename', to: instance.id })
    const now = await readDocument(world.store, address)
    const chosen = await withEarlierYes(world, subject, made, now)
    const conditions: Conditions = {
      plan: chosen.plan.id,
      target: fingerprint,
      approval: ruleOf(subject),
      ...(chosen.coveredBy !== undefined && { coveredBy: chosen.coveredBy }),
      state,
      movedReads: movedReads(chosen.plan, filling),
    }
    if (changesNothing(chosen.plan)) {
      const { plan: id, ...facts } = conditions
      const advanced = await transact(world.journal, address, {
        kind: 'advance',
        plan: id,
        target: facts.target,
        state: facts.state,
        movedReads: facts.movedReads,
        commit: run.checkout.commit,
        by: run.by,
        fence: undefined,
      })
      if (advanced.kind === 'refused') return await refused(world, subject, advanced.refusal)
      await flushSoon(world.journal, address)
      return { kind: 'advanced', plan: chosen.plan }
    }
    const said = approvalOf(now, chosen.plan, conditions.approval, conditions.coveredBy)
    if (said.kind === 'missing') {
      const model = await readModel(world, chosen.plan)
      return { kind: 'waits', for: 'approval', plan: chosen.plan, ...(model && { model }) }
    }
    return await applyClaimed(world, run, atTip, chosen, conditions, session, filling, events)
  } catch (error) {
    if (used && error instanceof UserError && brokenCodes.includes(error.code))
      await supersede(world, subject, used, 'broken')
    throw error
  } finally {
    await session.close()
  }
}

/** Only the tip is ever applied, and the branch may have moved while this run worked. @throws UserError `tip-moved` */
async function mustBeTip(world: Pick<World, 'repo'>, { checkout: { commit, settings } }: ApplyRun): Promise<void> {
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

/** Takes the claim, verifies, journals the intent, applies, and writes the ledger. */
async function applyClaimed(
  world: World,
  run: ApplyRun,
  atTip: Parameters<typeof verifySealed>[4],
  { plan, replanned }: Chosen,
  conditions: Conditions,
  session: Session,
  filling: Filled,
  events: WorkEvents,
): Promise<ApplyResult> {
  const { subject } = atTip
  const { id } = subject.instance
  const address = addressOf(subject.instance)
  const started = performance.now()
  const leaseMs = run.checkout.settings.leaseMinutes * 60_000
  const write = (command: Command) => transact(world.journal, address, command)
  const before = await readDocument(world.store, address)
  const claimed = await write({
    kind: 'claim',
    holder: { run: run.run, by: run.by, process: world.machine.self },
    purpose: 'apply',
    leaseMs,
    apply: conditions,
    ...(before.claim && { holderState: { fence: before.claim.fence, is: holderState(world, before) } }),
  })
  if (claimed.kind === 'refused') return refused(world, subject, claimed.refusal)
  const { fence } = claimed.document
  const renewing = world.machine.every(leaseMs / 3, () => write({ kind: 'renew', fence, leaseMs }))
  let open = true
  try {
    events.doing(id, 'verifying')
    const sealed = await openSealed(world, subject, plan)
    const found = await verifySealed(world, session, sealed, plan, atTip)
    const attempt = crypto.randomUUID()
    const intended = await write({
      kind: 'intend',
      fence,
      attempt,
      action: 'apply',
      commit: run.checkout.commit,
      apply: conditions,
    })
    if (intended.kind === 'refused') return await refused(world, subject, intended.refusal)
    events.doing(id, 'applying')
    const ran = await session.apply(sealed)
    const done = ran.kind === 'applied'
    // What this apply made is secret too, and the plan did not know it.
    const redacting = async () => {
      const made = done ? undefined : await session.shownState().catch(() => undefined)
      const known = [...secretsOf(world.ambient.env), ...atTip.secrets]
      const all = secrets(known, [...found, ...shownStateSecrets(made)])
      return (text: string) => redactText(text, all)
    }
    const ended = sameState(ran.state, conditions.state) ? 'failed' : 'partial'
    const errored =
      done || ran.erroredState === undefined ? '' : await keepErrored(world, address, attempt, ran.erroredState)
    const conclusion = {
      kind: 'conclude',
      fence,
      attempt,
      outcome: done ? 'done' : ended,
      state: ran.state,
      reads: filling.reads,
      ...(!done && { note: `terraform ${ran.step} ended with ${ran.ran.exitCode}${errored}` }),
    } as const
    const concluded = await untilWritten(() => write(conclusion), world.journal.pause)
    if (concluded.kind === 'lost') {
      open = false
      return unrecorded(subject, ran, concluded.error, await redacting())
    }
    if (concluded.kind === 'refused') return await refused(world, subject, concluded.refusal)
    open = false
    await flushSoon(world.journal, address)
    if (!done) {
      const redact = await redacting()
      return {
        kind: 'failed',
        step: ran.step,
        output: redact(ran.ran.output) + errored,
        outcome: ended,
      }
    }
    const model = await readModel(world, plan)
    if (model === undefined) throw new Error(`the model of ${plan.id} is gone`)
    return { kind: 'applied', plan, model, replanned, durationMs: performance.now() - started }
  } finally {
    renewing()
    if (open) await untilWritten(() => write({ kind: 'release', fence }), world.journal.pause)
  }
}

/** Writes once more, and again, what cannot be repeated by running again; in the end says why that was not possible. */
async function untilWritten<T>(
  write: () => Promise<T>,
  pause: (ms: number) => Promise<void>,
): Promise<T | { readonly kind: 'lost'; readonly error: UserError }> {
  for (const waitMs of [100, 400, 1600, undefined])
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (waitMs === undefined) return { kind: 'lost', error }
      await pause(waitMs)
    }
  throw new Error('unreachable')
}

/** What Terraform did is in its state, and the records do not say so: the claim stays, so that nobody goes on from there unknowing. */
function unrecorded(
  { instance }: Subject,
  ran: ApplyRan,
  error: UserError,
  redact: (text: string) => string,
): ApplyResult {
  const { component, stack } = instance
  const did = ran.kind === 'applied' ? 'Terraform has applied the plan' : `Terraform ${ran.step} failed`
  const output = [
    `${did}, but that could not be recorded: ${told(error)}`,
    `Then: airlock unlock ${component} -s ${stack} --reason "…"; and airlock plan ${component} -s ${stack}, which shows what is left to do.`,
    ...(ran.kind === 'applied' ? [] : ['', redact(ran.ran.output)]),
  ].join('\n')
  return { kind: 'failed', step: 'record', output, outcome: ran.kind === 'applied' ? 'unrecorded' : 'partial' }
}

function sameState(a: StateId | undefined, b: StateId | undefined): boolean {
  return a?.lineage === b?.lineage && a?.serial === b?.serial
}

/**
 * Keeps the state that Terraform could not store in its backend, encrypted, and says where. It holds the only word of what
 * the apply made.
 */
async function keepErrored(
  { store, vault }: Pick<World, 'store' | 'vault'>,
  address: StateAddress,
  attempt: string,
  state: Uint8Array,
): Promise<string> {
  const key = erroredStateKey(addressId(address), attempt)
  try {
    await store.put(key, await vault.encrypt(state), { kind: 'absent' })
    return `\nThe state could not be stored in its backend. What Terraform saved of it is kept encrypted: ${key} in ${store.url} (docs/records.md says how to push it back).\n`
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `\nThe state could not be stored in its backend, nor could a copy of it be kept (${error.message}): errored.tfstate is in the working copy of the instance.\n`
  }
}

/** A refusal in words. A plan whose state has moved never counts again. */
async function refused(
  world: Pick<World, 'store' | 'journal'>,
  subject: Subject,
  refusal: Refusal,
): Promise<ApplyResult> {
  if (refusal.kind === 'state-moved') await supersede(world, subject, refusal.plan, 'state-moved')
  return { kind: 'refused', ...refusalWords(refusal, subject.instance.id, await world.store.now()) }
}

async function supersede(
  { journal }: Pick<World, 'journal'>,
  { instance }: Subject,
  { id }: PlanRecord,
  why: 'broken' | 'state-moved',
): Promise<void> {
  const address = addressOf(instance)
  await transact(journal, address, { kind: 'supersede', plans: [id], why })
  await flushSoon(journal, address)
}

/** The state as it is: read directly where it is a local file, else asked of Terraform. */
async function stateNow(world: World, { instance }: Subject, session: Session): Promise<StateId | undefined> {
  const local = instance.backendType === 'local' || instance.backendType === ''
  return local ? (await world.states.read(stateRef(instance, world.repo.mainWorktree)))?.id : session.state()
}
