import { type Payload, payload } from './payload.ts'

/** A pull request as an event tells it. Titles, bodies and branch names are somebody else's text. */
export interface EventPull {
  readonly number: number
  readonly title: string
  readonly author: string
  readonly head: { readonly branch: string; readonly commit: string; readonly fork: boolean }
  readonly base: { readonly branch: string; readonly commit: string }
  readonly merged: boolean
  readonly mergeCommit: string | undefined
}

/** What started a run, as far as it matters here. */
export type GitHubEvent =
  | {
      readonly kind: 'pull_request' | 'pull_request_target'
      readonly action: string
      readonly pull: EventPull
      /** The base branch was changed by this event. */
      readonly retargeted: boolean
    }
  | { readonly kind: 'pull_request_review'; readonly action: string; readonly pull: EventPull }
  | {
      readonly kind: 'issue_comment'
      readonly action: string
      readonly number: number
      readonly isPull: boolean
      readonly comment: {
        readonly id: number
        readonly body: string
        readonly author: string
        readonly createdMs: number
      }
    }
  | { readonly kind: 'push'; readonly branch: string; readonly before: string; readonly after: string }
  | { readonly kind: 'merge_group'; readonly base: string; readonly baseBranch: string; readonly head: string }
  | { readonly kind: 'schedule'; readonly cron: string }
  | { readonly kind: 'workflow_dispatch'; readonly inputs: Readonly<Record<string, string>> }
  | { readonly kind: 'other'; readonly name: string }

/** What a commit is called that is none: a branch that was made or deleted. */
const noCommit = /^0+$/

/**
 * The event that started a run, out of the file that GITHUB_EVENT_PATH names.
 * @param name as GITHUB_EVENT_NAME says it
 * @param json the file, parsed as JSON
 * @throws UserError `github-unreadable` for an event that is not as GitHub documents it
 */
export function parseEvent(name: string, json: unknown): GitHubEvent {
  const event = payload(json, `the event ${name}`)
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
      return {
        kind: name,
        action: event.text('action'),
        pull: eventPull(event.object('pull_request')),
        retargeted: event.text('action') === 'edited' && event.objectIf('changes.base') !== undefined,
      }
    case 'pull_request_review':
      return { kind: name, action: event.text('action'), pull: eventPull(event.object('pull_request')) }
    case 'issue_comment':
      return {
        kind: name,
        action: event.text('action'),
        number: event.number('issue.number'),
        isPull: event.objectIf('issue.pull_request') !== undefined,
        comment: {
          id: event.number('comment.id'),
          body: event.textIf('comment.body') ?? '',
          author: loginOf(event.object('comment'), 'user'),
          createdMs: event.time('comment.created_at'),
        },
      }
    case 'push': {
      const [, branch] = /^refs\/heads\/(.+)$/.exec(event.text('ref')) ?? []
      const after = event.text('after')
      // Tags, and branches that were deleted, ask for nothing.
      if (branch === undefined || noCommit.test(after)) return { kind: 'other', name }
      return { kind: name, branch, before: event.text('before'), after }
    }
    case 'merge_group':
      return {
        kind: name,
        base: event.text('merge_group.base_sha'),
        baseBranch: event.text('merge_group.base_ref').replace(/^refs\/heads\//, ''),
        head: event.text('merge_group.head_sha'),
      }
    case 'schedule':
      return { kind: name, cron: event.text('schedule') }
    case 'workflow_dispatch':
      return { kind: name, inputs: inputsOf(event.raw('inputs')) }
    default:
      return { kind: 'other', name }
  }
}

function eventPull(pull: Payload): EventPull {
  // Reviews tell less of a pull request: not `merged`, but when that was.
  const merged = pull.flagIf('merged') || pull.textIf('merged_at') !== undefined
  return {
    number: pull.number('number'),
    title: pull.text('title'),
    author: loginOf(pull, 'user'),
    head: { branch: pull.text('head.ref'), commit: pull.text('head.sha'), fork: isFork(pull) },
    base: { branch: pull.text('base.ref'), commit: pull.text('base.sha') },
    merged,
    mergeCommit: merged ? pull.textIf('merge_commit_sha') : undefined,
  }
}

/** Whether a pull request's branch lies in another repository; one that was deleted since was another. */
export function isFork(pull: Payload): boolean {
  return pull.textIf('head.repo.full_name') !== pull.text('base.repo.full_name')
}

/** Who did something; GitHub shows accounts that are gone as `ghost`. */
export function loginOf(of: Payload, field: string): string {
  return of.textIf(`${field}.login`) ?? 'ghost'
}

function inputsOf(inputs: unknown): Readonly<Record<string, string>> {
  const entries = typeof inputs === 'object' && inputs !== null ? Object.entries(inputs) : []
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])))
}
