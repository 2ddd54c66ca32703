import { checkout, commitOf, protectedBranch } from '../flows/checkout.ts'
import type { Action } from './step.ts'
import { openWithGitHub } from './world.ts'

/**
 * Runs once reviewers of an environment have agreed: starts the run that applies, which reads from GitHub what they said. This
 * job proves nothing by itself, since anybody who may write can start such a run.
 */
export const action: Action = async (step) => {
  const environment = step.input('environment')
  const world = await openWithGitHub(step, 'read')
  const { settings } = await checkout(world, await commitOf(world, 'HEAD'))
  const { name } = await protectedBranch(world, settings)
  await world.github.runs.dispatch(settings.github.workflow, name, {
    task: 'apply',
    approval_run: String(step.context.runId),
    environment,
  })
  step.log(
    `Reviewers of ${environment} were asked by run ${step.context.run}; the apply was started and reads what they said.`,
  )
  return 0
}
