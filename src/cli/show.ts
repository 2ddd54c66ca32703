import { driftWords } from '../drift/words.ts'
import { type Shown, showInstance } from '../flows/show.ts'
import { canonicalJson } from '../json.ts'
import { shortDigest } from '../plan/digest.ts'
import { renderTerminal } from '../plan/render/terminal.ts'
import { countsText } from '../plan/summary.ts'
import { standingWords } from '../records/baseline.ts'
import { type DriftRecord, GONE, type ReadRecord } from '../records/document.ts'
import { mergedWords } from '../records/words.ts'
import { ago, clock } from '../time.ts'
import { openWorld } from '../wire.ts'
import { beforeLines } from './before.ts'
import type { Command } from './command.ts'
import { required } from './required.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'show',
  summary: 'The stored plan of one instance, and what was applied last',
  usage: 'airlock show COMPONENT -s STACK [--json]',
  description:
    'Prints what the records say of one instance: its newest sealed plan as it may be seen, approvals, the last apply.\n' +
    'Nothing is run, and no secret is shown.',
  examples: [{ command: 'airlock show vpc -s plat-ue2-prod', does: 'look before you approve' }],
  flags: [{ name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'The stack of the component' }],
  positional: ['COMPONENT'],
  async run({ positional: [component], flags }, terminal) {
    const stack = required(flags.stack as string | undefined, '--stack STACK', 'show')
    const shown = await showInstance(await openWorld(terminal), { component: component!, stack })
    if (flags.json)
      terminal.print(
        canonicalJson({ document: shown.document, model: shown.model ?? null, adopted: shown.adopted ?? null }),
      )
    else
      terminal.print(
        showText(`${component} -s ${stack}`, shown, { width: terminal.width, paint: paint(terminal.color) }),
      )
    return 0
  },
}

function showText(
  name: string,
  { document, plan, model, adopted, before, nowMs }: Shown,
  options: { width: number; paint: Paint },
): string {
  const look = options.paint
  const { ledger, approvals, claim } = document
  const isToSee = plan?.status.kind === 'open' || document.drift?.found !== undefined || plan === undefined
  const approved = plan && approvals.findLast((it) => it.digest === plan.digest && it.fingerprint === plan.fingerprint)
  return [
    look.bold(name),
    ...table([
      [
        ledger?.fingerprint === GONE ? 'gone' : 'applied',
        ledger
          ? `${ago(ledger.atMs, nowMs)}, by ${ledger.by}, at ${ledger.commit.slice(0, 7)}`
          : 'never, as far as the records know',
      ],
      ...(adopted
        ? [
            [
              'adopted',
              `${ago(adopted.atMs, nowMs)}, by ${adopted.by}, at ${adopted.commit.slice(0, 7)}: ${standingWords(adopted.standing)}`,
            ],
          ]
        : []),
      ...(document.drift ? [['drift', driftText(document.drift, ledger?.atMs, nowMs)]] : []),
      ...(ledger?.reads ?? []).map((read) => ['', `with ${readWords(read)}`]),
      ...(claim
        ? [['claimed', `by ${claim.holder.by}, run ${claim.holder.run}, since ${clock(claim.sinceMs, nowMs)}`]]
        : []),
      ...(plan
        ? [
            [
              'plan',
              `${countsText(plan.changes)}, made ${ago(plan.createdMs, nowMs)} by ${plan.by} at ${plan.commit.slice(0, 7)}, digest ${shortDigest(plan.digest)}`,
            ],
            ...(plan.merged ? [['', `for ${mergedWords(plan.merged)}`]] : []),
            ['', statusWords(plan.status)],
            [
              'approved',
              approved ? `by ${approved.by.name} <${approved.by.email}>, ${ago(approved.atMs, nowMs)}` : 'by nobody',
            ],
            ...(plan.status.kind === 'open' ? plan.reads.map((read) => ['with', readWords(read)]) : []),
          ]
        : [['plan', 'none is stored']]),
    ]),
    ...(before ? ['', ...beforeLines(before, nowMs, options)] : []),
    ...(model && isToSee ? ['', renderTerminal(model, options)] : []),
  ].join('\n')
}

/** What the last look at reality found: `was changed outside: 1 to change, since …`. */
function driftText(
  { checkedMs, cleanMs, found, failed }: DriftRecord,
  appliedMs: number | undefined,
  nowMs: number,
): string {
  const lastMs = cleanMs ?? appliedMs
  const clean = lastMs === undefined ? 'never seen clean' : `last clean ${ago(lastMs, nowMs)}`
  const seen = found
    ? `${driftWords[found.class]}: ${countsText(found.changes)}, seen first ${ago(found.firstMs, nowMs)}; ${clean}`
    : `none, looked ${ago(checkedMs, nowMs)}`
  return failed ? `${seen}; the last look failed, ${ago(failed.atMs, nowMs)}: ${failed.why}` : seen
}

function statusWords(status: NonNullable<Shown['plan']>['status']): string {
  if (status.kind === 'open') return 'it counts: what is approved is this'
  return status.kind === 'applied' ? 'it was applied' : `it does not count any more (${status.why})`
}

function readWords({ call, source }: ReadRecord): string {
  return `${call} (${source === 'plan' ? "as the upstream's plan knew it" : `from ${source === 'environment' ? 'the environment' : `the ${source}`}`})`
}
