import type { ExitCode } from '../error.ts'

/** One flag of a command: `--stack`, `-s`. */
export interface Flag {
  readonly name: string
  readonly short?: string
  /** `list` may be given several times, or with commas. A boolean is also understood as `--name=false` and `--no-name`. */
  readonly type: 'boolean' | 'string' | 'list' | 'number'
  /** What the value is, for help: `STACK`. */
  readonly value?: string
  readonly help: string
}

/** What a flag was given; undefined when it was not. */
export type FlagValue = string | boolean | number | readonly string[] | undefined

/** Arguments as parsed by the flags that a command declares. */
export interface Args {
  readonly positional: readonly string[]
  /** By the flag's long name. */
  readonly flags: Readonly<Record<string, FlagValue>>
  /** What follows `--`, as it was. */
  readonly rest: readonly string[]
}

/** How work that takes long is shown on stderr: lines in place, one line a finished item, or not at all. */
export type ProgressMode = 'live' | 'lines' | 'none'

/** What a command may use of the process: the only way that commands see it. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes to stdout, and ends the line where the text does not. */
  print(text: string): void
  /** Writes to stderr, and ends the line where the text does not. */
  note(text: string): void
  /** Writes to stderr as it is: for what is drawn in place. */
  draw(text: string): void
  /** Writes a file; its name is relative to `cwd`. */
  write(file: string, text: string): Promise<void>
  /** Adds to the end of a file, and makes it where it is missing. */
  append(file: string, text: string): Promise<void>
  /** The absolute form of a path that a person typed. */
  resolve(path: string): string
  /** Reads one line from a person; undefined when nobody is there to type. */
  ask(question: string): Promise<string | undefined>
  /** Whether stdout is a terminal. */
  readonly tty: boolean
  /** Whether `print` may use colours. */
  readonly color: boolean
  /** Whether `note` may use colours. */
  readonly noteColor: boolean
  readonly progress: ProgressMode
  /** Columns; 80 where unknown. */
  readonly width: number
  /**
   * Aborted at the first Ctrl-C or SIGTERM. A command that reads it promises to end soon after; until one does, an
   * interrupt ends the process at once.
   */
  readonly signal: AbortSignal
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
  /**
   * Names of positional arguments, for help and errors; a trailing `?` marks one that may be left out, `...` a last one
   * that may be repeated or left out.
   */
  readonly positional: readonly string[]
  run(args: Args, terminal: Terminal): Promise<ExitCode>
}
