import { UserError } from '../error.ts'
import { openJobGitHub } from '../wire/job.ts'
import type { Action, Step } from './step.ts'

/**
 * Runs once reviewers of an environment have agreed: starts the run that applies, which reads from GitHub what they said. This
 * job proves nothing by itself, since anybody who may write can start such a run; it has no clone of the repository, and no store.
 */
export const action: Action = async (step) => {
  const environment = step.input('environment')
  const { apiUrl, serverUrl, repository, runId, run } = step.context
  const { workflow, branch } = workflowOf(step)
  const github = await openJobGitHub({ token: step.input('token'), apiUrl, serverUrl, repository, env: step.env })
  await github.runs.dispatch(workflow, branch, { task: 'apply', approval_run: String(runId), environment })
  step.log(`Reviewers of ${environment} were asked by run ${run}; the apply was started, and reads what they said.`)
  return 0
}

/** The workflow file and the branch of this run: `acme/infra/.github/workflows/airlock.yml@refs/heads/main`. */
export function workflowOf({ env }: Pick<Step, 'env'>): { readonly workflow: string; readonly branch: string } {
  const ref = env.GITHUB_WORKFLOW_REF ?? ''
  const [, workflow, branch] = /\/\.github\/workflows\/([^@/]+)@refs\/heads\/(.+)$/.exec(ref) ?? []
  if (workflow !== undefined && branch !== undefined) return { workflow, branch }
  throw new UserError({
    code: 'not-in-actions',
    message: `this is no run of a branch's workflow (GITHUB_WORKFLOW_REF is ${ref === '' ? 'not set' : ref})`,
    fix: 'use it in the workflow that airlock init writes',
    exit: 2,
  })
}
