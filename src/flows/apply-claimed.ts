import type { Subject } from '../affected/subject.ts'
import { told, UserError } from '../error.ts'
import { shownStateSecrets } from '../plan/secret-marks.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import type { Command, Conditions } from '../records/commands.ts'
import type { AddressDocument } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { sameState } from '../records/plans.ts'
import { secretsOf } from '../secrets.ts'
import { lockIn, type StateLock } from '../terraform/state-lock.ts'
import type { ApplyRun as ApplyRan, Session } from '../terraform/terraform.ts'
import type { ApplyResult, ApplyRun } from './apply-one.ts'
import { addressOf } from './documents.ts'
import { keepErrored } from './errored.ts'
import { type Filled, stateRef } from './fill-in.ts'
import { flushSoon } from './flush.ts'
import { holderState } from './holder.ts'
import type { Chosen } from './plan-again.ts'
import type { WorkEvents } from './plan-one.ts'
import { refused } from './refused.ts'
import { actingRole } from './role.ts'
import { type AtTip, openSealed, verifySealed } from './sealed.ts'
import { watchLock } from './watch-lock.ts'
import type { World } from './world.ts'

/** Exit codes: above the first, a signal has ended Terraform; the second is of an interrupt before it began. */
const [KILLED, INTERRUPTED] = [128, 130]

/**
 * Takes the claim, verifies, journals the intent, applies, and writes the ledger.
 * @param claim what was in the way when it was looked at last
 */
export async function applyClaimed(
  world: World,
  run: ApplyRun,
  atTip: AtTip,
  { plan, replanned, found: before }: Chosen,
  conditions: Conditions,
  { claim }: Pick<AddressDocument, 'claim'>,
  session: Session,
  filling: Filled,
  events: WorkEvents,
): Promise<ApplyResult> {
  const { task } = atTip
  const { subject } = task
  const { id } = subject.instance
  const address = addressOf(subject.instance)
  const started = performance.now()
  const leaseMs = run.checkout.settings.leaseMinutes * 60_000
  const write = (command: Command) => transact(world.journal, address, command)
  const claimed = await write({
    kind: 'claim',
    holder: { run: run.run, by: run.by, process: world.machine.self },
    purpose: task.action === 'remediate' ? 'remediate' : 'apply',
    leaseMs,
    apply: conditions,
    ...(claim && { holderState: { fence: claim.fence, is: await holderState(world, { claim }) } }),
  })
  if (claimed.kind === 'refused') return refused(world, subject, claimed.refusal)
  const { fence } = claimed.document
  const renewing = world.machine.every(leaseMs / 3, () => write({ kind: 'renew', fence, leaseMs }))
  let open = true
  try {
    events.doing(id, 'verifying')
    const sealed = await openSealed(world, subject, plan)
    const { secrets: found, model } = await verifySealed(world, session, sealed, plan, atTip)
    const attempt = crypto.randomUUID()
    const intended = await write({
      kind: 'intend',
      fence,
      attempt,
      action: task.action,
      commit: run.checkout.commit,
      apply: conditions,
    })
    if (intended.kind === 'refused') return await refused(world, subject, intended.refusal)
    events.doing(id, 'applying')
    const seen = { lock: undefined as string | undefined, noted: Promise.resolve() as Promise<unknown> }
    const note = (lock: string | undefined) => write({ kind: 'note-lock', fence, attempt, lock }).catch(() => undefined)
    const locked = ({ id: lock }: StateLock) => {
      Object.assign(seen, { lock, noted: note(lock) })
    }
    const ref = stateRef(subject.instance, world.repo.mainWorktree, actingRole(world, subject.instance))
    const unwatch = await watchLock(world, ref, locked)
    const ran = await session.apply(sealed, { locked }).finally(unwatch)
    await seen.noted
    // Somebody else was quicker: what was seen is theirs.
    if (ran.kind === 'failed' && seen.lock !== undefined && lockIn(ran.ran.output)?.id === seen.lock)
      await note(undefined)
    const done = ran.kind === 'applied'
    // What this apply made is secret too, and the plan did not know it.
    const redacting = async () => {
      const made = done ? undefined : await session.shownState().catch(() => undefined)
      const known = [...secretsOf(world.ambient.env), ...atTip.secrets]
      const all = secrets(known, [...found, ...shownStateSecrets(made)])
      return (text: string) => redactText(text, all)
    }
    const unstored = !done && ran.erroredState !== undefined
    const ended = sameState(ran.state, conditions.state) && !unstored ? 'failed' : 'partial'
    // Terraform that was killed has not stored all it made; what there is, the next run finds out.
    const wasKilled = ran.ran.exitCode > KILLED && ran.ran.exitCode !== INTERRUPTED
    const kept =
      done || ran.erroredState === undefined ? undefined : await keepErrored(world, address, attempt, ran.erroredState)
    const errored = kept?.words ?? ''
    const conclusion = {
      kind: 'conclude',
      fence,
      attempt,
      outcome: done ? 'done' : wasKilled ? 'unknown' : ended,
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
    if (kept?.is === 'kept')
      await write({ kind: 'errored-state', attempt, is: 'kept', by: `${run.by}, run ${run.run}` })
    await flushSoon(world.journal, address)
    const lock = done ? undefined : lockIn(ran.ran.output)
    if (lock !== undefined && ended === 'failed') return await refused(world, subject, { kind: 'state-locked', lock })
    if (!done) {
      const redact = await redacting()
      return {
        kind: 'failed',
        step: ran.step,
        output: redact(ran.ran.output) + errored,
        outcome: ended,
      }
    }
    return {
      kind: 'applied',
      plan,
      model,
      replanned,
      ...(before && { found: before }),
      durationMs: performance.now() - started,
    }
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
