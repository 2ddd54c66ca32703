/** A pull request as it is now. */
export interface Pull {
  readonly number: number
  readonly title: string
  readonly author: string
  readonly state: 'open' | 'closed'
  readonly draft: boolean
  /** The branch that it brings; `fork`: it lies in another repository, so that its name says nothing in ours. */
  readonly head: { readonly branch: string; readonly commit: string; readonly fork: boolean }
  readonly base: { readonly branch: string; readonly commit: string }
  /** The commit on the base branch, once it was merged. */
  readonly merged?: { readonly commit: string; readonly by: string | undefined; readonly atMs: number }
  readonly url: string
}

/** A review, as given; a later one by the same person counts instead of it. */
export interface Review {
  readonly id: number
  readonly author: string
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  /** The commit that was looked at; empty when GitHub does not say. */
  readonly commit: string
  readonly submittedMs: number
  readonly url: string
}

/** Pull requests and their reviews. */
export interface Pulls {
  /** @throws UserError `github-missing` */
  get(number: number): Promise<Pull>
  open(): Promise<readonly Pull[]>
  /** Those that a commit of the protected branch came with: told by GitHub for squash, rebase and merge alike. */
  ofCommit(commit: string): Promise<readonly Pull[]>
  /** Oldest first. */
  reviews(number: number): Promise<readonly Review[]>
}
