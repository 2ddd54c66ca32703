import type { Subject } from '../affected/subject.ts'
import { uncertainInputs } from '../affected/uncertain.ts'
import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import { digestInput, type PlanDigest, planDigest, privateDigestInput } from '../plan/digest.ts'
import { encodePlan } from '../plan/format.ts'
import { parsePlan } from '../plan/parse.ts'
import type { Plan, RedactedPlan } from '../plan/plan.ts'
import { openPlanfile } from '../plan/planfile.ts'
import { redact } from '../plan/redact.ts'
import { seal } from '../plan/seal.ts'
import { shownStateSecrets } from '../plan/secret-marks.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { planCounts } from '../plan/summary.ts'
import { addressId } from '../records/address.ts'
import type { PlanId, PlanRecord } from '../records/document.ts'
import { inboxObject } from '../records/inbox.ts'
import { planBlobKey, planModelKey } from '../records/keys.ts'
import { secretsOf } from '../secrets.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { guard } from '../terraform/args.ts'
import type { Job, Ran, Session, Tool } from '../terraform/terraform.ts'
import type { Checkout, CommitCheckout } from './checkout.ts'
import { addressOf } from './documents.ts'
import { type Filled, fillIn, type Planned } from './fill-in.ts'
import { jobOf, jobPaths } from './job.ts'
import { roleEnv } from './role.ts'
import { explained, lockedPlan } from './state-lock.ts'
import { planMode, type Task } from './task.ts'
import type { World } from './world.ts'

/** What all plans of one run have in common. */
export interface PlanRun {
  /** The commit that is planned, and its settings. */
  readonly checkout: CommitCheckout
  /** What records call the planned commit, where that is a merge that nobody else sees: the head that was merged. */
  readonly head?: CommitId
  readonly tool: Tool
  /** Names the run in records. */
  readonly run: string
  /** A person or account. */
  readonly by: string
  readonly branch: string | undefined
  readonly pullRequest: number | undefined
  /** On the protected branch: the merged pull requests that a plan of an instance would bring to reality. */
  readonly merged?: (subject: Subject) => Promise<readonly number[]>
}

export const DAY_MS = 86_400_000

type PlanResultRecord = Omit<PlanRecord, 'status'>

/** How one instance's plan came out. `plan` still holds its secrets: it is for computing with, never for showing. */
export type PlanResult =
  | {
      readonly kind: 'planned'
      readonly id: InstanceId
      readonly plan: Plan
      readonly redacted: RedactedPlan
      readonly digest: PlanDigest
      readonly record: PlanResultRecord
      /** Upstreams whose value was not known yet, so that the value of now stands in. */
      readonly provisional: readonly InstanceId[]
      readonly warnings: readonly string[]
      readonly durationMs: number
    }
  | {
      readonly kind: 'failed'
      readonly id: InstanceId
      readonly step: string
      readonly output: string
      readonly durationMs: number
    }
  | { readonly kind: 'deferred'; readonly id: InstanceId; readonly waitsFor: readonly InstanceId[] }

/** What a run tells while it works on an instance. */
export interface WorkEvents {
  doing(id: InstanceId, what: string): void
}

/**
 * Plans one instance, seals the plan, and puts it into the store with an inbox entry; documents are
 * not written here (design: a plan job only creates).
 * @param planned plans that the run has made already, for what downstream instances read
 */
export async function planOne(
  world: World,
  run: PlanRun,
  task: Task,
  planned: (id: InstanceId) => Planned,
  events: WorkEvents,
): Promise<PlanResult> {
  const { id } = task.subject.instance
  mustBeRunnable('plan', task)
  const filling = await fillIn(world, task.at, task.subject, planned)
  if (filling.kind === 'deferred') return { kind: 'deferred', id, waitsFor: filling.waitsFor }
  const opened = await openSession(world, run, task, filling, events)
  try {
    const locked = await lockedPlan(world, task.subject, await opened.session.lock())
    if (locked !== undefined) return locked
    return await explained(world, task.subject, await planIn(world, run, task, filling, opened, events))
  } finally {
    await opened.session.close()
  }
}

/** Refuses an instance that Terraform cannot be run for. @throws UserError as `guard` */
export function mustBeRunnable(
  subCommand: 'plan' | 'apply' | 'destroy',
  { subject: { instance }, at: { stacks, tree } }: Pick<Task, 'subject' | 'at'>,
): void {
  const prefix = `${instance.folder}/`
  guard(subCommand, {
    ...instance,
    autoGenerateBackendFile: stacks.config.components.terraform.autoGenerateBackendFile,
    folderExists: [...tree.files.keys()].some((path) => path.startsWith(prefix)),
  })
}

/** A working copy in which runs can begin. */
export interface Opened {
  readonly session: Session
  readonly job: Job
  readonly warnings: readonly string[]
  /** Values that must not be shown: what was read as sensitive, and variables that the module declares so. */
  readonly hidden: readonly string[]
}

/** The working copy of an instance, opened with everything that its run needs. */
export async function openSession(
  world: World,
  { tool }: Pick<PlanRun, 'tool'>,
  { subject, at }: Task,
  filling: Filled,
  events: WorkEvents,
): Promise<Opened> {
  const { repo, terraform, ambient } = world
  const keys = await roleEnv(world, subject.instance)
  const contents = await repo.contents(at.commit, jobPaths(subject))
  const {
    job: asked,
    warnings,
    secrets,
  } = jobOf(subject, filling.sections, at.tree, contents, {
    repoId: repo.id,
    stateRoot: repo.mainWorktree,
    config: at.stacks.config,
    // It would choose the workspace of every instance: where a state is, the stack alone decides.
    processEnv: { ...ambient.env, TF_WORKSPACE: undefined },
  })
  // Two accounts in one process never mix: a role's keys take the place of all others.
  const job = { ...asked, env: { ...asked.env, ...keys } }
  const session = await terraform.open(job, tool, {
    waiting: (holder) => events.doing(subject.instance.id, `waiting for ${holder}`),
  })
  return { session, warnings, job, hidden: [...filling.secrets, ...secrets, ...secretsOf(keys)] }
}

/** Plans in an open working copy, seals and stores. */
export async function planIn(
  world: World,
  run: PlanRun,
  task: Task,
  filling: Filled,
  { session, warnings, hidden }: Pick<Opened, 'session' | 'warnings' | 'hidden'>,
  events: WorkEvents,
): Promise<PlanResult> {
  const { instance } = task.subject
  const { id } = instance
  const started = performance.now()
  events.doing(id, 'planning')
  const known = [...secretsOf(world.ambient.env), ...hidden]
  const ran = await session.plan({ destroy: planMode(task) === 'destroy', extraArgs: [] })
  if (ran.kind === 'failed')
    return {
      kind: 'failed',
      id,
      step: ran.step,
      output: redactText(
        outputOf(ran.step, ran.ran),
        secrets(known, shownStateSecrets(await session.shownState().catch(() => undefined))),
      ),
      durationMs: performance.now() - started,
    }
  if (ran.kind === 'unchanged') throw new Error(`the plan of ${id} was not shown`)
  const tookMs = performance.now() - started
  const plan = parsePlan(ran.json, ran.lockFile)
  const redacted = redact(plan, known)
  const digest = planDigest(digestInput(redacted))
  const covered = privateDigestInput(plan, known)
  const { state, applyTimeVariables } = openPlanfile(ran.planfile)
  const address = addressOf(instance)
  const now = await world.store.now()
  const tool = { kind: run.tool.kind, version: run.tool.version }
  const expiresMs = now + run.checkout.settings.planDays * DAY_MS
  const archive = seal({
    manifest: {
      component: instance.component,
      stack: instance.stack,
      address: addressId(address),
      fingerprint: task.target,
      digest,
      privateDigest: planDigest(covered),
      state,
      tool,
      commit: run.head ?? run.checkout.commit,
      pullRequest: run.pullRequest,
      mode: planMode(task),
      ephemeral: applyTimeVariables,
      madeMs: now,
      expiresMs,
    },
    planfile: ran.planfile,
    lockFile: ran.lockFile,
    made: ran.made,
    covered,
  })
  events.doing(id, 'sealing')
  const sealed = await world.vault.encrypt(archive.bytes)
  const merged = (await run.merged?.(task.subject)) ?? []
  const record: PlanResultRecord = {
    id: crypto.randomUUID() as PlanId,
    fingerprint: task.target,
    digest,
    provisional: filling.provisional.length > 0,
    changes: planCounts(redacted),
    seal: archive.sha256,
    blob: planBlobKey(archive.sha256),
    model: planModelKey(archive.sha256),
    commit: run.head ?? run.checkout.commit,
    ...(run.branch !== undefined && { branch: run.branch }),
    ...(run.pullRequest !== undefined && { pullRequest: run.pullRequest }),
    ...(merged.length > 0 && { merged }),
    run: run.run,
    by: run.by,
    createdMs: now,
    durationMs: Math.round(tookMs),
    expiresMs,
    ...(state && { state }),
    tool,
    reads: filling.reads,
    uncertain: uncertainInputs(task.at.tree, instance),
  }
  // What a record names is there before it.
  await world.store.put(record.blob, sealed, { kind: 'absent' })
  await world.store.put(record.model, encodePlan(redacted), { kind: 'absent' })
  const entry = inboxObject({ address, name: id, plan: record })
  await world.store.put(entry.key, entry.bytes, { kind: 'absent' })
  return {
    kind: 'planned',
    id,
    plan,
    redacted,
    digest,
    record,
    provisional: filling.provisional,
    warnings,
    durationMs: performance.now() - started,
  }
}

/** What Terraform said, or, where it said nothing, how it ended: an interrupt may leave it no time for words. */
export function outputOf(step: string, { output, exitCode }: Ran): string {
  if (output.trim() !== '') return output
  return exitCode === 130
    ? `terraform ${step} was interrupted`
    : `terraform ${step} ended with ${exitCode} and said nothing`
}

/** The Terraform that a repository asks for. @throws UserError `terraform-missing` */
export async function toolOf(
  { terraform }: Pick<World, 'terraform'>,
  { stacks }: Pick<Checkout, 'stacks'>,
  wished: string | undefined,
): Promise<Tool> {
  const command = wished ?? (stacks.config.components.terraform.command || undefined)
  for (const candidate of command ? [command] : ['terraform', 'tofu']) {
    const tool = await terraform.tool(candidate)
    if (tool) return tool
  }
  throw new UserError({
    code: 'terraform-missing',
    message: command ? `${command} is not on this machine` : 'neither terraform nor tofu is on this machine',
    fix: 'install one of them, or name it with --terraform PATH; affected, explain, status and describe work without',
    exit: 2,
  })
}
