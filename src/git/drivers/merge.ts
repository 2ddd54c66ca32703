import { UserError } from '../../error.ts'
import { historiesUnrelated, historyMissing } from '../missing.ts'
import type { CommitId, Merge, TreeId } from '../repo.ts'
import { type Git, gitIn, records } from './process.ts'

/** Merges two commits into a tree of the object store; needs Git 2.38. */
export async function merged(git: Git, ours: CommitId, theirs: CommitId, shallow: boolean): Promise<Merge> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs]
  const ran = await git.run(args, { expected: [0, 1, 128, 129] })
  if (ran.exitCode > 1) throw await failure(git, ran.stderr, { ours, theirs, shallow })
  const [tree = '', ...paths] = records(ran.stdout)
  if (ran.exitCode === 0) return { kind: 'clean', tree: tree as TreeId }
  return { kind: 'conflict', paths: [...new Set(paths.filter((path) => path !== ''))] }
}

/** Who makes merge commits that no branch has, and when: nobody, and never, so that every clone makes the same ones. */
const nobody = {
  GIT_AUTHOR_NAME: 'Airlock',
  GIT_AUTHOR_EMAIL: 'airlock@localhost',
  GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Airlock',
  GIT_COMMITTER_EMAIL: 'airlock@localhost',
  GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
}

/** The merge of two commits as a commit; undefined where they do not merge. */
export async function mergeCommit(
  git: Git,
  ours: CommitId,
  theirs: CommitId,
  shallow: boolean,
): Promise<CommitId | undefined> {
  const merge = await merged(git, ours, theirs, shallow)
  if (merge.kind === 'conflict') return undefined
  const args = ['commit-tree', '--no-gpg-sign', merge.tree, '-p', ours, '-p', theirs, '-m', 'Merge']
  const { stdout } = await gitIn(git.cwd, { ...git.env, ...nobody }).run(args)
  return stdout.toString('utf8').trim() as CommitId
}

async function failure(
  git: Git,
  stderr: string,
  { ours, theirs, shallow }: { readonly ours: CommitId; readonly theirs: CommitId; readonly shallow: boolean },
): Promise<UserError> {
  const pair = `${ours.slice(0, 12)} and ${theirs.slice(0, 12)}`
  if (/unrelated histories/.test(stderr))
    return shallow
      ? historyMissing(`the common ancestor of ${pair} is not in this shallow clone`)
      : historiesUnrelated(pair)
  const version = (await git.run(['version'])).stdout.toString('utf8').trim()
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? []
  if (Number(major) * 1000 + Number(minor) < 2038)
    return new UserError({
      code: 'git-too-old',
      message: `${version} cannot merge without a work tree, which the merge gate needs`,
      fix: 'install Git 2.38 or later',
      exit: 2,
    })
  return new UserError({
    code: 'git-failed',
    message: `git merge-tree ${pair} failed in ${git.cwd}: ${stderr.trim()}`,
    fix: 'run it by hand to see more; if the repository is damaged, git fsck names what is missing',
  })
}
