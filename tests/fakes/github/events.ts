import { between, commitAt, commitOf, git, isAncestor, mergeBase } from './git.ts'
import type { TokenOf } from './hub.ts'
import { payload } from './schemas.ts'
import { loginOf, type PullRequest, type Repository, type State } from './state.ts'
import { pullView, repositoryView, time, userView } from './views.ts'

/** What every payload says: the repository, and who did it. */
export function about(state: State, repository: Repository, by: TokenOf): Record<string, unknown> {
  return { repository: hookRepository(state, repository), sender: userView(state, loginOf(by)) }
}

/** Webhooks write a repository as the API does. */
export function hookRepository(state: State, repository: Repository): Record<string, unknown> {
  return repositoryView(state, repository)
}

/** Whether what was done with a token may start a run: what jobs do starts none, so that nothing runs in circles. */
export function starts(by: TokenOf): boolean {
  return by.kind !== 'job'
}

const skips = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/

/** Whether a commit's message asks for no runs. */
export async function asksToSkip(repository: Repository, sha: string): Promise<boolean> {
  const { message } = await commitAt(repository.folder, sha)
  return skips.test(message) || /^skip-checks: ?true$/m.test(message)
}

/** Tells what happened with a pull request: as `pull_request`, and as `pull_request_target`, which runs the base's workflows. */
export async function tellPull(
  state: State,
  repository: Repository,
  pull: PullRequest,
  action: string,
  by: TokenOf,
  more: Record<string, unknown> = {},
): Promise<void> {
  const body = payload('pull_request', action, {
    action,
    number: pull.number,
    ...about(state, repository, by),
    pull_request: pullView(state, repository, pull, await counts(repository, pull)),
    ...more,
  })
  const skip = await asksToSkip(repository, pull.headSha)
  const runs = starts(by) && action !== 'enqueued' && action !== 'dequeued'
  const merged = pull.merged
  const target = { repository: repository.fullName, action, payload: body, by }
  state.deliver(
    {
      ...target,
      event: 'pull_request',
      ref: merged === undefined ? `refs/pull/${pull.number}/merge` : `refs/heads/${pull.baseBranch}`,
      sha: merged?.sha ?? pull.mergeSha ?? pull.headSha,
    },
    // A pull request that conflicts has no test merge, so that there is nothing to run.
    runs && !skip && (merged !== undefined || pull.mergeSha !== undefined),
  )
  state.deliver(
    {
      ...target,
      event: 'pull_request_target',
      ref: `refs/heads/${pull.baseBranch}`,
      sha: (await commitOf(repository.folder, `refs/heads/${pull.baseBranch}`)) ?? pull.baseSha,
    },
    runs,
  )
}

/** Sizes of a pull request, as the API and the webhooks tell them. */
export async function counts(
  repository: Repository,
  pull: PullRequest,
): Promise<{ commits: number; additions: number; deletions: number; files: number }> {
  const base = await mergeBase(repository.folder, pull.baseSha, pull.headSha)
  if (base === undefined) return { commits: 0, additions: 0, deletions: 0, files: 0 }
  const [commits, text] = await Promise.all([
    between(repository.folder, base, pull.headSha),
    numbersOf(repository.folder, base, pull.headSha),
  ])
  const lines = text === '' ? [] : text.split('\n').map((line) => line.split('\t').map(Number))
  const sum = (at: number): number => lines.reduce((total, line) => total + (line[at] || 0), 0)
  return { commits: commits.length, additions: sum(0), deletions: sum(1), files: lines.length }
}

const numbers = new Map<string, Promise<string>>()

/** Commits never change, so neither does what differs between two of them. */
function numbersOf(folder: string, base: string, head: string): Promise<string> {
  const key = `${folder} ${base} ${head}`
  const known = numbers.get(key) ?? git(folder, ['diff', '--numstat', base, head])
  numbers.set(key, known)
  return known
}

/** Tells that a branch or tag moved. */
export async function tellPush(
  state: State,
  repository: Repository,
  move: { readonly ref: string; readonly before: string; readonly after: string },
  by: TokenOf,
): Promise<void> {
  const none = '0'.repeat(40)
  const deleted = move.after === none
  const body = payload('push', 'event', {
    ...about(state, repository, by),
    ...move,
    created: move.before === none,
    deleted,
    forced: await isForced(repository, move),
    base_ref: null,
    compare: `${state.serverUrl}/${repository.fullName}/compare/${move.before.slice(0, 12)}...${move.after.slice(0, 12)}`,
    commits: [],
    head_commit: deleted ? null : await commitPayload(state, repository, move.after),
    pusher: { name: loginOf(by), email: `${loginOf(by)}@users.noreply.github.com` },
  })
  const runs = starts(by) && !deleted && !(await asksToSkip(repository, move.after))
  state.deliver(
    {
      repository: repository.fullName,
      event: 'push',
      action: undefined,
      payload: body,
      by,
      ref: move.ref,
      sha: move.after,
    },
    runs,
  )
}

async function isForced(repository: Repository, move: { before: string; after: string }): Promise<boolean> {
  const none = '0'.repeat(40)
  if (move.before === none || move.after === none) return false
  return !(await isAncestor(repository.folder, move.before, move.after))
}

/** A commit as payloads of `push` and `merge_group` have it. */
export async function commitPayload(
  state: State,
  repository: Repository,
  sha: string,
): Promise<Record<string, unknown>> {
  const { tree, author, committer, message } = await commitAt(repository.folder, sha)
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: time(committer.atMs),
    url: `${state.serverUrl}/${repository.fullName}/commit/${sha}`,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
    added: [],
    removed: [],
    modified: [],
  }
}
