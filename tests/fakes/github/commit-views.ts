import { appId, type Check, type CommitStatus, type FakeDeployment, type Repository, type State } from './state.ts'
import { time, userView } from './views.ts'

type Body = Record<string, unknown>

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
