import type { CommitId } from '../git/repo.ts'
import { branchNamed } from './checkout.ts'
import { forkOf } from './jobs.ts'
import type { World } from './world.ts'

/** What is planned of a change, and what it is compared with. */
export interface MergeResult {
  readonly commit: CommitId
  readonly base: CommitId
  /** The tip that `commit` is the merge with; left out where the change's own head is planned. */
  readonly onto?: CommitId
}

/**
 * What merging a change into a branch would give, as a commit that no branch has: that is what the gate asks plans of. The head
 * itself where it has all of the branch already, or where the two do not merge.
 */
export async function mergeResult(world: Pick<World, 'repo'>, head: CommitId, into: string): Promise<MergeResult> {
  const { tip } = await branchNamed(world, into)
  const fork = await forkOf(world, head, into)
  const merged = fork === tip ? undefined : await world.repo.mergeCommit(tip, head)
  return merged === undefined ? { commit: head, base: fork } : { commit: merged, base: tip, onto: tip }
}
