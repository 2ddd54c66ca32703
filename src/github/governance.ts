/** An environment and what protects it. */
export interface Environment {
  readonly name: string
  /** Logins and teams (`@acme/network`) of which one must approve. */
  readonly reviewers: readonly string[]
  readonly preventsSelfReview: boolean
  /** Patterns of branches that may use it; undefined: any, `protected`: those with a protection. */
  readonly branches: readonly string[] | 'protected' | undefined
}

/** A rule set or a branch protection, as far as it concerns merging into a branch. */
export interface MergeRules {
  /** Contexts that must be green, with the id of the app that must have said so, where one is asked for. */
  readonly requiredChecks: readonly { readonly context: string; readonly app?: number }[]
  readonly requiredReviews: number
  readonly codeOwnerReview: boolean
  readonly dismissesStaleReviews: boolean
  readonly mergeQueue: boolean
}

/** The repository's own settings. */
export interface RepositoryFacts {
  readonly defaultBranch: string
  readonly private: boolean
  readonly owner: 'User' | 'Organization'
  /** What the token may do: `admin` is needed to change settings. */
  readonly admin: boolean
  readonly allowsSquash: boolean
  readonly allowsMergeCommit: boolean
  readonly allowsRebase: boolean
}

/** What GitHub's settings of the repository are, and the few changes that `airlock init --apply` makes. */
export interface Governance {
  facts(): Promise<RepositoryFacts>
  environments(): Promise<readonly Environment[]>
  /** Makes it, or changes what protects it. @throws UserError `github-plan` where the plan of the owner has no such protection */
  setEnvironment(environment: Environment): Promise<void>
  /** What merging into a branch demands, rulesets and branch protection together; undefined where nothing does. */
  mergeRules(branch: string): Promise<MergeRules | undefined>
  /** Makes a ruleset named `airlock` for the branch, or changes ours. @throws UserError `github-plan` */
  setRuleset(branch: string, rules: MergeRules): Promise<void>
  /** Names of Actions secrets and variables: of the repository, or of one of its environments. */
  secretNames(environment?: string): Promise<readonly string[]>
  variables(environment?: string): Promise<Readonly<Record<string, string>>>
  setVariable(name: string, value: string, environment?: string): Promise<void>
  /** Whether workflows may run, and what GITHUB_TOKEN may do where a workflow does not say. */
  actions(): Promise<{ readonly enabled: boolean; readonly defaultPermissions: 'read' | 'write' }>
}
