import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import { digestInput, planDigest } from '../plan/digest.ts'
import { parsePlan } from '../plan/parse.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import { redact } from '../plan/redact.ts'
import { type SealedPlan, sealBroken, unseal } from '../plan/seal.ts'
import { redactText, secrets as textSecrets } from '../plan/secrets.ts'
import { mismatchText, verifyPlanfile } from '../plan/verify.ts'
import { addressId } from '../records/address.ts'
import type { PlanRecord } from '../records/document.ts'
import { clock } from '../records/words.ts'
import { secretsOf } from '../secrets.ts'
import { type MapValue, type Plain, plain, valueAt } from '../stacks/value.ts'
import type { Job, Session, Tool } from '../terraform/terraform.ts'
import { addressOf } from './documents.ts'
import { planMode, type Task } from './task.ts'
import type { World } from './world.ts'

/**
 * The sealed plan that a record names, if not a bit of it changed and it is this instance's.
 * @throws UserError `plan-missing`, `seal-broken`, `plan-foreign`
 */
export async function openSealed(
  { store, vault }: Pick<World, 'store' | 'vault'>,
  { instance }: Pick<Subject, 'instance'>,
  record: PlanRecord,
): Promise<SealedPlan> {
  const { component, stack } = instance
  const again = `plan again: airlock plan ${component} -s ${stack}`
  const stored = await store.get(record.blob)
  if (stored === undefined)
    throw new UserError({
      code: 'plan-missing',
      message: `the sealed plan of ${component} in ${stack} is not in the store any more (${record.blob})`,
      fix: again,
      exit: 3,
    })
  const expected = {
    sha256: record.seal,
    component,
    stack,
    sealedBy: `${record.by}, run ${record.run}, at ${clock(record.createdMs, await store.now())}`,
  }
  const bytes = await vault.decrypt(stored.bytes).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'not-decryptable')
      throw sealBroken(expected, 'other bytes: they do not decrypt to what was sealed')
    throw error
  })
  const sealed = unseal(bytes, expected)
  const { manifest } = sealed
  const facts: readonly (readonly [string, string, string])[] = [
    ['address', addressId(addressOf(instance)), manifest.address],
    ['fingerprint', record.fingerprint, manifest.fingerprint],
    ['digest', record.digest, manifest.digest],
  ]
  const wrong = facts.find(([, wanted, found]) => wanted !== found)
  if (wrong === undefined) return sealed
  throw new UserError({
    code: 'plan-foreign',
    message: `the sealed plan that the records name for ${component} in ${stack} is of ${manifest.component} in ${manifest.stack}: its ${wrong[0]} is ${wrong[2]}, not ${wrong[1]}`,
    fix: again,
    exit: 3,
  })
}

/** What the tip of the protected branch makes of an instance: what its planfile must hold. */
export interface AtTip {
  readonly task: Task
  /** With late values filled in. */
  readonly sections: MapValue
  readonly job: Job
  readonly tool: Tool
  readonly generatesBackend: boolean
  /** Values that must not be shown, beside those of the environment. */
  readonly secrets: readonly string[]
}

/**
 * Opens the planfile and compares all of it with the tip: configuration, backend, workspace, lock file, version,
 * variables; then asks Terraform what it would do, and compares the digest.
 * @returns texts that the plan marks as sensitive, and the plan as people may see it
 * @throws UserError `planfile-mismatch`, `plan-unreadable`
 */
export async function verifySealed(
  { ambient }: Pick<World, 'ambient'>,
  session: Session,
  sealed: SealedPlan,
  record: PlanRecord,
  { task, sections, job, tool, generatesBackend, secrets }: AtTip,
): Promise<{ readonly secrets: readonly string[]; readonly model: RedactedPlan }> {
  const { instance } = task.subject
  const section = (name: string) => {
    const value = valueAt(sections, [name])
    return value?.kind === 'map' ? (plain(value) as Record<string, Plain>) : {}
  }
  const mismatches = verifyPlanfile(sealed.planfile, {
    folder: job.folder,
    files: new Map([...job.files].map(([path, { bytes }]) => [path, bytes])),
    generated: job.generated,
    lockFile: sealed.lockFile === undefined ? undefined : new TextEncoder().encode(sealed.lockFile),
    backend: generatesBackend ? { type: instance.backendType || 'local', config: section('backend') } : undefined,
    workspace: job.workspace ?? 'default',
    tool: tool.kind,
    terraformVersion: tool.version,
    variables: { ...environmentVariables(job.env), ...section('vars') },
    mode: planMode(task),
  }).map(mismatchText)
  if (mismatches.length > 0) throw mismatch(instance, mismatches)
  const shown = await session.show(sealed)
  const known = [...secretsOf(ambient.env), ...secrets]
  if (shown.kind === 'failed' && shown.step !== 'show')
    throw unchecked(instance, shown, redactText(shown.ran.output, textSecrets(known)))
  if (shown.kind === 'failed')
    throw mismatch(instance, [`Terraform cannot read it (${shown.step} ended with ${shown.ran.exitCode})`])
  const plan = parsePlan(shown.json, sealed.lockFile)
  const model = redact(plan, known)
  const digest = planDigest(digestInput(model))
  if (digest !== record.digest)
    throw mismatch(instance, [`what it would do: expected digest ${record.digest}, found ${digest}`])
  return { secrets: plan.secrets, model }
}

/** Terraform did not come as far as the planfile: an interrupt, a registry that does not answer. The plan stays good. */
function unchecked(
  { component, stack }: Subject['instance'],
  { step, ran }: Extract<Awaited<ReturnType<Session['show']>>, { kind: 'failed' }>,
  output: string,
): UserError {
  return new UserError({
    code: 'plan-unchecked',
    message: `the sealed plan of ${component} in ${stack} could not be checked: terraform ${step} ended with ${ran.exitCode}\n${output.trimEnd()}`,
    fix: `nothing was applied, and the plan stays as it is; run again: airlock apply ${component} -s ${stack}`,
  })
}

function mismatch({ component, stack }: Subject['instance'], differences: readonly string[]): UserError {
  return new UserError({
    code: 'planfile-mismatch',
    message: [
      `the planfile of ${component} in ${stack} is not what the tip asks for:`,
      ...differences.map((it) => `  ${it}`),
      '  Nothing was applied.',
    ].join('\n'),
    fix: `plan again: airlock plan ${component} -s ${stack}`,
    exit: 3,
  })
}

/** Variables that the `env` section hands over as `TF_VAR_<name>`; those of `vars` go before them. */
function environmentVariables(env: Job['env']): Record<string, Plain> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, text]) =>
      name.startsWith('TF_VAR_') && text !== undefined ? [[name.slice('TF_VAR_'.length), text]] : [],
    ),
  )
}
