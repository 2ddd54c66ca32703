import {
  accountOf,
  type Issue,
  type IssueComment,
  levelOf,
  type PullRequest,
  type PullReview,
  type Repository,
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
    updated_at: time(it.pushedMs),
    pushed_at: time(it.pushedMs),
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

const signs = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket']

/** How GitHub shows a comment in a conversation. */
export function commentView(state: State, repository: Repository, it: IssueComment): Body {
  const kind = repository.pulls.has(it.issue) ? 'pull' : 'issues'
  const url = `${state.apiUrl}/repos/${repository.fullName}/issues/comments/${it.id}`
  const count = (sign: string) => it.reactions.filter(({ content }) => content === sign).length
  return {
    id: it.id,
    node_id: `IC_${it.id}`,
    user: userView(state, it.user),
    body: it.body,
    created_at: time(it.createdMs),
    updated_at: time(it.updatedMs),
    url,
    issue_url: `${state.apiUrl}/repos/${repository.fullName}/issues/${it.issue}`,
    html_url: `${state.serverUrl}/${repository.fullName}/${kind}/${it.issue}#issuecomment-${it.id}`,
    author_association: 'NONE',
    performed_via_github_app: null,
    reactions: {
      url: `${url}/reactions`,
      total_count: it.reactions.length,
      ...Object.fromEntries(signs.map((sign) => [sign, count(sign)])),
    },
  }
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
