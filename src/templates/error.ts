import { bytesOf } from './bytes.ts'

/** A template that cannot be parsed or executed, in Go's words, and where in its text that is. */
export class TemplateError extends Error {
  /** Counts from 1. */
  readonly line: number
  /** In characters, counts from 1. */
  readonly column: number
  /** What an execution was stopped by: a NeedsWorld, for example. */
  override readonly cause: unknown

  constructor(message: string, { line, column }: Place, cause?: unknown) {
    super(message)
    this.name = 'TemplateError'
    this.line = line
    this.column = column
    this.cause = cause
  }
}

/** A place in a template's text. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The place of an offset, in characters and from 1 as editors count. */
export function placeAt(text: string, offset: number): Place {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return { line: lineAt(text, offset), column: [...text.slice(start, offset)].length + 1 }
}

/** The line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** Line and column as Go writes them: columns in bytes, from 0. */
export function goPlace(text: string, offset: number): string {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  return `${lineAt(text, offset)}:${bytesOf(text.slice(start, offset)).length}`
}
