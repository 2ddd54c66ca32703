import { tellPull, tellPush } from './events.ts'
import { commitOf, commitTree, git, isAncestor, mergedTree } from './git.ts'
import type { TokenOf } from './hub.ts'
import { markMerged } from './merging.ts'
import { writeRef } from './objects.ts'
import { left } from './queue.ts'
import { tellReview } from './reviews.ts'
import { rulesOf } from './rules.ts'
import {
  accountOf,
  invalid,
  loginOf,
  missing,
  type PullRequest,
  type Repository,
  repositoryOf,
  type State,
} from './state.ts'

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
  repository.pushedMs = state.now()
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

/** A pull request by number. @throws Refusal 404 */
export function pullOf(repository: Repository, number: number): PullRequest {
  const pull = repository.pulls.get(number)
  if (pull === undefined) throw missing()
  return pull
}
