import { waitsWords } from '../dashboard/standing.ts'
import type { ApplyItem } from '../flows/apply.ts'
import { resultWords } from '../flows/apply-words.ts'
import type { ProtectedBranch } from '../flows/checkout.ts'
import { isOpen, type RemovalOrder, type Status, type StatusItem } from '../flows/status.ts'
import type { Task } from '../flows/task.ts'
import { differenceLines, differencesTable } from '../plan/render/differences.ts'
import { code, fenced, words } from '../plan/render/escape.ts'
import { foundWords } from '../records/attempt-words.ts'
import { digestWords } from '../records/refusal.ts'
import { typed } from '../records/words.ts'
import type { ApprovalKind } from '../settings.ts'
import { duration } from '../time.ts'

/** How one instance came out, in a few words; why it did not, too, since a log has no details beside it. */
function outcomeWords(item: ApplyItem): string {
  switch (item.kind) {
    case 'blocked':
      return `not begun: ${typed(item.by)} did not come through`
    case 'refused':
      return `refused: ${item.message.split('\n', 1)[0]}`
    case 'failed':
      return item.outcome === 'unrecorded' ? resultWords(item) : `${resultWords(item)}, at ${item.step}`
    case 'applied':
    case 'advanced':
    case 'waits':
      return resultWords(item)
  }
}

/** A line of the job's log. */
export function itemLine(item: ApplyItem): string {
  const sign = { applied: '✓', advanced: '✓', failed: '✗', refused: '✗', waits: '·', blocked: '·' }[item.kind]
  const took = item.kind === 'applied' ? `  ${duration(item.durationMs)}` : ''
  return `${sign} ${typed(item.id)}  ${outcomeWords(item)}${took}`
}

const plain = (text: string) => text
const look = { width: 120, paint: { bold: plain, dim: plain, red: plain, green: plain, yellow: plain } }

/** What is told besides of an instance that did not come through. */
export function itemDetail(item: ApplyItem): string[] {
  const found = 'found' in item && item.found !== undefined ? [`${foundWords(item.found)}.`] : []
  switch (item.kind) {
    case 'failed':
      return [...item.output.trimEnd().split('\n'), ...found]
    case 'refused':
      return [...item.message.split('\n'), ...item.fix.split('\n')]
    case 'waits':
      return [
        ...(item.unconfirmed ?? []),
        ...(item.differences ? differenceLines(item.differences, look) : []),
        ...found,
      ]
    default:
      return found
  }
}

/** Who says yes to a plan, and the environment whose reviewers that may be. */
export interface WhoApproves {
  readonly kind: ApprovalKind
  readonly environment: string
}

/** As many lines a notice shows; the log has all. */
const mostAwaited = 10

/** What is awaited, a line each: of whom, and what to say to it. */
export function awaitedLines(items: readonly StatusItem[], whose: (task: Task) => WhoApproves): string[] {
  const lines = items.map((it) => {
    if (it.kind !== 'in-flight') return `${typed(it.id)}: ${it.kind}`
    const who =
      it.waitsFor.kind === 'approval' ? `; ${yesText(it.waitsFor.plan.digest, whose(it.task), it.removal)}` : ''
    return `${typed(it.id)}: ${waitsWords(it)}${who}`
  })
  const more = lines.length - mostAwaited
  return [...lines.slice(0, mostAwaited), ...(more > 0 ? [`and ${more} more`] : [])]
}

function yesText(digest: string, { kind, environment }: WhoApproves, removal: RemovalOrder | undefined): string {
  if (kind === 'environment') return `the reviewers of the environment ${environment} are asked`
  const count = removal?.destroys === undefined ? '' : ` --destroy ${removal.destroys}`
  return `somebody who may write, and did not write it, comments /airlock approve ${digestWords(digest).replaceAll(' ', '')}${count}`
}

/** What is in flight still, besides. */
export function leftLines({ items, nowMs: _ }: Status, told: ReadonlySet<string>): string[] {
  const left = items.filter((it) => isOpen(it) && !told.has(it.id))
  if (left.length === 0) return []
  return [
    `Still in flight beside these: ${left.length}`,
    ...left.slice(0, 50).map((it) => `  ${typed(it.id)}  ${it.kind === 'in-flight' ? waitsWords(it) : it.kind}`),
    ...(left.length > 50 ? ['  …'] : []),
  ]
}

/** GitHub shows 1 MiB of a step's summary; so much of one output is shown. */
const mostOutput = 20_000

/** What a job applied, as Markdown. */
export function itemsSummary(items: readonly ApplyItem[], environment: string, { name, tip }: ProtectedBranch): string {
  if (items.length === 0) return ''
  const done = items.filter(({ kind }) => kind === 'applied' || kind === 'advanced').length
  const rows = items.map((it) => `| ${code(typed(it.id)).replaceAll('|', '\\|')} | ${words(outcomeWords(it))} |`)
  const details = items.flatMap((it): string[] => {
    if (it.kind === 'failed') return ['', `**${words(typed(it.id))}**`, '', fenced(it.output.trim().slice(-mostOutput))]
    if (it.kind === 'waits' && it.differences)
      return [
        '',
        `**${words(typed(it.id))}** would do something else than was approved:`,
        '',
        differencesTable(it.differences),
      ]
    if (it.kind === 'waits' && it.unconfirmed) return ['', ...it.unconfirmed.map((why) => `- ${words(why)}`)]
    return it.kind === 'refused' ? ['', `**${words(typed(it.id))}**: ${words(it.message)} ${words(it.fix)}`] : []
  })
  return [
    `### ${words(environment)}: ${done} of ${items.length} applied at ${words(name)}@${tip.slice(0, 7)}`,
    '',
    '| instance | |',
    '| --- | --- |',
    ...rows,
    ...details,
    '',
  ].join('\n')
}
