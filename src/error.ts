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
  /** The text of the line that `at` names, as it was read, for the code frame. */
  readonly line?: string
  /** 2 for usage and configuration, 3 for a refusal; 1 otherwise. */
  readonly exit?: Exclude<ExitCode, 0>
  readonly cause?: unknown
  /** What else is wrong of the same kind of thing, in the order of files. */
  readonly others?: readonly UserError[]
}

/** An error that a person can act on. Anything else that is thrown is a bug. */
export class UserError extends Error {
  readonly code: string
  readonly fix: string | undefined
  readonly at: Position | undefined
  readonly line: string | undefined
  readonly exit: Exclude<ExitCode, 0>
  readonly others: readonly UserError[]

  constructor({ code, message, fix, at, line, exit = 1, cause, others = [] }: UserErrorOptions) {
    super(message, { cause })
    this.name = 'UserError'
    this.code = code
    this.fix = fix
    this.at = at
    this.line = line
    this.exit = exit
    this.others = others
  }
}

/** One error that stands for several: the first of them, with the others beside it. */
export function together([first, ...others]: readonly [UserError, ...UserError[]]): UserError {
  return others.length === 0 ? first : changed(first, { others })
}

/** The same error with the line that it is about, out of the text of the file it names. */
export function quoting(error: UserError, text: string): UserError {
  const line = error.at && text.split('\n')[error.at.line - 1]?.replace(/\r$/, '')
  return line === undefined ? error : changed(error, { line })
}

/** The same error with what stands beside it changed. */
export function withOthers(error: UserError, change: (other: UserError) => UserError): UserError {
  return error.others.length === 0 ? error : changed(error, { others: error.others.map(change) })
}

/** The same error, which says in addition where it was met: `… (in main@4c1d2e9)`. */
export function metIn(error: UserError, where: string): UserError {
  return changed(error, { message: `${error.message} (in ${where})` })
}

function changed(
  error: UserError,
  change: { readonly message?: string; readonly line?: string; readonly others?: readonly UserError[] },
): UserError {
  const { code, message, fix, at, line, exit, cause, stack, others } = error
  const result = new UserError({
    code,
    message,
    exit,
    cause,
    others,
    ...(fix !== undefined && { fix }),
    ...(at && { at }),
    ...(line !== undefined && { line }),
    ...change,
  })
  if (stack !== undefined) result.stack = stack
  return result
}

/** The error in lines of plain text: what is wrong and where, then what to do. */
export function told({ message, fix, at }: UserError): string {
  const where = at && !message.startsWith(at.file) ? `${place(at)}: ` : ''
  return `${where}${message}${fix === undefined ? '' : `\n${fix}`}`
}

/** `stacks/prod.yaml:4:9`, as editors and people write a place. */
export function place({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}
