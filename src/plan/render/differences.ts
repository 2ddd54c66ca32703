import type { PlanDifference } from '../covers.ts'
import { cell } from './change.ts'
import { cellCode, cut } from './escape.ts'
import { said, type TerminalOptions, terminalLine } from './terminal.ts'

/** How a plan differs from the approved one, as a Markdown table. */
export function differencesTable(differences: readonly PlanDifference[], most = 40): string {
  const rows = differences
    .slice(0, most)
    .map((it) => [
      cellCode(cut(subject(it), 200)),
      cellCode(cut(it.what, 200)),
      cell(it.approved, 120),
      cell(it.fresh, 120),
    ])
  const left = differences.length - rows.length
  const table = [['where', 'what', 'approved', 'now'], ['---', '---', '---', '---'], ...rows].map(
    (row) => `| ${row.join(' | ')} |`,
  )
  return table.join('\n') + (left > 0 ? `\n\n${left} more differences are left out here.` : '')
}

/** The same for the terminal, a line for each. */
export function differenceLines(differences: readonly PlanDifference[], options: TerminalOptions, most = 40): string[] {
  const left = differences.length - most
  return [
    ...differences
      .slice(0, most)
      .map((it) => terminalLine(`  ${subject(it)}   ${it.what}   ${side(it.approved)} → ${side(it.fresh)}`, options)),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ]
}

/** A resource speaks for itself; anything else says what it is. */
function subject({ kind, name }: PlanDifference): string {
  return kind === 'change' ? name : `${kind} ${name}`
}

function side(value: PlanDifference['approved']): string {
  return value === undefined ? 'not there' : said(value)
}
