import { told, UserError } from '../error.ts'
import type { Shell, ShellEnd } from '../machine/shell.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import { type Action, actionOf } from '../sequences/action.ts'
import { type Facts, forgives, holds } from '../sequences/condition.ts'
import { delayMs } from '../sequences/parse.ts'
import type { Planned, Sequence } from '../sequences/sequence.ts'
import type { Step, Text, Variables } from '../sequences/workflow.ts'
import { joinPath } from '../stacks/paths.ts'
import { renderText } from '../stacks/template.ts'
import { asValue, type MapValue } from '../stacks/value.ts'

/** What running a sequence asks of the world. */
export interface StepPorts {
  readonly shell: Shell
  /** Carries out what an `atmos` step asks for. What it throws as `UserError` is how the step ends. */
  act(action: Exclude<Action, { kind: 'workflow' }>, about: ActionFacts): Promise<StepEnd>
  pause(ms: number): Promise<void>
}

/** What an action is carried out with. */
export interface ActionFacts {
  readonly what: string
  readonly at: Text['at']
  /** What the workflow and the step set. */
  readonly env: Readonly<Record<string, string>>
}

/** What surrounds a sequence. */
export interface StepPlace {
  readonly processEnv: Readonly<Record<string, string | undefined>>
  /** `env` of atmos.yaml. */
  readonly configEnv: Readonly<Record<string, string>>
  /** Absolute folder in which a step without working directory runs. */
  readonly cwd: string
  /** Absolute folder that working directories are relative to: Atmos' base path. */
  readonly base: string
}

/**
 * How a step ended. `text` says it in a few words; `detail` is what to read when it did not end well, `output` what a
 * command said while it ran.
 */
export type StepEnd =
  | { readonly kind: 'done'; readonly text: string; readonly output?: string }
  /** It failed, and `continue` forgives that. */
  | { readonly kind: 'forgiven'; readonly text: string; readonly detail?: string; readonly output?: string }
  | { readonly kind: 'skipped'; readonly text: string }
  /** A person or another run is awaited. */
  | { readonly kind: 'waits'; readonly text: string; readonly detail?: string }
  | {
      readonly kind: 'failed'
      readonly text: string
      readonly detail?: string
      readonly output?: string
    }

export interface StepResult {
  readonly workflow: string
  readonly step: string
  readonly end: StepEnd
}

export interface StepEvents {
  begin(planned: Planned, text: string): void
  /** What a command says, line by line. */
  output(line: string): void
  ended(planned: Planned, end: StepEnd): void
}

/** How a sequence came out. `stopped`: the first step of its own that kept it from going on. */
export interface SequenceEnd {
  readonly results: readonly StepResult[]
  readonly end: 'done' | 'waits' | 'failed'
  readonly stopped: string | undefined
}

interface Running {
  readonly ports: StepPorts
  readonly place: StepPlace
  readonly events: StepEvents
  /** Workflows that others depend on, which run once: how they ended. */
  readonly ran: Map<string, SequenceEnd['end']>
  readonly results: StepResult[]
  /** The program was told to end: nothing more begins. */
  interrupted: boolean
}

interface Scope {
  readonly sequence: Sequence
  /** Variables that earlier `env` steps set. */
  readonly set: Map<string, string>
  readonly values: Map<string, string>
  status: Facts['status']
}

/** Runs a sequence: what it depends on, then its steps, until one fails or waits; later ones only where they ask for failure. */
export async function runSequence(
  ports: StepPorts,
  sequence: Sequence,
  place: StepPlace,
  events: StepEvents,
): Promise<SequenceEnd> {
  const running: Running = { ports, place, events, ran: new Map(), results: [], interrupted: false }
  mustBeDecidable(running, sequence)
  return inSequence(running, sequence)
}

async function inSequence(running: Running, sequence: Sequence): Promise<SequenceEnd> {
  const { results, ran } = running
  for (const it of sequence.before) {
    const key = JSON.stringify([it.workflow.file, it.workflow.name, it.stack])
    const end = ran.get(key) ?? (await inSequence(running, it)).end
    ran.set(key, end)
    if (end !== 'done') return { results, end, stopped: undefined }
  }
  const scope: Scope = { sequence, set: new Map(), values: new Map(), status: 'success' }
  const { end, stopped } = await inOrder(running, scope, sequence.steps, false)
  return { results, end, stopped }
}

/**
 * Refuses conditions that cannot be decided, before anything runs. Values that only a run can tell stand for themselves.
 * @throws UserError `condition-invalid`
 */
function mustBeDecidable(running: Running, sequence: Sequence): void {
  const each = (planned: Planned): Planned[] => [planned, ...planned.inner.flatMap(each)]
  const all = sequence.steps.flatMap(each)
  for (const it of [...sequence.before, ...all.flatMap(({ called }) => called ?? [])]) mustBeDecidable(running, it)
  const set = all.flatMap(({ step }) => (step.kind === 'env' ? [...step.variables.keys()] : []))
  const scope: Scope = { sequence, set: new Map(set.map((name) => [name, ''])), values: new Map(), status: 'success' }
  for (const planned of all) {
    const { when, env } = planned.step
    if (when === undefined || [...sequence.workflow.env, ...env].some(([, { text }]) => text.includes('{{'))) continue
    holds(when, factsOf(running, scope, planned))
  }
}

/** Runs steps that stand beside each other, one after another. In a group, one that fails stops only what needs it. */
async function inOrder(
  running: Running,
  scope: Scope,
  steps: readonly Planned[],
  group: boolean,
): Promise<Pick<SequenceEnd, 'end' | 'stopped'>> {
  const ends = new Map<string, StepEnd>()
  let end: SequenceEnd['end'] = 'done'
  let stopped: string | undefined
  for (const planned of steps) {
    const { step } = planned
    const needed = step.needs.find(({ text }) => !endedWell(ends.get(text)))
    const result: StepEnd =
      needed !== undefined
        ? { kind: 'skipped', text: `needs ${needed.text}, which did not end well` }
        : await oneStep(running, scope, planned)
    ends.set(step.name, result)
    running.results.push({ workflow: scope.sequence.workflow.name, step: step.name, end: result })
    running.events.ended(planned, result)
    if (result.kind !== 'failed' && result.kind !== 'waits') continue
    if (end !== 'failed') {
      end = result.kind
      stopped ??= step.name
    }
    if (running.interrupted) return { end, stopped }
    if (group) continue
    if (result.kind === 'waits') return { end, stopped }
    scope.status = 'failure'
  }
  return { end, stopped }
}

function endedWell(end: StepEnd | undefined): boolean {
  return end === undefined || end.kind === 'done' || end.kind === 'forgiven'
}

async function oneStep(running: Running, scope: Scope, planned: Planned): Promise<StepEnd> {
  const { step } = planned
  try {
    const facts = factsOf(running, scope, planned)
    if (!holds(step.when, facts)) {
      const failed = scope.status === 'failure' && step.when === undefined
      return { kind: 'skipped', text: failed ? 'a step before it failed' : 'its condition does not hold' }
    }
    const end = await withRetries(running, step, () => attempt(running, scope, planned))
    if (end.kind !== 'failed' || running.interrupted || !forgives(step.forgiven, facts)) return end
    return { ...end, kind: 'forgiven' }
  } catch (error) {
    return thrown(error)
  }
}

function thrown(error: unknown): StepEnd {
  if (!(error instanceof UserError)) throw error
  return {
    kind: error.exit === 3 ? 'waits' : 'failed',
    text: error.exit === 3 ? 'refused' : 'failed',
    detail: told(error),
  }
}

async function withRetries(running: Running, { retry }: Step, run: () => Promise<StepEnd>): Promise<StepEnd> {
  const most = retry === undefined ? 1 : (retry.attempts ?? Number.POSITIVE_INFINITY)
  for (let count = 1; ; count++) {
    const end = await run().catch(thrown)
    if (end.kind !== 'failed' || running.interrupted || count >= most || retry === undefined)
      return end.kind === 'failed' && count > 1 ? { ...end, text: `${end.text}, tried ${count} times` } : end
    await running.ports.pause(delayMs(retry, count))
  }
}

async function attempt(running: Running, scope: Scope, planned: Planned): Promise<StepEnd> {
  const { step } = planned
  const { place, events } = running
  const own = ownVariables(running, scope, step)
  const env = { ...place.processEnv, ...place.configEnv, ...own }
  const render = (text: Text) => rendered(text, scope, step, env)
  switch (step.kind) {
    case 'env': {
      events.begin(planned, `sets ${[...step.variables.keys()].join(', ')}`)
      for (const [name, text] of step.variables) scope.set.set(name, render(text))
      return { kind: 'done', text: 'set' }
    }
    case 'group':
      events.begin(planned, `${planned.inner.length} steps`)
      return groupEnd(await inGroup(running, scope, planned))
    case 'atmos': {
      const command = { ...step.command, text: render(step.command) }
      const stack = planned.stack && render(planned.stack)
      const action = planned.action ?? actionOf(command, stack, planned.what, env)
      events.begin(planned, actionText(action))
      if (action.kind !== 'workflow')
        return running.ports.act(action, { what: planned.what, at: step.command.at, env: own })
      if (planned.called === undefined)
        throw new UserError({
          code: 'step-command-unsupported',
          message: `${planned.what} calls a workflow that a template names`,
          fix: 'write the name of the workflow out, so that it can be checked before anything runs',
          at: step.command.at,
          exit: 2,
        })
      return groupEnd(await inSequence(running, planned.called))
    }
    case 'shell':
    case 'script': {
      const text = render(step.kind === 'shell' ? step.command : step.script)
      const folder = step.workingDirectory ?? scope.sequence.workflow.workingDirectory
      const { timeoutMs } = step
      const hide = hiding(env)
      events.begin(planned, hide(firstLine(text)))
      const lines = byLine((line) => events.output(hide(line)))
      const ended = await running.ports.shell.run(
        {
          // An interpreter reads its script from standard input.
          ...(step.kind === 'shell' ? { line: text } : { line: step.interpreter, input: text }),
          cwd: folder === undefined ? place.cwd : inBase(place.base, render(folder)),
          env,
          ...(timeoutMs !== undefined && { timeoutMs }),
        },
        { text: lines.take },
      )
      lines.end()
      running.interrupted ||= ended.kind === 'interrupted'
      if (ended.kind === 'exited') scope.values.set(step.name, ended.output.trimEnd())
      return shellEnd({ ...ended, output: hide(ended.output) })
    }
  }
}

/** Hides what the environment of a step keeps secret, in what its commands say. */
function hiding(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const known = secrets(secretsOf(env))
  return (text) => redactText(text, known)
}

/** Hands on what comes in pieces line by line: a secret is never cut in two. */
function byLine(line: (text: string) => void): { take(chunk: string): void; end(): void } {
  let rest = ''
  return {
    take(chunk) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const it of lines) line(it)
    },
    end() {
      if (rest !== '') line(rest)
      rest = ''
    },
  }
}

async function inGroup(running: Running, scope: Scope, { step, inner }: Planned): Promise<Pick<SequenceEnd, 'end'>> {
  return inOrder(running, { ...scope, status: 'success' }, inner, step.kind === 'group' && !step.failFast)
}

function groupEnd({ end }: Pick<SequenceEnd, 'end'>): StepEnd {
  if (end === 'done') return { kind: 'done', text: 'done' }
  return end === 'waits'
    ? { kind: 'waits', text: 'a step of it waits' }
    : { kind: 'failed', text: 'a step of it failed' }
}

function shellEnd(ended: ShellEnd): StepEnd {
  const { output } = ended
  if (ended.kind === 'interrupted') return { kind: 'failed', text: 'interrupted', output }
  if (ended.kind !== 'exited') return { kind: 'failed', text: 'not done in time, and was ended', output }
  if (ended.code === 0) return { kind: 'done', text: 'done', output }
  return { kind: 'failed', text: `ended with ${ended.code}`, output }
}

/** What the workflow sets, then earlier steps, then the step itself. */
function ownVariables(running: Running, scope: Scope, step: Step): Record<string, string> {
  const { place } = running
  let own: Record<string, string> = {}
  const add = (variables: Variables) => {
    const env = { ...place.processEnv, ...place.configEnv, ...own }
    const texts = [...variables].map(([name, text]) => [name, rendered(text, scope, step, env)] as const)
    own = { ...own, ...Object.fromEntries(texts) }
  }
  add(scope.sequence.workflow.env)
  own = { ...own, ...Object.fromEntries(scope.set) }
  add(step.env)
  return own
}

function factsOf(running: Running, scope: Scope, { step, stack }: Planned): Facts {
  const ci = running.place.processEnv.CI ?? ''
  return {
    ci: ci !== '' && ci !== 'false' && ci !== '0',
    status: scope.status,
    stack: stack?.text ?? '',
    workflow: scope.sequence.workflow.name,
    step: step.name,
    env: ownVariables(running, scope, step),
    matrix: step.matrix,
  }
}

/** A text with `.env`, `.steps.<name>.value`, `.matrix` and `.flags.stack` filled in. */
function rendered(
  { text, at }: Text,
  { values, sequence }: Scope,
  { matrix }: Step,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (!text.includes('{{')) return text
  const known = Object.fromEntries(Object.entries(env).filter((it): it is [string, string] => it[1] !== undefined))
  const steps = Object.fromEntries([...values].map(([name, value]) => [name, { value }]))
  const data = { env: known, steps, matrix, flags: { stack: sequence.stack ?? '' } }
  return renderText(text, asValue(data, at) as MapValue, at, 'error')
}

/** An action as a person would type it. */
export function actionText(action: Action): string {
  switch (action.kind) {
    case 'terraform':
      return `${action.verb} ${action.component ?? '--all'} -s ${action.stack}`
    case 'workflow':
      return `workflow ${action.name}${action.file ? ` -f ${action.file}` : ''}${action.stack ? ` -s ${action.stack}` : ''}`
    case 'look':
      return action.words.join(' ')
  }
}

function firstLine(text: string): string {
  const [first = '', ...more] = text.trim().split('\n')
  return more.length > 0 ? `${first} …` : first
}

function inBase(base: string, folder: string): string {
  return folder.startsWith('/') ? folder : joinPath(base, folder)
}
