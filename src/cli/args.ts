import { UserError } from '../error.ts'
import { closest } from '../words.ts'
import type { Args, Command, Flag, FlagValue } from './command.ts'

/** Flags that every command understands. */
export const globalFlags: readonly Flag[] = [
  { name: 'json', type: 'boolean', help: 'Print the answer as JSON, for programs' },
  { name: 'quiet', short: 'q', type: 'boolean', help: 'Show no progress' },
  { name: 'no-color', type: 'boolean', help: 'Use no colours (as with NO_COLOR, and where there is no terminal)' },
  { name: 'chdir', short: 'C', type: 'string', value: 'DIR', help: 'Work as if started in DIR' },
  { name: 'help', short: 'h', type: 'boolean', help: 'Show help' },
]

/** Understood in place of a command. */
export const versionFlag: Flag = { name: 'version', type: 'boolean', help: 'Print the version' }

/** The words of a command line sorted into flags, positional arguments, and what follows `--`. */
interface Sorted extends Args {
  /** Where reading stopped: the index of the first positional argument with `stopAtPositional`, else the end. */
  readonly end: number
}

/**
 * Sorts the words of a command line by the flags that are known.
 * @throws UserError `unknown-flag`, `flag-value-missing`, `flag-value-invalid`
 */
export function sortWords(
  words: readonly string[],
  flags: readonly Flag[],
  { stopAtPositional = false, command = 'airlock' }: { stopAtPositional?: boolean; command?: string } = {},
): Sorted {
  const given: Record<string, FlagValue> = {}
  const positional: string[] = []
  let index = 0
  while (index < words.length) {
    const word = words[index]!
    if (word === '--') return { flags: given, positional, rest: words.slice(index + 1), end: words.length }
    if (!word.startsWith('-') || word === '-') {
      if (stopAtPositional) break
      positional.push(word)
      index++
      continue
    }
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    const attached = equals < 0 ? undefined : word.slice(equals + 1)
    const { flag, negated } = known(name, flags, command)
    index++
    if (flag.type === 'boolean') {
      given[flag.name] = truth(name, attached) !== negated
      continue
    }
    const text = attached ?? words[index]
    if (text === undefined || (attached === undefined && looksLikeFlag(text))) throw valueMissing(flag, name, command)
    if (attached === undefined) index++
    given[flag.name] = read(flag, name, text, given[flag.name])
  }
  return { flags: given, positional, rest: [], end: index }
}

/** The flags of every command, without the names that a command uses for itself. */
export function sharedFlags(own: readonly Flag[]): Flag[] {
  const names = new Set(own.map(({ name }) => name))
  const shorts = new Set(own.map(({ short }) => short))
  return globalFlags.flatMap((flag) => {
    if (names.has(flag.name)) return []
    const { short, ...long } = flag
    return [shorts.has(short) ? long : flag]
  })
}

/**
 * The arguments of a command, checked against the flags and positional arguments that it declares.
 * @throws UserError `argument-missing`, `argument-unexpected`, and those of `sortWords`
 */
export function parseArgs(command: Pick<Command, 'name' | 'flags' | 'positional'>, words: readonly string[]): Args {
  const sorted = sortWords(words, [...command.flags, ...sharedFlags(command.flags)], { command: command.name })
  if (sorted.flags.help !== true) checkPositional(command, sorted.positional)
  return { flags: sorted.flags, positional: sorted.positional, rest: sorted.rest }
}

function checkPositional({ name, positional }: Pick<Command, 'name' | 'positional'>, given: readonly string[]): void {
  const required = positional.filter((it) => !it.endsWith('?') && !it.endsWith('...'))
  const repeats = positional.some((it) => it.endsWith('...'))
  const fix = `airlock help ${name}`
  if (given.length < required.length)
    throw usage('argument-missing', `airlock ${name} needs ${required.slice(given.length).join(' and ')}`, fix)
  if (given.length > positional.length && !repeats) {
    const extra = given.slice(positional.length).map(quoted).join(' ')
    const takes = positional.length === 0 ? 'no arguments' : positional.map((it) => it.replace('?', '')).join(' and ')
    throw usage('argument-unexpected', `airlock ${name} takes ${takes}, but was also given ${extra}`, fix)
  }
}

function known(word: string, flags: readonly Flag[], command: string): { flag: Flag; negated: boolean } {
  const exact = flags.find(
    (flag) => word === `--${flag.name}` || (flag.short !== undefined && word === `-${flag.short}`),
  )
  if (exact) return { flag: exact, negated: false }
  const positive = flags.find((flag) => flag.type === 'boolean' && word === `--no-${flag.name}`)
  if (positive) return { flag: positive, negated: true }
  const near = closest(
    word.replace(/^-+/, ''),
    flags.map(({ name }) => name),
  )
  const where = command === 'airlock' ? 'airlock' : `airlock ${command}`
  throw usage(
    'unknown-flag',
    `${where} has no flag ${word}`,
    near ? `Did you mean --${near}?` : command === 'airlock' ? 'airlock help' : `airlock help ${command}`,
  )
}

function read(flag: Flag, name: string, text: string, before: FlagValue): FlagValue {
  if (flag.type === 'number') {
    const number = Number(text)
    if (text.trim() === '' || !Number.isFinite(number))
      throw usage('flag-value-invalid', `${name} takes a number, not ${quoted(text)}`, `write for example: ${name} 4`)
    return number
  }
  if (flag.type === 'list') {
    const items = text.split(',').map((item) => item.trim())
    return [...(Array.isArray(before) ? before : []), ...items.filter((item) => item !== '')]
  }
  return text
}

function truth(name: string, attached: string | undefined): boolean {
  if (attached === undefined || attached === 'true') return true
  if (attached === 'false') return false
  throw usage(
    'flag-value-invalid',
    `${name} is true or false, not ${quoted(attached)}`,
    `write ${name} or ${name}=false`,
  )
}

function valueMissing(flag: Flag, name: string, command: string): UserError {
  const value = flag.value ?? 'VALUE'
  const where = command === 'airlock' ? '' : ` (airlock help ${command})`
  return usage(
    'flag-value-missing',
    `${name} needs a value: ${name} ${value}`,
    `${name} ${value}, or ${name}=${value}${where}`,
  )
}

function looksLikeFlag(text: string): boolean {
  return /^-[^\d]/.test(text)
}

function usage(code: string, message: string, fix: string): UserError {
  return new UserError({ code, message, fix, exit: 2 })
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
