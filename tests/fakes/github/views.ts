import type { FakeJob, FakeRun } from './hub.ts'
import {
  accountOf,
  appId,
  type Check,
  type CommitStatus,
  type FakeDeployment,
  type FakeEnvironment,
  type Issue,
  type IssueComment,
  levelOf,
  type PullRequest,
  type PullReview,
  type Repository,
  type RunDetails,
  repositoryOf,
  type State,
} from './state.ts'

type Body = Record<string, unknown>

/** A time as GitHub writes it: to the second. */
export function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** How GitHub shows an account. */
export function userView(state: State, login: string): Body {
  const { id, login: name, type } = accountOf(state, login)
  return {
    id,
    login: name,
    type,
    node_id: `U_${id}`,
    site_admin: false,
    url: `${state.apiUrl}/users/${encodeURIComponent(name)}`,
    html_url: `${state.serverUrl}/${name}`,
    gravatar_id: '',
  }
}

/** How GitHub shows a repository; `viewer` may do what `permissions` says. */
export function repositoryView(state: State, it: Repository, viewer?: string): Body {
  const level = viewer === undefined ? undefined : levelOf(it, viewer)
  const has = (...levels: string[]): boolean => level !== undefined && levels.includes(level)
  return {
    id: it.id,
    node_id: `R_${it.id}`,
    name: it.name,
    full_name: it.fullName,
    owner: userView(state, it.owner),
    private: it.private,
    visibility: it.private ? 'private' : 'public',
    fork: it.parent !== undefined,
    description: null,
    html_url: `${state.serverUrl}/${it.fullName}`,
    url: `${state.apiUrl}/repos/${it.fullName}`,
    clone_url: `${state.serverUrl}/${it.fullName}.git`,
    git_url: `git://fake/${it.fullName}.git`,
    ssh_url: `git@fake:${it.fullName}.git`,
    default_branch: it.defaultBranch,
    allow_squash_merge: it.allowsSquash,
    allow_merge_commit: it.allowsMergeCommit,
    allow_rebase_merge: it.allowsRebase,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: time(state.now()),
    pushed_at: time(state.now()),
    ...(level === undefined
      ? {}
      : {
          permissions: {
            admin: has('admin'),
            maintain: has('admin', 'maintain'),
            push: has('admin', 'maintain', 'write'),
            triage: has('admin', 'maintain', 'write', 'triage'),
            pull: level !== 'none',
          },
        }),
  }
}

/** How GitHub shows an issue. */
export function issueView(state: State, repository: Repository, it: Issue): Body {
  const isPull = repository.pulls.has(it.number)
  const page = `${repository.fullName}/${isPull ? 'pull' : 'issues'}/${it.number}`
  return {
    id: it.id,
    node_id: `I_${it.id}`,
    number: it.number,
    title: it.title,
    body: it.body,
    state: it.state,
    state_reason: it.state === 'closed' ? 'completed' : null,
    user: userView(state, it.user),
    labels: it.labels.map((name) => ({
      id: 1,
      node_id: 'L_1',
      name,
      color: 'ededed',
      default: false,
      description: null,
    })),
    assignees: [],
    assignee: null,
    locked: false,
    comments: [...repository.comments.values()].filter((comment) => comment.issue === it.number).length,
    url: `${state.apiUrl}/repos/${repository.fullName}/issues/${it.number}`,
    html_url: `${state.serverUrl}/${page}`,
    repository_url: `${state.apiUrl}/repos/${repository.fullName}`,
    created_at: time(it.createdMs),
    updated_at: time(it.updatedMs),
    closed_at: it.closedMs === undefined ? null : time(it.closedMs),
    author_association: 'NONE',
    ...(isPull
      ? {
          pull_request: {
            url: `${state.apiUrl}/repos/${repository.fullName}/pulls/${it.number}`,
            html_url: `${state.serverUrl}/${page}`,
            diff_url: `${state.serverUrl}/${page}.diff`,
            patch_url: `${state.serverUrl}/${page}.patch`,
            merged_at: null,
          },
        }
      : {}),
  }
}

/** How GitHub shows a pull request. `counts`: lines and files changed, where the reply has them. */
export function pullView(
  state: State,
  repository: Repository,
  it: PullRequest,
  counts?: { readonly commits: number; readonly additions: number; readonly deletions: number; readonly files: number },
): Body {
  const head = repositoryOf(state, it.headRepository)
  const side = (of: Repository, ref: string, sha: string): Body => ({
    label: `${of.owner}:${ref}`,
    ref,
    sha,
    user: userView(state, of.owner),
    repo: repositoryView(state, of),
  })
  const api = `${state.apiUrl}/repos/${repository.fullName}`
  const page = `${state.serverUrl}/${repository.fullName}/pull/${it.number}`
  const links = {
    self: `${api}/pulls/${it.number}`,
    html: page,
    issue: `${api}/issues/${it.number}`,
    comments: `${api}/issues/${it.number}/comments`,
    review_comments: `${api}/pulls/${it.number}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${api}/pulls/${it.number}/commits`,
    statuses: `${api}/statuses/${it.headSha}`,
  }
  return {
    id: it.id,
    node_id: `PR_${it.id}`,
    number: it.number,
    state: it.state,
    locked: false,
    title: it.title,
    body: it.body,
    user: userView(state, it.user),
    labels: [],
    draft: it.draft,
    url: links.self,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    comments_url: links.comments,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    commits_url: links.commits,
    statuses_url: links.statuses,
    created_at: time(it.createdMs),
    updated_at: time(it.updatedMs),
    closed_at: it.closedMs === undefined ? null : time(it.closedMs),
    merged_at: it.merged === undefined ? null : time(it.merged.atMs),
    merge_commit_sha: it.merged?.sha ?? it.mergeSha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    milestone: null,
    auto_merge: null,
    active_lock_reason: null,
    author_association: 'NONE',
    head: side(head, it.headBranch, it.headSha),
    base: side(repository, it.baseBranch, it.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
    ...(counts === undefined
      ? {}
      : {
          merged: it.merged !== undefined,
          mergeable: it.state === 'closed' ? null : it.mergeSha !== undefined,
          mergeable_state: it.state === 'closed' ? 'unknown' : it.mergeSha === undefined ? 'dirty' : 'clean',
          rebaseable: null,
          merged_by: it.merged === undefined ? null : userView(state, it.merged.by),
          comments: [...repository.comments.values()].filter((comment) => comment.issue === it.number).length,
          review_comments: 0,
          maintainer_can_modify: false,
          commits: counts.commits,
          additions: counts.additions,
          deletions: counts.deletions,
          changed_files: counts.files,
        }),
  }
}

/** How GitHub shows a review. Webhooks write its state in lower case. */
export function reviewView(state: State, repository: Repository, pull: PullRequest, it: PullReview): Body {
  const page = `${state.serverUrl}/${repository.fullName}/pull/${pull.number}`
  return {
    id: it.id,
    node_id: `PRR_${it.id}`,
    user: userView(state, it.user),
    body: it.body,
    state: it.state,
    commit_id: it.commit,
    submitted_at: time(it.submittedMs),
    html_url: `${page}#pullrequestreview-${it.id}`,
    pull_request_url: `${state.apiUrl}/repos/${repository.fullName}/pulls/${pull.number}`,
    author_association: 'COLLABORATOR',
    _links: {
      html: { href: `${page}#pullrequestreview-${it.id}` },
      pull_request: { href: `${state.apiUrl}/repos/${repository.fullName}/pulls/${pull.number}` },
    },
  }
}

/** How GitHub shows a comment in a conversation. */
export function commentView(state: State, repository: Repository, it: IssueComment): Body {
  const kind = repository.pulls.has(it.issue) ? 'pull' : 'issues'
  return {
    id: it.id,
    node_id: `IC_${it.id}`,
    user: userView(state, it.user),
    body: it.body,
    created_at: time(it.createdMs),
    updated_at: time(it.updatedMs),
    url: `${state.apiUrl}/repos/${repository.fullName}/issues/comments/${it.id}`,
    issue_url: `${state.apiUrl}/repos/${repository.fullName}/issues/${it.issue}`,
    html_url: `${state.serverUrl}/${repository.fullName}/${kind}/${it.issue}#issuecomment-${it.id}`,
    author_association: 'NONE',
    performed_via_github_app: null,
  }
}

/** How GitHub shows a commit status. */
export function statusView(state: State, repository: Repository, it: CommitStatus): Body {
  return {
    id: it.id,
    node_id: `SC_${it.id}`,
    url: `${state.apiUrl}/repos/${repository.fullName}/statuses/${it.sha}`,
    avatar_url: null,
    state: it.state,
    description: it.description,
    target_url: it.targetUrl,
    context: it.context,
    creator: userView(state, it.creator),
    created_at: time(it.createdMs),
    updated_at: time(it.createdMs),
  }
}

/** How GitHub shows an app, beside what it made. */
export function appView(state: State, slug: string): Body {
  return {
    id: appId(slug),
    slug,
    node_id: `A_${slug}`,
    name: slug,
    owner: userView(state, `${slug}[bot]`),
    description: null,
    external_url: 'https://example.com',
    html_url: `${state.serverUrl}/apps/${slug}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    permissions: {},
    events: [],
  }
}

/** How GitHub shows a check run. */
export function checkView(state: State, repository: Repository, it: Check): Body {
  const url = `${state.apiUrl}/repos/${repository.fullName}/check-runs/${it.id}`
  return {
    id: it.id,
    node_id: `CR_${it.id}`,
    name: it.name,
    head_sha: it.sha,
    external_id: it.externalId,
    url,
    html_url: `${state.serverUrl}/${repository.fullName}/runs/${it.id}`,
    details_url: it.detailsUrl ?? `${state.serverUrl}/${repository.fullName}/runs/${it.id}`,
    status: it.status,
    conclusion: it.conclusion,
    started_at: time(it.startedMs),
    completed_at: it.completedMs === undefined ? null : time(it.completedMs),
    output: {
      title: it.title,
      summary: it.summary,
      text: it.text,
      annotations_count: it.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: 1 },
    app: appView(state, it.app),
    pull_requests: [],
  }
}

/** How GitHub shows a deployment. */
export function deploymentView(state: State, repository: Repository, it: FakeDeployment): Body {
  const url = `${state.apiUrl}/repos/${repository.fullName}/deployments/${it.id}`
  return {
    id: it.id,
    node_id: `DE_${it.id}`,
    url,
    sha: it.sha,
    ref: it.ref,
    task: it.task,
    payload: it.payload,
    original_environment: it.environment,
    environment: it.environment,
    description: it.description,
    creator: userView(state, it.creator),
    created_at: time(it.createdMs),
    updated_at: time(it.statuses.at(-1)?.createdMs ?? it.createdMs),
    statuses_url: `${url}/statuses`,
    repository_url: `${state.apiUrl}/repos/${repository.fullName}`,
    transient_environment: it.transient,
    production_environment: false,
  }
}

/** How GitHub shows a deployment's status. */
export function deploymentStatusView(
  state: State,
  repository: Repository,
  deployment: FakeDeployment,
  it: FakeDeployment['statuses'][number],
): Body {
  const url = `${state.apiUrl}/repos/${repository.fullName}/deployments/${deployment.id}`
  return {
    id: it.id,
    node_id: `DES_${it.id}`,
    url: `${url}/statuses/${it.id}`,
    state: it.state,
    creator: userView(state, it.creator),
    description: it.description,
    environment: deployment.environment,
    target_url: it.logUrl,
    log_url: it.logUrl,
    environment_url: it.environmentUrl,
    created_at: time(it.createdMs),
    updated_at: time(it.createdMs),
    deployment_url: url,
    repository_url: `${state.apiUrl}/repos/${repository.fullName}`,
  }
}

/** Who may approve for an environment, as GitHub lists them. */
export function reviewersView(state: State, it: FakeEnvironment): Body[] {
  return it.reviewers.map((name) => {
    if (!name.includes('/')) return { type: 'User', reviewer: userView(state, name) }
    return { type: 'Team', reviewer: teamView(state, name) }
  })
}

/** How GitHub shows a team: `acme/network`. */
export function teamView(state: State, name: string): Body {
  const slug = name.slice(name.indexOf('/') + 1)
  const org = name.slice(0, name.indexOf('/'))
  return {
    id: state.teams.get(name)?.id ?? 0,
    node_id: `T_${slug}`,
    name: slug,
    slug,
    privacy: 'closed',
    permission: 'pull',
    url: `${state.apiUrl}/orgs/${org}/teams/${slug}`,
    html_url: `${state.serverUrl}/orgs/${org}/teams/${slug}`,
    members_url: `${state.apiUrl}/orgs/${org}/teams/${slug}/members{/member}`,
    repositories_url: `${state.apiUrl}/orgs/${org}/teams/${slug}/repos`,
    description: null,
    parent: null,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }
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
