/** A command to run, as a shell reads it. */
export interface ShellCommand {
  /** A line for `sh -c`. */
  readonly line: string
  /** Absolute path of the folder that it runs in. */
  readonly cwd: string
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** What it reads from standard input; nothing where left out. */
  readonly input?: string | Uint8Array
  /** After this long the command and all that it started are told to end, and killed a little later. */
  readonly timeoutMs?: number
}

/** How a command ended: by itself, or because its time was over, or because the program was told to end. */
export type ShellEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly output: string; readonly durationMs: number }
  | { readonly kind: 'timed-out' | 'interrupted'; readonly output: string; readonly durationMs: number }

/** Runs commands that people wrote: policies, steps of workflows. `output` is stdout and stderr as they came, at most 1 MB of it. */
export interface Shell {
  run(command: ShellCommand, events?: { text?(chunk: string): void }): Promise<ShellEnd>
}
