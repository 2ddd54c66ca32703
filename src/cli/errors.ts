import { place, UserError } from '../error.ts'
import { type Paint, width } from './style.ts'

/** The error as people read it: what is wrong and where, the line it is about, what to do next. A bug shows its stack. */
export function errorText(error: unknown, { bold, dim, red }: Paint): string {
  if (!(error instanceof UserError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [
      `${red(bold('Bug:'))} Airlock did something it should not have. Nothing you did is wrong.`,
      ...stack.split('\n').map((line) => dim(`  ${line}`)),
      '  Please report it with the command that you ran and the lines above (see CONTRIBUTING.md).',
    ].join('\n')
  }
  const title = error.exit === 3 ? 'Refused:' : 'Error:'
  const where = error.at && !error.message.startsWith(error.at.file) ? `${place(error.at)}: ` : ''
  return [
    `${red(bold(title))} ${where}${error.message}`,
    ...frame(error, dim, red),
    ...(error.fix === undefined ? [] : error.fix.split('\n').map((line) => `  ${line}`)),
  ].join('\n')
}

/** The error for programs: `{"error": {"code", "message", "fix", "at", "exit"}}`. */
export function errorJson(error: unknown): string {
  const facts =
    error instanceof UserError
      ? { code: error.code, message: error.message, fix: error.fix, at: error.at, exit: error.exit }
      : { code: 'bug', message: error instanceof Error ? error.message : String(error), exit: 1 }
  return JSON.stringify({ error: facts }, null, 2)
}

const token = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\{\{.*?\}\}|[^\s#,[\]{}]+)/

function frame({ at, line }: UserError, dim: Paint['dim'], red: Paint['red']): string[] {
  if (!at || line === undefined || at.column < 1 || at.column > line.length) return []
  const gutter = String(at.line)
  const before = line.slice(0, at.column - 1)
  const marked = token.exec(line.slice(at.column - 1))?.[0] ?? line[at.column - 1]!
  const blanks = before.replace(/\t/g, '  ')
  return [
    `  ${dim(`${gutter} │`)} ${line.replace(/\t/g, '  ')}`,
    `  ${dim(`${' '.repeat(gutter.length)} │`)} ${' '.repeat(width(blanks))}${red('^'.repeat(Math.max(1, width(marked.replace(/\t/g, '  ')))))}`,
  ]
}
