import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { UserError } from '../../src/error.ts'
import { edgesOf } from '../../src/flows/edges.ts'
import { runSequence, type StepEnd } from '../../src/flows/steps.ts'
import { waves } from '../../src/graph/waves.ts'
import { processShell } from '../../src/machine/drivers/shell.ts'
import { type Action, actionOf } from '../../src/sequences/action.ts'
import { workflowIn, workflowNamed, workflowPath } from '../../src/sequences/files.ts'
import { parseWorkflows } from '../../src/sequences/parse.ts'
import { type Planned, type Sequence, sequenceOf } from '../../src/sequences/sequence.ts'
import { envTexts } from '../../src/stacks/env-texts.ts'
import type { InstanceId } from '../../src/stacks/instance.ts'
import { resolveStacks, type Stacks } from '../../src/stacks/instances.ts'
import { type Call, type Case, differs, type Inputs, inputs, type Run } from './execution.ts'
import { difference, type Outcome } from './outcome.ts'
import { type Files, filesBelow, laidOver, names, readJson, treeOf } from './repos.ts'

type Terraform = Extract<Action, { kind: 'terraform' }>

/** What a run of ours did, in order: a command that a shell ran, or one call of Terraform. */
type Did =
  | { readonly kind: 'note'; readonly cwd: string; readonly argv: readonly string[]; readonly env: Env }
  | { readonly kind: 'terraform'; readonly action: Terraform; readonly id: InstanceId; readonly ours: Inputs }
type Env = Readonly<Record<string, string>>

/**
 * Runs the cases of `conformance/execution` that call a workflow: shell steps in a real shell, with a `note` that writes
 * down how it is called; Terraform steps as far as what they would be given. What Airlock refuses besides (flags that it
 * does not honour) is no part of it.
 */
export async function runWorkflowCases(folder: string): Promise<Outcome[]> {
  const result: Outcome[] = []
  for (const file of names(folder).filter((name) => name.endsWith('.json'))) {
    const it = readJson<Case>(folder, file)
    const asked = it.runs.flatMap((run, at) => (run.args[0] === 'workflow' ? [{ run, at }] : []))
    const fixture = it.fixture === undefined ? undefined : join(folder, '..', it.fixture)
    if (asked.length === 0 || (fixture !== undefined && !existsSync(fixture))) continue
    const files = laidOver(fixture === undefined ? (it.files ?? {}) : filesBelow(fixture), it.changes ?? {})
    for (const { run, at } of asked) {
      const message = await problem(run, laidOver(files, run.add ?? {}), files)
      result.push({ id: `${file}#${at}`, pass: message === undefined, ...(message !== undefined && { message }) })
    }
  }
  return result
}

/** Runs the cases of `conformance/cases` that call a workflow, in the same way. */
export async function runWorkflowExperiments(folder: string): Promise<Outcome[]> {
  const result: Outcome[] = []
  for (const file of names(folder).filter((name) => name.endsWith('.json')))
    for (const it of readJson<readonly Experiment[]>(folder, file)) {
      if (it.args?.[0] !== 'workflow' || it.files === undefined) continue
      const message = await problem({ ...it, args: it.args }, it.files, it.files)
      result.push({ id: `${file}#${it.id}`, pass: message === undefined, ...(message !== undefined && { message }) })
    }
  return result
}

interface Experiment extends Omit<Run, 'args'> {
  readonly id: string
  readonly args?: readonly string[]
  readonly files?: Files
}

async function problem(run: Run, laid: Files, files: Files): Promise<string | undefined> {
  try {
    return await compared(run, laid, files)
  } catch (error) {
    if (!(error instanceof UserError)) return `crashed: ${(error as Error).stack}`
    return run.code === 0 ? `refused: ${error.message}` : undefined
  }
}

interface Asked {
  readonly name: string
  readonly file: string | undefined
  readonly stack: string | undefined
  readonly fromStep: string | undefined
  readonly dryRun: boolean
}

function asked(args: readonly string[]): Asked {
  const flag = (...flags: string[]) => {
    const at = args.findIndex((arg) => flags.includes(arg))
    return at < 0 ? undefined : args[at + 1]
  }
  return {
    name: args[1]!,
    file: flag('-f', '--file'),
    stack: flag('-s', '--stack'),
    fromStep: flag('--from-step'),
    dryRun: args.includes('--dry-run'),
  }
}

async function compared(run: Run, laid: Files, files: Files): Promise<string | undefined> {
  const it = asked(run.args)
  const tree = treeOf(laid)
  const env: Env = { HOME: '<HOME>', TERM: 'dumb', CI: '', NO_COLOR: '1', ATMOS_LOGS_LEVEL: 'Off', ...run.env }
  const stacks = resolveStacks(tree, { cwd: run.cwd ?? '', env, gitRoot: '' })
  const { config } = stacks
  const read = (path: string) => parseWorkflows(tree.text(path) ?? '', path)
  const find = (name: string, file: string | undefined) =>
    file === undefined
      ? workflowNamed(tree, config, name)
      : workflowIn(read(tree.files.has(file) ? file : workflowPath(tree, config, file, run.cwd ?? '')), name)
  const sequence = sequenceOf(find(it.name, it.file), { stack: it.stack, fromStep: it.fromStep, env, find })
  if (it.dryRun) return difference(printedActions(run), actionsOf(sequence), 'dry run')
  const { did, end } = await played(run, sequence, laid, stacks, env)
  if ((end === 'done') !== (run.code === 0)) return `ends ${end}, but Atmos with ${run.code}`
  return callsDifference(run, did, files, env)
}

/** What Atmos prints on a dry run, read as the steps of ours are. */
function printedActions(run: Run): Action[] {
  const at = { file: 'stderr', line: 1, column: 1 }
  const lines = [...((run as { readonly stderr?: string }).stderr ?? '').matchAll(/^▶ Executing command: (.*)$/gm)]
  return lines.map(([, line]) => actionOf({ text: line!, at }, undefined, line!, {}))
}

function actionsOf({ before, steps }: Sequence): Action[] {
  const of = ({ action, called, inner }: Planned): Action[] =>
    called ? actionsOf(called) : [...(action ? [action] : []), ...inner.flatMap(of)]
  return [...before.flatMap(actionsOf), ...steps.flatMap(of)]
}

/** Runs the sequence in a real folder. */
async function played(run: Run, sequence: Sequence, files: Files, stacks: Stacks, env: Env) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'airlock-workflow-')))
  try {
    const checkout = join(root, 'checkout')
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true })
      writeFileSync(join(checkout, path), content as string)
    }
    const log = join(root, 'log')
    mkdirSync(join(root, 'bin'))
    writeFileSync(
      join(root, 'bin/note'),
      `#!/bin/sh\n{ printf '%s\\0' "$PWD" "$#" "$@"; env -0; printf '\\001'; } >> '${log}'\n`,
    )
    chmodSync(join(root, 'bin/note'), 0o755)
    writeFileSync(log, '')
    const did: Did[] = []
    let seen = 0
    const takeNotes = () => {
      const notes = readFileSync(log, 'utf8').split('\u0001').slice(0, -1)
      did.push(...notes.slice(seen).map((text) => note(text, checkout)))
      seen = notes.length
    }
    const shell = processShell({ stop: new AbortController().signal })
    const place = {
      processEnv: { ...env, PATH: `${join(root, 'bin')}:${process.env.PATH}` },
      configEnv: Object.fromEntries(Object.entries(envTexts(stacks.config.env)).map(([name, it]) => [name, it ?? ''])),
      cwd: join(checkout, run.cwd ?? ''),
      base: join(checkout, stacks.config.folder),
    }
    const ended = await runSequence(
      {
        shell: {
          run: async (command, events) => {
            const result = await shell.run(command, events)
            takeNotes()
            return result
          },
        },
        pause: async () => {},
        act: async (action, facts): Promise<StepEnd> => {
          if (action.kind !== 'terraform') return { kind: 'done', text: '' }
          for (const id of instancesOf(action, stacks)) {
            const ours = terraform(run, action, id, stacks, files, { ...place.configEnv, ...facts.env })
            did.push({ kind: 'terraform', action, id, ours })
            if (ours.code !== 0) return { kind: 'failed', text: `ended with ${ours.code}` }
          }
          return { kind: 'done', text: '' }
        },
      },
      sequence,
      place,
      { begin: () => {}, output: () => {}, ended: () => {} },
    )
    return { did, end: ended.end }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function note(text: string, checkout: string): Did {
  const [cwd = '', count = '0', ...rest] = text.split('\0')
  const words = Number(count)
  const env = rest.slice(words).filter((it) => it !== '')
  return {
    kind: 'note',
    cwd: cwd.replace(checkout, '<ROOT>'),
    argv: rest.slice(0, words),
    env: Object.fromEntries(env.map((it) => [it.slice(0, it.indexOf('=')), it.slice(it.indexOf('=') + 1)])),
  }
}

/** The instances of an action, in order. */
function instancesOf({ component, stack }: Terraform, stacks: Stacks): InstanceId[] {
  if (component !== undefined) return [stacks.instance(component, stack).id]
  const inside = [...stacks.inventory().values()].filter(
    (it) => it.stack === stack && it.type === 'terraform' && !it.abstract && it.enabled,
  )
  const subjects = new Map(inside.map((instance) => [instance.id, { instance }]))
  return waves(
    [...subjects.keys()],
    edgesOf(subjects as unknown as Parameters<typeof edgesOf>[0]),
  ).flat() as InstanceId[]
}

function terraform(run: Run, action: Terraform, id: InstanceId, stacks: Stacks, files: Files, env: Env): Inputs {
  const instance = stacks.inventory().get(id)!
  const { verb, stack, extra } = action
  const call = { command: verb, component: instance.component, stack, flags: {}, extra }
  const ours = inputs({ ...run, env: { ...run.env, ...env } }, call, stacks, instance, treeOf(files))
  return { ...ours, job: { ...ours.job, env: { ...env, ...ours.job.env } } }
}

/** Compares call by call; init and the choice of a workspace are no calls of ours. */
function callsDifference(run: Run, did: readonly Did[], files: Files, env: Env): string | undefined {
  const calls = (run.calls ?? []).flatMap((call, index) => (isMain(call) ? [{ call, index }] : []))
  const kinds = (some: readonly { readonly kind: string }[]) => some.map(({ kind }) => kind)
  const found = difference(
    kinds(calls.map(({ call }) => ({ kind: call.bin === 'note' ? 'note' : 'terraform' }))),
    kinds(did),
    'calls',
  )
  if (found) return found
  for (const [at, { call, index }] of calls.entries()) {
    const ours = did[at]!
    const message =
      ours.kind === 'note'
        ? (difference(call.cwd, ours.cwd, `folder of call ${at}`) ??
          difference(call.argv, ours.argv, `arguments of call ${at}`) ??
          difference(without(call.env ?? {}, {}), without(ours.env, env), `env of call ${at}`))
        : terraformDifference(run, index, ours, files)
    if (message) return message
  }
  return undefined
}

function terraformDifference(
  run: Run,
  index: number,
  { action, id, ours }: Extract<Did, { kind: 'terraform' }>,
  files: Files,
) {
  const call = {
    command: action.verb,
    component: id.split('@')[0]!,
    stack: action.stack,
    flags: {},
    extra: action.extra,
  }
  return differs({ ...run, code: ours.code, calls: run.calls!.slice(0, index + 1) }, call, files, ours)
}

function isMain({ bin, argv }: Call): boolean {
  return bin === 'note' || ['plan', 'apply', 'destroy'].includes(argv[0] ?? '')
}

/** What differs from the process environment, without what a shell or Atmos itself sets. */
function without(env: Readonly<Record<string, string | null>>, process: Env): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => !/^(PWD|OLDPWD|SHLVL|_|PATH|ATMOS_.*)$/.test(name) && process[name] !== value,
    ),
  )
}
