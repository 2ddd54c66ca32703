/** A program of this machine, as its own version command describes it. */
export interface Program {
  /** Absolute path. */
  readonly path: string
  /** `1.11.4`; undefined when it said nothing that reads like one. */
  readonly version: string | undefined
  /** What it said instead of a version. */
  readonly said?: string
}

/** The programs on the PATH. */
export interface Programs {
  /** Runs `command` (a name, or a path) with `args` and reads its version; undefined when there is no such program. */
  find(command: string, args: readonly string[]): Promise<Program | undefined>
}
