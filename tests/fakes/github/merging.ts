import { tellPull } from './events.ts'
import { between, commitAt, commitOf, commitTree, mergedTree, pickedTree } from './git.ts'
import type { TokenOf } from './hub.ts'
import { writeRef } from './objects.ts'
import { moved } from './pulls.ts'
import { blocker } from './rules.ts'
import { loginOf, type PullRequest, Refusal, type Repository, type State } from './state.ts'

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

/** Notes that a pull request is merged, and tells it. */
export async function markMerged(
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
