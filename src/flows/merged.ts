import type { Subject } from '../affected/subject.ts'
import type { CommitId, CommitInfo, Repo } from '../git/repo.ts'
import type { AddressId } from '../records/address.ts'
import { appliedAt } from '../records/baseline.ts'
import type { Target } from '../records/document.ts'
import { readDocument } from '../records/journal.ts'
import { pullRequestIn } from '../records/merged-number.ts'
import type { PullRequestDocument } from '../records/pull-request.ts'
import type { MergedChange } from '../records/verdict.ts'
import { addressName, addressOf } from './documents.ts'
import { readBaseline } from './known.ts'
import { allPullRequests } from './pull-requests.ts'
import { commitsTouching } from './since.ts'
import type { World } from './world.ts'

/**
 * Tells which changes of the protected branch wait to be applied at an address, oldest first.
 * @param from the ledger's commit; undefined where nothing was applied yet
 * @param subject the instance at the tip; asked for only where pull requests alone do not tell
 */
export type MergedChanges = (
  address: AddressId,
  from: string | undefined,
  subject: () => Promise<Subject | undefined>,
) => Promise<readonly MergedChange[]>

/** The merged pull requests that a plan of the tip would bring to reality, oldest first. */
export async function mergedAt(
  world: Pick<World, 'repo' | 'store'>,
  tip: CommitId,
): Promise<(subject: Subject) => Promise<readonly number[]>> {
  const [pulls, baseline] = await Promise.all([allPullRequests(world), readBaseline(world)])
  const changesOf = mergedChanges(world.repo, tip, pulls)
  return async (subject) => {
    const address = addressOf(subject.instance)
    const id = addressName(subject.instance)
    const applied = appliedAt(await readDocument(world.store, address), baseline, id)
    const changes = await changesOf(id, applied?.commit, async () => subject)
    return [...new Set(changes.flatMap(({ pullRequest }) => pullRequest ?? []))]
  }
}

/**
 * Looks at merged pull requests by what they changed, and at other commits by what they touched.
 * @param targetsAt what a commit asks of each address: so that a commit which touched a file and asks for the same is not named
 */
export function mergedChanges(
  repo: Pick<Repo, 'log' | 'diff' | 'info' | 'resolve'>,
  tip: CommitId,
  pulls: readonly PullRequestDocument[],
  targetsAt?: TargetsAt,
): MergedChanges {
  const touching = commitsTouching(repo, tip)
  const merged = new Map(pulls.flatMap((it) => (it.state.kind === 'merged' ? [[it.state.commit, it] as const] : [])))
  const chains = new Map<string, Promise<readonly CommitInfo[]>>()
  const chain = (from: string) => {
    const known = chains.get(from) ?? mainLine(repo, from, tip)
    chains.set(from, known)
    return known
  }
  return async (address, from, subject) => {
    if (from === undefined) {
      const all = [...merged.values()].filter((it) => changes(it, address))
      return Promise.all(all.map(async (it) => toldBy(await infoOf(repo, it), it)))
    }
    const commits = await chain(from)
    const told = commits.flatMap((commit): MergedChange[] => {
      const pull = merged.get(commit.id)
      return pull?.outlook && changes(pull, address) ? [toldBy(commit, pull)] : []
    })
    const rest = commits.filter(({ id }) => merged.get(id)?.outlook === undefined)
    const of = rest.length > 0 ? await subject() : undefined
    const touched = new Set(of ? (await touching(of, from)).map(({ id }) => id) : [])
    const found = rest.filter(({ id }) => touched.has(id))
    const asked = targetsAt && found.length <= mostLookedAt ? await askedAnew(found, address, targetsAt) : found
    // Where a pull request explains it, or something else does, what only touched a file does not; else all that is known is told.
    const others = (told.length + asked.length > 0 ? asked : found).map((it) => toldBy(it, merged.get(it.id)))
    const order = new Map(commits.map(({ id }, index) => [id as string, index]))
    return [...told, ...others].sort((a, b) => order.get(b.commit)! - order.get(a.commit)!)
  }
}

/** What a commit asks of each address that it has; undefined where it does not resolve. */
export type TargetsAt = (commit: CommitId) => Promise<ReadonlyMap<AddressId, Target> | undefined>

/** More commits than this are not resolved to learn which of them it was. */
const mostLookedAt = 8

/** Those of the commits after which another thing is asked of an address than before; one that does not resolve may be one. */
async function askedAnew(
  commits: readonly CommitInfo[],
  address: AddressId,
  targetsAt: TargetsAt,
): Promise<readonly CommitInfo[]> {
  const found: CommitInfo[] = []
  for (const commit of commits) {
    const [parent] = commit.parents
    const [after, before] = [await targetsAt(commit.id), parent && (await targetsAt(parent))]
    if (!after || !before || after.get(address) !== before.get(address)) found.push(commit)
  }
  return found
}

function changes({ outlook }: PullRequestDocument, address: AddressId): boolean {
  return outlook?.instances.some((it) => it.address === address && it.kind !== 'may' && it.kind !== 'absent') ?? false
}

function toldBy({ id, subject, author, timeMs }: CommitInfo, pull: PullRequestDocument | undefined): MergedChange {
  const pullRequest = pull?.number ?? pullRequestIn(subject)
  return { commit: id, subject, author, atMs: timeMs, ...(pullRequest !== undefined && { pullRequest }) }
}

async function infoOf(
  repo: Pick<Repo, 'info' | 'resolve'>,
  { state, title, author, atMs }: PullRequestDocument,
): Promise<CommitInfo> {
  const commit = state.kind === 'merged' ? state.commit : ''
  const found = await repo.resolve(commit)
  return found ? repo.info(found) : { id: commit as CommitId, parents: [], subject: title, author, timeMs: atMs }
}

/** The protected branch's own commits since `from`, newest first: what a merge brought with it speaks through the merge. */
async function mainLine(
  repo: Pick<Repo, 'log' | 'resolve'>,
  from: string,
  tip: CommitId,
): Promise<readonly CommitInfo[]> {
  const start = await repo.resolve(from)
  if (start === undefined) return []
  const since = new Map((await repo.log(start, tip)).map((info) => [info.id, info]))
  const line: CommitInfo[] = []
  for (let info = since.get(tip); info !== undefined; info = since.get(info.parents[0]!)) line.push(info)
  return line
}
