import { UserError } from '../error.ts'
import type { CommentCommand } from '../gate/comment-command.ts'
import { code, words } from '../plan/render/escape.ts'
import { countsText } from '../plan/summary.ts'
import type { AddressDocument, PlanRecord } from '../records/document.ts'
import { transact } from '../records/journal.ts'
import { digestWords, refusalWords } from '../records/refusal.ts'
import { typed } from '../records/words.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { approvalKind } from './approval-kind.ts'
import type { CommandContext } from './command.ts'
import { originOf } from './confirm.ts'
import { dispatchNext } from './dispatch-next.ts'
import { flushSoon } from './flush.ts'
import { commentRight, hexOf, personOf } from './github-approvals.ts'
import { hasTask, type Status, status, type TaskItem } from './status.ts'
import type { GitHubWorld } from './world.ts'

type Needs = Omit<GitHubWorld, 'terraform'>

/** A plan that a comment may mean: of the tip, or of the open pull request in whose conversation it is. */
interface Meant {
  readonly id: InstanceId
  readonly document: AddressDocument
  readonly plan: PlanRecord
  /** At the tip; undefined for a plan of a pull request that is not merged. */
  readonly item: TaskItem | undefined
}

/** Records a yes that was said in a comment; the reply. @throws UserError `approve-refused`, `digest-unknown` */
export async function approveByComment(
  world: Needs,
  { digest, destroy }: Extract<CommentCommand, { kind: 'approve' }>,
  { number, comment, permission, ask }: CommandContext,
): Promise<string> {
  const at = await status(world)
  const meant = mustMeanOne(meantIn(at, number), digest)
  const on = await ask.pull(number)
  const approved: Meant[] = []
  for (const it of meant) {
    const { item } = it
    const kind = item && approvalKind(world, item.task.subject.instance)
    if (kind !== undefined && kind !== 'review' && kind !== 'comment') throw refused(it, otherWay[kind])
    const origin = item ? await originOf(ask, at, item.id, item.document, item.task.target) : { pulls: [], past: true }
    const remedies = item?.task.action === 'remediate'
    const right = commentRight({ ...origin, remedies }, comment.author, permission, on)
    if (right !== undefined) throw refused(it, right)
    const counted = item?.kind === 'in-flight' ? item.removal?.destroys : undefined
    if (counted !== undefined && counted !== destroy)
      throw refused(it, `${counted} instances are to be destroyed: say so with --destroy ${counted}`)
  }
  for (const it of meant) {
    const { document, plan } = it
    const decision = await transact(world.journal, document.address, {
      kind: 'approve',
      fingerprint: plan.fingerprint,
      digest: plan.digest,
      how: 'comment',
      by: personOf(comment.author),
      ...(destroy !== undefined && { destroys: destroy }),
      from: { pull: number, comment: comment.id },
    })
    if (decision.kind === 'refused') throw refused(it, refusalWords(decision.refusal, it.id, at.nowMs).message)
    await flushSoon(world.journal, document.address)
    approved.push(it)
  }
  const started = approved.some(({ item }) => item !== undefined) && (await dispatchNext(world, await status(world)))
  return [
    `Approved by ${words(comment.author)}, digest ${code(digestWords(meant[0]!.plan.digest))}:`,
    '',
    ...approved.map(({ id, plan }) => `- ${code(typed(id))}: ${words(countsText(plan.changes))}`),
    '',
    started
      ? 'The apply was started.'
      : approved.every(({ item }) => item === undefined)
        ? 'It is applied once this is merged, if the plan is still the same then.'
        : 'It goes on with the next run.',
  ].join('\n')
}

const otherWay = {
  environment: 'its plans are approved by the reviewers of its environment',
  local: 'its plans are approved on the machine that keeps its records',
  none: 'its plans need no approval',
} as const

/** Records a no that was said in a comment; the reply. @throws UserError `digest-unknown`, `digest-ambiguous` */
export async function rejectByComment(
  world: Needs,
  { digest, reason }: Extract<CommentCommand, { kind: 'reject' }>,
  { number, comment }: CommandContext,
): Promise<string> {
  const at = await status(world)
  const all = meantIn(at, number).filter(({ item }) => item?.approval?.kind !== 'rejected')
  const meant = mustMeanOne(all, digest)
  for (const it of meant) {
    const { fingerprint, digest: of } = it.plan
    const command = { kind: 'reject', fingerprint, digest: of, by: personOf(comment.author), reason } as const
    const decision = await transact(world.journal, it.document.address, command)
    if (decision.kind === 'refused') throw refused(it, refusalWords(decision.refusal, it.id, at.nowMs).message)
    await flushSoon(world.journal, it.document.address)
  }
  await world.github.runs.dispatch(at.checkout.settings.github.workflow, at.branch.name, { task: 'gate' })
  return [
    `Rejected by ${words(comment.author)}: ${words(reason)}`,
    '',
    ...meant.map(({ id, plan }) => `- ${code(typed(id))}, digest ${code(digestWords(plan.digest))}`),
    '',
    'It is not applied until somebody approves it after all. What is merged stays in flight: change or revert it.',
  ].join('\n')
}

/** Plans that somebody could speak of in the conversation of a pull request. */
function meantIn(at: Status, number: number): readonly Meant[] {
  const items = new Map(at.items.flatMap((it) => (hasTask(it) && it.plan ? [[it.plan.id, it] as const] : [])))
  return [...at.documents.values()].flatMap((document) =>
    document.plans.flatMap((plan): Meant[] => {
      const item = items.get(plan.id)
      const isOurs = plan.pullRequest === number && at.nowMs < plan.expiresMs
      if (plan.status.kind !== 'open' || (item === undefined && !isOurs)) return []
      const id = item?.id ?? document.names.at(-1)
      return id === undefined ? [] : [{ id, document, plan, item }]
    }),
  )
}

/** Those of one digest: equal plans of several instances are one answer. @throws UserError */
function mustMeanOne(all: readonly Meant[], digest: string | undefined): readonly Meant[] {
  const found = all.filter(({ plan }) => digest === undefined || hexOf(plan.digest).startsWith(digest))
  const digests = new Set(found.map(({ plan }) => plan.digest))
  if (digests.size === 1) return found
  if (found.length > 0)
    throw new UserError({
      code: 'digest-ambiguous',
      message: `that could be one of ${digests.size} plans: ${listed(found)}`,
      fix: 'name the digest, with more of its digits',
      exit: 3,
    })
  throw new UserError({
    code: 'digest-unknown',
    message: `no plan${digest === undefined ? '' : ` with digest ${digest}`} waits for an answer`,
    fix: all.length === 0 ? 'see what is planned: /airlock plan' : `there are: ${listed(all)}`,
    exit: 3,
  })
}

/** More are not named. */
const mostListed = 10

function listed(all: readonly Meant[]): string {
  const names = all.slice(0, mostListed).map(({ id, plan }) => `${typed(id)} (${digestWords(plan.digest)})`)
  return [...names, ...(all.length > mostListed ? ['…'] : [])].join(', ')
}

function refused({ id, plan }: Meant, why: string): UserError {
  return new UserError({
    code: 'approve-refused',
    message: `the plan of ${typed(id)} with digest ${digestWords(plan.digest)} is not approved by this: ${why}`,
    exit: 3,
  })
}
