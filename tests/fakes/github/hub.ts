/** What a token may do: GitHub's own names of permissions, as in a workflow's `permissions`. */
export type Scope =
  | 'actions'
  | 'administration'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'environments'
  | 'id-token'
  | 'issues'
  | 'members'
  | 'metadata'
  | 'pull-requests'
  | 'secrets'
  | 'statuses'
  | 'variables'

export type Permissions = Readonly<Partial<Record<Scope, 'read' | 'write'>>>

/** Who a token speaks for: a person; or the job of a run, whose events start no workflow but dispatches. */
export type TokenOf =
  | { readonly kind: 'user'; readonly login: string }
  | { readonly kind: 'job'; readonly run: number; readonly job: number; readonly permissions: Permissions }
  | { readonly kind: 'app'; readonly slug: string; readonly permissions: Permissions }

/** Something that happened in a repository, with the webhook's payload, as workflows get it. */
export interface Delivery {
  readonly repository: string
  readonly event: string
  readonly action: string | undefined
  readonly payload: Readonly<Record<string, unknown>>
  /** Who did it. Nothing that a job's token did starts a workflow, but `workflow_dispatch` and `repository_dispatch`. */
  readonly by: TokenOf
  /** The ref and commit that a workflow run of it is about: `refs/pull/7/merge`, `refs/heads/main`. */
  readonly ref: string
  readonly sha: string
}

/** A request that the API answered, as a test counts it. */
export interface ApiCall {
  readonly method: string
  /** `/repos/{owner}/{repo}/issues/{issue_number}/comments` */
  readonly route: string
  readonly path: string
  readonly status: number
  readonly by: TokenOf | undefined
}

export type RunStatus = 'queued' | 'in_progress' | 'waiting' | 'pending' | 'completed'
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'neutral' | 'action_required'

/** A workflow run as the fake keeps it and the API shows it. */
export interface FakeRun {
  readonly id: number
  readonly repository: string
  readonly workflow: string
  readonly event: string
  readonly ref: string
  readonly sha: string
  readonly actor: string
  attempt: number
  status: RunStatus
  conclusion: Conclusion | undefined
  readonly jobs: FakeJob[]
  /** Given by people for environments, as `GET …/runs/{id}/approvals` tells them. */
  readonly approvals: { state: 'approved' | 'rejected'; environments: string[]; user: string; comment: string }[]
}

export interface FakeJob {
  readonly id: number
  /** What the Checks page shows: `vpc`. */
  readonly name: string
  /** Key in the workflow file. */
  readonly key: string
  status: RunStatus
  conclusion: Conclusion | undefined
  environment?: string
  /** The workflow that defines the job, where that is another one than the run's: `acme/shared/.github/workflows/plan.yml@refs/heads/main`. */
  readonly workflowRef?: string
  /** All that it printed. */
  log: string
  summary: string
  readonly annotations: { path: string; line: number; level: string; message: string; title?: string }[]
}

/** What the host runner needs of the fake GitHub, and what it tells it. */
export interface Hub {
  /** `http://127.0.0.1:4711`, for Git (`/acme/infra.git`) and as GITHUB_SERVER_URL. */
  readonly serverUrl: string
  /** GITHUB_API_URL. */
  readonly apiUrl: string
  /** A token that the API and Git over HTTP take; it says what GitHub's would. */
  token(of: TokenOf, repository: string): string
  /** Ends a job's token, as at the job's end. */
  revoke(token: string): void
  /** Tells of deliveries that may start runs; those that cannot (made by a job's token, `[skip ci]`, conflicting pull requests) are not told. */
  onEvent(listener: (delivery: Delivery) => void): void
  /**
   * Somebody approved, rejected or cancelled through the API. Before it tells of `rerun`, the run has its next attempt, no
   * jobs, and is `queued` again; what people approved stays listed, as GitHub lists it.
   */
  onRunChange(listener: (run: FakeRun, change: 'reviewed' | 'cancel' | 'rerun') => void): void
  startRun(of: Omit<FakeRun, 'id' | 'attempt' | 'status' | 'conclusion' | 'jobs' | 'approvals'>): FakeRun
  startJob(run: FakeRun, of: Pick<FakeJob, 'name' | 'key' | 'environment' | 'workflowRef'>): FakeJob
  /** Approves or rejects environments that jobs of the run wait for. @throws when that person is none of the reviewers */
  reviewEnvironments(
    run: FakeRun,
    of: {
      readonly state: 'approved' | 'rejected'
      readonly environments: readonly string[]
      readonly by: string
      readonly comment?: string
    },
  ): void
  /** Makes the deployment of a job whose environment makes one, or sets its state. */
  jobDeployment?(
    run: FakeRun,
    job: FakeJob,
    state: 'waiting' | 'queued' | 'in_progress' | 'success' | 'failure' | 'error',
  ): void
  /** The status of a run or job changed: a merge queue may go on. */
  runUpdated(run: FakeRun): void
  /** A file at a commit of the bare repository; undefined when there is none. */
  file(repository: string, commit: string, path: string): Promise<string | undefined>
  /** Contents of `.github/workflows/` at a commit. */
  workflows(repository: string, commit: string): Promise<ReadonlyMap<string, string>>
  /** What protects an environment, in the repository's settings; makes an unprotected one where there is none, as GitHub does. */
  environment(
    repository: string,
    name: string,
  ): {
    readonly reviewers: readonly string[]
    /** Undefined: any branch may deploy. */
    readonly branches: readonly string[] | undefined
    readonly secrets: ReadonlyMap<string, string>
    readonly variables: ReadonlyMap<string, string>
  }
  secrets(repository: string): ReadonlyMap<string, string>
  variables(repository: string): ReadonlyMap<string, string>
  defaultBranch(repository: string): string
  /** Whether a login is from a fork's owner or Dependabot, whose runs of `pull_request` get no secrets, no OIDC, and a token that reads. */
  isUntrusted(delivery: Delivery): boolean
  /** The artifacts of a run, by name: folders on disk. */
  artifacts(run: FakeRun): Map<string, string>
  /**
   * A signed OIDC token (RS256) with GitHub's claims for a job, as ACTIONS_ID_TOKEN_REQUEST_URL answers.
   * @throws when the job's token has no `id-token: write`
   */
  idToken(run: FakeRun, job: FakeJob, audience: string): Promise<string>
}
