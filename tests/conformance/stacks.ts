import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../src/error.ts'
import { memoryTree } from '../../src/git/drivers/memory.ts'
import type { Tree } from '../../src/git/tree.ts'
import type { Ambient } from '../../src/stacks/ambient.ts'
import { cliConfig } from '../../src/stacks/cli-config.ts'
import { loadConfig } from '../../src/stacks/config.ts'
import {
  type DescribeComponentOptions,
  type DescribeStacksOptions,
  describeComponent,
  describeStacks,
} from '../../src/stacks/describe.ts'
import { resolveStacks, type Stacks } from '../../src/stacks/instances.ts'
import { validateStacks } from '../../src/stacks/validate.ts'
import type { Plain } from '../../src/stacks/value.ts'
import { evaluateYq } from '../../src/stacks/yq.ts'
import { encode } from '../../src/yaml/encode.ts'
import { type Answer, isMap, judge, judgeLater, type Outcome, ROOT } from './outcome.ts'
import { described } from './state.ts'

/** A tree of recorded files; the root is printed as in the recordings. */
export function recordedTree(files: Readonly<Record<string, string | { base64: string }>>): Tree {
  const bytes = Object.entries(files).map(
    ([path, text]) => [path, typeof text === 'string' ? text : Buffer.from(text.base64, 'base64')] as const,
  )
  return memoryTree(Object.fromEntries(bytes), ROOT)
}

interface Command {
  readonly kind: 'stacks' | 'component' | 'validate' | 'other'
  readonly positional: readonly string[]
  readonly flags: Readonly<Record<string, string>>
}

/** The words of a recorded command line. */
export function commandOf(args: readonly string[]): Command {
  const positional: string[] = []
  const flags: Record<string, string> = {}
  const alone = new Set(['include-empty-stacks'])
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!
    const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? (word === '-s' ? [word, 'stack'] : [])
    if (long === undefined) positional.push(word)
    else if (value !== undefined) flags[long] = value
    else
      flags[long] =
        alone.has(long) || args[index + 1] === undefined || args[index + 1]!.startsWith('--') ? 'true' : args[++index]!
  }
  const kind =
    positional.join(' ') === 'validate stacks'
      ? 'validate'
      : positional[0] !== 'describe'
        ? 'other'
        : positional[1] === 'stacks'
          ? 'stacks'
          : positional[1] === 'component'
            ? 'component'
            : 'other'
  return { kind, positional, flags }
}

const EVALUATED = new Set([
  'format',
  'sections',
  'components',
  'component-types',
  'stack',
  'process-functions',
  'process-templates',
  'skip',
  'include-empty-stacks',
  'identity',
  'provenance',
  'query',
  'error-mode',
  'use-mocks',
  'profile',
])

/** A recorded `describe stacks` or `describe component`, in our words. */
interface Described {
  /** Undefined where all stacks are asked for. */
  readonly component: string | undefined
  readonly stack: string | undefined
  readonly query: string | undefined
  readonly options: DescribeComponentOptions & DescribeStacksOptions
}

/** What a recorded command asks; undefined where that is no `describe stacks` or `describe component`. */
export function describeOptions(args: readonly string[]): Described | undefined {
  const { kind, positional, flags } = commandOf(args)
  if (kind !== 'stacks' && kind !== 'component') return undefined
  const foreign = Object.keys(flags).find((name) => !EVALUATED.has(name))
  const wrong =
    foreign ??
    (flags.format !== undefined && !['json', 'yaml'].includes(flags.format) ? 'format' : undefined) ??
    (flags['error-mode'] !== undefined && !['strict', 'warn', 'silent'].includes(flags['error-mode'])
      ? 'error-mode'
      : undefined)
  const list = (name: string): readonly string[] | undefined => flags[name]?.split(',')
  const component = kind === 'component' ? (positional[2] ?? '') : undefined
  if (wrong !== undefined || (component !== undefined && (component === '' || !flags.stack)))
    return { component: '', stack: '', query: undefined, options: {} }
  const options: DescribeComponentOptions & DescribeStacksOptions = {
    processFunctions: flags['process-functions'] !== 'false',
    processTemplates: flags['process-templates'] !== 'false',
    ...(flags.skip && { skip: flags.skip.split(',') }),
    ...(flags['error-mode'] && { errorMode: flags['error-mode'] as 'strict' | 'warn' | 'silent' }),
    ...(flags['use-mocks'] && { useMocks: true }),
    ...(kind === 'stacks' && flags.stack && { stack: flags.stack }),
    ...(list('components') && { components: list('components')! }),
    ...(list('component-types') && { componentTypes: list('component-types')! }),
    ...(list('sections') && { sections: list('sections')! }),
    ...(flags['include-empty-stacks'] && { includeEmptyStacks: true }),
    ...(component !== undefined && flags.query && { filter: 'full' as const }),
  }
  return { component, stack: flags.stack, query: flags.query, options }
}

/** Runs a recorded `describe stacks`, `describe component` or `validate stacks` that no run has to answer anything for. */
export function describeCommand(tree: Tree, ambient: Ambient, args: readonly string[]): (() => unknown) | undefined {
  const { kind, flags } = commandOf(args)
  const resolved = (): Stacks =>
    resolveStacks(tree, { ...ambient, ...(flags.stack && { flags: { stack: flags.stack } }) })
  if (kind === 'validate') return () => validated(resolved())
  const asked = describeOptions(args)
  if (asked === undefined) return undefined
  const { component, stack, options } = asked
  return () =>
    component === undefined
      ? describeStacks(resolved(), options)
      : describeComponent(resolved(), component, stack!, options)
}

function validated(stacks: Stacks): undefined {
  const errors = validateStacks(stacks).filter(({ severity }) => severity === 'error')
  if (errors.length > 0)
    throw new UserError({
      code: 'stacks-invalid',
      message: errors.map(({ message }) => message).join(', '),
      at: errors[0]!.at,
    })
  return undefined
}

const QUIET: Ambient = { cwd: '', env: {}, gitRoot: undefined }

/** Every `stacks.json` of `stacks/`. */
export function runStacks(folder: string): Outcome[] {
  const from = join(folder, 'stacks')
  if (!existsSync(from)) return []
  return readdirSync(from)
    .sort()
    .map((name) => {
      const recorded = read<Answer & { args: string[] }>(join(from, name, 'stacks.json'))
      const tree = recordedTree(filesBelow(join(from, name, 'repo')))
      return judge(`stacks/${name}#stacks`, recorded, describeCommand(tree, QUIET, recorded.args)!)
    })
}

interface Fuzz {
  readonly files: Record<string, string>
  readonly features: readonly string[]
  readonly stacks: Answer
  readonly stacksRaw?: Answer
  readonly components?: readonly (Answer & { component: string; stack: string })[]
}

/** The answers about stacks and components of `fuzz/`. */
export function runFuzz(folder: string, wanted: (features: readonly string[]) => boolean = () => true): Outcome[] {
  const from = join(folder, 'fuzz')
  if (!existsSync(from)) return []
  return readdirSync(from)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const recorded = read<Fuzz>(join(from, name))
      return wanted(recorded.features) ? fuzzStacks(`fuzz/${name}`, recorded) : []
    })
}

/** The answers about stacks and components of one generated repository. */
export function fuzzStacks(id: string, recorded: Fuzz): Outcome[] {
  const tree = recordedTree(recorded.files)
  const ambient: Ambient = { cwd: '', env: { ATMOS_DESCRIBE_COMPONENT_FILTER: 'full' }, gitRoot: '' }
  const resolved = once(() => resolveStacks(tree, ambient))
  const raw = recorded.stacksRaw
  return [
    judge(`${id}#stacks`, recorded.stacks, () => describeStacks(resolved(), { processFunctions: false })),
    ...(raw
      ? [
          judge(`${id}#stacksRaw`, raw, () =>
            describeStacks(resolved(), { processFunctions: false, processTemplates: false }),
          ),
        ]
      : []),
    ...(recorded.components ?? []).map((answer) =>
      judge(`${id}#component/${answer.component}@${answer.stack}`, compared(answer), () =>
        comparable(describeComponent(resolved(), answer.component, answer.stack, { processFunctions: false })),
      ),
    ),
  ]
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function compared(answer: Answer): Answer {
  return answer.code === 0 ? { ...answer, json: comparable(answer.json) } : answer
}

function comparable(answer: unknown): unknown {
  if (!isMap(answer)) return answer
  const { atmos_cli_config: _config, cli_args: _args, component_info: info, ...rest } = answer
  const { terraform_config: _terraform, ...kept } = isMap(info) ? info : {}
  return { ...rest, component_info: kept }
}

interface Case {
  readonly id: string
  readonly files?: Record<string, string>
  readonly git?: { base: Record<string, string>; head?: Edits; dirty?: Edits }
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly args: readonly string[]
  readonly code: number | null
  readonly json?: unknown
  readonly stdout?: string
}

/** The cases that ask `describe stacks`, `describe component` or `validate stacks`. */
export async function runCases(folder: string): Promise<Outcome[]> {
  const from = join(folder, 'cases')
  if (!existsSync(from)) return []
  const outcomes: Outcome[] = []
  for (const name of readdirSync(from)
    .filter((it) => it.endsWith('.json'))
    .sort())
    for (const recorded of read<readonly Case[]>(join(from, name))) {
      const outcome = await caseOutcome(`cases/${name}#${recorded.id}`, recorded)
      if (outcome) outcomes.push(outcome)
    }
  return outcomes
}

async function caseOutcome(id: string, recorded: Case): Promise<Outcome | undefined> {
  const files = recorded.files ?? committed(recorded.git!)
  const { flags } = commandOf(recorded.args)
  const ambient: Ambient = {
    cwd: recorded.cwd ?? '',
    env: recorded.env ?? {},
    gitRoot: recorded.git ? '' : undefined,
    ...(flags.profile && { flags: { profile: flags.profile.split(',') } }),
  }
  const tree = recordedTree(files)
  const { positional } = commandOf(recorded.args)
  if (positional.join(' ') === 'describe config')
    return judgeLater(id, { code: recorded.code, json: recorded.json ?? scalar(recorded.stdout ?? '') }, async () => {
      const config = cliConfig(loadConfig(tree, ambient))
      const found = evaluateYq(flags.query ?? '.', config)
      return found.kind === 'value' ? found.value : found
    })
  if (commandOf(recorded.args).kind === 'validate')
    return judge(id, recorded, describeCommand(tree, ambient, recorded.args)!)
  const ask = described(tree, ambient, recorded.args)
  if (ask === undefined) return undefined
  if (recorded.code !== 0 || recorded.json !== undefined) return judgeLater(id, recorded, ask)
  if (recorded.args.includes('--query')) return judgeLater(id, { code: 0, json: scalar(recorded.stdout ?? '') }, ask)
  return judgeLater(id, { code: 0, json: recorded.stdout }, async () => `${encode((await ask()) as Plain)}\n`)
}

type Edits = Readonly<Record<string, string | null>>

/** The files of the working directory after all commits and edits. */
function committed({
  base,
  head,
  dirty,
}: {
  base: Record<string, string>
  head?: Edits
  dirty?: Edits
}): Record<string, string> {
  const all = Object.entries({ ...base, ...head, ...dirty })
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null))
}

/** A scalar as yq prints it. */
export function scalar(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.trimEnd()
  }
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

function filesBelow(folder: string, prefix = ''): Record<string, string> {
  const files: Record<string, string> = {}
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) Object.assign(files, filesBelow(path, `${prefix}${name}/`))
    else files[prefix + name] = readFileSync(path, 'utf8')
  }
  return files
}
