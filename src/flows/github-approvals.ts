import { commentCommand } from '../gate/comment-command.ts'
import { canWrite, reviewAnswer } from '../gate/reviews.ts'
import type { Permission } from '../github/people.ts'
import type { Pull } from '../github/pulls.ts'
import { addressId } from '../records/address.ts'
import { rejectionOf } from '../records/approval.ts'
import type { Approve } from '../records/commands.ts'
import type { AddressDocument, Approval, Person, PlanRecord } from '../records/document.ts'
import { type AskedPlan, environmentAskKey, parseEnvironmentAsk } from '../records/environment-approval.ts'
import type { Asking } from './asking.ts'
import type { World } from './world.ts'

/** A yes that GitHub tells of now, and when it was given there; undefined where GitHub does not say. */
export interface Given extends Omit<Approve, 'kind'> {
  readonly givenMs: number | undefined
}

/** What GitHub says now of one target of an address. */
export interface Answers {
  readonly given: readonly Given[]
  /** Why what was recorded does not count, for each by `keyOf`. */
  readonly refused: ReadonlyMap<string, string>
  /** Why nobody's review counts (yet), in words. */
  readonly why: readonly string[]
}

/** How something came to the protected branch. */
export interface Origin {
  /** The merged pull requests that brought it. */
  readonly pulls: readonly Pull[]
  /** It, or a part of it, came past them, and none of them showed the whole. */
  readonly past: boolean
}

/** What is asked about. */
export interface Question extends Origin {
  readonly document: AddressDocument
  readonly target: string
  readonly branch: string
  /** Whether it is asked by no merge, but puts back what somebody changed outside. */
  readonly remedies: boolean
  /** A pull request that is not merged, whose reviews are asked about all the same. */
  readonly open?: number
}

/** Ways of approving on GitHub. */
export type How = Exclude<Approval['how'], 'local'>

/** A person of GitHub in records. */
export function personOf(login: string): Person {
  return { name: login, email: `${login}@users.noreply.github.com` }
}

/** Names one approval among those of a document. */
export function keyOf({
  fingerprint,
  digest,
  how,
  by,
}: Pick<Approval, 'fingerprint' | 'digest' | 'how' | 'by'>): string {
  return [fingerprint, digest, how, by.email.toLowerCase()].join(' ')
}

/** Reads every yes to a target again, in each of these ways. */
export async function answers(
  world: Pick<World, 'store'>,
  ask: Asking,
  question: Question,
  ways: readonly How[],
  approvalRun?: number,
): Promise<Answers> {
  const found = await Promise.all([
    ways.includes('review') ? reviews(ask, question) : nothing,
    ways.includes('comment') ? comments(ask, question) : nothing,
    ways.includes('environment') ? environments(world, ask, question, approvalRun) : nothing,
  ])
  const rejected = ({ fingerprint, digest, givenMs }: Given) => {
    const no = rejectionOf(question.document, fingerprint, digest)
    return no !== undefined && (givenMs === undefined || givenMs <= no.startedMs)
  }
  return {
    given: found.flatMap(({ given }) => given).filter((it) => !rejected(it)),
    refused: new Map(found.flatMap(({ refused }) => [...refused])),
    why: [...new Set(found.flatMap(({ why }) => why))],
  }
}

const nothing: Answers = { given: [], refused: new Map(), why: [] }

/** The reviews of merged pull requests whose head showed a plan of this very target. */
async function reviews(ask: Asking, { document, target, branch, open }: Question): Promise<Answers> {
  const given: Given[] = []
  const why: string[] = []
  for (const plan of document.plans) {
    if (plan.fingerprint !== target || plan.pullRequest === undefined) continue
    const pull = await ask.pull(plan.pullRequest)
    if (pull === undefined || (pull.merged === undefined && pull.number !== open)) continue
    if (pull.base.branch !== branch || pull.head.commit !== plan.commit) continue
    const said = await ask.reviews(pull.number)
    const permissions = new Map<string, Permission>()
    for (const login of new Set(said.map(({ author }) => author))) permissions.set(login, await ask.permission(login))
    const answer = reviewAnswer(pull, said, (login) => permissions.get(login) ?? 'none', shownMs(plan))
    why.push(...answer.why)
    for (const { id, author, commit, submittedMs } of answer.yes)
      given.push({
        fingerprint: target,
        digest: plan.digest,
        how: 'review',
        by: personOf(author),
        from: { pull: pull.number, review: id, commit },
        givenMs: submittedMs,
      })
  }
  return { given, refused: new Map(), why }
}

function shownMs({ takenMs, createdMs }: PlanRecord): number {
  return takenMs ?? createdMs
}

/** The recorded comments, as they are now. */
async function comments(ask: Asking, question: Question): Promise<Answers> {
  const { document, target } = question
  const given: Given[] = []
  const refused = new Map<string, string>()
  for (const approval of document.approvals) {
    if (approval.fingerprint !== target || approval.how !== 'comment') continue
    const id = approval.from?.comment
    const why = id === undefined ? 'no comment is named' : await commentProblem(ask, question, approval, id)
    if (why !== undefined) refused.set(keyOf(approval), why)
    else given.push({ ...withoutTime(approval), givenMs: approval.atMs })
  }
  return { given, refused, why: [] }
}

async function commentProblem(
  ask: Asking,
  question: Question,
  { digest, destroys, by, from }: Approval,
  id: number,
): Promise<string | undefined> {
  const comment = await ask.comment(id)
  if (comment === undefined) return 'the comment was deleted'
  if (comment.updatedMs > comment.createdMs) return 'the comment was edited after it was written'
  if (comment.author.toLowerCase() !== by.name.toLowerCase()) return `the comment is by ${comment.author}`
  const said = commentCommand(comment.body)
  if (said.kind !== 'command' || said.command.kind !== 'approve') return 'the comment approves nothing'
  if (!hexOf(digest).startsWith(said.command.digest)) return 'the comment approves another digest'
  if (said.command.destroy !== destroys) return 'the comment names another number of removals'
  const on = from?.pull === undefined ? undefined : await ask.pull(from.pull)
  return commentRight(question, comment.author, await ask.permission(comment.author), on)
}

/**
 * Why somebody's comment cannot approve, in words; undefined where it can. Whoever wrote the change cannot; what came past
 * pull requests takes somebody who maintains the repository, since nobody can tell who pushed it.
 * @param on the pull request in whose conversation it was said
 */
export function commentRight(
  { pulls, past, remedies }: Pick<Question, 'pulls' | 'past' | 'remedies'>,
  login: string,
  permission: Permission,
  on: Pull | undefined,
): string | undefined {
  if (!canWrite(permission)) return `${login} may not write here (${permission})`
  const isAuthor = (pull: Pull | undefined) => pull?.author.toLowerCase() === login.toLowerCase()
  const own = [...pulls, ...(on?.state === 'open' ? [on] : [])].find(isAuthor)
  if (own !== undefined) return `${login} wrote #${own.number}, and somebody else must agree to it`
  const isUnreviewed = past && !remedies && on?.state !== 'open'
  if (isUnreviewed && permission === 'write')
    return `${pulls.length > 0 ? 'a part of it' : 'it'} came to the protected branch past any pull request, so that somebody who maintains or administers the repository must agree to it, and ${login} may only write`
  return undefined
}

/** What reviewers of environments agreed to, by what was stored before they were asked. */
async function environments(
  { store }: Pick<World, 'store'>,
  ask: Asking,
  { document, target }: Question,
  approvalRun: number | undefined,
): Promise<Answers> {
  const recorded = document.approvals.filter((it) => it.fingerprint === target && it.how === 'environment')
  const runs = new Set(recorded.flatMap(({ from }) => from?.run ?? []))
  if (approvalRun !== undefined) runs.add(approvalRun)
  const address = addressId(document.address)
  const given: Given[] = []
  for (const run of runs) {
    const asked = (await asks({ store }, run)).flatMap(({ environment, plans }) =>
      plans.filter((it) => it.address === address && it.fingerprint === target).map((plan) => ({ environment, plan })),
    )
    if (asked.length === 0) continue
    const said = await ask.environmentReviews(run)
    for (const { environment, plan } of asked)
      for (const { by, state, environments: names } of said)
        if (state === 'approved' && names.includes(environment) && canWrite(await ask.permission(by)))
          given.push(environmentYes(run, environment, plan, by))
  }
  return { given, refused: new Map(), why: [] }
}

function environmentYes(run: number, environment: string, plan: AskedPlan, login: string): Given {
  const { fingerprint, digest, destroys } = plan
  return {
    fingerprint,
    digest,
    how: 'environment',
    by: personOf(login),
    ...(destroys !== undefined && { destroys }),
    from: { run, environment },
    givenMs: undefined,
  }
}

/** All that a run asked reviewers of environments. */
async function asks({ store }: Pick<World, 'store'>, run: number): Promise<ReturnType<typeof parseEnvironmentAsk>[]> {
  const prefix = environmentAskKey(run, '').replace(/[^/]*$/, '')
  const found = await Promise.all(
    (await store.list(prefix)).map(async (key) => {
      const stored = await store.get(key)
      return stored ? [parseEnvironmentAsk(stored.bytes, key)] : []
    }),
  )
  return found.flat().filter((it) => it.run === run)
}

function withoutTime({ atMs: _, ...approval }: Approval): Omit<Approve, 'kind'> {
  return approval
}

/** The digits of a digest, as people type them. */
export function hexOf(digest: string): string {
  return digest.replace(/^[a-z0-9]+:/, '')
}
