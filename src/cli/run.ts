import { type ExitCode, UserError } from '../error.ts'
import { closest } from '../words.ts'
import { globalFlags, parseArgs, sortWords, versionFlag } from './args.ts'
import type { Args, Terminal } from './command.ts'
import { errorJson, errorText } from './errors.ts'
import { guarded } from './guard.ts'
import { commandHelp, groupHelp, overview } from './help.ts'
import { type Entry, members } from './registry.ts'
import { paint } from './style.ts'
import { version } from './version.ts'

/** The wishes about the terminal itself that a command line may hold. */
export interface Wishes {
  readonly chdir?: string
  readonly json: boolean
  readonly quiet: boolean
  readonly noColor: boolean
}

/**
 * Runs one command line: finds the command, parses, runs it, prints what went wrong.
 * @param unguarded makes the terminal that the command sees, as the global flags wish it
 */
export async function run(
  words: readonly string[],
  entries: readonly Entry[],
  unguarded: (wishes: Wishes) => Terminal,
): Promise<ExitCode> {
  const open = (wishes: Wishes) => guarded(unguarded(wishes))
  // Until the words are parsed, errors are told in the way that the words seem to ask for.
  let wishes = wishesOf({ json: words.includes('--json'), 'no-color': words.includes('--no-color') })
  try {
    const before = sortWords(words, [...globalFlags, versionFlag], { stopAtPositional: true })
    if (before.flags.version === true) {
      open(wishes).print(`airlock ${version}`)
      return 0
    }
    const asked = [...words.slice(before.end), ...(before.flags.help === true ? ['--help'] : [])]
    const goal = find(asked, entries)
    if (goal.kind === 'help') {
      const terminal = open(wishesOf(before.flags))
      terminal.print(await helpOn(goal.on, entries, terminal))
      return 0
    }
    const command = await goal.entry.load()
    const parsed = parseArgs(command, goal.words)
    const args: Args = { ...parsed, flags: { ...before.flags, ...parsed.flags } }
    wishes = wishesOf(args.flags)
    const terminal = open(wishes)
    if (args.flags.help === true) {
      terminal.print(commandHelp(command, paint(terminal.color)))
      return 0
    }
    return await command.run(args, terminal)
  } catch (error) {
    const terminal = open({ json: wishes.json, quiet: wishes.quiet, noColor: wishes.noColor })
    if (wishes.json) terminal.print(errorJson(error))
    else terminal.note(errorText(error, paint(terminal.noteColor)))
    return error instanceof UserError ? error.exit : 1
  }
}

type Goal =
  | { readonly kind: 'help'; readonly on: readonly string[] }
  | { readonly kind: 'command'; readonly entry: Entry; readonly words: readonly string[] }

function find(words: readonly string[], entries: readonly Entry[]): Goal {
  const [first, second] = words
  if (first === undefined || first === '--help') return { kind: 'help', on: [] }
  if (first === 'help') return { kind: 'help', on: words.slice(1).filter((word) => !word.startsWith('-')) }
  const pair = second !== undefined && entries.find(({ name }) => name === `${first} ${second}`)
  if (pair) return { kind: 'command', entry: pair, words: words.slice(2) }
  const single = entries.find(({ name }) => name === first)
  if (single) return { kind: 'command', entry: single, words: words.slice(1) }
  if (members(entries, first).length === 0) throw unknown(first, names(entries))
  if (second === undefined || second === '--help' || second === '-h') return { kind: 'help', on: [first] }
  throw unknown(
    `${first} ${second}`,
    members(entries, first).map(({ name }) => name),
  )
}

async function helpOn(on: readonly string[], entries: readonly Entry[], { color }: Terminal): Promise<string> {
  const name = on.join(' ')
  if (name === '') return overview(entries, paint(color))
  const entry = entries.find((it) => it.name === name)
  if (entry) return commandHelp(await entry.load(), paint(color))
  const group = members(entries, name)
  if (group.length > 0) return groupHelp(name, group, paint(color))
  throw unknown(name, names(entries))
}

function names(entries: readonly Entry[]): string[] {
  return [...new Set(['help', ...entries.flatMap(({ name }) => [name, name.split(' ')[0]!])])]
}

function unknown(given: string, candidates: readonly string[]): UserError {
  const near = closest(given, candidates)
  return new UserError({
    code: 'unknown-command',
    message: `there is no command "airlock ${given}"`,
    fix: near ? `Did you mean: airlock ${near}` : 'airlock help lists the commands',
    exit: 2,
  })
}

function wishesOf(flags: Args['flags']): Wishes {
  return {
    json: flags.json === true,
    quiet: flags.quiet === true,
    noColor: flags['no-color'] === true,
    ...(typeof flags.chdir === 'string' && { chdir: flags.chdir }),
  }
}
