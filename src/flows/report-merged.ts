import { createHash } from 'node:crypto'
import { UserError } from '../error.ts'
import { renderComment } from '../plan/render/comment.ts'
import type { CommentInput, CommentInstance, CommentOutcome, Progress } from '../plan/render/input.ts'
import { transactPullRequest } from '../records/journal.ts'
import type { ChangedInstance, PullRequestDocument } from '../records/pull-request.ts'
import { clock } from '../records/words.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { environmentOf } from './comment.ts'
import { readModel } from './model.ts'
import { progressAt } from './progress.ts'
import { allPullRequests, written } from './pull-requests.ts'
import type { Failure, ReportLinks } from './report.ts'
import type { Status } from './status.ts'
import type { GitHubWorld } from './world.ts'

type Needs = Omit<GitHubWorld, 'terraform'>

/** The comment of a merged pull request that was brought up to date; `over`: all of it is applied, and it stays as it is. */
export interface MergedTold {
  readonly number: number
  readonly over: boolean
}

/** More comments than this are not brought up to date by one run; the next one goes on. */
const mostComments = 10

/**
 * Brings the comments of merged pull requests up to date, newest first, until all of each is applied: one request for each
 * comment that says something else now, all from the records.
 */
export async function reportMerged(
  world: Needs,
  at: Status,
  links: ReportLinks,
): Promise<{ readonly told: readonly MergedTold[]; readonly failed: readonly Failure[] }> {
  // A comment is read on other days too, so that every time in it has its date.
  const progress = progressAt({ ...at, nowMs: 0 }, links.runOf)
  const pulls = (await allPullRequests(world)).filter(isFollowed).sort((a, b) => b.state.atMs - a.state.atMs)
  const told: MergedTold[] = []
  const failed: Failure[] = []
  for (const pull of pulls) {
    if (told.length === mostComments) break
    try {
      const input = await mergedInput(world, at, pull, progress, links)
      const over = input.instances.every((it) => it.progress === undefined || it.progress.state === 'applied')
      if (await brought(world, pull, renderComment(input), over)) told.push({ number: pull.number, over })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failed.push({ number: pull.number, error })
    }
  }
  return { told, failed }
}

type Followed = PullRequestDocument & {
  readonly state: Extract<PullRequestDocument['state'], { kind: 'merged' }>
  readonly comment: NonNullable<PullRequestDocument['comment']>
  readonly outlook: NonNullable<PullRequestDocument['outlook']>
}

function isFollowed(pull: PullRequestDocument): pull is Followed {
  const { state, comment, outlook } = pull
  return state.kind === 'merged' && comment !== undefined && comment.over !== true && outlook !== undefined
}

async function mergedInput(
  world: Needs,
  at: Status,
  { state, head, base, outlook }: Followed,
  progress: (id: InstanceId) => Progress | undefined,
  links: ReportLinks,
): Promise<CommentInput> {
  const changed = outlook.instances.filter(({ kind }) => kind !== 'absent')
  const flying = new Set(at.items.flatMap(({ kind, id }) => (kind === 'in-flight' ? [id] : [])))
  const instances = await Promise.all(
    changed.map(async (it): Promise<CommentInstance> => {
      const cut = it.id.lastIndexOf('@')
      const stack = it.id.slice(cut + 1)
      // What only reads may never have had anything to apply.
      const since = at.documents.get(it.address)?.ledger?.atMs ?? 0
      const isMoved = it.kind !== 'may' || flying.has(it.id) || since >= state.atMs
      const moved = isMoved ? progress(it.id) : undefined
      return {
        component: it.id.slice(0, cut),
        stack,
        environment: environmentOf(stack, at.checkout.inventory.get(it.id)?.sections),
        removed: it.kind === 'destroy',
        reasons: [],
        outcome: await outcomeOf(world, at, it),
        ...(moved && { progress: moved }),
      }
    }),
  )
  return {
    instances,
    passive: 0,
    head: head.slice(0, 7),
    base: { branch: base.branch, commit: base.commit.slice(0, 7) },
    blobUrl: links.blobUrl(head),
    plansUrl: undefined,
    merged: { commit: state.commit.slice(0, 7), when: clock(state.atMs, 0) },
    beforeMerge: [],
    blockedBy: [],
  }
}

/** The plan that was shown before the merge, else the last one for the same, as long as the records have it. */
async function outcomeOf(
  world: Needs,
  { documents }: Status,
  { kind, address, target, plan: shown }: ChangedInstance,
): Promise<CommentOutcome> {
  const plans = documents.get(address)?.plans ?? []
  const plan = plans.find(({ id }) => id === shown?.id) ?? plans.findLast(({ fingerprint }) => fingerprint === target)
  const model = plan && (await readModel(world, plan))
  if (plan && model)
    return { kind: 'planned', plan: model, digest: plan.digest, reads: [], provisional: [], uncertain: [] }
  return { kind: 'unplanned', change: kind === 'absent' ? 'update' : kind }
}

/** Whether the comment said something else. One that somebody has deleted is left so. */
async function brought(world: Needs, { number, comment }: Followed, body: string, over: boolean): Promise<boolean> {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  const isSame = hash === comment.hash
  const isGone = !isSame && (await world.github.comments.update(comment.id, body)) === 'gone'
  if (isSame && !over) return false
  const notes = { comment: { id: comment.id, hash, ...((over || isGone) && { over: true }) } }
  written(await transactPullRequest(world.journal, number, { kind: 'note', notes }), number, await world.store.now())
  return !isSame && !isGone
}
