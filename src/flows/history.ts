import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import type { Settings } from '../settings.ts'
import { commitOf, protectedBranch } from './checkout.ts'
import type { World } from './world.ts'

/** What a comparison starts from; `brought` says what had to be fetched for it. */
export interface Start {
  readonly name: string
  readonly commit: CommitId
  readonly brought?: string
}

/** How many commits more are fetched each time; at last all. */
const steps = [50, 500, undefined] as const

/**
 * Where a commit left the protected branch. In a shallow clone the branch and as much history as that takes are fetched.
 * @throws UserError `merge-base-unknown`, `branch-unknown`, `history-missing`
 */
export async function leftAt({ repo }: Pick<World, 'repo'>, head: CommitId, settings: Settings): Promise<Start> {
  const here = await protectedBranch({ repo }, settings).catch((error: unknown) => {
    if (repo.shallow && error instanceof UserError && error.code === 'branch-unknown') return undefined
    throw error
  })
  const found = here && (await repo.mergeBase(head, here.tip))
  if (here && found) return { name: here.name, commit: found }
  if (!repo.shallow)
    throw unrelated(here!.name, `name the commit to compare with: airlock affected --base ${here!.name}`)
  const branch = here?.name ?? settings.branch ?? 'main'
  for (const commits of steps) {
    await deepened(repo, branch, [head], commits)
    const { name, tip } = await protectedBranch({ repo }, { ...settings, branch })
    const commit = await repo.mergeBase(head, tip)
    if (commit) return { name, commit, brought: broughtText(`origin/${name}`, commits) }
  }
  throw unrelated(branch, 'git fetch --unshallow origin')
}

/** The commit that a revision names; in a shallow clone it is fetched. @throws UserError `revision-unknown`, `history-missing` */
export async function named({ repo }: Pick<World, 'repo'>, revision: string): Promise<Start> {
  const here = await repo.resolve(revision)
  if (here !== undefined || !repo.shallow) return { name: revision, commit: await commitOf({ repo }, revision) }
  const [, ref, back] = /^(?:origin\/)?([^~^@:]+)(.*)$/.exec(revision) ?? []
  if (ref === undefined) return { name: revision, commit: await commitOf({ repo }, revision) }
  const isLocal = ref === 'HEAD' || (back !== '' && (await repo.resolve(ref)) !== undefined)
  const isCommit = /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(ref)
  for (const commits of steps) {
    const tips = isLocal ? [await commitOf({ repo }, ref)] : isCommit ? [ref as CommitId] : []
    await deepened(repo, isLocal || isCommit ? undefined : ref, tips, commits)
    const commit = (await repo.resolve(revision)) ?? (await repo.resolve(`origin/${revision}`))
    if (commit) return { name: revision, commit, brought: broughtText(revision, commits) }
  }
  return { name: revision, commit: await commitOf({ repo }, revision) }
}

/** @throws UserError `history-missing` where origin does not give it */
async function deepened(
  repo: World['repo'],
  branch: string | undefined,
  tips: readonly CommitId[],
  commits: number | undefined,
): Promise<void> {
  try {
    await repo.deepen(branch, tips, commits)
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'git-failed') throw error
    const said = /(?:fatal|error): (.*)/.exec(error.message)?.[1]
    throw new UserError({
      code: 'history-missing',
      message: `this clone is shallow, and the history that it lacks could not be fetched${said ? `: ${said}` : ''}`,
      fix: 'git fetch --unshallow origin; or clone with more of its history (fetch-depth: 0)',
      exit: 2,
    })
  }
}

function broughtText(what: string, commits: number | undefined): string {
  return `this clone is shallow: fetched ${what} with ${commits === undefined ? 'its whole history' : `at most ${commits} commits more of history`}`
}

function unrelated(name: string, fix: string): UserError {
  return new UserError({
    code: 'merge-base-unknown',
    message: `${name} and HEAD have no common commit here`,
    fix,
    exit: 2,
  })
}
