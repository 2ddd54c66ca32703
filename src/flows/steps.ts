import { told, UserError } from '../error.ts'
import type { Shell } from '../machine/shell.ts'
import { type Action, actionText } from '../sequences/action.ts'
import { forgives, holds } from '../sequences/condition.ts'
import { delayMs } from '../sequences/parse.ts'
import type { Planned, Sequence } from '../sequences/sequence.ts'
import { factsOf, type Scope, type StepPlace } from '../sequences/values.ts'
import type { Step, Text } from '../sequences/workflow.ts'
import { attempt } from './one-step.ts'

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

/** A run of a sequence. */
export interface Running {
  readonly ports: StepPorts
  readonly place: StepPlace
  readonly events: StepEvents
  /** Workflows that others depend on, which run once: how they ended. */
  readonly ran: Map<string, SequenceEnd['end']>
  readonly results: StepResult[]
  /** The program was told to end: nothing more begins. */
  interrupted: boolean
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
    holds(when, factsOf(running.place, scope, planned))
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
    const facts = factsOf(running.place, scope, planned)
    if (!holds(step.when, facts)) {
      const failed = scope.status === 'failure' && step.when === undefined
      return { kind: 'skipped', text: failed ? 'a step before it failed' : 'its condition does not hold' }
    }
    const end = await withRetries(running, step, () => attemptAny(running, scope, planned))
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

/** One try at a step; a group, and a workflow that is called, are tried as a whole. */
async function attemptAny(running: Running, scope: Scope, planned: Planned): Promise<StepEnd> {
  const { step, action, called, inner } = planned
  if (step.kind === 'group') {
    running.events.begin(planned, `${inner.length} steps`)
    return groupEnd(await inOrder(running, { ...scope, status: 'success' }, inner, !step.failFast))
  }
  if (called && action) {
    running.events.begin(planned, actionText(action))
    return groupEnd(await inSequence(running, called))
  }
  return attempt(running, scope, planned)
}

function groupEnd({ end }: Pick<SequenceEnd, 'end'>): StepEnd {
  if (end === 'done') return { kind: 'done', text: 'done' }
  return end === 'waits'
    ? { kind: 'waits', text: 'a step of it waits' }
    : { kind: 'failed', text: 'a step of it failed' }
}
