import { callsForPerson, issueText } from '../drift/issue.ts'
import { className, driftWords } from '../drift/words.ts'
import { type DriftItem, type DriftOutcome, findDrift, waitsForPerson } from '../flows/drift.ts'
import { words } from '../plan/render/escape.ts'
import { maxSummaryBytes, summaryParts } from '../plan/render/summary-parts.ts'
import { countsText } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import { placeOf } from './place.ts'
import type { Action, Note } from './step.ts'
import { openStep } from './world.ts'

/**
 * Looks at reality: what is not as it was applied, in the log, the summary and notes where the instances are written. Only a look
 * that failed fails the job: what has drifted waits for people.
 */
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
  for (const note of driftNotes(outcome)) step.annotate(note)
  return outcome.items.some(({ kind }) => kind === 'failed') ? 1 : 0
}

/** GitHub shows as many notes of each level of one step; the last says how many are missing. */
const shownNotes = 10

/** Notes where instances are written that failed to be looked at, or are not as they were applied; and rules that expect nothing any more. */
export function driftNotes({ items, checkout, expired }: DriftOutcome): Note[] {
  const failed = items.flatMap((it): Note[] =>
    it.kind === 'failed'
      ? [{ ...placeOf(checkout, it.id), level: 'failure', title: `${typed(it.id)}: the look failed`, message: it.why }]
      : [],
  )
  const drifted = items.flatMap((it): Note[] =>
    it.kind === 'drifted' && waitsForPerson(it.finding.finding)
      ? [
          {
            ...placeOf(checkout, it.id),
            level: 'warning',
            title: `${typed(it.id)} ${driftWords[it.finding.finding.class]}`,
            message: `${countsText(it.finding.finding.changes)} to be as it was applied. The summary of this job says what differs.`,
          },
        ]
      : [],
  )
  const rules = expired.map(
    ({ at, address, attribute, untilMs }): Note => ({
      path: at.file,
      line: at.line,
      level: 'notice',
      title: 'This rule counts no more',
      message: `${attribute} of ${address} was to be expected until ${new Date(untilMs).toISOString().slice(0, 10)}`,
    }),
  )
  return [failed, drifted, rules].flatMap((notes) => {
    const left = notes.length - shownNotes
    if (left <= 0) return notes
    const more = { level: notes[0]!.level, message: `and ${left + 1} more: the summary of this job names them` }
    return [...notes.slice(0, shownNotes - 1), more]
  })
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
