import type { Checks } from './checks.ts'
import type { Comments } from './comments.ts'
import type { Deployments } from './deployments.ts'
import type { Governance } from './governance.ts'
import type { People } from './people.ts'
import type { Pulls } from './pulls.ts'
import type { Runs } from './runs.ts'
import type { Statuses } from './statuses.ts'

/** A repository as GitHub names it: `acme/infra`. */
export interface RepositoryName {
  readonly owner: string
  readonly name: string
}

/** What a process has asked of GitHub's API so far. */
export interface ApiUse {
  /** Requests that were answered and that GitHub counts, repetitions included. */
  readonly calls: number
  /** Requests beside these that were answered by what was known already (304), which GitHub does not count. */
  readonly unchanged: number
  /** Repeated after a limit or a server's error. */
  readonly repeated: number
  /** What GitHub said is left of the hour's requests; undefined before the first answer. */
  readonly remaining: number | undefined
  /** Whether its ETags were such as one token can compute of another's answer; undefined before there was one. */
  readonly foretold?: boolean | undefined
}

/**
 * One repository on GitHub, as seen with one token. Every method is one request (a list: one a page) unless it says
 * otherwise, and throws UserError: `github-forbidden` (the token may not; names the permission), `github-missing` (not there, or
 * not to be seen with this token), `github-limited` (a limit that does not end soon), `github-unavailable` (no answer, also
 * when asked again), `github-unreadable` (an answer that is not as
 * GitHub documents it), `github-failed` (anything else).
 */
export interface GitHub {
  readonly repository: RepositoryName
  /** `https://github.com`, or the server of a GitHub Enterprise. */
  readonly serverUrl: string
  readonly comments: Comments
  readonly statuses: Statuses
  readonly checks: Checks
  readonly deployments: Deployments
  readonly pulls: Pulls
  readonly people: People
  readonly runs: Runs
  readonly governance: Governance
  use(): ApiUse
}
