import type { Payload } from '../payload.ts'
import type { EnvironmentReview, Runs, WorkflowJobState, WorkflowRun } from '../runs.ts'
import type { RestClient } from './rest-client.ts'

/** Workflow runs over REST. */
export function restRuns(client: RestClient): Runs {
  return {
    async get(id) {
      const found = await client.objectIf('GET /repos/{owner}/{repo}/actions/runs/{run_id}', { run_id: id })
      return found && run(found)
    },
    async job(id) {
      const found = await client.objectIf('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', { job_id: id })
      return found && job(found)
    },
    async reviews(id) {
      const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals'
      const found = await client.list(route, { run_id: id }, { what: `run ${id}`, shared: true })
      return found.flatMap((it): EnvironmentReview[] => {
        const state = it.choice('state', ['approved', 'rejected', 'pending'])
        if (state === 'pending') return []
        const environments = it.objects('environments').map((one) => one.text('name'))
        return [{ state, environments, by: it.text('user.login'), comment: it.textIf('comment') ?? '' }]
      })
    },
    async dispatch(workflow, branch, inputs) {
      await client.send(
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
        { workflow_id: workflow, ref: branch, inputs },
        { what: `workflow ${workflow}` },
      )
    },
    async unfinished(workflow) {
      const found = await client.list(
        'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
        { workflow_id: workflow },
        { in: 'workflow_runs', most: 100, what: `workflow ${workflow}` },
      )
      return found.map(run).filter(({ status }) => status !== 'completed')
    },
  }
}

const statuses = ['queued', 'in_progress', 'waiting', 'pending', 'requested', 'completed'] as const

function run(it: Payload): WorkflowRun {
  return {
    id: it.number('id'),
    attempt: it.numberIf('run_attempt') ?? 1,
    event: it.text('event'),
    headCommit: it.text('head_sha'),
    status: it.choice('status', statuses),
    conclusion: it.textIf('conclusion'),
    workflow: it.text('path').replace(/@.*$/, ''),
    url: it.text('html_url'),
  }
}

function job(it: Payload): WorkflowJobState {
  return {
    id: it.number('id'),
    name: it.text('name'),
    status: it.choice('status', statuses),
    conclusion: it.textIf('conclusion'),
  }
}
