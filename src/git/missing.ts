import { UserError } from '../error.ts'
import type { CommitId, Repo } from './repo.ts'

/**
 * The commit that a revision names.
 * @throws UserError `revision-unknown`, or `history-missing` where a shallow clone may have cut it off
 */
export async function requireCommit(repo: Repo, revision: string): Promise<CommitId> {
  const commit = await repo.resolve(revision)
  if (commit !== undefined) return commit
  if (repo.shallow) throw historyMissing(`${revision} is not in this clone, whose history was cut off when it was made`)
  throw new UserError({
    code: 'revision-unknown',
    message: `no commit, branch or tag is named ${revision} in ${repo.root}`,
    fix: 'check the name (git branch --all), or fetch it: git fetch origin',
    exit: 2,
  })
}

/**
 * The commit where two histories part.
 * @throws UserError `history-missing` in a shallow clone, `histories-unrelated` where there is none
 */
export async function requireMergeBase(repo: Repo, a: CommitId, b: CommitId): Promise<CommitId> {
  const base = await repo.mergeBase(a, b)
  if (base !== undefined) return base
  const pair = `${a.slice(0, 12)} and ${b.slice(0, 12)}`
  if (repo.shallow) throw historyMissing(`the common ancestor of ${pair} is not in this shallow clone`)
  throw historiesUnrelated(pair)
}

/** Two commits, as they are named, that nothing connects. */
export function historiesUnrelated(pair: string): UserError {
  return new UserError({
    code: 'histories-unrelated',
    message: `${pair} have no common ancestor`,
    fix: 'name the base to compare with: --base REV',
    exit: 2,
  })
}

/** A path that a commit does not hold as a file. */
export function notInCommit(path: string, commit: CommitId): UserError {
  const short = commit.slice(0, 12)
  return new UserError({
    code: 'file-not-in-commit',
    message: `${path} is no file of commit ${short}`,
    fix: `look at what is there: git ls-tree ${short} -- ${path}`,
  })
}

/** What a shallow clone does not have. */
export function historyMissing(message: string): UserError {
  return new UserError({
    code: 'history-missing',
    message,
    fix: 'fetch the whole history: git fetch --unshallow (on GitHub Actions: fetch-depth: 0 in actions/checkout)',
    exit: 2,
  })
}
