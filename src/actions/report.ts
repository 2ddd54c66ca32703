import {
  type Failure,
  type PullReport,
  type ReportLinks,
  reportOpen,
  reportPull,
  reportQueue,
  type Told,
} from '../flows/report.ts'
import type { GitHubWorld } from '../flows/world.ts'
import type { ApiUse } from '../github/github.ts'
import { words } from '../plan/render/escape.ts'
import { subjectOf } from './fold.ts'
import type { Action, Step } from './step.ts'
import { openWithGitHub } from './world.ts'

/** Tells people: the one comment, the gate's status, the summary; on the protected branch also what can go on. */
export const action: Action = async (step) => {
  const world = await openWithGitHub(step)
  const subject = subjectOf(step)
  const { failed } =
    subject.kind === 'pull'
      ? await tellPull(step, world, subject.number, subject.head)
      : subject.kind === 'queue'
        ? await tellQueue(step, world, subject.head)
        : await tellTip(step, world)
  step.summary(budgetLine(world.github.use()))
  return tellFailures(step, failed)
}

/** Says which pull requests could not be judged or told, and why; the exit code of the step. */
export function tellFailures(step: Step, failed: readonly Failure[]): 0 | 1 {
  for (const { number, error } of failed)
    step.annotate({
      path: '.github/workflows',
      line: 1,
      level: 'failure',
      title: `#${number} was not judged`,
      message: error.fix === undefined ? error.message : `${error.message}\n${error.fix}`,
    })
  return failed.length > 0 ? 1 : 0
}

interface Outcome {
  readonly failed: readonly Failure[]
}

async function tellPull(step: Step, world: GitHubWorld, number: number, given: string | undefined): Promise<Outcome> {
  const head = given ?? (await world.github.pulls.get(number)).head.commit
  return tellPullReport(step, number, await reportPull(world, number, { head, links: linksOf(step) }))
}

/** What was told of a pull request, in the log and the summary. */
export function tellPullReport(step: Step, number: number, report: PullReport): PullReport {
  if (report.kind === 'moved') step.log(`#${number} was pushed to meanwhile: the run of its new head tells`)
  if (report.kind === 'over') step.log(`#${number} is not open any more`)
  tellVerdicts(step, report.verdicts)
  if (report.comment) {
    step.log(`The comment on #${number}: ${report.comment.what}`)
    step.summary(report.comment.body)
  }
  return report
}

async function tellQueue(step: Step, world: GitHubWorld, head: string): Promise<Outcome> {
  tellVerdicts(step, [await reportQueue(world, head, linksOf(step))])
  return { failed: [] }
}

async function tellTip(step: Step, world: GitHubWorld): Promise<Outcome> {
  const report = await reportOpen(world, linksOf(step))
  tellVerdicts(step, report.verdicts)
  return report
}

/** Verdicts in the log and the summary. */
export function tellVerdicts(step: Step, verdicts: readonly Told[]): void {
  for (const { number, title, state, description, changed } of verdicts) {
    const name = number === undefined ? 'the merge queue' : `#${number} ${title ?? ''}`.trimEnd()
    step.log(`${name}: ${state}, ${description}${changed ? '' : ' (as before)'}`)
  }
  const rows = verdicts.map(
    ({ number, state, description }) =>
      `| ${number === undefined ? 'queue' : `#${number}`} | ${state} | ${words(description)} |`,
  )
  if (rows.length > 0) step.summary(['', '| | gate | |', '| --- | --- | --- |', ...rows, ''].join('\n'))
}

/** `3 API calls, 1 unchanged, 994 left this hour` */
export function budgetLine({ calls, unchanged, repeated, remaining }: ApiUse): string {
  const parts = [
    `${calls} ${calls === 1 ? 'API call' : 'API calls'}`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(repeated > 0 ? [`${repeated} repeated`] : []),
    ...(remaining === undefined ? [] : [`${remaining} left this hour`]),
  ]
  return `<sub>${parts.join(', ')}</sub>`
}

/** Where what a step tells links to. */
export function linksOf({ context: { serverUrl, repository, runUrl } }: Step): ReportLinks {
  const base = `${serverUrl}/${repository.owner}/${repository.name}`
  return { runUrl, blobUrl: (commit: string) => `${base}/blob/${commit}` }
}
