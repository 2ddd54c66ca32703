export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'

/** A deployment of a commit to an environment; `payload` is ours to say what was deployed. */
export interface Deployment {
  readonly id: number
  readonly environment: string
  readonly commit: string
  readonly task: string
  readonly description: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly creator: string | undefined
  readonly createdMs: number
}

/** Deployments and their statuses. */
export interface Deployments {
  /** Makes one without waiting for checks and without merging anything into the commit. */
  create(of: Omit<Deployment, 'id' | 'creator' | 'createdMs'>): Promise<Deployment>
  setStatus(
    id: number,
    status: { readonly state: DeploymentState; readonly description: string; readonly logUrl?: string },
  ): Promise<void>
  /** Newest first, at most `most`. */
  list(of: { readonly environment: string; readonly task?: string }, most: number): Promise<readonly Deployment[]>
  /** The state that was set last; undefined where none was. */
  state(id: number): Promise<DeploymentState | undefined>
}
