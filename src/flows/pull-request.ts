import type { CommitId } from '../git/repo.ts'
import type { Person } from '../records/document.ts'
import { transact, transactPullRequest } from '../records/journal.ts'
import type { PullRequestDocument } from '../records/pull-request.ts'
import { checkout, commitOf, protectedBranch } from './checkout.ts'
import { allDocuments } from './documents.ts'
import { flushSoon } from './flush.ts'
import { type Judged, judge, judgeOpen } from './gate.ts'
import { allPullRequests, openOn, written } from './pull-requests.ts'
import type { World } from './world.ts'

/** A pull request as whoever opens it describes it. */
export interface OpenRequest {
  readonly branch: string
  readonly title: string
  readonly author: string
  /** The next free one where left out. */
  readonly number?: number
}

type Needs = Omit<World, 'terraform'>

/** Records that a branch is to be merged (again), and judges it. @throws UserError `pull-request-refused` */
export async function openPullRequest(
  world: Needs,
  { branch, title, author, number: given }: OpenRequest,
): Promise<Judged> {
  const pulls = await allPullRequests(world)
  const number = given ?? openOn(pulls, branch)?.number ?? Math.max(0, ...pulls.map((it) => it.number)) + 1
  const head = await commitOf(world, branch)
  const here = await checkout(world, await commitOf(world, 'HEAD'))
  const base = await protectedBranch(world, here.settings)
  const command = { title, author, branch, head, base: { branch: base.name, commit: base.tip } }
  written(
    await transactPullRequest(world.journal, number, { kind: 'open', ...command }),
    number,
    await world.store.now(),
  )
  return (await judge(world, { number })).judged[0]!
}

/** Records that a pull request was closed without a merge: its plans do not count any more. */
export async function closePullRequest(world: Needs, number: number): Promise<PullRequestDocument> {
  const closed = await transactPullRequest(world.journal, number, { kind: 'close' })
  const pull = written(closed, number, await world.store.now())
  if (pull.state.kind === 'closed') await supersedePlansOf(world, pull)
  return pull
}

/** Records the merge of a pull request as a commit of the protected branch, and judges those that are still open. */
export async function mergePullRequest(world: Needs, number: number, commit: CommitId): Promise<readonly Judged[]> {
  const merged = await transactPullRequest(world.journal, number, { kind: 'merge', commit })
  written(merged, number, await world.store.now())
  return judgeOpen(world)
}

/** Records a person's word that a change in flight is overtaken by an open pull request, and judges that anew. */
export async function supersedePullRequest(
  world: Needs,
  number: number,
  over: { readonly pullRequest: number; readonly by: Person; readonly reason: string },
): Promise<Judged> {
  const decision = await transactPullRequest(world.journal, number, { kind: 'supersede', ...over })
  written(decision, number, await world.store.now())
  return (await judge(world, { number })).judged[0]!
}

/** The number of the open pull request of a branch; undefined where it has none. */
export async function pullRequestOf(
  world: Pick<World, 'store'>,
  branch: string | undefined,
): Promise<number | undefined> {
  return openOn(await allPullRequests(world), branch)?.number
}

async function supersedePlansOf(world: Needs, { number, branch }: PullRequestDocument): Promise<void> {
  for (const { address, plans } of (await allDocuments(world)).values()) {
    const gone = plans.filter(
      ({ status, pullRequest, branch: its }) =>
        status.kind === 'open' && (pullRequest === undefined ? its === branch : pullRequest === number),
    )
    if (gone.length === 0) continue
    await transact(world.journal, address, { kind: 'supersede', plans: gone.map(({ id }) => id), why: 'change-gone' })
    await flushSoon(world.journal, address)
  }
}
