import { afterRun, type Onward, sweep } from '../flows/after-run.ts'
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
  const world = await openWithGitHub(step, 'fold')
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

/** The protected branch: gates of what is open, and what can go on. A merge that only just came is followed by the fold before. */
async function tellTip(step: Step, world: GitHubWorld): Promise<Outcome> {
  if (step.input('after') === 'true') return tellAfter(step, world)
  const onward = await sweep(world, approvalRunOf(step))
  step.output('approve', JSON.stringify(onward.approve))
  for (const number of [1, 2, 3]) step.output(`wave${number}`, JSON.stringify(onward.waves[number - 1] ?? []))
  for (const name of onward.unprotected)
    step.annotate({
      path: 'atmos.yaml',
      line: 1,
      level: 'warning',
      title: `Nobody can approve ${name}`,
      message: `the environment ${name} has no reviewers: give it some in the repository's settings (airlock doctor)`,
    })
  for (const line of onwardLines(onward)) step.log(line)
  const report = await reportOpen(world, linksOf(step))
  tellVerdicts(step, report.verdicts)
  return report
}

async function tellAfter(step: Step, world: GitHubWorld): Promise<Outcome> {
  const { deployments, started, open } = await afterRun(world)
  for (const { environment, state, description } of deployments) step.log(`${environment}: ${state}, ${description}`)
  if (started) step.log('The workflow was started again to go on')
  else if (open) step.log('Something is in flight still: airlock status tells what it waits for')
  const report = await reportOpen(world, linksOf(step))
  tellVerdicts(step, report.verdicts)
  return report
}

function onwardLines({ at, waves, approve }: Onward): string[] {
  const flying = at.items.filter(({ kind }) => kind === 'in-flight').length
  return [
    `${flying} ${flying === 1 ? 'instance is' : 'instances are'} in flight at ${at.branch.name}@${at.branch.tip.slice(0, 7)}`,
    ...approve.map(({ environment }) => `  asks the reviewers of ${environment}`),
    ...waves.map((jobs, index) => `  wave ${index + 1}: ${jobs.map(({ name }) => name).join(', ')}`),
  ]
}

/** The run in which an environment was approved just now, where this one was started for that. */
function approvalRunOf({ event }: Step): number | undefined {
  const run = event.kind === 'workflow_dispatch' ? (event.inputs.approval_run ?? '') : ''
  return /^\d+$/.test(run) ? Number(run) : undefined
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
