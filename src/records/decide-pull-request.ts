import { canonicalJson } from '../json.ts'
import type { Person } from './document.ts'
import type { Outlook, PullRequestDocument, PullRequestState } from './pull-request.ts'
import type { Verdict } from './verdict.ts'

/** All that can happen to a pull request. */
export type PullRequestCommand =
  /** It is there: opened, opened again, or its branch, title or base is another now. */
  | {
      readonly kind: 'open'
      readonly title: string
      readonly author: string
      readonly branch: string
      readonly head: string
      readonly base: PullRequestDocument['base']
      readonly hosted?: 'here' | 'fork'
    }
  | { readonly kind: 'push'; readonly head: string }
  /** What was found of `head` merged into `base`; what holds for another head is dropped. */
  | {
      readonly kind: 'judge'
      readonly head: string
      readonly base: string
      readonly outlook: Outlook
      readonly verdict: Verdict
    }
  | { readonly kind: 'supersede'; readonly pullRequest: number; readonly by: Person; readonly reason: string }
  /** What was told of it outside, so that it is told again only when it is another. Also of one that is not open any more. */
  | { readonly kind: 'note'; readonly notes: Partial<Pick<PullRequestDocument, 'planned' | 'comment' | 'said'>> }
  | { readonly kind: 'close' }
  | { readonly kind: 'merge'; readonly commit: string }

/** The next document, the same one where there was nothing to do, or why not. */
export type PullRequestDecision =
  | { readonly kind: 'done'; readonly document: PullRequestDocument }
  | { readonly kind: 'refused'; readonly refusal: PullRequestRefusal }

export type PullRequestRefusal =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-open'; readonly state: Exclude<PullRequestState, { kind: 'open' }> }
  | { readonly kind: 'supersedes-itself' }

/** The document of a pull request of which nothing was ever written. */
export function emptyPullRequest(number: number): PullRequestDocument {
  return {
    format: 1,
    number,
    title: '',
    author: '',
    branch: '',
    state: { kind: 'open' },
    head: '',
    base: { branch: '', commit: '' },
    supersedes: [],
    openedMs: 0,
    rev: 0,
    atMs: 0,
    nonces: [],
  }
}

/** The next document of a pull request. Time never goes back within a document, whatever the clock says. */
export function decidePullRequest(
  document: PullRequestDocument,
  command: PullRequestCommand,
  nowMs: number,
): PullRequestDecision {
  const atMs = Math.max(nowMs, document.atMs)
  if (document.rev === 0 && command.kind !== 'open') return { kind: 'refused', refusal: { kind: 'unknown' } }
  const next = step(document, command, atMs)
  if ('kind' in next) return { kind: 'refused', refusal: next }
  return { kind: 'done', document: next === document ? document : { ...next, rev: document.rev + 1, atMs } }
}

function step(
  document: PullRequestDocument,
  command: PullRequestCommand,
  atMs: number,
): PullRequestDocument | PullRequestRefusal {
  const { state } = document
  switch (command.kind) {
    case 'open':
      return opened(document, command, atMs)
    case 'merge':
      // A merge is a fact of Git's: it is recorded even where the close came first.
      return state.kind === 'merged'
        ? document
        : { ...document, state: { kind: 'merged', commit: command.commit, atMs } }
    case 'close':
      return state.kind === 'open' ? { ...document, state: { kind: 'closed', atMs } } : document
    case 'push':
      if (state.kind !== 'open') return { kind: 'not-open', state }
      return command.head === document.head ? document : moved(document, { head: command.head })
    case 'judge':
      if (state.kind !== 'open') return { kind: 'not-open', state }
      return judged(document, command, atMs)
    case 'note':
      return noted(document, command)
    case 'supersede':
      if (state.kind !== 'open') return { kind: 'not-open', state }
      return superseding(document, command, atMs)
  }
}

function opened(
  document: PullRequestDocument,
  { title, author, branch, head, base, hosted }: Extract<PullRequestCommand, { kind: 'open' }>,
  atMs: number,
): PullRequestDocument | PullRequestRefusal {
  const { state } = document
  if (state.kind === 'merged') return { kind: 'not-open', state }
  const about = { title, author, branch, ...(hosted && { hosted }) }
  if (document.rev === 0) return { ...document, ...about, head, base, openedMs: atMs }
  const isSame =
    state.kind === 'open' &&
    head === document.head &&
    base.branch === document.base.branch &&
    title === document.title &&
    author === document.author &&
    branch === document.branch &&
    (hosted ?? document.hosted) === document.hosted
  if (isSame) return document
  const same = head === document.head && base.branch === document.base.branch
  const next = same ? document : moved(document, { head, base })
  return { ...next, ...about, state: { kind: 'open' } }
}

function noted(
  document: PullRequestDocument,
  { notes }: Extract<PullRequestCommand, { kind: 'note' }>,
): PullRequestDocument {
  const next = { ...document, ...notes }
  return canonicalJson(next) === canonicalJson(document) ? document : next
}

/** With another head or base nothing holds that was found of the one before. */
function moved(
  { outlook: _, verdict: __, ...rest }: PullRequestDocument,
  to: Partial<Pick<PullRequestDocument, 'head' | 'base'>>,
): PullRequestDocument {
  return { ...rest, ...to }
}

/** A verdict that says the same is not written again, nor is an outlook; only the base that it holds for is. */
function judged(
  document: PullRequestDocument,
  { head, base, outlook, verdict }: Extract<PullRequestCommand, { kind: 'judge' }>,
  atMs: number,
): PullRequestDocument {
  if (head !== document.head) return document
  const before = document.verdict && withoutTime(document.verdict)
  const sameVerdict = before !== undefined && canonicalJson(before) === canonicalJson(verdict)
  const sameOutlook = document.outlook !== undefined && canonicalJson(document.outlook) === canonicalJson(outlook)
  if (sameVerdict && sameOutlook && base === document.base.commit) return document
  return {
    ...document,
    base: { ...document.base, commit: base },
    outlook,
    verdict: sameVerdict ? document.verdict! : { ...verdict, atMs },
  }
}

function withoutTime({ atMs: _, ...rest }: Verdict & { readonly atMs: number }): Verdict {
  return rest
}

function superseding(
  document: PullRequestDocument,
  { pullRequest, by, reason }: Extract<PullRequestCommand, { kind: 'supersede' }>,
  atMs: number,
): PullRequestDocument | PullRequestRefusal {
  if (pullRequest === document.number) return { kind: 'supersedes-itself' }
  if (document.supersedes.some((it) => it.pullRequest === pullRequest)) return document
  return { ...document, supersedes: [...document.supersedes, { pullRequest, by, reason, atMs }] }
}
