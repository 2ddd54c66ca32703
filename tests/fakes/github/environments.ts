import { type FakeEnvironment, Refusal, type Repository, type State } from './state.ts'

/** An environment; one that a job names for the first time is made, unprotected, as GitHub does. */
export function environmentOf(state: State, repository: Repository, name: string): FakeEnvironment {
  const key = name.toLowerCase()
  const known = repository.environments.get(key)
  if (known !== undefined) return known
  const made: FakeEnvironment = {
    id: state.id(),
    name,
    waitTimer: 0,
    preventSelfReview: false,
    reviewers: [],
    branchPolicy: undefined,
    policies: [],
    secrets: new Map(),
    variables: new Map(),
  }
  repository.environments.set(key, made)
  return made
}

/** Whether a person is one of those who may approve for an environment. */
export function isReviewer(state: State, environment: FakeEnvironment, login: string): boolean {
  const same = (name: string): boolean => name.toLowerCase() === login.toLowerCase()
  return environment.reviewers.some((it) => same(it) || [...(state.teams.get(it)?.members ?? [])].some(same))
}

/** What the owner pays for must have what is asked for; public repositories have all of it. @throws Refusal 422 */
export function affords(repository: Repository, feature: 'environments' | 'reviewers' | 'rulesets'): void {
  if (!repository.private || repository.plan === 'enterprise') return
  if (feature === 'reviewers') {
    throw new Refusal(
      422,
      'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.',
    )
  }
  if (repository.plan === 'team') return
  if (feature === 'rulesets') {
    throw new Refusal(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.')
  }
  throw new Refusal(
    422,
    'Failed to create the environment protection rule. Please ensure the billing plan supports the branch policy protection rule.',
  )
}
