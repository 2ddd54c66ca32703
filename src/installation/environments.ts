import type { Environment, MergeRules } from '../github/governance.ts'

/** The check that the merge gate sets on commits. */
export const gateContext = 'airlock/gate'

/** What decides which environments a repository needs. */
export interface EnvironmentNeeds {
  /** The protected branch. */
  readonly branch: string
  /** Environments that instances belong to. */
  readonly names: readonly string[]
  /** Those of them whose reviewers approve plans. */
  readonly approving: readonly string[]
  /** Who must approve, by environment: logins and teams (`@acme/network`). */
  readonly reviewers: Readonly<Record<string, readonly string[]>>
}

/** An environment as it must be, and what it is there for. */
export interface WantedEnvironment extends Environment {
  readonly why: string
}

/**
 * All environments that the workflow uses. Roles in the cloud trust an environment, never a branch; so what may use an
 * environment is what may take its role.
 */
export function wantedEnvironments({ branch, names, approving, reviewers }: EnvironmentNeeds): WantedEnvironment[] {
  const plain = { reviewers: [], preventsSelfReview: false }
  const onBranch = { ...plain, branches: [branch] }
  return [
    { name: 'airlock-plan', ...plain, branches: undefined, why: 'plans, of any branch: may only create' },
    { name: 'airlock-fold', ...plain, branches: undefined, why: 'records, comment and gate, of any branch' },
    { name: 'airlock-drift', ...onBranch, why: 'looks for drift' },
    ...names.flatMap((name) => [
      ...(approving.includes(name) || reviewers[name] !== undefined
        ? [{ name, ...onBranch, reviewers: reviewers[name] ?? [], why: 'its reviewers approve plans' }]
        : []),
      { name: `${name}-apply`, ...onBranch, why: 'applies' },
    ]),
  ]
}

/** One change of GitHub's settings of the repository. */
export type GovernanceEdit =
  | {
      readonly kind: 'environment'
      readonly name: string
      readonly is: Environment | undefined
      readonly becomes: Environment
    }
  | {
      readonly kind: 'ruleset'
      readonly branch: string
      readonly is: MergeRules | undefined
      readonly becomes: MergeRules
    }

/** What has to change so that environments and merge rules are as wanted; protection that goes further is kept. */
export function governanceEdits(
  wanted: readonly WantedEnvironment[],
  rules: { readonly branch: string; readonly codeowners: boolean },
  found: { readonly environments: readonly Environment[]; readonly rules: MergeRules | undefined },
): GovernanceEdit[] {
  const environments = wanted.flatMap(({ why: _, ...it }): GovernanceEdit[] => {
    const is = found.environments.find(({ name }) => name === it.name)
    const becomes: Environment = {
      ...it,
      reviewers: it.reviewers.length > 0 ? it.reviewers : (is?.reviewers ?? []),
      preventsSelfReview: it.preventsSelfReview || (is?.preventsSelfReview ?? false),
    }
    return is !== undefined && equalEnvironments(is, becomes)
      ? []
      : [{ kind: 'environment', name: it.name, is, becomes }]
  })
  const becomes = wantedRules(rules, found.rules)
  const settled = found.rules !== undefined && JSON.stringify(becomes) === JSON.stringify(found.rules)
  return [
    ...environments,
    ...(settled ? [] : [{ kind: 'ruleset', branch: rules.branch, is: found.rules, becomes } as const]),
  ]
}

/** What merging must demand: the gate, and the owners' review where the repository says who they are. */
export function wantedRules(
  { codeowners }: { readonly codeowners: boolean },
  found: MergeRules | undefined,
): MergeRules {
  const checks = found?.requiredChecks ?? []
  const reviewed = codeowners || (found?.codeOwnerReview ?? false)
  return {
    requiredChecks: checks.some(({ context }) => context === gateContext)
      ? checks
      : [...checks, { context: gateContext }],
    requiredReviews: Math.max(found?.requiredReviews ?? 0, reviewed ? 1 : 0),
    codeOwnerReview: reviewed,
    dismissesStaleReviews: found?.dismissesStaleReviews ?? false,
    mergeQueue: found?.mergeQueue ?? false,
  }
}

/** Whether two environments are protected alike; the order of reviewers and branches is no difference. */
export function equalEnvironments(a: Environment, b: Environment): boolean {
  const key = ({ reviewers, preventsSelfReview, branches }: Environment) =>
    JSON.stringify([
      [...reviewers].sort(),
      preventsSelfReview,
      Array.isArray(branches) ? [...branches].sort() : (branches ?? 'any'),
    ])
  return key(a) === key(b)
}
