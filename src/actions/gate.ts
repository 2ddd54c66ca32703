import { followAll, followOnGitHub } from '../flows/follow-pulls.ts'
import { afterReview } from '../flows/pull-reviews.ts'
import { reportOpen, reportPull } from '../flows/report.ts'
import { numberOf } from './range.ts'
import { linksOf, tellFailures, tellPullReport, tellSummary, tellVerdicts } from './report.ts'
import type { Action } from './step.ts'
import { openWithGitHub } from './world.ts'

/**
 * Judges again without planning: after a review, when a pull request was closed, when somebody asks; and what comes from forks
 * and Dependabot, of which no code is checked out.
 */
export const action: Action = async (step) => {
  const world = await openWithGitHub(step, 'fold')
  const links = linksOf(step)
  const { event } = step
  const pr = event.kind === 'workflow_dispatch' ? (event.inputs.pr ?? '') : ''
  const named = 'pull' in event ? event.pull.number : pr === '' ? undefined : numberOf(pr)
  const pull = named === undefined ? undefined : await followOnGitHub(world, named)
  if (event.kind === 'pull_request_review' && pull) {
    const said = await afterReview(world, pull.number, pull.state.kind)
    if (said !== undefined) step.log(said)
  }
  const report =
    pull?.state.kind === 'open'
      ? tellPullReport(step, pull.number, await reportPull(world, pull.number, { head: pull.head, links }))
      : await tellOpen()
  tellSummary(step, report.verdicts, world.github.use())
  return tellFailures(step, report.failed)

  /** A merge, or a close, may free others. */
  async function tellOpen() {
    if (pull) step.log(`#${pull.number} is ${pull.state.kind}`)
    else await followAll(world)
    const open = await reportOpen(world, links)
    tellVerdicts(step, open.verdicts)
    return open
  }
}
