import { driftWords } from '../drift/words.ts'
import { movedWords } from '../flows/apply.ts'
import { hasTask, isOpen, type Status, type StatusItem, status } from '../flows/status.ts'
import { instanceNames, waitingWords } from '../flows/status-words.ts'
import { shortDigest } from '../plan/digest.ts'
import { countsText } from '../plan/summary.ts'
import { attemptWords } from '../records/attempt-words.ts'
import { standingWords } from '../records/baseline.ts'
import { changesNothing } from '../records/plans.ts'
import { mergedWords, typed } from '../records/words.ts'
import { ago } from '../time.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { mergeName } from './names.ts'
import { statusDeployments } from './status-deployments.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'status',
  summary: 'What was merged and is not applied yet, and what it waits for',
  usage: 'airlock status [--deployments] [--json]',
  description:
    'Computes what is in flight: what the tip of the protected branch asks for, against what was last applied. Nothing of\n' +
    'it is remembered from a push, so nothing is forgotten. Exit code 0 when nothing is in flight, 3 when something is.',
  examples: [
    { command: 'airlock status', does: 'what is in flight and what comes next' },
    { command: 'airlock status --json', does: 'the same for programs' },
    { command: 'airlock status --deployments', does: 'whether GitHub remembers another apply than the records do' },
  ],
  flags: [
    {
      name: 'deployments',
      type: 'boolean',
      help: "Compare the records with GitHub's deployments, should the store be lost or set back",
    },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const outcome = await status(await openWorld(terminal))
    if (flags.deployments === true) return statusDeployments(terminal, outcome, flags.json === true)
    if (flags.json) terminal.print(JSON.stringify(statusJson(outcome), undefined, 2))
    else terminal.print(statusText(outcome, paint(terminal.color)))
    return outcome.items.some(isOpen) ? 3 : 0
  },
}

/** The status for programs. */
export function statusJson({ branch, total, items, nowMs }: Status): unknown {
  return {
    branch,
    total,
    nowMs,
    items: items.map(({ id, component, stack, kind, ...item }) => ({
      id,
      component,
      stack,
      kind,
      ...('why' in item && { why: item.why }),
      ...('finding' in item && { finding: item.finding }),
      ...('sinceMs' in item && { sinceMs: item.sinceMs }),
      ...('words' in item && { words: item.words }),
      ...('from' in item && { from: item.from }),
      ...('removal' in item && item.removal && { removal: item.removal }),
      ...('refusal' in item && item.refusal && { refusal: item.refusal }),
      ...('attempt' in item && item.attempt && { attempt: item.attempt }),
      ...('waitsFor' in item && { waitsFor: item.waitsFor }),
      ...('upstreams' in item && { upstreams: item.upstreams }),
      ...('plan' in item && item.plan && { plan: item.plan }),
    })),
  }
}

/** The status for people: how many, since when, a line an instance, and the command that comes next. */
export function statusText({ branch, total, items, commits, nowMs }: Status, look: Paint): string {
  const drifted = items.filter((it) => it.kind === 'drifted')
  const unknown = items.filter((it) => it.kind === 'unknown')
  const rowsOf = (some: readonly StatusItem[]) => table(itemRows(some, look))
  const rows = rowsOf(items.filter(({ kind }) => kind !== 'drifted' && kind !== 'unknown'))
  const asides = [
    ...(drifted.length > 0 ? ['', look.bold(`Drifted: ${drifted.length}`), '', ...rowsOf(drifted)] : []),
    ...(unknown.length > 0
      ? ['', `Unknown since adoption: ${unknown.length}, which keeps nobody waiting`, '', ...rowsOf(unknown)]
      : []),
  ]
  if (!items.some(isOpen)) {
    const others = total - drifted.length - unknown.length
    return [
      drifted.length + unknown.length === 0
        ? `Nothing is in flight: all ${total} instances are as ${branch.name}@${branch.tip.slice(0, 7)} asks.`
        : `Nothing is in flight: ${others} of ${total} instances are as ${branch.name}@${branch.tip.slice(0, 7)} asks.`,
      ...(rows.length > 0 ? ['', ...rows] : []),
      ...asides,
      ...nextSteps(items).flatMap((line) => ['', `Next: ${line}`]),
    ].join('\n')
  }
  const flying = items.filter(({ kind }) => kind === 'in-flight')
  const oldest = [...commits.values()].flat().sort((a, b) => a.timeMs - b.timeMs)[0]
  const toPutBack = drifted.filter(isOpen)
  const head =
    flying.length > 0 || toPutBack.length === 0
      ? `In flight: ${flying.length} of ${total} instances`
      : `Nothing is in flight, and ${toPutBack.length} of ${total} instances wait to be put back`
  return [
    `${look.bold(head)}   ${oldest ? look.dim(`since ${mergeName(oldest)}, ${ago(oldest.timeMs, nowMs)}`) : ''}`.trimEnd(),
    ...(rows.length > 0 ? ['', ...rows] : []),
    ...refusalLines(items, look),
    ...tried(flying, nowMs),
    ...asides,
    '',
    ...nextSteps(items).map((line) => `Next: ${line}`),
    look.dim(flying.length > 0 ? '(exit 3: something is in flight)' : '(exit 3: somebody has to look at this)'),
  ].join('\n')
}

/** A line an item; what many instances have in common is said once. */
export function itemRows(items: readonly StatusItem[], look: Paint): string[][] {
  const many = new Map<string, StatusItem[]>()
  for (const item of items)
    if (item.kind === 'absent') many.set(absentText(item), [...(many.get(absentText(item)) ?? []), item])
  return items.flatMap((item) => {
    const alike = item.kind === 'absent' ? many.get(absentText(item))! : [item]
    if (alike.length <= fewAlike) return [[look.bold(item.component), `-s ${item.stack}`, ...cells(item)]]
    if (item !== alike[0]) return []
    const [words, ...rest] = cells(item)
    return [[look.bold(`${alike.length} instances`), stackWords(alike), `${words} (${componentWords(alike)})`, ...rest]]
  })
}

/** As many absent instances as this have a line each, more are told of together. */
const fewAlike = 2

function componentWords(items: readonly StatusItem[]): string {
  const components = [...new Set(items.map(({ component }) => component))]
  return `${components.slice(0, 6).join(', ')}${components.length > 6 ? ', …' : ''}`
}

function stackWords(items: readonly StatusItem[]): string {
  const stacks = [...new Set(items.map(({ stack }) => stack))]
  return `-s ${stacks.slice(0, 2).join(', ')}${stacks.length > 2 ? ` and ${stacks.length - 2} more` : ''}`
}

/** What was tried and did not end well, a line each. */
function tried(items: readonly StatusItem[], nowMs: number): string[] {
  const lines = items.flatMap((item) => {
    const last = item.kind === 'in-flight' ? item.why.find((it) => it.kind === 'attempt-not-done') : undefined
    const words = last && attemptWords(last.attempt, nowMs)
    if (words === undefined) return []
    const way = last?.outcome === 'unknown' ? 'airlock apply finds out' : 'a fix or a revert is planned as usual'
    return [`  ${typed(item.id)}: ${words}; ${way}.`]
  })
  return lines.length > 0 ? ['', ...lines] : []
}

/** Where an item stands, in a few words, and its plan. */
export function cells(item: StatusItem): string[] {
  if (item.kind === 'absent') return [absentText(item), '']
  if (item.kind === 'moved') return [movedWords(item.from), '']
  const plan = item.plan
    ? `${changesNothing(item.plan) ? 'no change' : countsText(item.plan.changes)}   plan ${item.plan.commit.slice(0, 7)}, digest ${shortDigest(item.plan.digest)}${item.plan.merged ? `, for ${mergedWords(item.plan.merged)}` : ''}`
    : ''
  if (item.kind === 'follows') return [`follows ${instanceNames(item.upstreams)}`, plan]
  if (item.kind === 'unknown') return [standingWords(item.why), plan]
  if (item.kind === 'drifted') return [driftedText(item), plan]
  return [waitingWords(item), plan]
}

/** What is told of an instance that was changed outside, in a few words. */
function driftedText({ finding, approval }: Extract<StatusItem, { kind: 'drifted' }>): string {
  const waiting = {
    missing: ', waits for approval',
    approved: ', approved, waits for apply',
    'not-needed': ', waits for apply',
    rejected: ', putting it back was rejected',
  } as const
  return `${driftWords[finding.class]}${approval ? waiting[approval.kind] : ''}`
}

/** What is told of records of which the tip asks nothing. */
export function absentText({ why, words, attempt }: Pick<Absent, 'why' | 'words' | 'attempt'>): string {
  const rest = why === 'closed' ? words : `absent: ${words}; nothing is destroyed`
  return `${rest}${attempt ? ` (last apply: ${attempt.outcome ?? 'running'})` : ''}`
}

type Absent = Extract<StatusItem, { kind: 'absent' }>

/** Why instances are not gone on with, each with what frees it. */
export function refusalLines(items: readonly StatusItem[], look: Paint): string[] {
  return items.flatMap((item) => {
    if (item.kind !== 'in-flight' || !item.refusal) return []
    const [first, ...more] = item.refusal.message.split('\n')
    return [
      '',
      `${look.yellow(look.bold('Refused:'))} ${first}`,
      ...more,
      ...item.refusal.fix.split('\n').map((it) => `  ${it}`),
    ]
  })
}

/** The command that comes next, where there is one. */
export function nextSteps(items: readonly StatusItem[]): string[] {
  const flying = items.flatMap((item) => (item.kind === 'in-flight' && !item.refusal ? [item] : []))
  const approvals = items.filter((item) => hasTask(item) && item.approval?.kind === 'missing')
  const plans = flying.filter(({ waitsFor }) => waitsFor.kind === 'plan' || waitsFor.kind === 're-plan')
  const left = flying.find(({ waitsFor, holder }) => waitsFor.kind === 'running' && holder === 'over')
  const destroys = approvals.flatMap((item) => (item.kind === 'in-flight' ? (item.removal?.destroys ?? []) : []))[0]
  if (left) return [`airlock unlock ${left.component} -s ${left.stack} --reason "…"`]
  if (flying.some(({ waitsFor: { kind } }) => kind === 'apply' || kind === 'finish')) return ['airlock apply']
  if (destroys !== undefined) return [`airlock approve --all --destroy ${destroys}`]
  if (approvals.length === 1) return [`airlock approve ${approvals[0]!.component} -s ${approvals[0]!.stack}`]
  if (approvals.length > 1) return ['airlock approve --all']
  if (plans.length === 1) return [`airlock plan ${plans[0]!.component} -s ${plans[0]!.stack}`]
  if (plans.length > 1) return ['airlock plan']
  return []
}
