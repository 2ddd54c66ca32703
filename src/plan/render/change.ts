import type { ResourceChange } from '../plan.ts'
import { type PlanValue, valueAt, valueText } from '../value.ts'
import { type AttributeRow, attributes } from './attributes.ts'
import { cellCode, code, cut, fenced, words } from './escape.ts'
import { lineDiff } from './line-diff.ts'
import { actionPhrase, type Clause, clauses, isRisky } from './phrases.ts'

/** How much is told: `full`, `short` (fewer and shorter values), `names` (addresses only), `none` (one line). */
export type Level = 'full' | 'short' | 'names' | 'none'

export const levels: readonly Level[] = ['full', 'short', 'names', 'none']

const limits = { full: { rows: 150, chars: 300 }, short: { rows: 12, chars: 80 } } as const

/** One object as a sentence and a table, each a Markdown block. */
export function changeBlocks(change: ResourceChange, level: Level): string[] {
  const heading = changeHeading(change)
  if (level === 'names' || level === 'none' || change.action === 'forget' || change.action === 'read') return [heading]
  if (change.action === 'delete') return [heading + identity(change.before)]
  const view = attributes(change)
  return [
    heading,
    ...rowBlocks(view.rows, change.before === undefined, level),
    ...(view.unknown.length === 0 ? [] : [`Known after apply: ${listed(view.unknown, level === 'full' ? 60 : 12)}.`]),
  ]
}

/** `` `folder_file.network` will be **changed in place** (moved from `x`) `` */
export function changeHeading(change: ResourceChange): string {
  const why = clauses(change).map(clauseText)
  return `${isRisky(change) ? '⚠ ' : ''}${code(change.address)} will be **${actionPhrase(change)}**${why.length > 0 ? ` (${why.join('; ')})` : ''}`
}

/** Attributes as a table; long texts follow it as a diff. */
export function rowBlocks(rows: readonly AttributeRow[], made: boolean, level: 'full' | 'short'): string[] {
  if (rows.length === 0) return []
  const { rows: most, chars } = limits[level]
  const shown = rows.slice(0, most)
  const head = made ? ['attribute', 'value'] : ['attribute', 'before', 'after']
  const diffs = level === 'full' ? shown.flatMap(longText) : []
  const cells = shown.map((row) => {
    const diff = diffs.find((it) => it.row === row)
    const name = cellCode(cut(row.name, 200)) + (row.forcesReplacement ? ' forces replacement' : '')
    if (diff) return made ? [name, 'below'] : [name, 'text', 'changed, below']
    return made ? [name, cell(row.after, chars)] : [name, cell(row.before, chars), cell(row.after, chars)]
  })
  const left = rows.length - shown.length
  return [
    [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n'),
    ...(left > 0 ? [`${left} more attributes are left out here.`] : []),
    ...diffs.map(({ row, lines }) => `${code(row.name)}:\n\n${fenced(lines.join('\n'), 'diff')}`),
  ]
}

/** A value in a table's cell. */
export function cell(value: PlanValue | undefined, chars: number): string {
  switch (value?.kind) {
    case undefined:
      return '–'
    case 'unknown':
      return 'known after apply'
    case 'sensitive':
      return value.changed ? 'sensitive, changed' : 'sensitive'
    case 'known':
      return typeof value.value === 'string' && isPlain(value.value)
        ? cellCode(cut(value.value, chars))
        : cellCode(cut(valueText(value), chars))
    default:
      return cellCode(cut(valueText(value), chars))
  }
}

/** Names as code, with a count of what is left out. */
export function listed(names: readonly string[], most: number): string {
  const left = names.length - most
  return names.slice(0, most).map(code).join(', ') + (left > 0 ? ` and ${left} more` : '')
}

/** A text that could be taken for another kind of value keeps its quotes. */
function isPlain(text: string): boolean {
  return (
    text.trim() === text &&
    text !== '' &&
    !/^(true|false|null|-?[\d.]+(e[+-]?\d+)?|–|sensitive.*|\(.*\)|["[{].*)$/is.test(text)
  )
}

function clauseText({ text, names }: Clause): string {
  return names.length === 0 ? words(text) : `${words(text)} ${listed(names, 8)}`
}

/** Which object it is, beyond its address. */
function identity(before: PlanValue | undefined): string {
  for (const name of ['arn', 'id', 'name']) {
    const value = valueAt(before, [name])
    if (value?.kind === 'known' && typeof value.value === 'string') return `: ${name} ${code(cut(value.value, 200))}`
  }
  return ''
}

function longText(row: AttributeRow): { row: AttributeRow; lines: string[] }[] {
  const [before, after] = [lines(row.before), lines(row.after)]
  if (before === undefined || after === undefined || !(before + after).trim().includes('\n')) return []
  const diff = lineDiff(before, after)
  return diff ? [{ row, lines: diff.slice(0, 120).map((line) => cut(line, 300)) }] : []
}

function lines(value: PlanValue | undefined): string | undefined {
  if (value === undefined) return ''
  return value.kind === 'known' && typeof value.value === 'string' ? value.value : undefined
}
