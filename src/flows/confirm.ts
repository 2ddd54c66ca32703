import { UserError } from '../error.ts'
import type { GitHub } from '../github/github.ts'
import type { Pull } from '../github/pulls.ts'
import type { AddressDocument, Person } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import type { OwnersNeed } from '../records/pull-request.ts'
import type { ApprovalKind } from '../settings.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { approvalKind } from './approval-kind.ts'
import { type Asking, asking } from './asking.ts'
import { flushSoon } from './flush.ts'
import { type Answers, answers, type Given, type How, keyOf, type Question } from './github-approvals.ts'
import { ownersAtTip, ownersMissing } from './owners-word.ts'
import { ruleOf } from './plan-again.ts'
import { hasTask, type Status } from './status.ts'
import type { Task } from './task.ts'
import type { World } from './world.ts'

/** What reading the approvals of an instance again came to. */
export interface Confirmed {
  /** New to the records. */
  readonly given: readonly Given[]
  /** In the records until now, and not confirmed. */
  readonly withdrawn: readonly { readonly by: Person; readonly why: string }[]
  /** Why no review counts (yet), in words. */
  readonly why: readonly string[]
  /** It came to the protected branch past any pull request. */
  readonly unreviewed: boolean
}

/** Makes the records of an instance, as they were just read, agree with what GitHub says of its approvals at this moment. */
export type Confirm = (task: Task, document: AddressDocument) => Promise<Confirmed>

const unchanged: Confirmed = { given: [], withdrawn: [], why: [], unreviewed: false }

/** In which ways an instance is approved on GitHub. What no review can be of is approved in words, or by an environment. */
const ways: Readonly<Record<ApprovalKind, readonly How[]>> = {
  review: ['review', 'comment', 'environment'],
  comment: ['comment'],
  environment: ['environment'],
  local: [],
  none: [],
}

/** Instances that begin within this time of each other share what GitHub said: a run asks by time, not by instances. */
export const freshMs = 10_000

/** Where an approval comes from: at most so many commits are asked for their pull requests. */
const mostCommits = 20

/**
 * Reads approvals again where they were given, for the instances of a status. On a laptop, with records on this machine and
 * without GitHub, the records are the place where they were given.
 * @param approvalRun the run in which reviewers of an environment have agreed just now
 * @param together one look for all instances, instead of one that is never older than some seconds
 */
export function confirmer(
  world: Omit<World, 'terraform'>,
  at: Pick<Status, 'branch' | 'commits' | 'checkout'>,
  approvalRun?: number,
  together?: Asking,
): Confirm {
  const owners = ownersAtTip(at.checkout)
  const isHere = world.store.url.startsWith('file:')
  const fresh = world.github && asking(world.github, freshMs)
  return async (task, document) => {
    const { instance } = task.subject
    if (ruleOf(task) === 'none') return unchanged
    const kind = approvalKind(world, instance)
    if (isHere && (kind === 'local' || world.github === undefined)) return unchanged
    const recorded = document.approvals.filter(({ fingerprint }) => fingerprint === task.target)
    const ask = together ?? fresh
    if (ask === undefined) {
      if (recorded.length === 0) return unchanged
      throw unconfirmed(instance.id, kind)
    }
    const question: Question = {
      document,
      target: task.target,
      branch: at.branch.name,
      pulls: await pullsOf(ask, at, instance.id, document, task.target),
      remedies: task.action === 'remediate',
    }
    const said = await answers(world, ask, question, ways[kind], approvalRun)
    return agree(world, document, question, await withOwners(ask, await owners(task.subject), said))
  }
}

/** Reads approvals of everything that is in flight again. */
export async function recordApprovals(
  world: Omit<World, 'terraform'> & { readonly github: GitHub },
  at: Status,
  approvalRun?: number,
  ask: Asking = asking(world.github),
): Promise<ReadonlyMap<InstanceId, Confirmed>> {
  const confirm = confirmer(world, at, approvalRun, ask)
  const found = new Map<InstanceId, Confirmed>()
  for (const item of at.items) {
    if (!hasTask(item) || item.plan === undefined || item.approval?.kind === 'not-needed') continue
    found.set(item.id, await confirm(item.task, item.document))
  }
  return found
}

/**
 * The merged pull requests that brought what an instance is asked for to the protected branch: those that its commits came with,
 * and those for which the very same was planned.
 */
export async function pullsOf(
  ask: Asking,
  { branch, commits }: Pick<Status, 'branch' | 'commits'>,
  id: InstanceId,
  { plans }: AddressDocument,
  target: string,
): Promise<readonly Pull[]> {
  const numbers = new Set(plans.flatMap((it) => (it.fingerprint === target ? (it.pullRequest ?? []) : [])))
  const planned = await Promise.all([...numbers].map((number) => ask.pull(number)))
  const merges = new Set(planned.map((pull) => pull?.merged?.commit))
  // GitHub names the pull request of a merge from both sides: which commit it became is told with what it is.
  const touching = (commits.get(id) ?? []).slice(0, mostCommits).filter((commit) => !merges.has(commit.id))
  const came = (await Promise.all(touching.toReversed().map((commit) => ask.ofCommit(commit.id)))).flat()
  const found = new Map<number, Pull>()
  for (const pull of [...came, ...planned])
    if (pull?.merged !== undefined && pull.base.branch === branch.name) found.set(pull.number, pull)
  return [...found.values()].sort((a, b) => a.number - b.number)
}

/** Of people's words, those count for which owners agreed too; what reviewers of an environment say is theirs to say. */
async function withOwners(ask: Asking, needs: readonly OwnersNeed[], said: Answers): Promise<Answers> {
  const given: Given[] = []
  const refused = new Map(said.refused)
  const why = new Set(said.why)
  for (const digest of new Set(said.given.map((it) => it.digest))) {
    const of = said.given.filter((it) => it.digest === digest)
    const words = of.filter(({ how }) => how !== 'environment')
    const missing = words.length === 0 ? [] : await ownersMissing(ask, needs, words)
    given.push(...(missing.length === 0 ? of : of.filter(({ how }) => how === 'environment')))
    if (missing.length === 0) continue
    for (const it of words) refused.set(keyOf(it), missing.join('; '))
    for (const it of missing) why.add(it)
  }
  return { given, refused, why: [...why] }
}

async function agree(
  world: Omit<World, 'terraform'>,
  document: AddressDocument,
  { target, pulls, remedies }: Question,
  { given, refused, why }: Answers,
): Promise<Confirmed> {
  const { address } = document
  const known = new Set(document.approvals.map((it) => `${keyOf(it)} ${it.destroys ?? ''}`))
  const now = new Set(given.map(keyOf))
  const gone = document.approvals
    .filter((it) => it.fingerprint === target && !now.has(keyOf(it)))
    .map((it) => ({ ...it, why: refused.get(keyOf(it)) ?? why[0] ?? 'GitHub does not confirm it' }))
  const fresh: Given[] = []
  if (gone.length > 0) await transact(world.journal, address, { kind: 'withdraw', approvals: gone })
  for (const { givenMs, ...approval } of given) {
    if (known.has(`${keyOf(approval)} ${approval.destroys ?? ''}`)) continue
    const decision = await transact(world.journal, address, { kind: 'approve', ...approval })
    // A plan that does not count any more cannot be approved: it is asked for again.
    if (decision.kind === 'done' && decision.events.length > 0) fresh.push({ ...approval, givenMs })
  }
  if (gone.length + fresh.length > 0) await flushSoon(world.journal, address)
  return {
    given: fresh,
    withdrawn: gone.map(({ by, why: because }) => ({ by, why: because })),
    why,
    unreviewed: pulls.length === 0 && !remedies,
  }
}

function unconfirmed(id: InstanceId, kind: ApprovalKind): UserError {
  return new UserError({
    code: 'approval-unconfirmed',
    message: `approvals of ${id} are given on GitHub (${kind}), and nobody here can ask GitHub whether they stand`,
    fix: 'apply it on GitHub: comment /airlock apply; or set GITHUB_TOKEN to a token that may read pull requests',
    exit: 3,
  })
}
