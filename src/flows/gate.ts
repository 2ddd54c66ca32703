import { touched } from '../affected/closure.ts'
import { UserError } from '../error.ts'
import { appliedHere, flyingAround, type GateRecords } from '../gate/facts.ts'
import { verdict } from '../gate/verdict.ts'
import type { CommitId } from '../git/repo.ts'
import type { AddressId } from '../records/address.ts'
import { outdatedCommits } from '../records/fingerprints.ts'
import { transactPullRequest } from '../records/journal.ts'
import { planFor } from '../records/plans.ts'
import type { Outlook, PullRequestDocument } from '../records/pull-request.ts'
import type { MergedChange, Verdict } from '../records/verdict.ts'
import {
  branchNamed,
  type Checkout,
  checkout,
  commitOf,
  mustBeConfigured,
  type ProtectedBranch,
  protectedBranch,
} from './checkout.ts'
import { addressName, allDocuments } from './documents.ts'
import { appliedSoFar, readBaseline } from './known.ts'
import { type MergedChanges, mergedChanges, type TargetsAt } from './merged.ts'
import { outlookOf } from './outlook.ts'
import { policyResults } from './policies.ts'
import { allPullRequests, openOn, pullRequestOf, written } from './pull-requests.ts'
import type { World } from './world.ts'

/** What to judge; nothing named: the branch that is checked out, or, on the protected branch, all that is open. */
export interface GateRequest {
  readonly number?: number
  readonly branch?: string
  readonly all?: boolean
}

/** A change and what the gate says of it. */
export interface Judged {
  readonly number: number | undefined
  readonly title: string | undefined
  readonly branch: string
  readonly head: string
  readonly base: ProtectedBranch
  readonly verdict: Verdict
  /** What was said before, where that is known. */
  readonly before: Verdict | undefined
  /** Whether the verdict came from the record alone, or the merge was resolved for it. */
  readonly from: 'record' | 'resolution'
}

export interface GateOutcome {
  readonly judged: readonly Judged[]
  readonly nowMs: number
}

/** Verdicts are computed without Terraform. */
type Needs = Omit<World, 'terraform'>

/** Judges one change, or all that is open, and records what is another verdict now. @throws UserError */
export async function judge(world: Needs, request: GateRequest): Promise<GateOutcome> {
  const context = await contextOf(world)
  const { pulls, nowMs } = context
  if (request.number !== undefined) {
    const pull = pulls.find((it) => it.number === request.number)
    if (pull?.state.kind !== 'open')
      throw new UserError({
        code: 'pull-request-unknown',
        message: pull
          ? `pull request #${request.number} is ${pull.state.kind}`
          : `nothing is recorded of pull request #${request.number}`,
        fix: 'name a branch, or see what is open: airlock gate --all',
        exit: 2,
      })
    return { judged: [await judgeRecorded(world, context, pull, true)], nowMs }
  }
  const branch = request.branch ?? world.repo.branch
  const isProtected = request.branch === undefined && branch === (await context.home()).branch.name
  if (request.all || (isProtected && pulls.some(({ state }) => state.kind === 'open')))
    return { judged: await judgeEach(world, context), nowMs }
  const pull = openOn(pulls, branch)
  return {
    judged: [pull ? await judgeRecorded(world, context, pull, true) : await judgeBranch(world, context, branch)],
    nowMs,
  }
}

/** Verdicts of several pull requests, and of which there is none, and why. */
export interface JudgedSeveral {
  readonly judged: readonly Judged[]
  readonly failed: readonly { readonly number: number; readonly error: UserError }[]
}

/** Judges pull requests of the records that are open, all or these; one that cannot be judged keeps no other from it. */
export async function judgeSeveral(world: Needs, numbers?: readonly number[]): Promise<JudgedSeveral> {
  const context = await contextOf(world)
  const judged: Judged[] = []
  const failed: { number: number; error: UserError }[] = []
  for (const pull of context.pulls) {
    if (pull.state.kind !== 'open' || numbers?.includes(pull.number) === false) continue
    try {
      judged.push(await judgeRecorded(world, context, pull, false))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failed.push({ number: pull.number, error })
    }
  }
  return { judged, failed }
}

/** Judges the open pull request of a branch, where it has one. */
export async function judgeOn(world: Needs, branch: string | undefined): Promise<Judged | undefined> {
  const number = await pullRequestOf(world, branch)
  return number === undefined ? undefined : (await judge(world, { number })).judged[0]
}

/** Judges every open pull request again: after a merge, or an apply. */
export async function judgeOpen(world: Needs): Promise<readonly Judged[]> {
  return judgeEach(world, await contextOf(world))
}

async function judgeEach(world: Needs, context: Context): Promise<Judged[]> {
  const judged: Judged[] = []
  for (const pull of context.pulls)
    if (pull.state.kind === 'open') judged.push(await judgeRecorded(world, context, pull, false))
  return judged
}

/** What one evaluation has in common; each commit is resolved at most once, and only if somebody asks. */
interface Context {
  readonly pulls: readonly PullRequestDocument[]
  readonly records: GateRecords
  readonly adopted: boolean
  readonly nowMs: number
  /** What is checked out, and the protected branch as its settings name it. */
  home(): Promise<{ readonly here: Checkout; readonly branch: ProtectedBranch }>
  at(branch: ProtectedBranch): Promise<Checkout & { readonly commit: CommitId }>
  changesAt(tip: CommitId): MergedChanges
}

async function contextOf(world: Needs): Promise<Context> {
  const [pulls, documents, baseline] = await Promise.all([
    allPullRequests(world),
    allDocuments(world),
    readBaseline(world),
  ])
  const nowMs = await world.store.now()
  let home: ReturnType<Context['home']> | undefined
  const tips = new Map<CommitId, Promise<Checkout & { readonly commit: CommitId }>>()
  const changes = new Map<CommitId, MergedChanges>()
  const homeOf = async () => {
    const here = await checkout(world, await commitOf(world, 'HEAD'))
    mustBeConfigured(here, world.repo.root)
    return { here, branch: await protectedBranch(world, here.settings) }
  }
  const resolved = async ({ name, tip }: ProtectedBranch) => {
    const other = home && (await home).here
    if (other?.commit === tip) return { ...other, commit: tip }
    const found = await checkout(world, tip, { name: `${name}@${tip.slice(0, 7)}`, ...(other && { other }) })
    mustBeConfigured(found, world.repo.root)
    return { ...found, commit: tip }
  }
  const homeOnce = () => (home ??= homeOf())
  const targets = new Map<CommitId, ReturnType<TargetsAt>>()
  const targetsAt: TargetsAt = (commit) => {
    const known = targets.get(commit) ?? targetsOf(world, commit)
    targets.set(commit, known)
    return known
  }
  const at = (branch: ProtectedBranch) => {
    const known = tips.get(branch.tip) ?? resolved(branch)
    tips.set(branch.tip, known)
    return known
  }
  const recorded = { documents, baseline }
  const isThisVersion = outdatedCommits(recorded).length === 0
  const applied = isThisVersion ? recorded : await appliedSoFar(world, await at((await homeOnce()).branch), documents)
  return {
    pulls,
    records: { ...applied, nowMs },
    adopted: baseline !== undefined || [...documents.values()].some(({ ledger }) => ledger !== undefined),
    nowMs,
    home: homeOnce,
    at,
    changesAt(tip) {
      const known = changes.get(tip) ?? mergedChanges(world.repo, tip, pulls, targetsAt)
      changes.set(tip, known)
      return known
    },
  }
}

/** What a commit asks of each address, where it resolves. */
async function targetsOf(world: Needs, commit: CommitId): ReturnType<TargetsAt> {
  try {
    const { subjects } = await checkout(world, commit, { name: commit.slice(0, 7) })
    return new Map([...subjects.values()].map(({ instance, fingerprint }) => [addressName(instance), fingerprint]))
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** A branch that nobody opened a pull request for: judged the same way, recorded nowhere. */
async function judgeBranch(world: Needs, context: Context, branch: string | undefined): Promise<Judged> {
  const { branch: base } = await context.home()
  const head = await commitOf(world, branch ?? 'HEAD')
  const outlook = await outlookOf(world, await context.at(base), head)
  const change = { branch: branch ?? 'HEAD', number: undefined, supersedes: [] }
  const found = await judged(world, context, base, outlook, change)
  return {
    number: undefined,
    title: undefined,
    branch: change.branch,
    head,
    base,
    verdict: found.verdict,
    before: undefined,
    from: 'resolution',
  }
}

/**
 * A pull request of the records. It is resolved again when its branch moved, or something of its closure on the protected
 * branch; else the verdict comes from the record and the documents.
 * @param askAgain whether policies that objected are asked once more
 */
async function judgeRecorded(
  world: Needs,
  context: Context,
  recorded: PullRequestDocument,
  askAgain: boolean,
): Promise<Judged> {
  const { repo } = world
  const base = await branchNamed(world, recorded.base.branch)
  const pull = await upToDate(world, context, recorded)
  const head = pull.head as CommitId
  const known = pull.outlook && !pull.outlook.broken && (await holds(world, base.tip, pull)) ? pull.outlook : undefined
  const isAsBefore = base.tip === pull.base.commit
  const outlook: Outlook = known
    ? { ...known, results: isAsBefore ? known.results.filter(({ how }) => how === 'passed' || !askAgain) : [] }
    : await outlookOf(world, await context.at(base), head)
  const change = {
    branch: pull.branch,
    number: pull.number,
    supersedes: pull.supersedes.map(({ pullRequest }) => pullRequest),
  }
  const found = await judged(world, context, base, outlook, change)
  const decision = await transactPullRequest(world.journal, pull.number, {
    kind: 'judge',
    head,
    base: base.tip,
    ...found,
    outlook: isTakenIn(pull, found.outlook) ? pull.outlook : found.outlook,
  })
  written(decision, pull.number, context.nowMs)
  return {
    number: pull.number,
    title: pull.title,
    branch: pull.branch,
    head: (await repo.resolve(head)) ?? head,
    base,
    verdict: found.verdict,
    before: recorded.verdict,
    from: known ? 'record' : 'resolution',
  }
}

/**
 * Whether the protected branch has all of a change that its head still asks for: it was merged, and nobody told so far. What it
 * changed must not be forgotten until then: its comment tells what became of that.
 */
function isTakenIn(
  pull: PullRequestDocument,
  { instances, broken }: Outlook,
): pull is PullRequestDocument & { readonly outlook: Outlook } {
  return instances.length === 0 && broken === undefined && (pull.outlook?.instances.length ?? 0) > 0
}

/** The record with its branch's tip as it is now; a branch that is gone counts as it was. */
async function upToDate(world: Needs, { nowMs }: Context, pull: PullRequestDocument): Promise<PullRequestDocument> {
  if (pull.hosted) return pull
  const { repo } = world
  const tip =
    (await repo.resolve(`refs/heads/${pull.branch}`)) ?? (await repo.resolve(`refs/remotes/origin/${pull.branch}`))
  if (tip === undefined || tip === pull.head) return pull
  return written(await transactPullRequest(world.journal, pull.number, { kind: 'push', head: tip }), pull.number, nowMs)
}

/** Whether what was found still holds at another tip: nothing moved that it depends on, and the two still merge. */
async function holds({ repo }: Needs, tip: CommitId, { head, base, outlook }: PullRequestDocument): Promise<boolean> {
  if (tip === base.commit) return true
  const from = await repo.resolve(base.commit)
  if (from === undefined || outlook === undefined || touched(outlook.closure, await repo.diff(from, tip)).length > 0)
    return false
  const merge = await repo.merge(tip, head as CommitId).catch((error: unknown) => {
    if (error instanceof UserError) return undefined // said where it is resolved again
    throw error
  })
  return merge?.kind === 'clean'
}

/** The outlook with plans and policies as they are now, and the verdict. */
async function judged(
  world: Needs,
  context: Context,
  base: ProtectedBranch,
  resolved: Outlook,
  change: { readonly branch: string; readonly number: number | undefined; readonly supersedes: readonly number[] },
): Promise<{ readonly outlook: Outlook; readonly verdict: Verdict }> {
  const { records, adopted, nowMs } = context
  const planned: Outlook = {
    ...resolved,
    instances: resolved.instances.map(({ plan: _, ...it }) => {
      const document = records.documents.get(it.address)
      const plan = document && it.target !== undefined ? planFor(document, it.target, nowMs) : undefined
      return { ...it, ...(plan && { plan: { id: plan.id, digest: plan.digest } }) }
    }),
  }
  const results = adopted ? await policyResults(world, planned, records) : { kept: [], now: [] }
  const flying = await Promise.all(
    flyingAround(planned, records).map(async (it) => ({
      ...it,
      by: await whoMoved(context, base, it.address, appliedHere(it.address, records)?.commit),
    })),
  )
  const facts = { ...change, base: base.name, adopted, records, flying }
  return {
    outlook: { ...planned, results: results.kept },
    verdict: verdict({ ...facts, outlook: { ...planned, results: results.now } }),
  }
}

async function whoMoved(
  context: Context,
  base: ProtectedBranch,
  address: AddressId,
  from: string | undefined,
): Promise<readonly MergedChange[]> {
  return context.changesAt(base.tip)(address, from, async () => {
    const { subjects } = await context.at(base)
    return [...subjects.values()].find(({ instance }) => addressName(instance) === address)
  })
}
