import { type Position, UserError } from '../error.ts'
import type { Edge } from '../graph/graph.ts'
import { type Inventory, instanceId } from '../stacks/instance.ts'
import { closest } from '../words.ts'
import { type Action, actionOf, mustBeHonoured } from './action.ts'
import { inCircle } from './order.ts'
import type { Step, Text, Workflow } from './workflow.ts'

/** A workflow with all that it runs, checked as far as that can be known before it runs. */
export interface Sequence {
  readonly workflow: Workflow
  /** The stack that the command line, or the step that calls it, gives. */
  readonly stack: string | undefined
  /** Sequences that run before it. */
  readonly before: readonly Sequence[]
  readonly steps: readonly Planned[]
  /** Names of the steps that `--from-step` leaves out. */
  readonly left: readonly string[]
}

/** One step that will run. */
export interface Planned {
  readonly step: Step
  /** `step deploy of workflow all` */
  readonly what: string
  /** The command line's stack, else the step's, else the workflow's. */
  readonly stack: Text | undefined
  /** What an `atmos` step asks for; undefined where a template hides it until the step runs. */
  readonly action: Action | undefined
  /** The workflow that the action calls. */
  readonly called: Sequence | undefined
  /** Steps of a group. */
  readonly inner: readonly Planned[]
}

/** What decides a sequence beside its file. */
export interface SequenceRequest {
  readonly stack: string | undefined
  readonly fromStep: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Finds a workflow that another one names; without a file, in all files. */
  readonly find: (name: string, file: string | undefined, at: Position) => Workflow
}

/**
 * What a workflow runs, in order.
 * @throws UserError for what is wrong in any step, before the first one runs
 */
export function sequenceOf(workflow: Workflow, request: SequenceRequest): Sequence {
  return sequence(workflow, request, [])
}

function sequence(workflow: Workflow, request: SequenceRequest, chain: readonly Edge[]): Sequence {
  const here = key(workflow)
  const next = (target: Workflow, at: Position, why: string): Edge[] => {
    const edge: Edge = { from: here, to: key(target), at, why }
    const all = [...chain, edge]
    const begin = all.findIndex(({ from }) => from === edge.to)
    if (begin >= 0) throw new UserError({ code: 'workflow-cycle', ...inCircle('workflows call', all.slice(begin)) })
    return all
  }
  const inner = { ...request, fromStep: undefined }
  const before =
    request.fromStep === undefined
      ? workflow.after.map(({ name, file }) => {
          const target = request.find(name.text, file?.text ?? workflow.file, name.at)
          return sequence(target, inner, next(target, name.at, 'depends on'))
        })
      : []
  const planned = (step: Step): Planned => {
    const what = `step ${step.name} of workflow ${workflow.name}`
    const given = request.stack === undefined ? undefined : { text: request.stack, at: step.at }
    const stack = given ?? step.stack ?? workflow.stack
    if (step.kind === 'group')
      return { step, what, stack, action: undefined, called: undefined, inner: step.steps.map(planned) }
    const action = step.kind === 'atmos' ? knownAction(step.command, stack, what, request.env) : undefined
    const target = action?.kind === 'workflow' ? request.find(action.name, action.file, step.at) : undefined
    const called =
      target && action?.kind === 'workflow'
        ? sequence(target, { ...inner, stack: action.stack }, next(target, step.at, 'calls'))
        : undefined
    return { step, what, stack, action, called, inner: [] }
  }
  const all = workflow.steps.map(planned)
  const from = firstStep(workflow, request.fromStep)
  return {
    workflow,
    stack: request.stack,
    before,
    steps: all.slice(from),
    left: all.slice(0, from).map(({ step }) => step.name),
  }
}

/** The action of a command, where no template of it is filled in only by a run. */
function knownAction(
  command: Text,
  stack: Text | undefined,
  what: string,
  env: SequenceRequest['env'],
): Action | undefined {
  if (command.text.includes('{{') || stack?.text.includes('{{')) return undefined
  return actionOf(command, stack?.text, what, env)
}

function key({ file, name }: Workflow): string {
  return `${name} (${file})`
}

function firstStep({ name, steps }: Workflow, from: string | undefined): number {
  if (from === undefined) return 0
  const index = steps.findIndex((step) => step.name === from)
  if (index >= 0) return index
  const names = steps.map((step) => step.name)
  const near = closest(from, names)
  throw new UserError({
    code: 'step-unknown',
    message: `workflow ${name} has no step ${from}`,
    fix: near ? `did you mean ${near}?` : `there are ${names.join(', ')}`,
    exit: 2,
  })
}

/**
 * Refuses a sequence with a step that Airlock cannot carry out as it is written.
 * @throws UserError `step-flag-unsupported`, `stack-unknown`, `component-unknown`, `not-runnable`
 */
export function mustBePossible({ before, steps }: Sequence, inventory: Inventory): void {
  for (const it of before) mustBePossible(it, inventory)
  for (const it of steps) stepMustBePossible(it, inventory)
}

function stepMustBePossible({ step, what, action, called, inner }: Planned, inventory: Inventory): void {
  if (called) mustBePossible(called, inventory)
  for (const it of inner) stepMustBePossible(it, inventory)
  if (action && step.kind === 'atmos') actionMustBePossible(action, what, step.command.at, inventory)
}

/** The same for one action, where a run alone could tell what a step asks for. */
export function actionMustBePossible(action: Action, what: string, at: Position, inventory: Inventory): void {
  mustBeHonoured(action, what, at)
  mustBeThere(action, what, at, inventory)
}

/** Refuses an action whose component or stack is not there. What is destroyed is gone from the stacks: the records know it. */
function mustBeThere(action: Action, what: string, at: Position, inventory: Inventory): void {
  if (action.kind !== 'terraform') return
  const { component, stack, verb } = action
  if (verb === 'destroy') return
  const all = [...inventory.values()].filter(({ type }) => type === 'terraform')
  const stacks = new Set(all.map((it) => it.stack))
  if (!stacks.has(stack))
    throw unknown('stack', stack, stacks, `${what} names the stack ${stack}, and there is no such stack`, at)
  if (component === undefined) return
  const instance = inventory.get(instanceId(component, stack))
  if (instance === undefined) {
    const there = new Set(all.filter((it) => it.stack === stack).map((it) => it.component))
    throw unknown(
      'component',
      component,
      there,
      `${what} names the component ${component}, and the stack ${stack} has no such component`,
      at,
    )
  }
  if (!instance.abstract) return
  throw new UserError({
    code: 'not-runnable',
    message: `${what} runs ${component} in ${stack}, which is abstract: it is there to be inherited`,
    fix: 'name a component that inherits it',
    at,
    exit: 2,
  })
}

function unknown(
  kind: 'stack' | 'component',
  name: string,
  names: ReadonlySet<string>,
  message: string,
  at: Position,
): UserError {
  const near = closest(name, names)
  const most = [...names].sort().slice(0, 8)
  return new UserError({
    code: `${kind}-unknown`,
    message,
    fix: near ? `did you mean ${near}?` : `there are ${most.join(', ')}${names.size > most.length ? ', …' : ''}`,
    at,
    exit: 2,
  })
}
