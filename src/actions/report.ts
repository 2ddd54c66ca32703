import { afterRun, type Onward, sweep } from '../flows/after-run.ts'
import { dispatchReplans } from '../flows/replan.ts'
import {
  type Failure,
  type PullReport,
  type ReportLinks,
  reportOpen,
  reportPull,
  reportQueue,
  type Told,
} from '../flows/report.ts'
import { reportMerged } from '../flows/report-merged.ts'
import type { Status } from '../flows/status.ts'
import type { GitHubWorld } from '../flows/world.ts'
import type { ApiUse } from '../github/github.ts'
import { reportSummary } from '../report/summaries.ts'
import { subjectOf } from './fold.ts'
import type { Action, Step } from './step.ts'
import { openWithGitHub } from './world.ts'

/** Tells people: the one comment, the gate's status, the summary; on the protected branch also what can go on. */
export const action: Action = async (step) => {
  const world = await openWithGitHub(step, 'fold')
  const subject = subjectOf(step)
  const { failed, verdicts } =
    subject.kind === 'pull'
      ? await tellPull(step, world, subject.number, subject.head)
      : subject.kind === 'queue'
        ? await tellQueue(step, world, subject.head)
        : await tellTip(step, world)
  tellSummary(step, verdicts, world.github.use())
  return tellFailures(step, failed)
}

/** Says which pull requests could not be judged or told, and why; the exit code of the step. */
export function tellFailures(step: Step, failed: readonly Failure[]): 0 | 1 {
  for (const { number, error } of failed)
    step.annotate({
      level: 'failure',
      title: `#${number} was not judged`,
      message: error.fix === undefined ? error.message : `${error.message}\n${error.fix}`,
    })
  return failed.length > 0 ? 1 : 0
}

interface Outcome {
  readonly failed: readonly Failure[]
  readonly verdicts: readonly Told[]
}

async function tellPull(step: Step, world: GitHubWorld, number: number, given: string | undefined): Promise<Outcome> {
  const head = given ?? (await world.github.pulls.get(number)).head.commit
  return tellPullReport(
    step,
    number,
    await reportPull(world, number, { head, links: linksOf(step), checks: isDispatched(step) }),
  )
}

/** Jobs of a dispatched run show on the default branch, not on the pull request. */
function isDispatched({ event }: Step): boolean {
  return event.kind === 'workflow_dispatch' && event.inputs.task === 'plan'
}

/** GitHub shows as many annotations of each level of one step. */
const shownNotes = 10

/** What was told of a pull request, in the log and the summary; notes at the lines that it changes. */
export function tellPullReport(step: Step, number: number, report: PullReport): PullReport {
  if (report.kind === 'moved') step.log(`#${number} was pushed to meanwhile: the run of its new head tells`)
  if (report.kind === 'over') step.log(`#${number} is not open any more`)
  tellVerdicts(step, report.verdicts)
  if (report.comment) {
    step.log(`The comment on #${number}: ${report.comment.what}`)
    step.summary(report.comment.body)
  }
  for (const level of ['failure', 'warning', 'notice'] as const)
    for (const note of report.annotations.filter((it) => it.level === level).slice(0, shownNotes)) step.annotate(note)
  return report
}

async function tellQueue(step: Step, world: GitHubWorld, head: string): Promise<Outcome> {
  const verdicts = [await reportQueue(world, head, linksOf(step))]
  tellVerdicts(step, verdicts)
  return { failed: [], verdicts }
}

/** The protected branch: gates of what is open, and what can go on. A merge that only just came is followed by the fold before. */
async function tellTip(step: Step, world: GitHubWorld): Promise<Outcome> {
  if (step.input('after') === 'true') return tellAfter(step, world)
  const onward = await sweep(world, approvalRunOf(step))
  step.output('approve', JSON.stringify(onward.approve))
  for (const number of [1, 2, 3]) step.output(`wave${number}`, JSON.stringify(onward.waves[number - 1] ?? []))
  for (const name of onward.unprotected)
    step.annotate({
      level: 'warning',
      title: `Nobody can approve ${name}`,
      message: `the environment ${name} has no reviewers: give it some in the repository's settings (airlock doctor)`,
    })
  for (const line of onwardLines(onward)) step.log(line)
  // Where something is applied, the end of the run tells how far all of it has come, once.
  return tellOpen(step, world, onward.at, onward.waves.length === 0)
}

async function tellAfter(step: Step, world: GitHubWorld): Promise<Outcome> {
  const { at, deployments, started, open } = await afterRun(world)
  for (const { environment, state, description } of deployments) step.log(`${environment}: ${state}, ${description}`)
  if (started) step.log('The workflow was started again to go on')
  else if (open) step.log('Something is in flight still: airlock status tells what it waits for')
  return tellOpen(step, world, at, true)
}

/** Gates of all that is open, and plans anew where a merge made the old ones stale. */
async function tellOpen(step: Step, world: GitHubWorld, at: Status, isEnd: boolean): Promise<Outcome> {
  const report = await reportOpen(world, linksOf(step))
  tellVerdicts(step, report.verdicts)
  const { workflow } = at.checkout.settings.github
  const again = await dispatchReplans(world, report.judged, { workflow, branch: at.branch.name })
  if (again.length > 0) step.log(`Planned again for what was merged: ${again.map((it) => `#${it}`).join(', ')}`)
  return { ...report, failed: [...report.failed, ...(isEnd ? await tellMerged(step, world, at) : [])] }
}

/** Comments of merged pull requests say how far each instance has come, until all is applied. */
async function tellMerged(step: Step, world: GitHubWorld, at: Status): Promise<readonly Failure[]> {
  const { told, failed } = await reportMerged(world, at, linksOf(step))
  for (const { number, over } of told)
    step.log(`The comment on #${number}: ${over ? 'all of it is applied' : 'says how far it has come'}`)
  return failed
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

/** Verdicts in the log. */
export function tellVerdicts(step: Step, verdicts: readonly Told[]): void {
  for (const { number, title, state, description, changed } of verdicts) {
    const name = number === undefined ? 'the merge queue' : `#${number} ${title ?? ''}`.trimEnd()
    step.log(`${name}: ${state}, ${description}${changed ? '' : ' (as before)'}`)
  }
}

/** The summary of what was told, and what that cost. */
export function tellSummary(step: Step, verdicts: readonly Told[], use: ApiUse): void {
  const { serverUrl, repository } = step.context
  const pulls = `${serverUrl}/${repository.owner}/${repository.name}/pull`
  const told = verdicts.map(({ number, state, description, changed }) => ({
    number,
    url: number === undefined ? undefined : `${pulls}/${number}`,
    state,
    description,
    written: changed,
  }))
  step.summary(reportSummary({ verdicts: told, use }))
}

/** Where what a step tells links to. */
export function linksOf({ context: { serverUrl, repository, runUrl } }: Step): ReportLinks {
  const base = `${serverUrl}/${repository.owner}/${repository.name}`
  return {
    runUrl,
    blobUrl: (commit) => `${base}/blob/${commit}`,
    pullOf: (number) => `${base}/pull/${number}`,
    // Runs of the command line have names of their own, and no page.
    runOf(run) {
      const [, id, attempt] = /^(\d+)(?:-(\d+))?$/.exec(run) ?? []
      return id === undefined ? undefined : `${base}/actions/runs/${id}${attempt ? `/attempts/${attempt}` : ''}`
    },
  }
}
