import { told } from '../error.ts'
import { type ApplyItem, type ApplyOutcome, applyInFlight } from '../flows/apply.ts'
import { resultWords } from '../flows/apply-words.ts'
import { isOpen } from '../flows/status.ts'
import { gateWords } from '../gate/words.ts'
import { shortDigest } from '../plan/digest.ts'
import { differenceLines } from '../plan/render/differences.ts'
import { foundWords } from '../records/attempt-words.ts'
import type { Verdict } from '../records/verdict.ts'
import { typed } from '../records/words.ts'
import { duration } from '../time.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { gateJson } from './gate.ts'
import { type Ending, type Progress, progress } from './progress.ts'
import { itemRows, nextSteps, statusJson } from './status.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'apply',
  summary: 'Apply what is in flight and approved, in order, once',
  usage: 'airlock apply [COMPONENT -s STACK] [--parallel N] [--plan-missing] [--json]',
  description:
    'Applies the sealed plans of what was merged, dependencies first. Each planfile is opened and compared with the tip of\n' +
    'the protected branch before its exact bytes are applied. What reads an output that moved is planned again, and goes\n' +
    'on alone only inside what was approved. Exit code 3 when something waits or was refused, 1 when something failed.',
  examples: [
    { command: 'airlock apply', does: 'apply all that is in flight and approved' },
    { command: 'airlock apply vpc -s plat-ue2-prod', does: 'only this one' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack' },
    { name: 'parallel', type: 'number', value: 'N', help: 'At most N at once (default: cores)' },
    { name: 'plan-missing', type: 'boolean', help: 'Plan what has no sealed plan, and ask' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: ['COMPONENT?'],
  async run({ positional: [component], flags }, terminal) {
    const { stack, parallel, terraform } = flags as { stack?: string; parallel?: number; terraform?: string }
    const world = await openWorld(terminal)
    let shown: Progress | undefined
    const outcome = await applyInFlight(
      world,
      {
        ...(component && { component }),
        ...(stack && { stack }),
        ...(parallel && { parallel }),
        ...(terraform && { terraform }),
        planMissing: flags['plan-missing'] === true,
      },
      {
        begin: (total, most) => {
          shown = progress(terminal, { total, parallel: most })
        },
        doing: (id, what) => shown?.doing(typed(id), what),
        finished: (item) => shown?.finished(typed(item.id), endingOf(item), resultWords(item)),
      },
    ).finally(() => shown?.close())
    if (flags.json) terminal.print(JSON.stringify(applyJson(outcome), undefined, 2))
    else terminal.print(applyText(outcome, paint(terminal.color)))
    if (outcome.items.some(({ kind }) => kind === 'failed')) return 1
    return outcome.left.items.some(isOpen) || outcome.items.some(({ kind }) => kind === 'refused') ? 3 : 0
  },
}

/** How an item's mark is drawn. */
export function endingOf({ kind }: ApplyItem): Ending {
  if (kind === 'applied' || kind === 'advanced') return 'done'
  return kind === 'failed' || kind === 'refused' ? 'failed' : 'waits'
}

/** The outcome for programs. */
export function applyJson({ run, branch, items, settled, left, others }: ApplyOutcome): unknown {
  return {
    run,
    branch,
    items: items.map((item) => ({
      ...item,
      ...('model' in item && { model: undefined }),
    })),
    settled,
    left: statusJson(left),
    gates: gateJson({ judged: others.judged, nowMs: left.nowMs }),
  }
}

/** The outcome for people: what was applied, what was not and why, what comes next. */
export function applyText({ items, settled, left, branch, others }: ApplyOutcome, look: Paint): string {
  const rows = applyRows(items, look)
  const details = items.flatMap((item) => applyDetail(item, look))
  const applied = items.filter(({ kind }) => kind === 'applied' || kind === 'advanced').length
  const waiting = left.items.filter((it) => it.kind !== 'follows' && isOpen(it))
  return [
    items.length === 0
      ? waiting.length > 0
        ? 'Nothing of what you named is in flight.'
        : `Nothing is in flight: all ${left.total} instances are as ${branch.name}@${branch.tip.slice(0, 7)} asks.`
      : look.bold(`${applied} of ${items.length} done at ${branch.name}@${branch.tip.slice(0, 7)}`),
    ...(rows.length > 0 ? ['', ...rows] : []),
    ...(settled.length > 0
      ? ['', ...table(settled.map(({ id, words }) => [look.bold(typed(id)), `in the records: ${words}`]))]
      : []),
    ...details,
    ...(waiting.length > 0
      ? [
          '',
          `Still in flight: ${waiting.length}`,
          ...table(itemRows(waiting, look).map(([component, stack, words]) => [component!, stack!, words!])),
          ...next(left),
        ]
      : []),
    ...gates(others, left.nowMs, look),
  ].join('\n')
}

/** A line for each instance: its sign, its name, how it came out. */
export function applyRows(items: readonly ApplyItem[], look: Paint): string[] {
  const sign = (item: ApplyItem) =>
    ({ done: look.green('✓'), failed: look.red('✗'), waits: look.yellow('·') })[endingOf(item)]
  return table(
    items.map((item) => [
      `${sign(item)} ${look.bold(item.component)}`,
      `-s ${item.stack}`,
      resultWords(item),
      item.kind === 'applied' ? look.dim(duration(item.durationMs)) : '',
    ]),
  )
}

/** What is told besides of an instance that was refused, failed, or would do something else than was approved. */
export function applyDetail(item: ApplyItem, look: Paint): string[] {
  return [...outcomeDetail(item, look), ...foundDetail(item, look)]
}

/** What became of an apply that was interrupted before this one. */
function foundDetail(item: ApplyItem, look: Paint): string[] {
  if (!('found' in item) || item.found === undefined) return []
  return ['', `${look.bold(typed(item.id))}: ${foundWords(item.found)}.`]
}

/** Open pull requests of which the gate says something else now. */
function gates({ judged, failed }: ApplyOutcome['others'], nowMs: number, look: Paint): string[] {
  const say = (verdict: Verdict) => gateWords(verdict, nowMs).description
  const changed = judged.filter(({ before, verdict }) => before === undefined || say(before) !== say(verdict))
  const rows = changed.map(({ number, branch, verdict }) => [`#${number}`, look.bold(branch), say(verdict)])
  return [
    ...(rows.length > 0 ? ['', 'Pull requests that this changes something for:', ...table(rows)] : []),
    ...(failed ? ['', `The gates of open pull requests could not be looked at: ${told(failed)}`] : []),
  ]
}

function outcomeDetail(item: ApplyItem, look: Paint): string[] {
  if (item.kind === 'refused')
    return [
      '',
      `${look.red(look.bold('Refused:'))} ${item.message}`,
      ...item.fix.split('\n').map((line) => `  ${line}`),
    ]
  if (item.kind === 'failed')
    return [
      '',
      `${look.red(look.bold('Failed:'))} ${typed(item.id)}, ${stepWords[item.step] ?? `terraform ${item.step}`}`,
      ...item.output
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    ]
  if (item.kind === 'waits' && item.unconfirmed && !item.differences)
    return ['', `${look.bold(typed(item.id))} waits for an approval:`, ...item.unconfirmed.map((why) => `  ${why}`)]
  if (item.kind === 'waits' && item.differences)
    return [
      '',
      `${look.bold(typed(item.id))} was planned again with the values of now, and would do something else than was approved:`,
      ...differenceLines(item.differences, { width: 100, paint: look }).map((line) => `  ${line}`),
      ...(item.plan ? [look.dim(`    digest now ${shortDigest(item.plan.digest)}`)] : []),
    ]
  return []
}

const stepWords: Readonly<Record<string, string | undefined>> = {
  preparation: 'before Terraform ran',
  record: 'after Terraform ran',
}

function next(left: ApplyOutcome['left']): string[] {
  return nextSteps(left.items).flatMap((step) => [
    '',
    `Next: ${step}${step.startsWith('airlock approve') ? ', then airlock apply' : ''}`,
  ])
}
