import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { UserError } from '../../src/error.ts'
import { jobOf } from '../../src/flows/job.ts'
import type { Tree } from '../../src/git/tree.ts'
import { filled } from '../../src/stacks/fill.ts'
import type { Instance } from '../../src/stacks/instance.ts'
import { resolveStacks, type Stacks } from '../../src/stacks/instances.ts'
import { lateAnswers } from '../../src/stacks/late.ts'
import { type MapValue, valueAt } from '../../src/stacks/value.ts'
import { applyArgs, guard, initArgs, planArgs } from '../../src/terraform/args.ts'
import { type Data, jsonText } from '../../src/terraform/data.ts'
import type { Job } from '../../src/terraform/terraform.ts'
import { runExitCode } from './fake.ts'
import { type Invocation, invocation } from './invocation.ts'
import { difference, type Outcome } from './outcome.ts'
import { type Files, filesBelow, laidOver, names, readJson, treeOf } from './repos.ts'

type CallFile = 'same' | null | { readonly text: string }

/** One recorded call of a program. */
export interface Call {
  readonly cwd: string
  readonly bin?: string
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string | null>>
  readonly files?: Readonly<Record<string, CallFile>>
}

/** One recorded command line of Atmos. */
export interface Run {
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly add?: Readonly<Record<string, string>>
  readonly code: number
  readonly calls?: readonly Call[]
}

/** A repository and what was run in it. */
export interface Case {
  readonly files?: Readonly<Record<string, string>>
  readonly fixture?: string
  readonly changes?: Readonly<Record<string, string | null>>
  readonly runs: readonly Run[]
}

/** What runs for one component. Airlock itself runs the first four; of the others it is known what they would be given. */
const COMMANDS = new Set(
  (
    'plan apply deploy destroy init workspace output show import refresh validate taint untaint force-unlock graph ' +
    'providers state get fmt test console modules'
  ).split(' '),
)
/** Commands that are given the variables. */
const WITH_VARIABLES = ['destroy', 'import', 'refresh', 'test']
/** Commands that change what is locked. */
const CHANGING = ['apply', 'deploy', 'destroy', 'import', 'taint', 'untaint']
/** Whether a command comes before, or does without, the choice of a workspace. */
const isOutsideWorkspace = (command: string) => /^(init|workspace (?:list|show)|providers\b.*)$/.test(command)
/** Files that `generate` makes of one component. */
const GENERATED: Readonly<Record<string, (path: string) => boolean>> = {
  'generate varfile': (path) => path.endsWith('.terraform.tfvars.json'),
  'generate backend': (path) => path === 'backend.tf.json',
  'generate required-providers': (path) => path === 'terraform_override.tf.json',
  'generate files': (path) =>
    !/^(backend|providers_override|terraform_override)\.tf\.json$|\.terraform\.tfvars\.json$/.test(path),
}

/** Runs every case of a folder in the format of `conformance/execution` that calls one component. */
export function runExecution(folder: string): Outcome[] {
  return names(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((file) => {
      const it = readJson<Case>(folder, file)
      const fixture = it.fixture === undefined ? undefined : join(folder, '..', it.fixture)
      // A case whose fixture is not there is left out here, and so counts as failed.
      if (fixture !== undefined && !existsSync(fixture)) return []
      const files = laidOver(fixture === undefined ? (it.files ?? {}) : filesBelow(fixture), it.changes ?? {})
      return it.runs.flatMap((run, at) => {
        const call = invocation(run.args)
        const isOurs = call && (COMMANDS.has(call.command.split(' ')[0]!) || Object.hasOwn(GENERATED, call.command))
        return isOurs ? [{ id: `${file}#${at}`, ...runOutcome(run, call, files) }] : []
      })
    })
}

/** Runs the cases of `conformance/cases` that call one component, in the same way. */
export function runExecutionExperiments(folder: string): Outcome[] {
  return names(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((file) =>
      readJson<readonly (Run & { readonly id: string; readonly files?: Files })[]>(folder, file).flatMap((it) => {
        const call = it.files && invocation(it.args)
        return call && COMMANDS.has(call.command)
          ? [{ id: `${file}#${it.id}`, ...runOutcome(it, call, it.files!) }]
          : []
      }),
    )
}

function runOutcome(run: Run, call: Invocation, files: Files): Omit<Outcome, 'id'> {
  let ours: Ours | undefined
  try {
    ours = answer(run, call, files)
  } catch (thrown) {
    if (!(thrown instanceof UserError)) return { pass: false, message: `crashed: ${(thrown as Error).stack}` }
    if (thrown.code === 'not-yet') return { pass: false, message: `not yet: ${thrown.message}` }
    return run.code !== 0 && !recordedCommand(run, call)
      ? { pass: true }
      : { pass: false, message: `refused: ${thrown.message}` }
  }
  const message = differs(run, call, files, ours)
  return message === undefined ? { pass: true } : { pass: false, message }
}

/** What we would do: nothing (a disabled component, a dry run), or these inputs. */
type Ours = 'nothing' | Inputs

/** What we would run Terraform with. */
export interface Inputs {
  readonly job: Job
  readonly argv: readonly string[]
  readonly bin: string
  readonly code: number
}

function answer(run: Run, call: Invocation, files: Files): Ours {
  const tree = treeOf(laidOver(files, run.add ?? {}))
  const env = { ...run.env, ...settingsOf(call) }
  const stacks = resolveStacks(tree, { cwd: run.cwd ?? '', env, gitRoot: '' })
  stacks.check()
  const instance = stacks.instance(call.component, call.stack)
  const dryRun = call.flags['dry-run'] === true
  if (Object.hasOwn(GENERATED, call.command)) return inputs(run, call, stacks, instance, tree)
  const verdict = guarded(call, stacks, instance, tree, dryRun)
  if (verdict === 'skip' || dryRun) return 'nothing'
  return inputs(run, call, stacks, instance, tree)
}

/** Whether a command runs at all. @throws UserError where it must not */
export function guarded(
  { command }: Invocation,
  { config }: Stacks,
  instance: Instance,
  tree: Tree,
  dryRun: boolean,
): 'run' | 'skip' {
  const verb =
    command.startsWith('workspace') || command === 'plan'
      ? 'plan'
      : /^(apply|deploy)$/.test(command)
        ? 'apply'
        : 'destroy'
  if (command.startsWith('workspace') && instance.backendType === 'http')
    throw new UserError({ code: 'usage', message: 'the http backend has no workspaces' })
  return guard(verb, {
    ...instance,
    locked: instance.locked && CHANGING.includes(command),
    // A dry run does not come to the backend file.
    autoGenerateBackendFile: config.components.terraform.autoGenerateBackendFile && !dryRun,
    folderExists: [...tree.files.keys()].some((path) => path.startsWith(`${instance.folder}/`)),
  })
}

/** Flags that override a setting of `atmos.yaml`, as the variables that do the same. */
function settingsOf({ flags, command }: Invocation): Record<string, string> {
  const settings: Record<string, string> = {}
  if (command === 'generate backend') settings.ATMOS_COMPONENTS_TERRAFORM_AUTO_GENERATE_BACKEND_FILE = 'true'
  for (const name of ['auto-generate-backend-file', 'init-run-reconfigure']) {
    const value = flags[name]
    if (value !== undefined)
      settings[`ATMOS_COMPONENTS_TERRAFORM_${name.replaceAll('-', '_').toUpperCase()}`] =
        value === true ? 'true' : value
  }
  return settings
}

/** What we would run Terraform with for one call. */
export function inputs(
  run: Run,
  call: Invocation,
  stacks: Stacks,
  instance: Instance,
  tree: Tree,
  sections?: MapValue,
): Inputs {
  const settings = stacks.config.components.terraform
  const { job } = jobOf({ instance }, sections ?? withEnvironment(run, instance, tree), tree, new Map(), {
    repoId: 'repo',
    stateRoot: '/checkout',
    config: call.command === 'generate files' ? generating(stacks.config) : stacks.config,
    processEnv: run.env ?? {},
  })
  const { varFile } = job
  const planFile = varFile.replace(/\.terraform\.tfvars\.json$/, '.planfile')
  const skip = settings.skipPlanfile || (call.flags['skip-planfile'] ?? 'false') !== 'false'
  const named = call.flags.planfile
  const argv =
    call.command === 'plan'
      ? planArgs({ varFile, planFile: skip ? undefined : planFile, extra: call.extra })
      : call.command !== 'apply' && call.command !== 'deploy'
        ? otherArgs(call, varFile, job.workspace)
        : applyArgs({
            varFile,
            planFile: typeof named === 'string' ? named : undefined,
            extra: call.extra,
            autoApprove: settings.applyAutoApprove || call.command === 'deploy',
          })
  const init = initArgs({ varFile, ...job.init })
  const isThere = ['terraform', 'tofu'].includes(commandOf(instance))
  const ran = runExitCode(
    {
      env: run.env ?? {},
      folder: posix.basename(instance.folder),
      current: run.add?.[`${instance.folder}/.terraform/environment`],
    },
    {
      init: call.flags['skip-init'] === true ? undefined : init,
      workspace: job.workspace,
      command: call.command === 'workspace' ? [] : argv,
    },
  )
  return { job, argv, bin: commandOf(instance), code: isThere ? ran : 1 }
}

/** The sections with what the environment says. */
function withEnvironment(run: Run, instance: Instance, tree: Tree): MapValue {
  const answers = lateAnswers(instance, () => undefined, { env: run.env ?? {}, root: tree.root })
  const values = new Map(answers.flatMap((it) => (it.kind === 'value' ? [[it.call, it.value] as const] : [])))
  return filled(instance.sections, values)
}

function commandOf({ sections }: Instance): string {
  const own = valueAt(sections, ['command'])
  return own?.kind === 'scalar' && typeof own.value === 'string' && own.value !== '' ? own.value : 'terraform'
}

/** Arguments of a command that only Atmos runs. */
function otherArgs({ command, extra }: Invocation, varFile: string, workspace: string | undefined): string[] {
  const words = command.split(' ')
  if (command === 'workspace') return ['workspace', 'select', '-or-create', workspace ?? '']
  if (/^workspace (?:select|new|delete)$/.test(command)) return [...words, workspace ?? '', ...extra]
  return [...words, ...(WITH_VARIABLES.includes(command) ? ['-var-file', varFile] : []), ...extra]
}

/** The recorded call of the command itself. */
function recordedCommand(run: Run, { command }: Invocation): Call | undefined {
  const name = command === 'deploy' ? 'apply' : command.split(' ')[0]
  return run.calls?.findLast((it) => it.argv[0] === name)
}

/** How what we would do differs from the last recorded call of the command; undefined where it does not. */
export function differs(run: Run, call: Invocation, files: Files, ours: Ours): string | undefined {
  const recorded = recordedCommand(run, call)
  if (Object.hasOwn(GENERATED, call.command)) return generatedDifference(run, call, ours, files)
  if (ours === 'nothing') {
    if (run.calls?.length || run.code !== 0)
      return `does nothing, but Atmos runs ${run.calls?.length} calls and ends with ${run.code}`
    return undefined
  }
  if ((ours.code === 0) !== (run.code === 0)) return `ends with ${ours.code} instead of ${run.code}`
  if (!recorded) return run.calls?.length || run.code !== 0 ? undefined : 'Atmos runs nothing'
  return (
    difference(recorded.bin ?? 'terraform', ours.bin, 'binary') ??
    difference(recordedFolder(recorded, ours.job.folder), ours.job.folder, 'folder') ??
    (isOutsideWorkspace(call.command)
      ? undefined
      : difference(recordedWorkspace(run), ours.job.workspace, 'workspace')) ??
    (['init', 'workspace'].includes(call.command)
      ? undefined
      : difference(neutral(recorded.argv), neutral(ours.argv), 'arguments')) ??
    envDifference(ours, recorded, run, call) ??
    filesDifference(run, files, ours, recorded)
  )
}

/** A working copy that Atmos makes is one that Airlock has anyway. */
function recordedFolder({ cwd }: Call, ours: string): string {
  return cwd.startsWith('<ROOT>/.workdir/') ? ours : cwd.replace(/^<ROOT>\/?/, '')
}

/** `generate files` makes the files whether the configuration asks for them or not. */
function generating(config: Stacks['config']): Stacks['config'] {
  const { terraform } = config.components
  return { ...config, components: { ...config.components, terraform: { ...terraform, autoGenerateFiles: true } } }
}

/** Files that `generate` leaves, beside ours. */
function generatedDifference(run: Run, { command, flags }: Invocation, ours: Ours, files: Files): string | undefined {
  if (ours === 'nothing') return 'does nothing'
  if (flags['dry-run'] === true) return run.code === 0 ? undefined : 'says what it would do'
  const { after = {} } = run as { readonly after?: Readonly<Record<string, CallFile>> }
  const mine = new Map([...ours.job.generated].filter(([path]) => GENERATED[command]!(path)))
  const place = (path: string) => (typeof flags.file === 'string' ? flags.file : posix.join(ours.job.folder, path))
  const theirs = Object.entries(after).filter(([path]) => !path.endsWith('.lock'))
  const unchanged = [...mine].filter(([path, text]) => files[place(path)] === text).map(([path]) => place(path))
  const found = difference(
    theirs.map(([path]) => path).sort(),
    [...mine.keys()]
      .map(place)
      .filter((path) => !unchanged.includes(path))
      .sort(),
    'files',
  )
  if (found) return found
  for (const [path, text] of mine) {
    const file = after[place(path)]
    if (file === undefined || file === null || file === 'same') continue
    const message = difference(parsed(path, file.text), parsed(path, text), path)
    if (message) return message
  }
  return undefined
}

function recordedWorkspace(run: Run): string | undefined {
  const chosen = run.calls?.findLast((it) => it.argv[0] === 'workspace')
  return chosen ? chosen.argv.at(-1) : run.env?.TF_WORKSPACE
}

/** Arguments with the names of variables file and planfile made alike. */
function neutral(argv: readonly string[]): string[] {
  return argv.map((arg) =>
    arg.replace(/^.*\.terraform\.tfvars\.json$/, '<variables>').replace(/^.*\.planfile$/, '<plan>'),
  )
}

/** Variables that need not match. */
const OWN =
  /^(ATMOS_(BASE_PATH|CLI_CONFIG_PATH|CONTAINER_RUNTIME_AUTO_START|SHLVL)|TF_APPEND_USER_AGENT|TF_PLUGIN_CACHE_DIR)$/

function envDifference(ours: Inputs, recorded: Call, run: Run, { command }: Invocation): string | undefined {
  const process = run.env ?? {}
  const kept = (env: Readonly<Record<string, string | null | undefined>>) =>
    Object.fromEntries(
      Object.entries(env).filter(
        ([name, value]) => !OWN.test(name) && !name.startsWith('TF_VAR_') && process[name] !== value,
      ),
    )
  const theirs = kept(recorded.env ?? {})
  const { AWS_REGION: _region, ...others } = theirs
  const { AWS_REGION: _ours, ...mine } = kept(ours.job.env)
  // Atmos gives an import the region of the variables; Airlock runs none.
  return command === 'import' ? difference(others, mine, 'env') : difference(theirs, kept(ours.job.env), 'env')
}

function filesDifference(run: Run, files: Files, ours: Inputs, recorded: Call): string | undefined {
  const before = laidOver(files, run.add ?? {})
  const text = (name: string): string | undefined => {
    const file = before[posix.join(ours.job.folder, name)]
    return file === undefined ? undefined : typeof file === 'string' ? file : Buffer.from(file as Uint8Array).toString()
  }
  const theirs = recordedFiles(run, recorded)
  const given = recorded.argv[recorded.argv.indexOf('-var-file') + 1] ?? ''
  const variables = theirs.has(given)
    ? given
    : [...theirs.keys()].find((name) => name.endsWith('.terraform.tfvars.json'))
  const skipped = (name: string) =>
    name.endsWith('.terraform.tfvars.json') || name.endsWith('.planfile') || name.startsWith('.')
  const names = new Set([...ours.job.generated.keys(), ...theirs.keys()].filter((name) => !skipped(name)))
  if (recorded.argv.includes('-var-file') && variables !== undefined) {
    const mine = ours.job.generated.get(ours.job.varFile)
    const other = theirs.get(variables)
    const inEnv = [ours.job.env, recorded.env ?? {}].some((env) =>
      Object.keys(env).some((it) => it.startsWith('TF_VAR_')),
    )
    const found = inEnv
      ? difference(variablesGiven(other, recorded.env ?? {}), variablesGiven(mine, ours.job.env), 'variables')
      : difference(parsed('x.json', other), parsed('x.json', mine), 'variables')
    if (found) return found
  }
  for (const name of [...names].sort()) {
    const mine = ours.job.generated.get(name) ?? text(name)
    const other = theirs.has(name) ? theirs.get(name) : text(name)
    const found = difference(parsed(name, other), parsed(name, mine), name)
    if (found) return found
  }
  return undefined
}

/** Variables as Terraform receives them, from the file and from `TF_VAR_*` together: texts as they are, the others as JSON. */
function variablesGiven(file: string | undefined, env: Readonly<Record<string, string | null | undefined>>) {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries((parsed('x.json', file) ?? {}) as Readonly<Record<string, Data>>))
    values[name] = typeof value === 'string' ? value : jsonText(value, 0, name)
  for (const [name, text] of Object.entries(env))
    if (name.startsWith('TF_VAR_') && text != null) values[name.slice('TF_VAR_'.length)] = text
  return values
}

/** Files of the working folder as they were when a call began; "same" looked up in the calls before. */
function recordedFiles(run: Run, call: Call): Map<string, string | undefined> {
  const seen = new Map<string, string | undefined>()
  for (const it of run.calls ?? []) {
    if (it.cwd !== call.cwd) continue
    const here = new Map<string, string | undefined>()
    for (const [name, file] of Object.entries(it.files ?? {}))
      here.set(name, file === 'same' ? seen.get(name) : (file?.text ?? undefined))
    seen.clear()
    for (const [name, file] of here) seen.set(name, file)
    if (it === call) break
  }
  return seen
}

/** Content as far as it must match: JSON by value with exact numbers, other texts without white space. */
function parsed(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  if (!name.endsWith('.json')) return text.replace(/\s+/g, ' ').trim()
  // JSON.parse would round what is beyond 2^53.
  return JSON.parse(text.replace(/(?<=[[:,]\s*)-?\d{16,}(?=\s*[,\]}])/g, '"$&"'))
}
