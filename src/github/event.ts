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
