import type { CheckRun } from '../checks.ts'
import type { Comment, Reaction } from '../comments.ts'
import type { Deployment, DeploymentState } from '../deployments.ts'
import type { Environment, MergeRules, RepositoryFacts } from '../governance.ts'
import type { Permission } from '../people.ts'
import type { Pull, Review } from '../pulls.ts'
import type { EnvironmentReview, WorkflowJobState, WorkflowRun } from '../runs.ts'
import type { SetStatus } from '../statuses.ts'

/** All that a GitHub in memory has; tests look at it, and change it as people do. */
export interface MemoryState {
  /** Commits beside those that pull requests name. */
  readonly commits: Set<string>
  readonly pulls: Map<number, Pull>
  /** By number of the pull request, oldest first. */
  readonly reviews: Map<number, Review[]>
  /** By id, in the order in which they were written. */
  readonly comments: Map<number, Comment & { readonly on: number }>
  readonly reactions: { readonly comment: number; readonly reaction: Reaction }[]
  /** By commit, oldest first: what was set is never gone. */
  readonly statuses: Map<string, SetStatus[]>
  readonly checks: Map<number, CheckRun>
  /** Oldest first, with the states that each was given. */
  readonly deployments: { readonly is: Deployment; readonly states: DeploymentState[] }[]
  readonly permissions: Map<string, Permission>
  /** Members by team: `acme/network`. */
  readonly teams: Map<string, Set<string>>
  readonly runs: Map<number, WorkflowRun>
  readonly jobs: Map<number, WorkflowJobState>
  readonly runReviews: Map<number, EnvironmentReview[]>
  /** Names of workflow files that can be dispatched. */
  readonly workflows: Set<string>
  readonly dispatches: {
    readonly workflow: string
    readonly branch: string
    readonly inputs: Readonly<Record<string, string>>
  }[]
  readonly environments: Map<string, Environment>
  readonly rules: Map<string, MergeRules>
  /** Names by environment; the repository's own under the empty name. */
  readonly secrets: Map<string, string[]>
  readonly variables: Map<string, Record<string, string>>
  facts: RepositoryFacts
}

/** A repository in which nothing happened yet. */
export function emptyState(): MemoryState {
  return {
    commits: new Set(),
    pulls: new Map(),
    reviews: new Map(),
    comments: new Map(),
    reactions: [],
    statuses: new Map(),
    checks: new Map(),
    deployments: [],
    permissions: new Map(),
    teams: new Map(),
    runs: new Map(),
    jobs: new Map(),
    runReviews: new Map(),
    workflows: new Set(['airlock.yml']),
    dispatches: [],
    environments: new Map(),
    rules: new Map(),
    secrets: new Map(),
    variables: new Map(),
    facts: {
      defaultBranch: 'main',
      private: true,
      owner: 'Organization',
      admin: false,
      allowsSquash: true,
      allowsMergeCommit: true,
      allowsRebase: true,
    },
  }
}
