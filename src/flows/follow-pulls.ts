import type { Pull } from '../github/pulls.ts'
import { fold } from '../records/fold.ts'
import { transactPullRequest } from '../records/journal.ts'
import type { PullRequestDocument } from '../records/pull-request.ts'
import { branchNamed, checkout } from './checkout.ts'
import { keepCopies } from './documents.ts'
import { DAY_MS } from './plan-one.ts'
import { followPull, type GivenPull } from './pull-request.ts'
import { allPullRequests, written } from './pull-requests.ts'
import type { GitHubWorld } from './world.ts'

type Needs = Omit<GitHubWorld, 'terraform'>

/** How a pull request stands on GitHub now, whatever an event said, recorded; its head is here afterwards. */
export async function followOnGitHub(world: Needs, number: number): Promise<PullRequestDocument> {
  const pull = await world.github.pulls.get(number)
  const document = await followPull(world, givenPull(pull))
  await bringHeads(world, [document])
  return document
}

/**
 * Follows all pull requests: those that are open, and those that the records take for open and that are not any more, since
 * an event may have been missed.
 */
export async function followAll(world: Needs): Promise<readonly PullRequestDocument[]> {
  const open = await world.github.pulls.open()
  const listed = new Set(open.map(({ number }) => number))
  const known = await allPullRequests(world)
  const vanished = known.filter(({ state, number, hosted }) => state.kind === 'open' && hosted && !listed.has(number))
  const followed: PullRequestDocument[] = []
  for (const pull of open) followed.push(await followPull(world, givenPull(pull)))
  for (const { number } of vanished)
    followed.push(await followPull(world, givenPull(await world.github.pulls.get(number))))
  await bringHeads(world, followed)
  return followed
}

function givenPull({ number, title, author, head, base, state, merged }: Pull): GivenPull {
  const about = { number, title, author, branch: head.branch, fork: head.fork, head: head.commit, into: base.branch }
  return { ...about, state, merged: merged?.commit }
}

/** Heads of forks, and such as were pushed since this clone was made, are fetched; nothing is checked out. */
async function bringHeads({ repo }: Needs, pulls: readonly PullRequestDocument[]): Promise<void> {
  const missing: string[] = []
  for (const { number, head, state } of pulls)
    if (state.kind === 'open' && (await repo.resolve(head)) === undefined) missing.push(`refs/pull/${number}/head`)
  await repo.bring(missing)
}

/** Which plans were taken in, and what was left where it lay, since nobody vouches for it. */
export interface FoldOutcome {
  readonly plans: number
  readonly foreign: readonly string[]
}

/**
 * Takes what plan jobs left into the documents, by the settings of the branch that is merged into: never by those of a
 * pull request.
 * @param planned the pull request whose head this run has planned
 */
export async function foldRun(
  world: Needs,
  into: string,
  planned?: { readonly number: number; readonly head: string; readonly run: string },
): Promise<FoldOutcome> {
  const { settings } = await checkout(world, (await branchNamed(world, into)).tip)
  // Without a store that jobs share nothing is applied: such a job was handed what tells of plans, and no plan.
  const sealed = world.store.url.startsWith('file:') ? 'elsewhere' : 'here'
  const { plans, foreign } = await fold(world.journal, { maxAgeMs: settings.planDays * DAY_MS, sealed })
  if (planned) {
    const { number, head, run } = planned
    const note = await transactPullRequest(world.journal, number, { kind: 'note', notes: { planned: { head, run } } })
    written(note, number, await world.store.now())
  }
  await keepCopies(world)
  return { plans: plans.length, foreign }
}
