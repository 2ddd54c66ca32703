import type { FakeJob, FakeRun } from './hub.ts'
import type { FakeEnvironment, PullRequest, Repository, RunDetails, State } from './state.ts'
import { repositoryView, teamView, time, userView } from './views.ts'

type Body = Record<string, unknown>

/** Who may approve for an environment, as GitHub lists them. */
export function reviewersView(state: State, it: FakeEnvironment): Body[] {
  return it.reviewers.map((name) => {
    if (!name.includes('/')) return { type: 'User', reviewer: userView(state, name) }
    return { type: 'Team', reviewer: teamView(state, name) }
  })
}

/** How GitHub shows an environment. */
export function environmentView(state: State, repository: Repository, it: FakeEnvironment): Body {
  const rule = (type: string): Body => ({ id: it.id, node_id: `GA_${it.id}`, type })
  return {
    id: it.id,
    node_id: `EN_${it.id}`,
    name: it.name,
    url: `${state.apiUrl}/repos/${repository.fullName}/environments/${encodeURIComponent(it.name)}`,
    html_url: `${state.serverUrl}/${repository.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(it.name)}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    protection_rules: [
      ...(it.waitTimer === 0 ? [] : [{ ...rule('wait_timer'), wait_timer: it.waitTimer }]),
      ...(it.reviewers.length === 0
        ? []
        : [
            {
              ...rule('required_reviewers'),
              prevent_self_review: it.preventSelfReview,
              reviewers: reviewersView(state, it),
            },
          ]),
      ...(it.branchPolicy === undefined ? [] : [rule('branch_policy')]),
    ],
    deployment_branch_policy:
      it.branchPolicy === undefined
        ? null
        : { protected_branches: it.branchPolicy === 'protected', custom_branch_policies: it.branchPolicy === 'custom' },
  }
}

/** How GitHub shows a workflow run. */
export function runView(state: State, repository: Repository, run: FakeRun & { readonly details: RunDetails }): Body {
  const url = `${state.apiUrl}/repos/${repository.fullName}/actions/runs/${run.id}`
  const workflowId = repository.workflowIds.get(run.workflow) ?? 0
  const pull = pullOfRef(repository, run.ref)
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    name: run.workflow,
    path: run.workflow,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion ?? null,
    run_number: run.details.number,
    run_attempt: run.attempt,
    workflow_id: workflowId,
    head_branch: pull?.headBranch ?? run.ref.replace('refs/heads/', ''),
    head_sha: run.details.headSha,
    display_title: run.event,
    url,
    html_url: `${state.serverUrl}/${repository.fullName}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    check_suite_url: `${state.apiUrl}/repos/${repository.fullName}/check-suites/1`,
    workflow_url: `${state.apiUrl}/repos/${repository.fullName}/actions/workflows/${workflowId}`,
    previous_attempt_url: null,
    created_at: time(run.details.createdMs),
    updated_at: time(run.details.updatedMs),
    run_started_at: time(run.details.createdMs),
    actor: userView(state, run.actor),
    triggering_actor: userView(state, run.details.triggeredBy),
    pull_requests: [],
    head_commit: null,
    repository: repositoryView(state, repository),
    head_repository: repositoryView(state, repository),
  }
}

/** The pull request that a ref like `refs/pull/7/merge` is of. */
export function pullOfRef(repository: Repository, ref: string): PullRequest | undefined {
  const number = /^refs\/pull\/(\d+)\//.exec(ref)?.[1]
  return number === undefined ? undefined : repository.pulls.get(Number(number))
}

/** How GitHub shows a job. */
export function jobView(
  state: State,
  repository: Repository,
  run: FakeRun,
  kept: { readonly job: FakeJob; readonly createdMs: number },
): Body {
  const { job } = kept
  return {
    id: job.id,
    node_id: `J_${job.id}`,
    run_id: run.id,
    run_url: `${state.apiUrl}/repos/${repository.fullName}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    head_sha: run.sha,
    head_branch: run.ref.replace('refs/heads/', ''),
    workflow_name: run.workflow,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion ?? null,
    url: `${state.apiUrl}/repos/${repository.fullName}/actions/jobs/${job.id}`,
    html_url: `${state.serverUrl}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
    check_run_url: `${state.apiUrl}/repos/${repository.fullName}/check-runs/${job.id}`,
    created_at: time(kept.createdMs),
    started_at: time(kept.createdMs),
    completed_at: job.status === 'completed' ? time(state.now()) : null,
    steps: [],
    labels: ['ubuntu-latest'],
    runner_id: 1,
    runner_name: 'runner',
    runner_group_id: 1,
    runner_group_name: 'default',
  }
}
