import { createHash } from 'node:crypto'
import { UserError } from '../error.ts'
import { type GateLinks, gateSentences, gateWords } from '../gate/words.ts'
import type { CommitId } from '../git/repo.ts'
import type { Annotation } from '../github/checks.ts'
import type { Status } from '../github/statuses.ts'
import { renderComment } from '../plan/render/comment.ts'
import { commentState } from '../plan/render/state.ts'
import { transactPullRequest } from '../records/journal.ts'
import type { OwnersProblem, PullRequestDocument } from '../records/pull-request.ts'
import type { Verdict } from '../records/verdict.ts'
import { annotationsOf } from '../report/annotations.ts'
import { commentInput } from './comment.ts'
import { type Judged, judge, judgeSeveral } from './gate.ts'
import { mergeResult } from './merge-result.ts'
import { planChecks } from './plan-checks.ts'
import { allPullRequests, written } from './pull-requests.ts'
import { type ShownChange, shownChange } from './shown.ts'
import type { GitHubWorld } from './world.ts'

/** The context of our commit status. */
export const GATE = 'airlock/gate'

type Needs = Omit<GitHubWorld, 'terraform'>

/** Where what is told links to. */
export interface ReportLinks extends GateLinks {
  /** The run that tells. */
  readonly runUrl: string
  /** Files at a commit: `https://github.com/acme/infra/blob/<commit>`. */
  blobUrl(commit: string): string
}

/** A verdict, and whether it had to be told. */
export interface Told {
  readonly number: number | undefined
  readonly title: string | undefined
  readonly description: string
  readonly state: Status['state']
  readonly changed: boolean
}

/** What was told of a pull request. */
export interface PullReport {
  /** `told`; `moved`: its head is another by now, and the run of that one tells; `over`: it is not open any more. */
  readonly kind: 'told' | 'moved' | 'over'
  readonly verdicts: readonly Told[]
  readonly comment: { readonly body: string; readonly what: 'created' | 'updated' | 'unchanged' } | undefined
  readonly failed: readonly Failure[]
  /** Notes at lines of the head. */
  readonly annotations: readonly Annotation[]
}

/** Something that could not be judged or told; it keeps nothing else from it. */
export interface Failure {
  readonly number: number
  readonly error: UserError
}

/**
 * Tells reviewers of a pull request what its merge would do and what is in the way: one comment and the gate's status, from
 * the records alone.
 * @param head the commit that the run is about
 * @param checks whether the plan jobs do not show on the pull request, so that checks are made of them
 */
export async function reportPull(
  world: Needs,
  number: number,
  { head, links, checks = false }: { readonly head: string; readonly links: ReportLinks; readonly checks?: boolean },
): Promise<PullReport> {
  const before = await pullNamed(world, number)
  const nothing = { verdicts: [], comment: undefined, failed: [], annotations: [] }
  if (before.state.kind !== 'open') return { kind: 'over', ...nothing }
  if (before.head !== head) return { kind: 'moved', ...nothing }
  const { judged, failed } = await judgeSeveral(world, [number])
  const verdicts = await tellAll(world, judged, links.runUrl)
  const shown = await shownPull(world, before)
  const verdict = judged[0]?.verdict
  const gate = verdict && gateSentences(verdict, await world.store.now(), { at: 'github', links })
  const { planned } = before
  const plansUrl = planned?.head === head ? links.runOf(planned.run) : undefined
  const about = { blobUrl: links.blobUrl(head), plansUrl }
  const { unplanned } = shown
  const input = commentInput(shown, { ...gate, ...about, ...(unplanned && { unplanned }) })
  if (checks) for (const check of planChecks(shown, about)) await world.github.checks.create(check)
  return {
    kind: 'told',
    verdicts: verdicts.told,
    comment: await comment(world, before, renderComment(input)),
    failed: [...failed, ...verdicts.failed],
    annotations: notesOf(shown, (await pullNamed(world, number)).outlook?.owners.problems ?? []),
  }
}

function notesOf({ changes, items, findings }: ShownChange, owners: readonly OwnersProblem[]): readonly Annotation[] {
  const plans = new Map(items.flatMap((it) => (it.kind === 'planned' ? [[it.id, it.redacted] as const] : [])))
  return annotationsOf({ changes, plans, findings, owners })
}

/** What was found and told of all that is open. */
export interface OpenReport {
  readonly judged: readonly Judged[]
  readonly verdicts: readonly Told[]
  readonly failed: readonly Failure[]
}

/** Judges all that is open, and tells what is another verdict now. */
export async function reportOpen(world: Needs, links: Pick<ReportLinks, 'runUrl'>): Promise<OpenReport> {
  const { judged, failed } = await judgeSeveral(world)
  const { told, failed: untold } = await tellAll(world, judged, links.runUrl)
  return { judged, verdicts: told, failed: [...failed, ...untold] }
}

/** Judges a commit of the merge queue, and sets the gate's status on it. */
export async function reportQueue(world: Needs, head: string, links: Pick<ReportLinks, 'runUrl'>): Promise<Told> {
  const { judged, nowMs } = await judge(world, { branch: head })
  const status = gateStatus(judged[0]!.verdict, nowMs, links.runUrl)
  await world.github.statuses.set(head, status)
  return { number: undefined, title: undefined, ...status, changed: true }
}

/** The commit status that says a verdict: what only waits is pending, what a person must mend has failed. */
export function gateStatus(verdict: Verdict, nowMs: number, targetUrl: string): Status {
  const { description } = gateWords(verdict, nowMs)
  const waits = verdict.reasons.some(({ kind }) => kind === 'in-flight' || kind === 'owners-missing')
  const state = verdict.state !== 'blocked' ? 'success' : waits ? 'pending' : 'failure'
  return { context: GATE, state, description, targetUrl }
}

async function tellAll(
  world: Needs,
  judged: readonly Judged[],
  runUrl: string,
): Promise<{ readonly told: readonly Told[]; readonly failed: readonly Failure[] }> {
  const pulls = new Map((await allPullRequests(world)).map((it) => [it.number, it]))
  const nowMs = await world.store.now()
  const told: Told[] = []
  const failed: Failure[] = []
  for (const { number, title, head, verdict } of judged) {
    const document = number === undefined ? undefined : pulls.get(number)
    if (number === undefined || document === undefined) continue
    const status = gateStatus(verdict, nowMs, runUrl)
    const said = { head, state: status.state, description: status.description }
    const isSaid =
      document.said !== undefined && JSON.stringify(ordered(document.said)) === JSON.stringify(ordered(said))
    try {
      if (!isSaid) {
        await world.github.statuses.set(head, status)
        await note(world, number, { said })
      }
      told.push({ number, title, ...status, changed: !isSaid })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failed.push({ number, error })
    }
  }
  return { told, failed }
}

function ordered({ head, state, description }: NonNullable<PullRequestDocument['said']>) {
  return [head, state, description]
}

async function shownPull(
  world: Needs,
  { branch, head, base, planned, hosted, author }: PullRequestDocument,
): Promise<ShownChange> {
  return shownChange(world, {
    head: head as CommitId,
    result: await mergeResult(world, head as CommitId, base.branch),
    branch,
    into: base.branch,
    run: planned?.head === head ? planned.run : undefined,
    stranger: hosted === 'fork' ? 'fork' : author === 'dependabot[bot]' ? 'dependabot' : undefined,
  })
}

/** The one comment of a pull request: made, or brought up to date in its place; left alone where it says the same. */
async function comment(
  world: Needs,
  { number, comment: known }: PullRequestDocument,
  body: string,
): Promise<{ readonly body: string; readonly what: 'created' | 'updated' | 'unchanged' }> {
  const { comments } = world.github
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  if (known?.hash === hash) return { body, what: 'unchanged' }
  const id = known?.id ?? (await comments.list(number)).find(isOurs)?.id
  const isUpdated = id !== undefined && (await comments.update(id, body)) === 'updated'
  const at = isUpdated ? id : (await comments.create(number, body)).id
  await note(world, number, { comment: { id: at, hash } })
  return { body, what: isUpdated ? 'updated' : 'created' }
}

/** Anybody can write our marker; only an app's comment is taken for ours. */
function isOurs({ body, author }: { readonly body: string; readonly author: string }): boolean {
  return commentState(body) !== undefined && author.endsWith('[bot]')
}

async function note(
  world: Needs,
  number: number,
  notes: Partial<Pick<PullRequestDocument, 'comment' | 'said'>>,
): Promise<void> {
  written(await transactPullRequest(world.journal, number, { kind: 'note', notes }), number, await world.store.now())
}

async function pullNamed(world: Needs, number: number): Promise<PullRequestDocument> {
  const found = (await allPullRequests(world)).find((it) => it.number === number)
  if (found !== undefined) return found
  throw new UserError({
    code: 'pull-request-unknown',
    message: `nothing is recorded of pull request #${number}`,
    fix: 'the fold action comes before: it records what GitHub says of it',
    exit: 2,
  })
}
