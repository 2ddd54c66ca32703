import type { Change } from '../affected/affected.ts'
import type { ApiUse } from '../github/github.ts'
import { reasonLines, unplannedText } from '../plan/render/detail.ts'
import { cellCode, code, html, link, words } from '../plan/render/escape.ts'
import { maxSummaryBytes, summaryParts } from '../plan/render/summary-parts.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { budgetText } from './budget.ts'
import { reasonWords } from './reasons.ts'

/** What changed between two commits, and why, before anything was planned. */
export interface AffectedReport {
  /** `main@4c1d2e9 → cidr@a91f03b` */
  readonly between: string
  readonly changes: readonly Change[]
  /** For links to lines of the head. */
  readonly blobUrl: string | undefined
  /** Set where only some are planned: how many. */
  readonly sample?: number
}

/** Summary of the job that finds what is affected. */
export function affectedSummary({ between, changes, blobUrl, sample }: AffectedReport): string {
  const told = changes.filter(({ kind }) => kind !== 'passive')
  const passive = changes.length - told.length
  const rows = told.map(({ id, kind }) => {
    const text = kind === 'absent' ? 'no longer there' : kind === 'passive' ? 'settings only' : unplannedText[kind]
    return `| ${nameCells(id)} | ${kind === 'destroy' ? `⚠ **${text}**` : text} |`
  })
  return whole([
    `### Airlock: ${counted(told.length, 'instance')} changed${passive > 0 ? `, ${passive} more in name only` : ''}`,
    words(between),
    ...(sample === undefined
      ? []
      : [`**${sample} of them are planned**, as a sample: comment ${code('/airlock plan')} for the rest.`]),
    ...table(['component', 'stack', 'change'], rows),
    ...told.flatMap(({ id, reasons }) => {
      const why = reasonLines(reasons.flatMap(reasonWords), blobUrl)
      return why.length === 0
        ? []
        : [[`<details><summary>${html(nameOf(id))}</summary>`, ...why, '</details>'].join('\n\n')]
    }),
  ])
}

/** What the job that talks to the pull requests did. */
export interface ReportReport {
  /** Verdicts of the gate that were looked at, one a pull request. */
  readonly verdicts: readonly {
    readonly number: number | undefined
    readonly url: string | undefined
    readonly state: string
    readonly description: string
    /** Whether GitHub was told: it was another before. */
    readonly written: boolean
  }[]
  readonly use: ApiUse
}

/** Summary of the job that folds and reports. */
export function reportSummary({ verdicts, use }: ReportReport): string {
  const [only] = verdicts
  const title = verdicts.length === 1 && only ? words(only.description) : counted(verdicts.length, 'pull request')
  const rows = verdicts.map((it) => {
    const name = it.number === undefined ? 'this branch' : `#${it.number}`
    const shown = it.url ? link(name, it.url) : words(name)
    return `| ${shown} | ${words(it.state)} | ${words(it.description)} | ${it.written ? 'told' : 'as before'} |`
  })
  return whole([
    `### Airlock: ${title}`,
    ...table(['change', 'gate', 'in words', 'status'], rows),
    `<sub>${budgetText(use)}</sub>`,
  ])
}

/** Rows of one table; more are cut into further tables, so that a summary can leave some out. */
const rowsATable = 200

function table(head: readonly string[], rows: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 0; at < rows.length; at += rowsATable)
    found.push(
      [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.slice(at, at + rowsATable)].join(
        '\n',
      ),
    )
  return found
}

function whole(blocks: readonly string[]): string {
  return summaryParts(blocks, maxSummaryBytes, 1).join('')
}

function nameCells(id: InstanceId): string {
  const at = id.lastIndexOf('@')
  return `${cellCode(id.slice(0, at))} | ${cellCode(id.slice(at + 1))}`
}

function nameOf(id: InstanceId): string {
  return id.replace(/@([^@]*)$/, ' in $1')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
