import { place, UserError } from '../error.ts'
import type { Value } from '../stacks/value.ts'
import { parseManifest } from '../stacks/yaml/manifest.ts'
import { closest } from '../words.ts'
import { parseCondition } from './condition.ts'
import { countIn, durationIn, type Fields, fields, invalid, textIn } from './fields.ts'
import { dependencyKeys, fileKeys, otherTypes, retryKeys, stepKeys, stepTypes, workflowKeys } from './keys.ts'
import { combinations, withMatrix } from './matrix.ts'
import { inOrder } from './order.ts'
import type { Retry, Step, Text, Workflow, WorkflowFile, WorkflowName } from './workflow.ts'

/** Parses an Atmos workflow file down to its workflows. @throws UserError with the place of what is wrong */
export function parseWorkflows(text: string, file: string): WorkflowFile {
  const value = parseManifest(text, file)
  const start = { file, line: 1, column: 1 }
  if (value === undefined) throw invalid(`${file} is empty`, start, 'a workflow file has the key workflows')
  const map = fields(value, file, fileKeys).map('workflows')
  if (map === undefined)
    throw invalid(`${file} has no workflows`, value.at, 'a workflow file has the key workflows, and names below it')
  return { file, workflows: map.entries }
}

/**
 * Parses one workflow. Steps come in the order in which they run: as written, but after what they need.
 * @throws UserError with the place of what is wrong
 */
export function parseWorkflow(name: string, value: Value, file: string): Workflow {
  const what = `workflow ${name}`
  const it = fields(value, what, workflowKeys)
  const items = it.list('steps')
  if (items.length === 0)
    throw invalid(`${what} has no steps`, it.at, 'a workflow has the key steps: a list with at least one step')
  return {
    name,
    file,
    at: it.at,
    description: it.text('description')?.text,
    stack: it.text('stack'),
    workingDirectory: it.text('working_directory'),
    env: it.variables('env'),
    after: workflowNames(it, what),
    steps: steps(items, what),
  }
}

function workflowNames(it: Fields, what: string): WorkflowName[] {
  const value = it.value('dependencies')
  if (value === undefined) return []
  return fields(value, `dependencies of ${what}`, dependencyKeys)
    .list('workflows')
    .map((item): WorkflowName => {
      if (item.kind !== 'map') return { name: textIn(item, `a workflow that ${what} depends on`), file: undefined }
      const named = fields(item, `a workflow that ${what} depends on`, {
        honoured: ['name', 'file'],
        idle: [],
        known: [],
      })
      const name = named.text('name')
      if (name === undefined) throw invalid(`a workflow that ${what} depends on has no name`, named.at)
      return { name, file: named.text('file') }
    })
}

function steps(items: readonly Value[], what: string): Step[] {
  const all = items.map((item, index) => step(item, `step${index + 1}`, what))
  const first = new Map<string, Step>()
  for (const it of all) {
    const other = first.get(it.name)
    if (other !== undefined)
      throw new UserError({
        code: 'step-duplicate',
        message: `${what} has two steps named ${it.name}; the other is at ${place(other.at)}`,
        fix: 'give each step a name of its own: --from-step goes by it',
        at: it.at,
        exit: 2,
      })
    first.set(it.name, it)
  }
  return inOrder(all, what)
}

function step(value: Value, otherwise: string, parent: string): Step {
  const unnamed = `${otherwise} of ${parent}`
  if (value.kind !== 'map') throw invalid(`${unnamed} is no map`, value.at, 'a step is a map with the key command')
  const type = typeOf(value.entries.get('type'), unnamed)
  const name = value.entries.get('name')
  const own = name && textIn(name, `the name of ${unnamed}`).text
  const what = `step ${own ?? otherwise} of ${parent}`
  const it = fields(value, what, stepKeys(type))
  const when = it.value('when')
  const forgiven = it.value('continue')
  const timeout = it.value('timeout')
  const facts = {
    name: own ?? otherwise,
    at: value.at,
    stack: it.text('stack'),
    workingDirectory: type === 'atmos' ? undefined : it.text('working_directory'),
    env: it.variables('env'),
    when: when && parseCondition(when),
    forgiven: forgiven && parseCondition(forgiven),
    needs: it.list('needs').map((need) => textIn(need, `what ${what} needs`)),
    retry: retry(it, what),
    timeoutMs: timeout && durationIn(timeout, `timeout of ${what}`),
    matrix: {},
  }
  switch (type) {
    case 'atmos':
    case 'shell':
      return { ...facts, kind: type, command: filled(it, 'command', what) }
    case 'script':
      return {
        ...facts,
        kind: type,
        script: filled(it, 'script', what),
        interpreter: it.text('interpreter')?.text ?? 'sh',
      }
    case 'env':
      return { ...facts, kind: type, variables: it.variables('vars') }
    case 'parallel':
      return { ...facts, kind: 'group', steps: nested(it, what), failFast: failFast(it, what) }
    case 'matrix': {
      const inner = nested(it, what)
      const copies = combinations(it.map('matrix'), what, it.at).flatMap((values) => withMatrix(inner, values))
      return { ...facts, kind: 'group', steps: copies, failFast: failFast(it, what) }
    }
  }
}

function typeOf(value: Value | undefined, what: string): (typeof stepTypes)[number] {
  if (value === undefined) return 'atmos'
  const { text, at } = textIn(value, `type of ${what}`)
  if (text === '') return 'atmos'
  const known = stepTypes.find((it) => it === text)
  if (known !== undefined) return known
  if (otherTypes.includes(text))
    throw new UserError({
      code: 'step-type-unsupported',
      message: `${what} is of type ${text}, which Airlock does not run`,
      fix: `Airlock runs ${stepTypes.join(', ')}; run this workflow with Atmos, or write the step as one of these`,
      at,
      exit: 2,
    })
  const near = closest(text, [...stepTypes, ...otherTypes])
  throw new UserError({
    code: 'step-type-unknown',
    message: `${what} is of type ${text}, and there is no such type`,
    fix: near ? `did you mean ${near}?` : `there are ${stepTypes.join(', ')}`,
    at,
    exit: 2,
  })
}

function filled(it: Fields, key: string, what: string): Text {
  const text = it.text(key)
  if (text !== undefined && text.text.trim() !== '') return text
  throw new UserError({
    code: 'step-command-missing',
    message: `${what} has no ${key}`,
    fix: `write what it runs: ${key}: …`,
    at: text?.at ?? it.at,
    exit: 2,
  })
}

function nested(it: Fields, what: string): Step[] {
  const items = it.list('steps')
  if (items.length === 0) throw invalid(`${what} has no steps of its own`, it.at, 'give it the key steps')
  const limit = it.value('max_concurrency')
  if (limit) countIn(limit, `max_concurrency of ${what}`, 0)
  return steps(items, what)
}

function failFast(it: Fields, what: string): boolean {
  const map = it.value('fail')
  const mode =
    map && fields(map, `fail of ${what}`, { honoured: ['mode'], idle: [], known: ['max_failures'] }).text('mode')
  if (mode === undefined || mode.text === 'wait_all') return false
  if (mode.text === 'fail_fast') return true
  throw invalid(`fail.mode of ${what} is ${mode.text}`, mode.at, 'Airlock knows wait_all and fail_fast')
}

function retry(it: Fields, what: string): Retry | undefined {
  const map = it.value('retry')
  if (map === undefined) return undefined
  const own = fields(map, `retry of ${what}`, retryKeys)
  const number = (key: string) => own.value(key)
  const backoff = own.text('backoff_strategy')
  const strategy = (['constant', 'linear', 'exponential'] as const).find(
    (name) => name === (backoff?.text ?? 'constant'),
  )
  if (strategy === undefined)
    throw invalid(
      `retry.backoff_strategy of ${what} is ${backoff?.text}`,
      backoff!.at,
      'there are constant, linear, exponential',
    )
  const attempts = number('max_attempts')
  const initial = number('initial_delay')
  const most = number('max_delay')
  const multiplier = number('multiplier')
  const factor = multiplier?.kind === 'scalar' ? Number(multiplier.value) : 2
  if (!(factor > 0)) throw invalid(`retry.multiplier of ${what} is no number above 0`, multiplier!.at)
  return {
    attempts: attempts && countIn(attempts, `retry.max_attempts of ${what}`, 1),
    backoff: strategy,
    initialMs: initial ? durationIn(initial, `retry.initial_delay of ${what}`) : 5000,
    maxMs: most && durationIn(most, `retry.max_delay of ${what}`),
    multiplier: factor,
  }
}

/** How long to wait after a failed attempt, the first being 1. */
export function delayMs({ backoff, initialMs, maxMs, multiplier }: Retry, attempt: number): number {
  const delay =
    backoff === 'constant'
      ? initialMs
      : backoff === 'linear'
        ? initialMs * attempt
        : initialMs * multiplier ** (attempt - 1)
  return Math.min(delay, maxMs ?? Number.POSITIVE_INFINITY)
}
