/** A workflow run as GitHub knows it. */
export interface WorkflowRun {
  readonly id: number
  readonly attempt: number
  readonly event: string
  readonly headCommit: string
  readonly status: 'queued' | 'in_progress' | 'waiting' | 'pending' | 'requested' | 'completed'
  readonly conclusion: string | undefined
  /** Path of its workflow file: `.github/workflows/airlock.yml`. */
  readonly workflow: string
  readonly url: string
}

/** A job of a run as GitHub knows it. */
export interface WorkflowJobState {
  readonly id: number
  readonly name: string
  readonly status: WorkflowRun['status']
  readonly conclusion: string | undefined
}

/** What a person said when a run waited for an environment. */
export interface EnvironmentReview {
  readonly state: 'approved' | 'rejected'
  readonly environments: readonly string[]
  readonly by: string
  readonly comment: string
}

/** Workflow runs. */
export interface Runs {
  /** Undefined when there is no such run (any more). */
  get(id: number): Promise<WorkflowRun | undefined>
  /** A job of any run, by GitHub's number; undefined when there is no such job (any more). */
  job(id: number): Promise<WorkflowJobState | undefined>
  /** Who approved or rejected environments of a run. */
  reviews(id: number): Promise<readonly EnvironmentReview[]>
  /** Starts a workflow that has `workflow_dispatch`, at a branch; `workflow` is its file's name. */
  dispatch(workflow: string, branch: string, inputs: Readonly<Record<string, string>>): Promise<void>
  /** Those of the newest 100 runs of a workflow that are not over, newest first. */
  unfinished(workflow: string): Promise<readonly WorkflowRun[]>
}
