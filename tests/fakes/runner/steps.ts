import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtins } from './builtins.ts'
import { type Contexts, evaluate, evaluateText, type Functions, holds, textOf } from './expressions.ts'
import { hashFiles } from './hash-files.ts'
import type { JobRun, StepResult } from './machine.ts'
import { runNodeAction } from './node-action.ts'
import { runStep, type StepRun } from './step.ts'
import { mapIn, type Template, type TemplateMap } from './template.ts'
import { readAction, resolveUses, type Uses } from './uses.ts'

interface StepContext {
  readonly outcome: StepResult
  readonly conclusion: StepResult
  readonly outputs: Readonly<Record<string, string>>
}

/** A list of steps that share one status: those of a job, or of a composite action. */
export interface Scope {
  readonly job: JobRun
  readonly steps: Record<string, StepContext>
  readonly contexts: Contexts
  /** `env` of the composite's own, over the job's. */
  readonly env: Readonly<Record<string, string>>
  readonly status: { status: 'success' | 'failure' | 'cancelled' }
  readonly interrupt: AbortSignal
}

/** Runs steps one after the other, as far as their conditions let them. */
export async function runSteps(scope: Scope, steps: readonly TemplateMap[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (scope.job.over.aborted) return
    await oneStep(scope, step, index)
  }
}

async function oneStep(scope: Scope, step: TemplateMap, index: number): Promise<void> {
  const outputs = new Map<string, string>()
  const outcome = await outcomeOf(scope, step, outputs)
  const forgiven =
    outcome === 'failure' && evaluate(step.get('continue-on-error'), contextsOf(scope, {}), functionsOf(scope)) === true
  const conclusion = forgiven ? 'success' : outcome
  const id = step.get('id') ?? `__${index}`
  scope.steps[String(id)] = { outcome, conclusion, outputs: Object.fromEntries(outputs) }
  if (conclusion === 'failure' && scope.status.status !== 'cancelled') scope.status.status = 'failure'
  if (conclusion === 'cancelled') scope.status.status = 'cancelled'
}

async function outcomeOf(scope: Scope, step: TemplateMap, outputs: Map<string, string>): Promise<StepResult> {
  const condition = step.get('if')
  try {
    const env = envOf(scope, step)
    const may = () => holds(condition, contextsOf(scope, env), functionsOf(scope))
    if (!may()) return 'skipped'
    return await interruptible(scope, may, timeoutOf(scope, step), (interrupt) =>
      bodyOf(scope, step, env, interrupt, outputs),
    )
  } catch (error) {
    return await runStep(scope.job, plainStep(scope.interrupt, outputs), () => Promise.reject(error as Error))
  }
}

/** A cancelled job interrupts its step, unless the step's condition still holds: an `always()` step goes on. */
export async function interruptible(
  scope: Pick<Scope, 'job' | 'interrupt'>,
  may: () => boolean,
  timeoutMs: number | undefined,
  work: (interrupt: AbortSignal) => Promise<StepResult>,
): Promise<StepResult> {
  const { job } = scope
  const [own, timeout] = [new AbortController(), new AbortController()]
  const onCancel = () => {
    job.state.status = 'cancelled'
    if (!may()) own.abort()
  }
  job.cancelled.addEventListener('abort', onCancel)
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => timeout.abort(), timeoutMs)
  const result = await work(AbortSignal.any([scope.interrupt, own.signal, timeout.signal, job.over]))
  clearTimeout(timer)
  job.cancelled.removeEventListener('abort', onCancel)
  // A step that ran out of time has failed; it was not cancelled.
  return timeout.signal.aborted && result === 'cancelled' ? 'failure' : result
}

function bodyOf(
  scope: Scope,
  step: TemplateMap,
  env: Readonly<Record<string, string>>,
  interrupt: AbortSignal,
  outputs: Map<string, string>,
): Promise<StepResult> {
  const contexts = contextsOf(scope, env)
  const functions = functionsOf(scope)
  const name = evaluateText(step.get('name') ?? step.get('uses') ?? step.get('run'), contexts, functions)
  scope.job.job.log += scope.job.masks.hide(`##[group]Run ${name.split('\n')[0]}\n##[endgroup]\n`)
  const given = { env: { ...scope.env, ...env }, interrupt, outputs, state: new Map<string, string>() }
  if (step.has('run')) return runStep(scope.job, given, (it) => script(it, scope, step, contexts, functions))
  const withs = Object.entries(evaluate(mapIn(step, 'with'), contexts, functions) as Record<string, unknown>)
  const inputs = new Map(withs.map(([key, value]) => [key.toLowerCase(), textOf(value)]))
  return runUses(scope, String(step.get('uses')), inputs, given)
}

type Given = Parameters<typeof runStep>[1]

async function runUses(scope: Scope, uses: string, inputs: Map<string, string>, given: Given): Promise<StepResult> {
  const { job } = scope
  const found = resolveUses(uses, job, new Set(builtins.keys()))
  if (found.kind === 'builtin') {
    const builtin = builtins.get(found.name)!
    if (builtin.post !== undefined) {
      const post = builtin.post
      job.posts.unshift({
        name: `Post ${uses}`,
        condition: { expression: builtin.postIf ?? 'always()' },
        work: (interrupt) => runStep(job, { ...given, interrupt }, (step) => post(step, inputs)),
      })
    }
    return await runStep(job, given, (step) => builtin.main(step, inputs))
  }
  const action = readAction(found.folder)
  const filled = inputsOf(scope, action, inputs)
  const unexpected = [...inputs.keys()].filter((name) => !filled.has(name))
  const valid = [...filled.keys()].map((name) => `'${name}'`).join(', ')
  const warn = (step: StepRun) => {
    if (unexpected.length > 0)
      step.print.issue('warning', `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are [${valid}]`)
  }
  const using = String(mapIn(action, 'runs').get('using'))
  if (using === 'composite') return await composite(scope, found, action, filled, given, warn)
  if (/^node(20|24)$/.test(using))
    return await runNodeAction(job, found.folder, action, filled, named(given, found), warn)
  throw new Error(`This runner does not run actions with 'using: ${using}'`)
}

/** GITHUB_ACTION_PATH and its like, which say where an action lies. */
function named(given: Given, uses: Exclude<Uses, { kind: 'builtin' }>): Given {
  const of = uses.kind === 'mapped' ? { GITHUB_ACTION_REPOSITORY: uses.repository, GITHUB_ACTION_REF: uses.ref } : {}
  return { ...given, env: { ...given.env, ...of, GITHUB_ACTION_PATH: uses.folder } }
}

function inputsOf(scope: Scope, action: TemplateMap, given: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...mapIn(action, 'inputs')].map(([name, spec]) => {
      const standard = spec instanceof Map ? (spec.get('default') as Template | undefined) : undefined
      const value = given.get(name.toLowerCase()) ?? evaluateText(standard, scope.contexts, functionsOf(scope))
      return [name.toLowerCase(), value]
    }),
  )
}

async function composite(
  scope: Scope,
  uses: Exclude<Uses, { kind: 'builtin' }>,
  action: TemplateMap,
  inputs: ReadonlyMap<string, string>,
  given: Given,
  warn: (step: StepRun) => void,
): Promise<StepResult> {
  await runStep(scope.job, given, async (step) => {
    warn(step)
    return 0
  })
  const inner: Scope = {
    job: scope.job,
    steps: {},
    contexts: {
      ...scope.contexts,
      inputs: Object.fromEntries(inputs),
      github: { ...(scope.contexts.github as object), action_path: uses.folder },
    },
    env: named(given, uses).env,
    status: { status: scope.job.state.status === 'cancelled' ? 'cancelled' : 'success' },
    interrupt: given.interrupt,
  }
  await runSteps(inner, mapIn(action, 'runs').get('steps') as readonly TemplateMap[])
  for (const [name, spec] of mapIn(action, 'outputs'))
    if (spec instanceof Map)
      given.outputs.set(name, evaluateText(spec.get('value'), contextsOf(inner, {}), functionsOf(inner)))
  return given.interrupt.aborted ? 'cancelled' : inner.status.status
}

async function script(
  step: StepRun,
  scope: Scope,
  spec: TemplateMap,
  contexts: Contexts,
  functions: Functions,
): Promise<number | undefined> {
  const text = evaluateText(spec.get('run'), contexts, functions)
  const defaults = mapIn(scope.job.spec, 'defaults').has('run')
    ? mapIn(scope.job.spec, 'defaults')
    : scope.job.workflow.defaults
  const usual = (key: string) => spec.get(key) ?? mapIn(defaults, 'run').get(key)
  const file = join(scope.job.temp, `${randomUUID()}.sh`)
  writeFileSync(file, text)
  const shell = evaluateText(usual('shell'), contexts, functions)
  const [command, ...args] = shellArgs(shell, file)
  const cwd = join(scope.job.workspace, evaluateText(usual('working-directory'), contexts, functions))
  return await step.exec(command!, args, cwd)
}

/** A script without `shell` runs by `bash -e`; with `shell: bash` also with pipefail. */
function shellArgs(shell: string, file: string): string[] {
  if (shell === '') return ['bash', '-e', file]
  if (shell === 'bash') return ['bash', '--noprofile', '--norc', '-eo', 'pipefail', file]
  if (shell === 'sh') return ['sh', '-e', file]
  if (shell.includes('{0}')) return shell.split(/\s+/).map((part) => part.replace('{0}', file))
  throw new Error(`This runner does not run scripts with 'shell: ${shell}'`)
}

function envOf(scope: Scope, step: TemplateMap): Record<string, string> {
  const values = evaluate(mapIn(step, 'env'), contextsOf(scope, {}), functionsOf(scope)) as Record<string, unknown>
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]))
}

function timeoutOf(scope: Scope, step: TemplateMap): number | undefined {
  const minutes = evaluate(step.get('timeout-minutes'), contextsOf(scope, {}), functionsOf(scope))
  return minutes === undefined || minutes === null ? undefined : Number(minutes) * scope.job.host.timing.minuteMs
}

function contextsOf(scope: Scope, env: Readonly<Record<string, string>>): Contexts {
  return {
    ...scope.contexts,
    env: { ...Object.fromEntries(scope.job.env), ...scope.env, ...env },
    steps: scope.steps,
    job: { status: scope.job.state.status, check_run_id: scope.job.job.id },
  }
}

function functionsOf(scope: Scope): Functions {
  const cancelled = () => scope.job.cancelled.aborted
  return {
    success: () => scope.status.status === 'success' && !cancelled(),
    failure: () => scope.status.status === 'failure' && !cancelled(),
    cancelled,
    hashFiles: (patterns) => hashFiles(scope.job.workspace, patterns),
  }
}

function plainStep(interrupt: AbortSignal, outputs: Map<string, string>): Given {
  return { env: {}, interrupt, outputs, state: new Map() }
}
