import type { Delivery, FakeJob, FakeRun, Permissions, TokenOf } from './hub.ts'
import type { Limits } from './limits.ts'

/** A person, an organization, or a bot. */
export interface Account {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Organization' | 'Bot'
}

/** What a person may do in a repository, weakest first. */
export const levels = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const
export type Level = (typeof levels)[number]

/** A token that somebody holds. */
export interface Token {
  readonly of: TokenOf
  /** Jobs' and apps' tokens are for one repository: `acme/infra`. */
  readonly repository: string
  revoked: boolean
}

export interface IssueComment {
  readonly id: number
  readonly issue: number
  readonly user: string
  body: string
  readonly createdMs: number
  updatedMs: number
  readonly reactions: { id: number; user: string; content: string; createdMs: number }[]
}

export interface Issue {
  readonly id: number
  readonly number: number
  readonly user: string
  title: string
  body: string | null
  state: 'open' | 'closed'
  labels: string[]
  readonly createdMs: number
  updatedMs: number
  closedMs: number | undefined
}

export interface PullRequest extends Issue {
  draft: boolean
  /** `acme/infra`, or the fork's name. */
  readonly headRepository: string
  readonly headBranch: string
  headSha: string
  baseBranch: string
  baseSha: string
  /** The test merge at refs/pull/N/merge; undefined when it conflicts. */
  mergeSha: string | undefined
  merged: { readonly sha: string; readonly by: string; readonly atMs: number } | undefined
  readonly reviews: PullReview[]
}

export interface PullReview {
  readonly id: number
  readonly user: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  readonly body: string
  readonly commit: string
  readonly submittedMs: number
}

export interface CommitStatus {
  readonly id: number
  readonly sha: string
  readonly context: string
  readonly state: 'error' | 'failure' | 'pending' | 'success'
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: string
  readonly createdMs: number
}

export interface Check {
  readonly id: number
  readonly sha: string
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: string | null
  title: string | null
  summary: string | null
  text: string | null
  detailsUrl: string | null
  externalId: string
  readonly app: string
  readonly startedMs: number
  completedMs: number | undefined
  readonly annotations: Record<string, unknown>[]
}

export interface FakeDeployment {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly description: string | null
  readonly payload: unknown
  readonly transient: boolean
  readonly creator: string
  readonly createdMs: number
  readonly statuses: {
    id: number
    state: string
    description: string
    logUrl: string
    environmentUrl: string
    creator: string
    createdMs: number
  }[]
}

export interface FakeEnvironment {
  readonly id: number
  readonly name: string
  waitTimer: number
  preventSelfReview: boolean
  /** `ann`, or `acme/network` for a team. */
  reviewers: string[]
  branchPolicy: 'protected' | 'custom' | undefined
  policies: { id: number; name: string; type: 'branch' | 'tag' }[]
  readonly secrets: Map<string, string>
  readonly variables: Map<string, string>
}

export interface Ruleset {
  readonly id: number
  readonly name: string
  readonly target: string
  readonly enforcement: 'disabled' | 'active' | 'evaluate'
  readonly bypassActors: readonly { actor_id: number | null; actor_type: string; bypass_mode: string }[]
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly rules: readonly { type: string; parameters?: Record<string, unknown> }[]
}

/** Classic protection of a branch, as far as it is modelled. */
export interface Protection {
  readonly contexts: readonly { readonly context: string; readonly app: number | undefined }[] | undefined
  readonly strict: boolean
  readonly reviews: { readonly count: number; readonly codeOwners: boolean; readonly dismissStale: boolean } | undefined
  readonly enforceAdmins: boolean
}

/** What is kept of an artifact beside its folder. */
export interface FakeArtifact {
  readonly id: number
  readonly name: string
  readonly run: number
  readonly createdMs: number
}

/** More of a run than the runner needs. */
export interface RunDetails {
  readonly number: number
  readonly createdMs: number
  updatedMs: number
  triggeredBy: string
  /** The commit that GitHub shows the run at: a pull request's head, though what runs is its test merge. */
  readonly headSha: string
}

export interface QueueEntry {
  readonly number: number
  readonly by: string
  readonly branch: string
  readonly sha: string
}

export interface Repository {
  readonly id: number
  readonly owner: string
  readonly name: string
  readonly fullName: string
  readonly private: boolean
  /** Of the owner: private repositories of `team` have no reviewers of environments, of `free` no environments' protection and no rulesets. */
  readonly plan: 'free' | 'team' | 'enterprise'
  defaultBranch: string
  /** The bare Git repository. */
  readonly folder: string
  /** The repository that it is a fork of. */
  readonly parent: string | undefined
  readonly collaborators: Map<string, Level>
  allowsSquash: boolean
  allowsMergeCommit: boolean
  allowsRebase: boolean
  nextNumber: number
  /** All that shows the repository says when it was pushed to: a pull request does. */
  pushedMs: number
  readonly issues: Map<number, Issue>
  readonly pulls: Map<number, PullRequest>
  readonly comments: Map<number, IssueComment>
  readonly statuses: CommitStatus[]
  readonly checks: Map<number, Check>
  readonly deployments: Map<number, FakeDeployment>
  readonly environments: Map<string, FakeEnvironment>
  readonly secrets: Map<string, string>
  readonly variables: Map<string, string>
  readonly rulesets: Map<number, Ruleset>
  readonly protections: Map<string, Protection>
  readonly runs: Map<number, FakeRun & { readonly details: RunDetails }>
  readonly jobs: Map<number, { readonly run: number; readonly job: FakeJob; readonly createdMs: number }>
  readonly artifactFolders: Map<number, Map<string, string>>
  readonly artifacts: Map<string, FakeArtifact>
  readonly workflowIds: Map<string, number>
  readonly queue: QueueEntry[]
  actions: { enabled: boolean; defaultPermissions: 'read' | 'write'; approvesPulls: boolean }
  /** The end of what is going on in it: changes go one after another. */
  last: Promise<unknown>
}

/** All that the fake knows, and the few things that each part needs of the whole. */
export interface State {
  readonly folder: string
  /** Set once the server listens. */
  serverUrl: string
  apiUrl: string
  readonly accounts: Map<string, Account>
  /** Members by `acme/network`. */
  readonly teams: Map<string, { readonly id: number; readonly members: Set<string> }>
  /** By full name in lower case. */
  readonly repositories: Map<string, Repository>
  readonly tokens: Map<string, Token>
  readonly limits: Limits
  now(): number
  id(): number
  deliver(delivery: Delivery, startsRuns: boolean): void
  runChanged(run: FakeRun, change: 'reviewed' | 'cancel' | 'rerun'): void
}

/** A refusal, as GitHub words it. */
export class Refusal extends Error {
  readonly status: number
  readonly errors: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    message: string,
    more: { readonly errors?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message)
    this.status = status
    this.errors = more.errors
    this.headers = more.headers ?? {}
  }
}

/** A 422 about one field, in GitHub's words. */
export function invalid(resource: string, field: string, message: string, code = 'custom'): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [{ resource, field, code, message }] })
}

/** 404, as GitHub says it of what is not there, and of what one may not see. */
export const missing = (): Refusal => new Refusal(404, 'Not Found')

/** Who a token speaks for, as GitHub shows it beside what was done with it. */
export function loginOf(of: TokenOf): string {
  if (of.kind === 'user') return of.login
  return of.kind === 'job' ? 'github-actions[bot]' : `${of.slug}[bot]`
}

/** The app whose token it is; check runs and statuses are kept under it. */
export function appOf(of: TokenOf): string | undefined {
  if (of.kind === 'user') return undefined
  return of.kind === 'job' ? 'github-actions' : of.slug
}

/** GitHub's own number of the app that jobs' tokens belong to. */
export const actionsAppId = 15_368

/** The number that rules name an app by: every app but Actions' has one made of its name. */
export function appId(slug: string): number {
  return slug === 'github-actions'
    ? actionsAppId
    : 20_000 + ([...slug].reduce((sum, it) => sum * 31 + it.charCodeAt(0), 7) % 100_000)
}

/** The account of a login; bots exist as soon as they are named. */
export function accountOf(state: State, login: string): Account {
  const known = state.accounts.get(login.toLowerCase())
  if (known !== undefined) return known
  if (!login.endsWith('[bot]')) throw new Error(`the fake GitHub knows no ${login}: make the account first`)
  const bot: Account = { id: state.id(), login, type: 'Bot' }
  state.accounts.set(login.toLowerCase(), bot)
  return bot
}

/** A repository by its full name. @throws Error when there is none */
export function repositoryOf(state: State, name: string): Repository {
  const found = state.repositories.get(name.toLowerCase())
  if (found === undefined) throw new Error(`the fake GitHub has no repository ${name}`)
  return found
}

/** What a person may do in a repository. */
export function levelOf(repository: Repository, login: string): Level {
  if (repository.owner.toLowerCase() === login.toLowerCase()) return 'admin'
  return repository.collaborators.get(login.toLowerCase()) ?? (repository.private ? 'none' : 'read')
}

/** Whether one level is at least another one. */
export function atLeast(level: Level, needed: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(needed)
}

/** What a job's token of a workflow may be given: GitHub offers nothing else to workflows. */
export const jobScopes: readonly string[] = [
  'actions',
  'checks',
  'contents',
  'deployments',
  'id-token',
  'issues',
  'metadata',
  'pull-requests',
  'statuses',
]

/** Changes a repository, after what is going on in it. */
export function exclusive<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const mine = repository.last.then(work, work)
  repository.last = mine.catch(() => undefined)
  return mine
}

/** Whether permissions allow something. */
export function permits(permissions: Permissions, scope: string, access: 'read' | 'write'): boolean {
  if (scope === 'metadata') return access === 'read'
  const has = permissions[scope as keyof Permissions]
  return has === 'write' || has === access
}
