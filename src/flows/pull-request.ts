import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import type { Person } from '../records/document.ts'
import { transact, transactPullRequest } from '../records/journal.ts'
import type { PullRequestDocument } from '../records/pull-request.ts'
import { person } from './approve.ts'
import { branchNamed, checkout, commitOf, protectedBranch } from './checkout.ts'
import { allDocuments } from './documents.ts'
import { flushSoon } from './flush.ts'
import { type Judged, judge, judgeOpen } from './gate.ts'
import { restorePlansOf } from './kept-plans.ts'
import { allPullRequests, openOn, pullRequestOf, written } from './pull-requests.ts'
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

/** A pull request as GitHub tells of it. */
export interface GivenPull {
  readonly number: number
  readonly title: string
  readonly author: string
  /** Its branch; of a fork it says nothing here. */
  readonly branch: string
  readonly fork: boolean
  readonly head: string
  /** Name of the branch that it is to be merged into. */
  readonly into: string
  readonly state: 'open' | 'closed'
  /** Where it is on that branch, once it was merged. */
  readonly merged: string | undefined
}

/**
 * Records how a pull request stands on GitHub: opened, opened again, pushed to, retargeted, closed, merged. What is said of
 * a commit that is no longer here counts as well.
 */
export async function followPull(world: Needs, given: GivenPull): Promise<PullRequestDocument> {
  const { number, title, author, branch, fork, head, into, state, merged } = given
  const known = (await allPullRequests(world)).find((it) => it.number === number)
  if (known?.state.kind === 'merged') return known
  const nowMs = await world.store.now()
  if (state === 'open' || known === undefined) {
    const { tip } = await branchNamed(world, into)
    const command = { title, author, branch, head, base: { branch: into, commit: tip } }
    const opened = await transactPullRequest(world.journal, number, {
      kind: 'open',
      ...command,
      hosted: fork ? 'fork' : 'here',
    })
    if (state === 'open') {
      const pull = written(opened, number, nowMs)
      if (known?.state.kind === 'closed') await restorePlansOf(world, pull)
      return pull
    }
  }
  if (merged === undefined) return closePullRequest(world, number)
  return written(await transactPullRequest(world.journal, number, { kind: 'merge', commit: merged }), number, nowMs)
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

/** A person's word that a change in flight is overtaken by an open pull request. */
export interface SupersedeRequest {
  /** The open pull request, or its branch; what is checked out where neither is named. */
  readonly number?: number
  readonly branch?: string
  /** The pull request that is in flight. */
  readonly over: number
  readonly reason: string
  /** Who says so; Git's user where left out. */
  readonly by?: Person
}

/** Records such a word in the name of Git's user, and judges anew. @throws UserError `pull-request-unknown` */
export async function supersedePullRequest(
  world: Needs,
  { over, reason, ...which }: SupersedeRequest,
): Promise<Judged> {
  const branch = which.branch ?? world.repo.branch
  const number = which.number ?? (await pullRequestOf(world, branch))
  if (number === undefined)
    throw new UserError({
      code: 'pull-request-unknown',
      message: `${branch ?? 'what is checked out'} has no open pull request, and such a word is kept in its record`,
      fix: 'name one that is open: airlock gate --all lists them',
      exit: 2,
    })
  const by = which.by ?? (await person(world))
  const command = { kind: 'supersede', pullRequest: over, by, reason } as const
  written(await transactPullRequest(world.journal, number, command), number, await world.store.now())
  return (await judge(world, { number })).judged[0]!
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
