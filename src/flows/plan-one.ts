import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import { type PlanDigest, digestInput, planDigest, privateDigestInput } from '../plan/digest.ts'
import { parsePlan } from '../plan/parse.ts'
import type { Plan, RedactedPlan } from '../plan/plan.ts'
import { openPlanfile } from '../plan/planfile.ts'
import { redact } from '../plan/redact.ts'
import { seal } from '../plan/seal.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { planCounts } from '../plan/summary.ts'
import { addressId, stateAddress } from '../records/address.ts'
import type { PlanRecord } from '../records/document.ts'
import { type InboxPlan, putPlan } from '../records/inbox.ts'
import { secretsOf } from '../secrets.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Session, Tool } from '../terraform/terraform.ts'
import type { Checkout } from './checkout.ts'
import { type FillIn, fillIn, stateRef } from './fill-in.ts'
import { jobOf, jobPaths } from './job.ts'
import type { World } from './world.ts'

/** What all plans of one run have in common. */
export interface PlanRun {
  readonly checkout: Checkout & { readonly commit: CommitId }
  readonly tool: Tool
  /** Names the run in records. */
  readonly run: string
  /** A person or account. */
  readonly by: string
  readonly branch: string | undefined
  readonly pullRequest: number | undefined
}

/** How one instance's plan came out. `plan` still holds its secrets: it is for computing with, never for showing. */
export type PlanResult =
  | {
      readonly kind: 'planned'
      readonly id: InstanceId
      readonly plan: Plan
      readonly redacted: RedactedPlan
      readonly digest: PlanDigest
      readonly record: Omit<PlanRecord, 'status'>
      /** Upstreams whose value was not known yet, so that the value of now stands in. */
      readonly provisional: readonly InstanceId[]
      readonly warnings: readonly string[]
      readonly durationMs: number
    }
  | { readonly kind: 'failed'; readonly id: InstanceId; readonly step: string; readonly output: string; readonly durationMs: number }
  | { readonly kind: 'deferred'; readonly id: InstanceId; readonly waitsFor: readonly InstanceId[] }

/** What a run tells while it works on an instance. */
export interface WorkEvents {
  doing(id: InstanceId, what: string): void
}

/**
 * Plans one instance at the run's commit, seals the plan, and puts it into the store with an inbox entry; documents are
 * not written here (design: a plan job only creates).
 * @param planned plans that the run has made already, for what downstream instances read
 */
export async function planOne(
  world: World,
  run: PlanRun,
  subject: Subject,
  planned: (id: InstanceId) => Plan | undefined,
  events: WorkEvents,
): Promise<PlanResult> {
  const { id } = subject.instance
  const filling = await fillIn(world, run.checkout, subject, planned)
  if (filling.kind === 'deferred') return { kind: 'deferred', id, waitsFor: filling.waitsFor }
  const { session, warnings } = await openSession(world, run, subject, filling, events)
  try {
    return await planIn(world, run, subject, filling, session, warnings, events)
  } finally {
    await session.close()
  }
}

type Filled = Extract<FillIn, { kind: 'filled' }>

/** The working copy of an instance, opened with everything that its run needs. */
export async function openSession(
  world: World,
  { checkout, tool }: Pick<PlanRun, 'checkout' | 'tool'>,
  subject: Subject,
  filling: Filled,
  events: WorkEvents,
): Promise<{ readonly session: Session; readonly warnings: readonly string[]; readonly job: ReturnType<typeof jobOf>['job'] }> {
  const { repo, terraform, ambient } = world
  const contents = await repo.contents(checkout.commit, jobPaths(subject))
  const { job, warnings } = jobOf(subject, filling.sections, checkout.tree, contents, {
    repoId: repo.id,
    stateRoot: repo.mainWorktree,
    config: checkout.stacks.config,
    processEnv: ambient.env,
  })
  const session = await terraform.open(job, tool, {
    waiting: (holder) => events.doing(subject.instance.id, `waiting for ${holder}`),
  })
  return { session, warnings, job }
}

/** Plans in an open working copy, seals and stores. */
export async function planIn(
  world: World,
  run: PlanRun,
  subject: Subject,
  filling: Filled,
  session: Session,
  warnings: readonly string[],
  events: WorkEvents,
): Promise<PlanResult> {
  const { instance, fingerprint } = subject
  const { id } = instance
  const started = performance.now()
  events.doing(id, 'planning')
  const known = [...secretsOf(world.ambient.env), ...filling.secrets]
  const ran = await session.plan({ destroy: false, extraArgs: [] })
  if (ran.kind === 'failed')
    return {
      kind: 'failed',
      id,
      step: ran.step,
      output: redactText(ran.ran.output, secrets(known)),
      durationMs: performance.now() - started,
    }
  const plan = parsePlan(ran.json, ran.lockFile)
  const redacted = redact(plan, known)
  const digest = planDigest(digestInput(redacted))
  const covered = privateDigestInput(plan, known)
  const { state, applyTimeVariables } = openPlanfile(ran.planfile)
  const address = stateAddress({ ...stateRef(instance, ''), folder: instance.folder })
  const now = await world.store.now()
  const tool = { kind: run.tool.kind, version: run.tool.version }
  const expiresMs = now + run.checkout.settings.planDays * 86_400_000
  const archive = seal({
    manifest: {
      component: instance.component,
      stack: instance.stack,
      address: addressId(address),
      fingerprint,
      digest,
      privateDigest: planDigest(covered),
      state,
      tool,
      commit: run.checkout.commit,
      pullRequest: run.pullRequest,
      mode: 'normal',
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
  const entry: InboxPlan = {
    address,
    instance: id,
    fingerprint,
    digest,
    provisional: filling.provisional.length > 0,
    changes: planCounts(redacted),
    archiveSha256: archive.sha256,
    commit: run.checkout.commit,
    branch: run.branch,
    pullRequest: run.pullRequest,
    run: run.run,
    by: run.by,
    createdMs: now,
    expiresMs,
    state,
    tool,
    reads: filling.reads,
    uncertain: [],
  }
  const record = await putPlan(world.store, entry, sealed, redacted)
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
