import { callsForPerson, issueText } from '../drift/issue.ts'
import { driftNotice } from '../drift/webhook.ts'
import { className, driftClasses, driftWords } from '../drift/words.ts'
import { type DriftItem, type DriftOutcome, findDrift, waitsForPerson } from '../flows/drift.ts'
import { isAwaited, type RemediateOutcome, remediate } from '../flows/remediate.ts'
import { said } from '../plan/render/terminal.ts'
import { countsText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import { ago } from '../time.ts'
import { openWorld } from '../wire.ts'
import { applyDetail, applyRows } from './apply.ts'
import type { Command } from './command.ts'
import { type Progress, progress } from './progress.ts'
import { fitted, type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'drift',
  summary: 'What is not as it was applied, and why; put it back',
  usage: 'airlock drift [COMPONENT] [-s STACK] [--remediate] [--issues] [--webhook] [--parallel N] [--json]',
  description:
    'Plans every instance as it was applied last, only to look, and tells four kinds of difference apart: changed outside,\n' +
    'other data, merged and not applied yet, noise of the provider. With --remediate what was changed outside is put back:\n' +
    'planned, sealed, approved and applied as every change is. Exit code 3 when a person is awaited, 1 when a look failed.',
  examples: [
    { command: 'airlock drift', does: 'look at everything' },
    { command: 'airlock drift --remediate vpc -s plat-ue2-prod', does: 'put one instance back' },
    { command: 'airlock drift --issues', does: 'print the issue of each finding' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack' },
    { name: 'remediate', type: 'boolean', help: 'Put back what was changed outside' },
    { name: 'issues', type: 'boolean', help: 'Print the issue of each finding as Markdown' },
    { name: 'webhook', type: 'boolean', help: 'Print what a webhook would be sent, a line of JSON each' },
    { name: 'parallel', type: 'number', value: 'N', help: 'At most N at once (default: cores)' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: ['COMPONENT?'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, parallel, terraform } = flags as { stack?: string; parallel?: number; terraform?: string }
    const world = await openWorld(terminal)
    const request = {
      ...(component && { component }),
      ...(stack && { stack }),
      ...(parallel && { parallel }),
      ...(terraform && { terraform }),
      stop: terminal.signal,
    }
    let shown: Progress | undefined
    const begin = (total: number, most: number) => {
      shown?.close()
      shown = progress(terminal, { total, parallel: most })
    }
    const events = {
      begin,
      beginRemedy: begin,
      doing: (id: string, what: string) => shown?.doing(typed(id), what),
      finished: (it: DriftItem) => shown?.finished(typed(it.id), it.kind === 'failed' ? 'failed' : 'done', brief(it)),
      remedied: (it: RemediateOutcome['items'][number]) =>
        shown?.finished(typed(it.id), it.kind === 'failed' ? 'failed' : isAwaited(it) ? 'waits' : 'done', it.kind),
    }
    const outcome = await (flags.remediate
      ? remediate(world, request, events)
      : findDrift(world, request, events).then((drift) => ({ drift, items: [], left: undefined }))
    ).finally(() => shown?.close())
    const look = paint(terminal.color)
    const { drift } = outcome
    if (flags.json) terminal.print(JSON.stringify(driftJson(outcome), undefined, 2))
    else if (flags.issues || flags.webhook) {
      if (flags.issues) terminal.print(issues(drift))
      for (const it of flags.webhook ? notices(drift) : []) terminal.print(JSON.stringify(it))
    } else terminal.print(driftText(outcome, { width: terminal.width, look }))
    for (const { address, attribute, owner, untilMs, at } of drift.expired)
      terminal.note(
        `${at.file}:${at.line}: noise ${attribute} of ${address} (${owner}) is allowed no longer, since ${new Date(untilMs).toISOString().slice(0, 10)}: renew it or remove it`,
      )
    return exitCode(outcome)
  },
}

interface Outcome {
  readonly drift: DriftOutcome
  readonly items: RemediateOutcome['items']
  readonly left: RemediateOutcome['left'] | undefined
}

function exitCode({ drift, items }: Outcome): 0 | 1 | 3 {
  if (drift.items.some(({ kind }) => kind === 'failed') || items.some(({ kind }) => kind === 'failed')) return 1
  const done = new Set(items.flatMap((it) => (it.kind === 'applied' || it.kind === 'advanced' ? [it.id] : [])))
  const left = drift.items.some((it) => it.kind === 'drifted' && waitsForPerson(it.finding.finding) && !done.has(it.id))
  return left || items.some(isAwaited) ? 3 : 0
}

type DriftedItem = Extract<DriftItem, { kind: 'drifted' }>

function isDrifted(item: DriftItem): item is DriftedItem {
  return item.kind === 'drifted'
}

function brief(item: DriftItem): string {
  switch (item.kind) {
    case 'clean':
      return 'as applied'
    case 'drifted':
      return className(item.finding.finding.class)
    case 'failed':
      return 'the look failed'
    case 'never-applied':
      return 'nothing is applied'
    case 'busy':
      return 'is being worked on'
  }
}

function issues({ items }: DriftOutcome): string {
  const texts = items.flatMap((it) =>
    isDrifted(it) && callsForPerson(it.finding.finding.class) ? [issueText(it.finding)] : [],
  )
  return texts.length === 0
    ? 'Nothing calls for an issue.'
    : texts.map(({ title, body }) => `# ${title}\n\n${body}`).join('\n')
}

function notices({ items }: DriftOutcome) {
  return items.flatMap((it) => (isDrifted(it) ? [driftNotice(it.finding)] : []))
}

/** The outcome for programs. */
export function driftJson({ drift, items, left }: Outcome): unknown {
  return {
    branch: drift.branch,
    nowMs: drift.nowMs,
    items: drift.items.map((item) => {
      const { id, component, stack, kind } = item
      return {
        id,
        component,
        stack,
        kind,
        ...(item.kind === 'drifted' && {
          ...driftNotice(item.finding),
          kind,
          differences: item.finding.differences.map(({ object, kind: what, class: is, attributes }) => ({
            object,
            kind: what,
            class: is,
            attributes: attributes.map((it) => ({
              attribute: it.attribute,
              expected: said(it.expected),
              now: said(it.now),
            })),
          })),
        }),
        ...(item.kind === 'failed' && { why: item.why, output: item.output }),
        ...(item.kind === 'busy' && { message: item.message, fix: item.fix }),
      }
    }),
    expired: drift.expired.map(({ at, untilMs, ...rule }) => ({ ...rule, untilMs, at })),
    ...(left && {
      remediated: items.map((item) => ({ ...item, ...('model' in item && { model: undefined }) })),
    }),
  }
}

/** The outcome for people: how many of each class, a line a finding, what comes next. */
export function driftText(
  { drift, items, left }: Outcome,
  { width, look }: { readonly width: number; readonly look: Paint },
): string {
  const found = drift.items.filter(isDrifted)
  const looked = drift.items.filter(({ kind }) => kind === 'clean' || kind === 'drifted')
  const never = drift.items.filter(({ kind }) => kind === 'never-applied').length
  const { name, tip } = drift.branch
  const real = found.filter((it) => it.finding.finding.class !== 'provider-noise').length
  return [
    `${look.bold(real === 0 ? `No drift: ${looked.length} instances are as they were applied` : `Drift: ${real} of ${looked.length} instances are not as they were applied`)}   ${look.dim(`${name}@${tip.slice(0, 7)}`)}`,
    ...(found.length > 0 ? ['', ...table(counts(found))] : []),
    ...found.flatMap((it) => ['', ...findingLines(it, drift.nowMs, width, look)]),
    ...others(drift, look),
    ...(never > 0 ? ['', look.dim(`Nothing is applied of ${never} more.`)] : []),
    ...(items.length > 0 ? ['', look.bold('Put back'), '', ...applyRows(items, look)] : []),
    ...items.flatMap((it) => applyDetail(it, look)),
    ...next(found, items, left),
  ].join('\n')
}

function counts(found: readonly DriftedItem[]): string[][] {
  return driftClasses.map((it) => [
    className(it),
    String(found.filter(({ finding }) => finding.finding.class === it).length),
    classMeans[it],
  ])
}

const classMeans = {
  'out-of-band': 'changed outside',
  'external-data': 'data that it reads is another now',
  'unapplied-commit': 'merged, not applied yet',
  'provider-noise': 'reported, and expected',
} as const

function findingLines({ component, stack, finding }: DriftedItem, nowMs: number, width: number, look: Paint): string[] {
  const { finding: it, differences, cleanMs } = finding
  const since = `first seen ${ago(it.firstMs, nowMs)}${cleanMs === undefined ? '' : `; last clean ${ago(cleanMs, nowMs)}`}`
  const rows = differences.flatMap(({ object, kind, attributes, class: is }) => {
    const aside = is === it.class ? '' : look.dim(className(is))
    if (kind !== 'changed') return [[object, '', kind === 'missing' ? 'gone ⚠' : 'nothing asks for it', aside]]
    return attributes.map((row) => [object, row.attribute, `${said(row.expected)} → ${said(row.now)}`, aside])
  })
  return [
    `  ${look.bold(component)} -s ${stack}   ${driftWords[it.class]}: ${countsText(it.changes)}   ${look.dim(since)}`,
    ...table(rows.slice(0, 12), '      ').map((line) => fitted(line, width)),
    ...(rows.length > 12
      ? [look.dim(`      and ${rows.length - 12} more: airlock show ${component} -s ${stack}`)]
      : []),
  ]
}

function others({ items }: DriftOutcome, look: Paint): string[] {
  return items.flatMap((it) => {
    if (it.kind === 'busy') return ['', `${look.yellow('Not looked at:')} ${it.message}`, `  ${it.fix}`]
    if (it.kind !== 'failed') return []
    const lines = it.output.trimEnd().split('\n')
    return [
      '',
      `${look.red(look.bold('Failed:'))} the look at ${typed(it.id)}; what was found before stands`,
      ...lines.map((line) => `  ${line}`),
    ]
  })
}

function next(found: readonly DriftedItem[], items: Outcome['items'], left: Outcome['left']): string[] {
  if (left !== undefined) {
    const waiting = items.filter((it) => it.kind === 'waits' && it.for === 'approval')
    const [one] = waiting
    if (one === undefined) return []
    const which = waiting.length === 1 ? typed(one.id) : '--all'
    return ['', `Next: airlock approve ${which}`, '      then the same command again']
  }
  const first = found.find(({ finding }) => callsForPerson(finding.finding.class) && !finding.isInFlight)
  if (first) return ['', `Next: airlock drift --remediate ${typed(first.id)}, or change the code`]
  return found.some(({ finding }) => finding.finding.class === 'unapplied-commit') ? ['', 'Next: airlock status'] : []
}
