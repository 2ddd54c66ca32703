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
import { atmosJson } from './json.ts'

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
export async function answer(
  described: Described,
  { flags }: Args,
  terminal: Terminal,
  { otherwise, order = 'maps' }: { otherwise: 'json' | 'yaml'; order?: 'maps' | 'items' },
): Promise<void> {
  const { undetermined } = described
  if (undetermined > 0 && flags['error-mode'] !== 'silent')
    terminal.note(
      `${undetermined} ${undetermined === 1 ? 'value is' : 'values are'} not there before an apply, and shown as (computed); --error-mode strict fails instead`,
    )
  const value = queried(described.value, text(flags.query))
  const format = formatOf(flags, otherwise)
  const file = text(flags.file)
  const yaml = () =>
    order === 'items' && flags.query === undefined ? itemsYaml(value as readonly PlainMap[]) : encode(value)
  const json = () => `${atmosJson(value, { order, escapeHtml: file !== undefined })}\n`
  const written = format === 'yaml' ? yaml() : json()
  if (file === undefined) terminal.print(written)
  else await terminal.write(file, written)
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
