import type { PlainMap } from '../affected/atmos/described.ts'
import { itemsYaml } from '../affected/atmos/print.ts'
import { UserError } from '../error.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { Plain } from '../stacks/value.ts'
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
    help: 'Not there yet: pipe the JSON into yq or jq',
  },
  ...sourceFlags,
]

/** Flags that decide how templates and functions are evaluated. */
export const evaluationFlags: readonly Flag[] = [
  { name: 'process-templates', type: 'boolean', help: 'Render Go templates (the default); =false leaves them' },
  { name: 'process-functions', type: 'boolean', help: 'Evaluate YAML functions (the default); =false leaves them' },
  { name: 'skip', type: 'list', value: 'FUNCTION', help: 'Leave these YAML functions as they are' },
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
  return {
    ...(typeof flags['process-templates'] === 'boolean' && { processTemplates: flags['process-templates'] }),
    ...(typeof flags['process-functions'] === 'boolean' && { processFunctions: flags['process-functions'] }),
    ...(skip && { skip }),
  }
}

/** Prints an answer, or writes it to `--file`, in the format that was asked for. */
export async function answer(value: Plain, args: Args, terminal: Terminal, how: AnswerFormat): Promise<void> {
  const file = text(args.flags.file)
  const pieces = written(value, args, how)
  if (file !== undefined) await terminal.write(file, [...pieces].join(''))
  else for (const piece of pieces) terminal.print(piece)
}

/** How an answer is written where no flag says it. */
export interface AnswerFormat {
  readonly otherwise: 'json' | 'yaml'
  readonly order?: 'maps' | 'items'
}

/** An answer's text in the format that was asked for, in pieces that end with a line break. */
export function written(value: Plain, { flags }: Args, { otherwise, order = 'maps' }: AnswerFormat): Iterable<string> {
  if (formatOf(flags, otherwise) === 'json')
    return atmosJsonPieces(value, { order, escapeHtml: text(flags.file) !== undefined })
  const yaml = order === 'items' ? itemsYaml(value as readonly PlainMap[]) : encode(value)
  return [yaml.endsWith('\n') || text(flags.file) !== undefined ? yaml : `${yaml}\n`]
}

/** Checks the flags of every `describe` before any work. @throws UserError `not-yet`, `flag-value-invalid` */
export function checkDescribeFlags(args: Args): void {
  formatOf(args.flags, 'json')
  refuseQuery(args)
}

/** @throws UserError `not-yet` for `--query` */
export function refuseQuery({ flags }: Args): void {
  if (flags.query === undefined) return
  throw new UserError({
    code: 'not-yet',
    message: '--query is not there yet',
    fix: 'print JSON and ask that: airlock describe stacks --format json | jq …',
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
