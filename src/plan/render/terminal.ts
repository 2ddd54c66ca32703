import { hasEffect, type RedactedPlan, type ResourceChange, replaces } from '../plan.ts'
import { type PlanValue, valueText } from '../value.ts'
import { type AttributeRow, attributes } from './attributes.ts'
import { cut, visible } from './escape.ts'
import { byDanger, clauses, isRisky } from './phrases.ts'

/** Colours a text, or leaves it as it is. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

export interface TerminalOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly paint: Paint
  /** Every attribute, however many there are. */
  readonly whole?: boolean
}

/** A plan for the terminal: a line for each object, most dangerous first, and one for each attribute that changes. */
export function renderTerminal(plan: RedactedPlan, options: TerminalOptions): string {
  const { paint } = options
  const blocks = [
    ...(plan.errored ? [paint.red('Planning stopped half-way: this is not all that would change.')] : []),
    ...plan.checks
      .filter((it) => it.status === 'fail' || it.status === 'error')
      .map((it) => paint.yellow(terminalLine(`! ${it.address}: ${it.problems.join('; ')}`, options))),
    ...plan.changes
      .filter(hasEffect)
      .toSorted(byDanger)
      .flatMap((it) => changeLines(it, options)),
    ...plan.deferred.map((it) =>
      terminalLine(`… ${it.change.address}   deferred: ${it.reason.replaceAll('_', ' ')}`, options),
    ),
    ...outputLines(plan, options),
    ...driftLines(plan, options),
  ]
  return (blocks.length === 0 ? ['no change'] : blocks).join('\n')
}

function changeLines(change: ResourceChange, options: TerminalOptions): string[] {
  const { paint } = options
  const why = clauses(change).map(({ text, names }) => [text, ...names.slice(0, 3)].join(' '))
  const mark = sign(change).padEnd(3)
  const head = terminalLine(
    [`${mark} ${change.address}`, ...(why.length === 0 ? [] : [why.join('; ')])].join('   '),
    options,
  )
  const address = head.slice(0, `${mark} ${visible(change.address)}`.length)
  const painted = paintOf(change, paint)(address) + paint.dim(head.slice(address.length))
  if (change.action === 'delete' || change.action === 'forget' || change.action === 'read') return [painted]
  const { rows, unknown } = attributes(change)
  return [
    painted,
    ...rowLines(rows, change.before === undefined, options),
    ...(unknown.length === 0
      ? []
      : [paint.dim(terminalLine(`      known after apply: ${unknown.join(', ')}`, options))]),
  ]
}

function rowLines(rows: readonly AttributeRow[], made: boolean, options: TerminalOptions): string[] {
  const shown = options.whole ? rows : rows.slice(0, made ? 12 : 60)
  const columns = Math.min(32, Math.max(0, ...shown.map((row) => row.name.length)))
  const left = rows.length - shown.length
  return [
    ...shown.map((row) => {
      const values = made
        ? said(row.after)
        : fromTo(row.before, row.after, options.width - columns - (row.forcesReplacement ? 31 : 10))
      return terminalLine(
        `      ${row.name.padEnd(columns)}  ${values}${row.forcesReplacement ? '   forces replacement' : ''}`,
        options,
      )
    }),
    ...(left > 0 ? [options.paint.dim(`      and ${left} more`)] : []),
  ]
}

function outputLines(plan: RedactedPlan, options: TerminalOptions): string[] {
  const outputs = plan.outputs.filter((it) => it.action !== 'no-op')
  if (outputs.length === 0) return []
  const columns = Math.min(32, Math.max(...outputs.map((it) => it.name.length)))
  return [
    'outputs',
    ...outputs.map((it) => {
      const room = options.width - columns - 10
      const value =
        it.action === 'update' ? fromTo(it.before, it.after, room) : it.action === 'delete' ? 'removed' : said(it.after)
      return terminalLine(`      ${it.name.padEnd(columns)}  ${value}`, options)
    }),
  ]
}

function driftLines(plan: RedactedPlan, options: TerminalOptions): string[] {
  if (plan.drift.length === 0) return []
  return [
    options.paint.yellow('changed outside of Terraform'),
    ...plan.drift.flatMap((it) => [
      terminalLine(`  ${it.address}${it.action === 'delete' ? '   deleted' : ''}`, options),
      ...(it.action === 'delete' ? [] : rowLines(attributes(it).rows, false, options)),
    ]),
  ]
}

/** Both sides, the longer one cut first. */
function fromTo(before: PlanValue | undefined, after: PlanValue | undefined, columns: number): string {
  const [old, now] = [said(before), said(after)]
  const half = Math.max(10, Math.floor((columns - 3) / 2))
  return `${cut(old, Math.max(half, columns - 3 - now.length))} → ${now}`
}

/** A value in words: `10.0.0.0/16`, `known after apply`, `sensitive, changed`. */
export function said(value: PlanValue | undefined): string {
  if (value?.kind === 'unknown') return 'known after apply'
  if (value?.kind === 'sensitive') return value.changed ? 'sensitive, changed' : 'sensitive'
  return valueText(value)
}

/** Terraform's signs. */
function sign(change: ResourceChange): string {
  if (replaces(change.action)) return change.action === 'delete-create' ? '-/+' : '+/-'
  switch (change.action) {
    case 'create':
      return '+'
    case 'update':
      return '~'
    case 'delete':
      return '-'
    case 'read':
      return '<='
    case 'forget':
      return '.'
    default:
      return '>'
  }
}

function paintOf(change: ResourceChange, paint: Paint): (text: string) => string {
  if (isRisky(change)) return paint.red
  if (change.action === 'create') return paint.green
  return change.action === 'update' || replaces(change.action) ? paint.yellow : paint.bold
}

/** One line that fits: what a name holds cannot break it, nor steer the terminal. */
export function terminalLine(text: string, { width }: TerminalOptions): string {
  return cut(visible(text).replace(/\n/g, '↵').replace(/\t/g, ' '), Math.max(20, width - 2))
}
