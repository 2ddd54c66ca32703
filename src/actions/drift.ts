import { callsForPerson, issueText } from '../drift/issue.ts'
import { className } from '../drift/words.ts'
import { type DriftItem, type DriftOutcome, findDrift, waitsForPerson } from '../flows/drift.ts'
import { words } from '../plan/render/escape.ts'
import { maxSummaryBytes, summaryParts } from '../plan/render/summary-parts.ts'
import { countsText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import type { Action } from './step.ts'
import { openStep } from './world.ts'

/** Looks at reality: what is not as it was applied. Exit code 3 when a person is awaited, 1 when a look failed. */
export const action: Action = async (step) => {
  const world = await openStep(step, 'fold', { runsTerraform: true })
  const outcome = await findDrift(
    world,
    { stop: step.signal },
    {
      begin: (total, parallel) => step.log(`${total} to look at, ${parallel} at once`),
      doing: () => {},
      finished: (item) => step.log(lineOf(item)),
    },
  )
  const [summary] = summaryParts(driftSummary(outcome), maxSummaryBytes - 1, 1)
  step.summary(summary ?? '')
  for (const item of outcome.items)
    if (item.kind === 'failed') step.group(`${typed(item.id)}: ${item.why}`, item.output.split('\n'))
  return exitCode(outcome)
}

function exitCode({ items }: DriftOutcome): 0 | 1 | 3 {
  if (items.some(({ kind }) => kind === 'failed')) return 1
  return items.some((it) => it.kind === 'drifted' && waitsForPerson(it.finding.finding)) ? 3 : 0
}

function lineOf(item: DriftItem): string {
  switch (item.kind) {
    case 'clean':
      return `✓ ${typed(item.id)}  as applied`
    case 'drifted':
      return `✗ ${typed(item.id)}  ${className(item.finding.finding.class)}: ${countsText(item.finding.finding.changes)}`
    case 'failed':
      return `✗ ${typed(item.id)}  the look failed: ${item.why}`
    case 'never-applied':
      return `· ${typed(item.id)}  nothing is applied`
    case 'busy':
      return `· ${typed(item.id)}  ${item.message}`
  }
}

/** Blocks of the summary: how many, a table of what differs, then each finding as its issue tells it. */
export function driftSummary({ items, branch }: DriftOutcome): string[] {
  const drifted = items.filter((it) => it.kind === 'drifted')
  const failed = items.filter((it) => it.kind === 'failed')
  const looked = items.filter(({ kind }) => kind === 'clean').length + drifted.length
  const title = `### Drift: ${drifted.length} of ${looked} instances are not as they were applied (${words(branch.name)}@${branch.tip.slice(0, 7)})`
  const rows = [
    ...drifted.map(
      ({ id, finding: { finding } }) =>
        `| ${words(id)} | ${className(finding.class)} | ${countsText(finding.changes)} |`,
    ),
    ...failed.map(({ id, why }) => `| ${words(id)} | the look failed | ${words(why)} |`),
  ]
  const table = rows.length === 0 ? [] : [['| instance | | |', '| --- | --- | --- |', ...rows].join('\n')]
  const issues = drifted.filter((it) => callsForPerson(it.finding.finding.class)).map((it) => issueText(it.finding))
  return [title, ...table, ...issues.map((it) => `#### ${it.title}\n\n${it.body}`)]
}
