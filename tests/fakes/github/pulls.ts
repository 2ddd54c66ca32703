import { about, counts, starts, tellPull, tellPush } from './events.ts'
import { between, commitAt, commitOf, commitTree, git, isAncestor, mergedTree, pickedTree } from './git.ts'
import type { TokenOf } from './hub.ts'
import { writeRef } from './objects.ts'
import { left, queueMoved } from './queue.ts'
import { blocker, rulesOf } from './rules.ts'
import { payload } from './schemas.ts'
import {
  accountOf,
  invalid,
  loginOf,
  missing,
  type PullRequest,
  type PullReview,
  Refusal,
  type Repository,
  repositoryOf,
  type State,
} from './state.ts'
import { pullView, reviewView } from './views.ts'

/** A branch or tag that moved: forty zeros for one that was not there, or is no more. */
export interface Move {
  readonly ref: string
  readonly before: string
  readonly after: string
}

const none = '0'.repeat(40)

/** Renews refs/pull/N/head and the test merge at refs/pull/N/merge; a pull request that conflicts has none. */
export async function remerge(repository: Repository, pull: PullRequest): Promise<void> {
  const base = await commitOf(repository.folder, `refs/heads/${pull.baseBranch}`)
  await writeRef(repository.folder, `refs/pull/${pull.number}/head`, pull.headSha)
  const ref = `refs/pull/${pull.number}/merge`
  const tree = base === undefined ? undefined : await mergedTree(repository.folder, base, pull.headSha)
  if (tree === undefined || base === undefined) {
    pull.mergeSha = undefined
    await writeRef(repository.folder, ref, undefined)
    return
  }
  pull.mergeSha = await commitTree(repository.folder, tree, [base, pull.headSha], `Merge ${pull.headSha} into ${base}`)
  await writeRef(repository.folder, ref, pull.mergeSha)
}

/** Carries out all that follows from moved branches: push events, pull requests that get a new head or base, or are merged by it. */
export async function moved(state: State, repository: Repository, moves: readonly Move[], by: TokenOf): Promise<void> {
  for (const move of moves) {
    if (!move.ref.startsWith('refs/heads/') && !move.ref.startsWith('refs/tags/')) continue
    await tellPush(state, repository, move, by)
    if (move.ref.startsWith('refs/heads/')) await branchMoved(state, repository, move, by)
  }
}

async function branchMoved(state: State, repository: Repository, move: Move, by: TokenOf): Promise<void> {
  const branch = move.ref.slice('refs/heads/'.length)
  for (const base of state.repositories.values()) {
    for (const pull of base.pulls.values()) {
      if (pull.state === 'closed') continue
      const isHead = pull.headRepository === repository.fullName && pull.headBranch === branch
      const isBase = base === repository && pull.baseBranch === branch
      if (isHead && move.after === none) await closePull(state, base, pull, by)
      else if (isHead && move.after !== pull.headSha) await synchronize(state, base, pull, move.after, by)
      else if (isBase && move.after !== none) {
        if (await isAncestor(base.folder, pull.headSha, move.after)) await markMerged(state, base, pull, move.after, by)
        else await remerge(base, pull)
      }
    }
  }
}

async function synchronize(
  state: State,
  repository: Repository,
  pull: PullRequest,
  after: string,
  by: TokenOf,
): Promise<void> {
  const before = pull.headSha
  await takeHead(state, repository, pull, after)
  pull.updatedMs = state.now()
  await remerge(repository, pull)
  await left(state, repository, pull, by)
  await tellPull(state, repository, pull, 'synchronize', by, { before, after })
  if (!rulesOf(repository, pull.baseBranch).dismissStale) return
  for (const review of pull.reviews.filter((it) => it.state === 'APPROVED')) {
    review.state = 'DISMISSED'
    await tellReview(state, repository, pull, review, 'dismissed', by)
  }
}

/** Brings a head's objects into the base repository, from a fork too. */
async function takeHead(state: State, repository: Repository, pull: PullRequest, sha: string): Promise<void> {
  const from = repositoryOf(state, pull.headRepository)
  if (from !== repository) await git(repository.folder, ['fetch', '--quiet', from.folder, sha])
  pull.headSha = sha
  pull.baseSha = (await commitOf(repository.folder, `refs/heads/${pull.baseBranch}`)) ?? pull.baseSha
}

/** Opens a pull request; `head` is a branch, or `ann:branch` for a fork's. */
export async function openPull(
  state: State,
  repository: Repository,
  of: { title: string; body?: string | null; head: string; base: string; draft?: boolean },
  by: TokenOf,
): Promise<PullRequest> {
  const [owner, branch] = of.head.includes(':') ? of.head.split(/:(.*)/s) : [repository.owner, of.head]
  const from = [...state.repositories.values()].find(
    (it) => it.owner === owner && (it === repository || it.parent === repository.fullName),
  )
  const headSha = from === undefined ? undefined : await commitOf(from.folder, `refs/heads/${branch}`)
  if (from === undefined || headSha === undefined || branch === undefined) {
    throw invalid('PullRequest', 'head', 'head is invalid', 'invalid')
  }
  const baseSha = await commitOf(repository.folder, `refs/heads/${of.base}`)
  if (baseSha === undefined) throw invalid('PullRequest', 'base', 'base is invalid', 'invalid')
  const twin = [...repository.pulls.values()].find(
    (it) =>
      it.state === 'open' &&
      it.headRepository === from.fullName &&
      it.headBranch === branch &&
      it.baseBranch === of.base,
  )
  if (twin !== undefined) {
    throw invalid('PullRequest', 'head', `A pull request already exists for ${owner}:${branch}.`)
  }
  if (from !== repository) await git(repository.folder, ['fetch', '--quiet', from.folder, headSha])
  if (await isAncestor(repository.folder, headSha, baseSha)) {
    throw invalid('PullRequest', 'head', `No commits between ${of.base} and ${branch}`)
  }
  const now = state.now()
  const pull: PullRequest = {
    id: state.id(),
    number: repository.nextNumber++,
    user: loginOf(by),
    title: of.title,
    body: of.body ?? null,
    state: 'open',
    labels: [],
    createdMs: now,
    updatedMs: now,
    closedMs: undefined,
    draft: of.draft === true,
    headRepository: from.fullName,
    headBranch: branch,
    headSha,
    baseBranch: of.base,
    baseSha,
    mergeSha: undefined,
    merged: undefined,
    reviews: [],
  }
  accountOf(state, pull.user)
  repository.pulls.set(pull.number, pull)
  repository.issues.set(pull.number, pull)
  await remerge(repository, pull)
  await tellPull(state, repository, pull, 'opened', by)
  return pull
}

/** Closes without merging. */
export async function closePull(state: State, repository: Repository, pull: PullRequest, by: TokenOf): Promise<void> {
  if (pull.state === 'closed') return
  pull.state = 'closed'
  pull.closedMs = state.now()
  pull.updatedMs = state.now()
  await left(state, repository, pull, by)
  await tellPull(state, repository, pull, 'closed', by)
}

/** Opens again what was closed and not merged. */
export async function reopenPull(state: State, repository: Repository, pull: PullRequest, by: TokenOf): Promise<void> {
  if (pull.state === 'open') return
  const from = repositoryOf(state, pull.headRepository)
  const sha = await commitOf(from.folder, `refs/heads/${pull.headBranch}`)
  if (pull.merged !== undefined || sha === undefined) {
    throw invalid('PullRequest', 'state', 'state cannot be changed. The pull request cannot be reopened.', 'invalid')
  }
  pull.state = 'open'
  pull.closedMs = undefined
  pull.updatedMs = state.now()
  await takeHead(state, repository, pull, sha)
  await remerge(repository, pull)
  await tellPull(state, repository, pull, 'reopened', by)
}

/** Changes title, body or base; a changed base is a new question to every check. */
export async function editPull(
  state: State,
  repository: Repository,
  pull: PullRequest,
  to: { readonly title?: string; readonly body?: string; readonly base?: string },
  by: TokenOf,
): Promise<void> {
  const changes: Record<string, unknown> = {}
  if (to.base !== undefined && to.base !== pull.baseBranch) {
    const sha = await commitOf(repository.folder, `refs/heads/${to.base}`)
    if (sha === undefined || pull.state === 'closed') throw invalid('PullRequest', 'base', 'base is invalid', 'invalid')
    changes.base = { ref: { from: pull.baseBranch }, sha: { from: pull.baseSha } }
    await left(state, repository, pull, by)
    pull.baseBranch = to.base
    pull.baseSha = sha
    await remerge(repository, pull)
  }
  if (to.title !== undefined && to.title !== pull.title) {
    changes.title = { from: pull.title }
    pull.title = to.title
  }
  if (to.body !== undefined && to.body !== pull.body) {
    changes.body = { from: pull.body ?? '' }
    pull.body = to.body
  }
  if (Object.keys(changes).length === 0) return
  pull.updatedMs = state.now()
  await tellPull(state, repository, pull, 'edited', by, { changes })
}

/** Gives a draft for review, or takes it back. */
export async function setDraft(
  state: State,
  repository: Repository,
  pull: PullRequest,
  draft: boolean,
  by: TokenOf,
): Promise<void> {
  if (pull.draft === draft) return
  pull.draft = draft
  await tellPull(state, repository, pull, draft ? 'converted_to_draft' : 'ready_for_review', by)
}

/** Makes the commit (or commits) that a merge puts on top of a base commit. */
export async function mergeCommit(
  repository: Repository,
  pull: PullRequest,
  base: string,
  method: 'squash' | 'merge' | 'rebase',
  more: { readonly title?: string | undefined; readonly message?: string | undefined; readonly author: string },
): Promise<string | undefined> {
  const author = { name: more.author, email: `${more.author}@users.noreply.github.com` }
  if (method === 'rebase') {
    const own = (await between(repository.folder, base, pull.headSha)).reverse()
    let onto = base
    for (const sha of own) {
      if ((await commitAt(repository.folder, sha)).parents.length > 1) continue
      const tree = await pickedTree(repository.folder, onto, sha)
      if (tree === undefined) return undefined
      const { message } = await commitAt(repository.folder, sha)
      onto = await commitTree(repository.folder, tree, [onto], message, author)
    }
    return onto
  }
  const tree = await mergedTree(repository.folder, base, pull.headSha)
  if (tree === undefined) return undefined
  const title =
    more.title ??
    (method === 'squash'
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${pull.headRepository.split('/')[0]}/${pull.headBranch}`)
  const body = more.message ?? (method === 'merge' ? pull.title : '')
  const parents = method === 'squash' ? [base] : [base, pull.headSha]
  return commitTree(repository.folder, tree, parents, body === '' ? title : `${title}\n\n${body}`, author)
}

/** Merges as somebody, if the rules allow it. */
export async function mergePull(
  state: State,
  repository: Repository,
  pull: PullRequest,
  how: { method?: 'squash' | 'merge' | 'rebase'; sha?: string; title?: string; message?: string },
  by: TokenOf,
): Promise<string> {
  const method = how.method ?? 'merge'
  if (pull.state === 'closed') throw new Refusal(405, 'Pull Request is not mergeable')
  if (pull.draft) throw new Refusal(405, 'Pull Request is still a draft')
  if (how.sha !== undefined && how.sha !== pull.headSha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  }
  const allowed = {
    squash: repository.allowsSquash,
    merge: repository.allowsMergeCommit,
    rebase: repository.allowsRebase,
  }
  if (!allowed[method]) {
    const name = { squash: 'Squash merges', merge: 'Merge commits', rebase: 'Rebase merges' }[method]
    throw new Refusal(405, `${name} are not allowed on this repository.`)
  }
  const why = blocker(repository, pull, by)
  if (why !== undefined) throw new Refusal(405, why)
  const base = (await commitOf(repository.folder, `refs/heads/${pull.baseBranch}`))!
  const sha = await mergeCommit(repository, pull, base, method, {
    title: how.title,
    message: how.message,
    author: loginOf(by),
  })
  if (sha === undefined) throw new Refusal(405, 'Pull Request is not mergeable')
  await land(state, repository, pull, base, sha, by)
  return sha
}

/** Moves the base branch to a merge, and tells it all. */
export async function land(
  state: State,
  repository: Repository,
  pull: PullRequest,
  base: string,
  sha: string,
  by: TokenOf,
): Promise<void> {
  await writeRef(repository.folder, `refs/heads/${pull.baseBranch}`, sha, base)
  await markMerged(state, repository, pull, sha, by)
  await moved(state, repository, [{ ref: `refs/heads/${pull.baseBranch}`, before: base, after: sha }], by)
}

async function markMerged(
  state: State,
  repository: Repository,
  pull: PullRequest,
  sha: string,
  by: TokenOf,
): Promise<void> {
  pull.state = 'closed'
  pull.closedMs = state.now()
  pull.updatedMs = state.now()
  pull.merged = { sha, by: loginOf(by), atMs: state.now() }
  await tellPull(state, repository, pull, 'closed', by)
}

/** Adds a review. */
export async function reviewPull(
  state: State,
  repository: Repository,
  pull: PullRequest,
  of: { event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'; body?: string; commit?: string },
  by: TokenOf,
): Promise<PullReview> {
  if (of.event !== 'COMMENT' && pull.user === loginOf(by)) {
    const what = of.event === 'APPROVE' ? 'approve' : 'request changes on'
    throw new Refusal(422, 'Unprocessable Entity', { errors: [`Can not ${what} your own pull request`] })
  }
  if (by.kind === 'job' && of.event === 'APPROVE' && !repository.actions.approvesPulls) {
    throw new Refusal(422, 'Unprocessable Entity', {
      errors: ['GitHub Actions is not permitted to approve pull requests.'],
    })
  }
  if (of.event !== 'APPROVE' && (of.body ?? '') === '') {
    throw new Refusal(422, 'Unprocessable Entity', { errors: ['body can’t be blank'] })
  }
  const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const
  const review: PullReview = {
    id: state.id(),
    user: loginOf(by),
    state: states[of.event],
    body: of.body ?? '',
    commit: of.commit ?? pull.headSha,
    submittedMs: state.now(),
  }
  pull.reviews.push(review)
  await tellReview(state, repository, pull, review, 'submitted', by)
  return review
}

/** Takes away a review's say. */
export async function dismissReview(
  state: State,
  repository: Repository,
  pull: PullRequest,
  id: number,
  by: TokenOf,
): Promise<PullReview> {
  const review = pull.reviews.find((it) => it.id === id)
  if (review === undefined) throw missing()
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw new Refusal(422, 'Unprocessable Entity', { errors: ['Can not dismiss a commented pull request review'] })
  }
  review.state = 'DISMISSED'
  await tellReview(state, repository, pull, review, 'dismissed', by)
  return review
}

async function tellReview(
  state: State,
  repository: Repository,
  pull: PullRequest,
  review: PullReview,
  action: 'submitted' | 'dismissed',
  by: TokenOf,
): Promise<void> {
  const view = reviewView(state, repository, pull, review)
  const body = payload('pull_request_review', action, {
    action,
    ...about(state, repository, by),
    pull_request: pullView(state, repository, pull),
    review: { ...view, state: review.state.toLowerCase() },
  })
  state.deliver(
    {
      repository: repository.fullName,
      event: 'pull_request_review',
      action,
      payload: body,
      by,
      ref: `refs/pull/${pull.number}/merge`,
      sha: pull.mergeSha ?? pull.headSha,
    },
    starts(by) && pull.mergeSha !== undefined,
  )
  queueMoved(state, repository)
}

/** A pull request by number. @throws Refusal 404 */
export function pullOf(repository: Repository, number: number): PullRequest {
  const pull = repository.pulls.get(number)
  if (pull === undefined) throw missing()
  return pull
}

export { counts }
