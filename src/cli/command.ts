import type { ExitCode } from '../error.ts'

/** One flag of a command: `--stack`, `-s`. */
export interface Flag {
  readonly name: string
  readonly short?: string
  /** `list` may be given several times, or with commas. */
  readonly type: 'boolean' | 'string' | 'list' | 'number'
  /** What the value is, for help: `STACK`. */
  readonly value?: string
  readonly help: string
}

/** Arguments as parsed by the flags that a command declares. */
export interface Args {
  readonly positional: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>
}

/** What a command may use of the process: the only way that commands see it. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes to stdout. */
  print(text: string): void
  /** Writes to stderr. */
  note(text: string): void
  readonly tty: boolean
  readonly color: boolean
  /** Columns; 80 where unknown. */
  readonly width: number
}

/** A command of `airlock`: parse, call a flow, print. */
export interface Command {
  readonly name: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** `airlock affected [--base REV] [--json]` */
  readonly usage: string
  /** What it does and why, a few lines. */
  readonly description: string
  readonly examples: readonly { readonly command: string; readonly does: string }[]
  readonly flags: readonly Flag[]
  /** Names of positional arguments, for help and errors; a trailing `?` marks one that may be left out. */
  readonly positional: readonly string[]
  run(args: Args, terminal: Terminal): Promise<ExitCode>
}
