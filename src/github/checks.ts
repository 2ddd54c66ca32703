/** A note at a line of a file, shown in the pull request's diff. Lines and columns count from 1. */
export interface Annotation {
  readonly path: string
  readonly line: number
  readonly column?: number
  readonly level: 'notice' | 'warning' | 'failure'
  readonly title?: string
  readonly message: string
}

/** A check run that the API makes: for runs whose jobs do not show on the pull request. */
export interface CheckRun {
  readonly name: string
  readonly commit: string
  readonly conclusion?: 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'action_required'
  readonly title: string
  /** Markdown, at most 65,535 characters. */
  readonly summary: string
  readonly detailsUrl?: string
  readonly annotations: readonly Annotation[]
}

/** GitHub takes this many annotations in one request. */
export const annotationsPerCall = 50

/** Check runs. */
export interface Checks {
  /** Makes a check run, completed where it has a conclusion; one request for each 50 annotations begun, at least one. */
  create(run: CheckRun): Promise<{ readonly id: number; readonly url: string }>
  /** Changes a check run of ours; annotations are added to those that it has. */
  update(id: number, run: CheckRun): Promise<void>
}
