import { type Position, UserError } from '../error.ts'
import { closest } from '../words.ts'
import { NotPlain, splitWords } from './split.ts'
import type { Text } from './workflow.ts'

/** What an `atmos` step asks for. */
export type Action =
  | {
      readonly kind: 'terraform'
      readonly verb: Verb
      /** Undefined: every component of the stack (`--all`). */
      readonly component: string | undefined
      readonly stack: string
      /** What is meant for Terraform itself, in order. */
      readonly extra: readonly string[]
      /** Flags of Atmos that are not the stack: `--skip-init`. */
      readonly flags: readonly string[]
    }
  | {
      readonly kind: 'workflow'
      readonly name: string
      readonly file: string | undefined
      readonly stack: string | undefined
    }
  /** A command that only looks: the words after `airlock`. */
  | { readonly kind: 'look'; readonly words: readonly string[] }

const verbs = ['plan', 'apply', 'deploy', 'destroy'] as const
type Verb = (typeof verbs)[number]

/** Words that begin a command which only looks. */
const looking: readonly string[] = [
  'describe stacks',
  'describe component',
  'describe affected',
  'describe dependents',
  'validate stacks',
]

/** Terraform's flags that take their value as the next word. */
const withValue = /^-(?:var|var-file|out|target|replace|lock-timeout|parallelism|state|backup)$/

/**
 * What the command of a step asks for.
 * @param stack the stack that the command line, the step or the workflow gives, which goes before the command's own
 * @param what names the step: `step deploy of workflow all`
 * @throws UserError `step-command-unsupported`, `step-component-missing`, `step-stack-missing`, `step-flag-unsupported`
 */
export function actionOf(
  command: Text,
  stack: string | undefined,
  what: string,
  env: Readonly<Record<string, string | undefined>>,
): Action {
  const all = words(command, what, env)
  const given = all[0] === 'atmos' ? all.slice(1) : all
  const [first, second] = given
  if (first === 'terraform' || first === 'tf') return terraform(given.slice(1), stack, what, command.at)
  if (first === 'workflow') return workflow(given.slice(1), stack, what, command.at)
  if (looking.includes(`${first} ${second}`)) return { kind: 'look', words: withStack(given, stack) }
  throw unsupported(
    `atmos ${[first, second].filter((it) => it !== undefined && !it.startsWith('-')).join(' ')}`,
    what,
    command.at,
    `Airlock runs terraform plan, apply, deploy and destroy, workflow, ${looking.join(', ')}`,
  )
}

function words(command: Text, what: string, env: Readonly<Record<string, string | undefined>>): string[] {
  try {
    return splitWords(command.text, env)
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error
    throw unsupported(
      command.text,
      what,
      command.at,
      `${error.message}; write type: shell for what a shell runs, and one atmos command a step`,
    )
  }
}

function terraform(given: readonly string[], stack: string | undefined, what: string, at: Position): Action {
  const [name = '', ...rest] = given
  const verb = verbs.find((it) => it === name)
  if (verb === undefined) {
    const near = closest(name, verbs)
    throw unsupported(
      `terraform ${name}`.trim(),
      what,
      at,
      `${near ? `did you mean ${near}? ` : ''}Airlock runs terraform ${verbs.join(', ')}`,
    )
  }
  const sorted = sort(rest, what, at)
  const component = sorted.positional[0]
  if (component === undefined && !sorted.all)
    throw new UserError({
      code: 'step-component-missing',
      message: `${what} names no component: terraform ${given.join(' ')}`,
      fix: `write terraform ${name} COMPONENT, or terraform ${name} --all`,
      at,
      exit: 2,
    })
  const chosen = stack ?? sorted.stack
  if (!chosen)
    throw new UserError({
      code: 'step-stack-missing',
      message: `${what} names no stack: terraform ${given.join(' ')}`,
      fix: 'give -s STACK to the run, stack: to the step or to the workflow, or -s STACK in the command',
      at,
      exit: 2,
    })
  return {
    kind: 'terraform',
    verb,
    component: sorted.all ? undefined : component,
    stack: chosen,
    extra: [...sorted.positional.slice(sorted.all ? 0 : 1), ...sorted.extra],
    flags: sorted.flags,
  }
}

interface Sorted {
  readonly stack: string | undefined
  readonly all: boolean
  readonly positional: readonly string[]
  readonly flags: readonly string[]
  readonly extra: readonly string[]
}

function sort(given: readonly string[], what: string, at: Position): Sorted {
  let stack: string | undefined
  let all = false
  const positional: string[] = []
  const flags: string[] = []
  const extra: string[] = []
  for (let index = 0; index < given.length; index++) {
    const word = given[index]!
    if (word === '--') {
      extra.push(...given.slice(index + 1))
      break
    }
    const [, attached] = /^(?:-s|--stack)=(.*)$/.exec(word) ?? []
    if (word === '-s' || word === '--stack') stack = valueAfter(given, index++, what, at)
    else if (attached !== undefined) stack = attached
    else if (word === '--all' || word === '--all=true') all = true
    else if (word.startsWith('--')) flags.push(word)
    else if (word.startsWith('-')) {
      extra.push(word)
      if (withValue.test(word)) extra.push(valueAfter(given, index++, what, at))
    } else positional.push(word)
  }
  return { stack, all, positional, flags, extra }
}

function valueAfter(given: readonly string[], index: number, what: string, at: Position): string {
  const value = given[index + 1]
  if (value !== undefined) return value
  throw flagError(`${given[index]} of ${what} has no value`, at, `${given[index]} VALUE`)
}

function workflow(given: readonly string[], stack: string | undefined, what: string, at: Position): Action {
  let file: string | undefined
  let own: string | undefined
  const names: string[] = []
  for (let index = 0; index < given.length; index++) {
    const word = given[index]!
    const [, flag, attached] = /^(-f|--file|-s|--stack)(?:=(.*))?$/.exec(word) ?? []
    if (flag !== undefined) {
      const value = attached ?? valueAfter(given, index++, what, at)
      if (flag.includes('f')) file = value
      else own = value
    } else if (word.startsWith('-'))
      throw flagError(
        `${what} gives ${word} to a workflow, which Airlock does not honour`,
        at,
        'there are -f FILE and -s STACK',
      )
    else names.push(word)
  }
  if (names.length === 1) return { kind: 'workflow', name: names[0]!, file, stack: stack ?? own }
  throw flagError(
    `${what} names ${names.length === 0 ? 'no workflow' : 'more than one workflow'}`,
    at,
    'atmos workflow NAME -f FILE',
  )
}

function withStack(given: readonly string[], stack: string | undefined): readonly string[] {
  return stack === undefined || given[0] !== 'describe' ? given : [...given, '-s', stack]
}

/** Terraform's flags that ask for what is so in Airlock anyway. */
const soAnyway: readonly string[] = ['-auto-approve', '-input=false', '-no-color', '-lock=true']

/**
 * Refuses flags that Airlock would have to ignore: what is planned and applied is what the stack says. `-auto-approve`
 * asks Terraform not to ask, which it never does here; who must approve is for the instance's own rule to say.
 * @throws UserError `step-flag-unsupported`
 */
export function mustBeHonoured(action: Action, what: string, at: Position): void {
  if (action.kind !== 'terraform') return
  const flag = [...action.flags, ...action.extra].find((word) => !soAnyway.includes(word))
  if (flag === undefined) return
  throw flagError(
    `${what} gives ${flag} to terraform ${action.verb}, which Airlock does not honour`,
    at,
    'take it out, and say it in the stack where it belongs there: Airlock plans and applies what the stack says',
  )
}

function flagError(message: string, at: Position, fix: string): UserError {
  return new UserError({ code: 'step-flag-unsupported', message, fix, at, exit: 2 })
}

function unsupported(command: string, what: string, at: Position, fix: string): UserError {
  return new UserError({
    code: 'step-command-unsupported',
    message: `${what} runs "${command}", which Airlock does not run`,
    fix,
    at,
    exit: 2,
  })
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
