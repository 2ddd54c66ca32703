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
  const shown = [error, ...error.others.slice(0, MOST_SHOWN - 1)]
  const more = error.others.length - (shown.length - 1)
  return [
    ...shown.map((each) => oneText(each, { bold, dim, red })),
    ...(more > 0 ? [`… and ${more} more, all of which --json lists`] : []),
  ].join('\n\n')
}

const MOST_SHOWN = 50

function oneText(error: UserError, { bold, dim, red }: Pick<Paint, 'bold' | 'dim' | 'red'>): string {
  const title = error.exit === 3 ? 'Refused:' : 'Error:'
  const where = error.at && !error.message.startsWith(error.at.file) ? `${place(error.at)}: ` : ''
  return [
    `${red(bold(title))} ${where}${error.message}`,
    ...frame(error, dim, red),
    ...(error.fix === undefined ? [] : error.fix.split('\n').map((line) => `  ${line}`)),
  ].join('\n')
}

/**
 * The error for programs: `{"error": {"code", "message", "fix", "at", "exit"}}`; where there are several, `others` beside it
 * lists the rest.
 */
export function errorJson(error: unknown): string {
  if (!(error instanceof UserError)) {
    const message = error instanceof Error ? error.message : String(error)
    return JSON.stringify({ error: { code: 'bug', message, exit: 1 } }, null, 2)
  }
  const others = error.others.map(facts)
  return JSON.stringify({ error: facts(error), ...(others.length > 0 && { others }) }, null, 2)
}

function facts({ code, message, fix, at, exit }: UserError) {
  return { code, message, fix, at, exit }
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
