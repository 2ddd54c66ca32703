import { about, commitPayload, starts, tellPull } from './events.ts'
import { commitOf } from './git.ts'
import type { TokenOf } from './hub.ts'
import { writeRef } from './objects.ts'
import { land, mergeCommit } from './pulls.ts'
import { opinions, rulesOf, stateOf } from './rules.ts'
import { payload } from './schemas.ts'
import { exclusive, type PullRequest, type QueueEntry, Refusal, type Repository, type State } from './state.ts'

const queueBot: TokenOf = { kind: 'app', slug: 'github-merge-queue', permissions: { contents: 'write' } }

/** Puts a pull request into its branch's merge queue: a temporary branch with it merged, for which checks are asked. */
export async function enqueue(state: State, repository: Repository, pull: PullRequest, by: TokenOf): Promise<void> {
  const rules = rulesOf(repository, pull.baseBranch)
  if (rules.queue === undefined) throw new Refusal(422, `There is no merge queue for ${pull.baseBranch}`)
  if (pull.state === 'closed' || pull.draft || pull.mergeSha === undefined) {
    throw new Refusal(422, 'Pull request is not mergeable')
  }
  const missing = rules.required.find((it) => stateOf(repository, pull.headSha, it) !== 'success')
  if (missing !== undefined) throw new Refusal(422, `Required status check "${missing.context}" has not succeeded.`)
  const approved = [...opinions(repository, pull).values()].filter((it) => it === 'APPROVED').length
  if (approved < rules.reviews) throw new Refusal(422, 'Pull request needs approving reviews')
  if (repository.queue.some((it) => it.number === pull.number))
    throw new Refusal(422, 'Pull request is already in the queue')
  await tellPull(state, repository, pull, 'enqueued', by)
  await build(state, repository, pull, by)
  await advance(state, repository)
}

/** Merges a pull request upon what is before it in the queue. */
async function build(state: State, repository: Repository, pull: PullRequest, by: TokenOf): Promise<void> {
  const before = repository.queue.filter((it) => repository.pulls.get(it.number)?.baseBranch === pull.baseBranch).at(-1)
  const base = before?.sha ?? (await commitOf(repository.folder, `refs/heads/${pull.baseBranch}`))!
  const method = rulesOf(repository, pull.baseBranch).queue?.method ?? 'merge'
  const sha = await mergeCommit(repository, pull, base, method, { author: 'github-merge-queue[bot]' })
  if (sha === undefined) {
    await tellPull(state, repository, pull, 'dequeued', queueBot, { reason: 'MERGE_CONFLICT' })
    return
  }
  const branch = `gh-readonly-queue/${pull.baseBranch}/pr-${pull.number}-${base}`
  await writeRef(repository.folder, `refs/heads/${branch}`, sha)
  repository.queue.push({
    number: pull.number,
    by: by.kind === 'user' ? by.login : 'github-merge-queue[bot]',
    branch,
    sha,
  })
  await tellGroup(state, repository, pull, { branch, sha, base }, 'checks_requested')
}

async function tellGroup(
  state: State,
  repository: Repository,
  pull: PullRequest,
  of: { readonly branch: string; readonly sha: string; readonly base: string },
  action: 'checks_requested' | 'destroyed',
  reason?: 'merged' | 'dequeued' | 'invalidated',
): Promise<void> {
  const commit = await commitPayload(state, repository, of.sha)
  const body = payload('merge_group', action, {
    action,
    ...about(state, repository, queueBot),
    ...(reason === undefined ? {} : { reason }),
    merge_group: {
      head_sha: of.sha,
      head_ref: `refs/heads/${of.branch}`,
      base_sha: of.base,
      base_ref: `refs/heads/${pull.baseBranch}`,
      head_commit: {
        id: commit.id,
        tree_id: commit.tree_id,
        message: commit.message,
        timestamp: commit.timestamp,
        author: commit.author,
        committer: commit.committer,
      },
    },
  })
  const delivery = { repository: repository.fullName, event: 'merge_group', action, payload: body, by: queueBot }
  state.deliver(
    { ...delivery, ref: `refs/heads/${of.branch}`, sha: of.sha },
    action === 'checks_requested' && starts(queueBot),
  )
}

/** Something that queues wait for has changed: looks at them after what is going on. */
export function queueMoved(state: State, repository: Repository): void {
  if (repository.queue.length > 0) void exclusive(repository, () => advance(state, repository))
}

/** Merges from the front what is green, and throws out what is red. */
async function advance(state: State, repository: Repository): Promise<void> {
  for (;;) {
    const first = repository.queue[0]
    const pull = first === undefined ? undefined : repository.pulls.get(first.number)
    if (first === undefined || pull === undefined) return
    const { required } = rulesOf(repository, pull.baseBranch)
    const states = required.map((it) => stateOf(repository, first.sha, it))
    if (states.includes('failure')) {
      await remove(state, repository, first, 'CI_FAILURE')
      continue
    }
    if (!states.every((it) => it === 'success')) return
    const base = (await commitOf(repository.folder, `refs/heads/${pull.baseBranch}`))!
    repository.queue.shift()
    await writeRef(repository.folder, `refs/heads/${first.branch}`, undefined)
    await tellGroup(state, repository, pull, { ...first, base }, 'destroyed', 'merged')
    await land(state, repository, pull, base, first.sha, queueBot)
  }
}

/** Throws an entry out, and builds those behind it again without it. */
async function remove(
  state: State,
  repository: Repository,
  entry: QueueEntry,
  reason: 'CI_FAILURE' | 'MANUAL',
): Promise<void> {
  const at = repository.queue.indexOf(entry)
  const later = repository.queue.splice(at)
  for (const it of later) {
    await writeRef(repository.folder, `refs/heads/${it.branch}`, undefined)
    const pull = repository.pulls.get(it.number)!
    await tellGroup(
      state,
      repository,
      pull,
      { ...it, base: it.branch.slice(-40) },
      'destroyed',
      it === entry ? 'dequeued' : 'invalidated',
    )
  }
  const pull = repository.pulls.get(entry.number)!
  await tellPull(state, repository, pull, 'dequeued', queueBot, { reason })
  for (const it of later.slice(1)) {
    await build(state, repository, repository.pulls.get(it.number)!, { kind: 'user', login: it.by })
  }
}

/** A pull request that changed leaves the queue. */
export async function left(state: State, repository: Repository, pull: PullRequest, by: TokenOf): Promise<void> {
  const entry = repository.queue.find((it) => it.number === pull.number)
  if (entry !== undefined && by !== queueBot) await remove(state, repository, entry, 'MANUAL')
}
