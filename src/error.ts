/** A place in a file of the repository. `line` and `column` count from 1; `file` is relative to the repository's root. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * How a command ends: 0 done, 1 failed, 2 usage or configuration, 3 refused, or waiting for a person or another run.
 */
export type ExitCode = 0 | 1 | 2 | 3

interface UserErrorOptions {
  /** Names the kind of error for programs and docs, kebab case: `import-not-found`. */
  readonly code: string
  /** What is wrong, with the names and values at hand. Never a secret. */
  readonly message: string
  /** The next thing to do. */
  readonly fix?: string
  readonly at?: Position
  /** 2 for usage and configuration, 3 for a refusal; 1 otherwise. */
  readonly exit?: Exclude<ExitCode, 0>
  readonly cause?: unknown
}

/** An error that a person can act on. Anything else that is thrown is a bug. */
export class UserError extends Error {
  readonly code: string
  readonly fix: string | undefined
  readonly at: Position | undefined
  readonly exit: Exclude<ExitCode, 0>

  constructor({ code, message, fix, at, exit = 1, cause }: UserErrorOptions) {
    super(message, { cause })
    this.name = 'UserError'
    this.code = code
    this.fix = fix
    this.at = at
    this.exit = exit
  }
}

/** `stacks/prod.yaml:4:9`, as editors and people write a place. */
export function place({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}
