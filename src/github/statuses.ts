/** GitHub takes this many characters in the description of a status, of commits and of deployments, and refuses one more. */
export const maxDescriptionLength = 140

/** What a commit status says; `description` has at most `maxDescriptionLength` characters. */
export interface Status {
  readonly context: string
  readonly state: 'success' | 'failure' | 'pending' | 'error'
  readonly description: string
  readonly targetUrl?: string
}

/** A status as it was read, with who set it: anyone with write can. */
export interface SetStatus extends Status {
  readonly creator: string | undefined
  readonly atMs: number
}

/** Commit statuses. */
export interface Statuses {
  /** Sets a status on a commit that the repository has. */
  set(commit: string, status: Status): Promise<void>
  /** The newest of each context. */
  list(commit: string): Promise<readonly SetStatus[]>
}
