import type { PlainMap } from '../affected/atmos/described.ts'
import { itemsYaml } from '../affected/atmos/print.ts'
import { UserError } from '../error.ts'
import type { Described } from '../flows/describe.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { ErrorMode } from '../stacks/answers.ts'
import type { Plain } from '../stacks/value.ts'
import { evaluateYq } from '../stacks/yq.ts'
import { encode } from '../yaml/encode.ts'
import type { Args, Flag, Terminal } from './command.ts'
import { atmosJsonPieces } from './json.ts'

/** Flags that decide which configuration is read. */
export const sourceFlags: readonly Flag[] = [
  { name: 'base-path', type: 'string', value: 'DIR', help: 'Base path of the Atmos project' },
  { name: 'config', type: 'list', value: 'FILE', help: 'Read these configuration files only' },
  { name: 'config-path', type: 'list', value: 'DIR', help: 'Read the configuration in these folders only' },
  { name: 'profile', type: 'list', value: 'NAME', help: 'Profiles to lay over the configuration' },
]

/** Flags of every `describe` command, named as Atmos names them. */
export const describeFlags: readonly Flag[] = [
  { name: 'format', short: 'f', type: 'string', value: 'FORMAT', help: 'json or yaml' },
  { name: 'file', type: 'string', value: 'FILE', help: 'Write the answer to this file' },
  {
    name: 'query',
    short: 'q',
    type: 'string',
    value: 'EXPRESSION',
    help: "Print only what this expression of yq's language finds: .vars.cidr",
  },
  ...sourceFlags,
]

/** Flags that decide how templates and functions are evaluated. */
export const evaluationFlags: readonly Flag[] = [
  { name: 'process-templates', type: 'boolean', help: 'Render Go templates (the default); =false leaves them' },
  { name: 'process-functions', type: 'boolean', help: 'Evaluate YAML functions (the default); =false leaves them' },
  { name: 'skip', type: 'list', value: 'FUNCTION', help: 'Leave these YAML functions as they are' },
  {
    name: 'error-mode',
    type: 'string',
    value: 'MODE',
    help: 'Values that are not there yet: warn (the default) and silent print (computed), strict fails',
  },
]

/** The configuration flags as resolution takes them. */
export function ambientFlags({ flags }: Args): NonNullable<Ambient['flags']> {
  const basePath = text(flags['base-path'])
  const config = texts(flags.config)
  const configPath = texts(flags['config-path'])
  const profile = texts(flags.profile)
  return {
    ...(basePath !== undefined && { basePath }),
    ...(config && { config }),
    ...(configPath && { configPath }),
    ...(profile && { profile }),
  }
}

/** The evaluation flags as describing takes them; a flag that was not given is left out. */
export function evaluation({ flags }: Args) {
  const skip = texts(flags.skip)
  const errorMode = modeOf(text(flags['error-mode']))
  return {
    ...(typeof flags['process-templates'] === 'boolean' && { processTemplates: flags['process-templates'] }),
    ...(typeof flags['process-functions'] === 'boolean' && { processFunctions: flags['process-functions'] }),
    ...(skip && { skip }),
    ...(errorMode && { errorMode }),
    ...(flags['use-mocks'] === true && { useMocks: true }),
  }
}

function modeOf(mode: string | undefined): ErrorMode | undefined {
  if (mode === undefined || mode === 'strict' || mode === 'warn' || mode === 'silent') return mode
  throw new UserError({
    code: 'flag-value-invalid',
    message: `--error-mode is strict, warn or silent, not ${JSON.stringify(mode)}`,
    fix: 'write --error-mode strict',
    exit: 2,
  })
}

/** Prints an answer, or writes it to `--file`, in the format that was asked for. */
export async function answer(described: Described, args: Args, terminal: Terminal, how: AnswerFormat): Promise<void> {
  const file = text(args.flags.file)
  const pieces = answerText(described, args, terminal, how)
  if (file !== undefined) await terminal.write(file, [...pieces].join(''))
  else for (const piece of pieces) terminal.print(piece)
}

/** The text of an answer, in pieces; what is not there yet is noted. */
export function answerText(
  { value, undetermined }: Described,
  args: Args,
  terminal: Pick<Terminal, 'note'>,
  how: AnswerFormat,
): Iterable<string> {
  const { flags } = args
  if (undetermined > 0 && flags['error-mode'] !== 'silent')
    terminal.note(
      `${undetermined} ${undetermined === 1 ? 'value is' : 'values are'} not there before an apply, and shown as (computed); --error-mode strict fails instead`,
    )
  const query = text(flags.query)
  return written(queried(value, query), args, query === undefined ? how : { ...how, order: 'maps' })
}

/** How an answer is written where no flag says it. */
export interface AnswerFormat {
  readonly otherwise: 'json' | 'yaml'
  readonly order?: 'maps' | 'items'
}

/** An answer's text in the format that was asked for, in pieces that end with a line break. */
function written(value: Plain, { flags }: Args, { otherwise, order = 'maps' }: AnswerFormat): Iterable<string> {
  if (formatOf(flags, otherwise) === 'json')
    return atmosJsonPieces(value, { order, escapeHtml: text(flags.file) !== undefined })
  const yaml = order === 'items' ? itemsYaml(value as readonly PlainMap[]) : encode(value)
  return [yaml.endsWith('\n') || text(flags.file) !== undefined ? yaml : `${yaml}\n`]
}

/** Checks the flags of every `describe` before any work. @throws UserError `flag-value-invalid` */
export function checkDescribeFlags({ flags }: Args): void {
  formatOf(flags, 'json')
  modeOf(text(flags['error-mode']))
}

/** What an expression of yq's language finds in an answer. @throws UserError `flag-value-invalid` */
function queried(value: Plain, query: string | undefined): Plain {
  if (query === undefined) return value
  const found = evaluateYq(query, value)
  if (found.kind === 'value') return found.value as Plain
  throw new UserError({
    code: 'flag-value-invalid',
    message: `--query ${query}: ${found.kind === 'wrong' ? found.why : 'not known'}`,
    fix: 'write a path such as .vars.cidr, or print JSON and ask that: airlock describe stacks --format json | jq …',
    exit: 2,
  })
}

/** The value of a flag of type `string`. */
export function text(value: Args['flags'][string]): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The value of a flag of type `list`. */
export function texts(value: Args['flags'][string]): readonly string[] | undefined {
  return Array.isArray(value) ? value : undefined
}

function formatOf(flags: Args['flags'], otherwise: 'json' | 'yaml'): 'json' | 'yaml' {
  const format = flags.format ?? (flags.json === true ? 'json' : otherwise)
  if (format === 'json' || format === 'yaml') return format
  throw new UserError({
    code: 'flag-value-invalid',
    message: `--format is json or yaml, not ${JSON.stringify(format)}`,
    fix: 'write --format json, or --format yaml',
    exit: 2,
  })
}
