import { UserError } from '../../error.ts'
import type { Governance } from '../governance.ts'
import type { MemoryState } from './memory-state.ts'

/** Settings of a repository in memory; changed by administrators only, and only as far as the owner's plan goes. */
export function memoryGovernance(has: MemoryState, plan: 'free' | 'team' | 'enterprise'): Governance {
  const mayChange = () => {
    if (has.facts.admin) return
    throw new UserError({
      code: 'github-forbidden',
      message: 'the token may not change settings of the repository: it needs administration: write',
    })
  }
  return {
    facts: async () => has.facts,
    environments: async () => [...has.environments.values()],
    async setEnvironment(environment) {
      mayChange()
      if (has.facts.private && plan !== 'enterprise' && environment.reviewers.length > 0)
        throw notInPlan(`required reviewers of environment ${environment.name}`)
      has.environments.set(environment.name, environment)
    },
    mergeRules: async (branch) => has.rules.get(branch),
    async setRuleset(branch, rules) {
      mayChange()
      if (has.facts.private && plan === 'free') throw notInPlan(`the ruleset of ${branch}`)
      has.rules.set(branch, rules)
    },
    secretNames: async (environment = '') => has.secrets.get(environment) ?? [],
    variables: async (environment = '') => has.variables.get(environment) ?? {},
    async setVariable(name, value, environment = '') {
      mayChange()
      has.variables.set(environment, { ...has.variables.get(environment), [name]: value })
    },
    actions: async () => ({ enabled: true, defaultPermissions: 'read' }),
  }
}

function notInPlan(what: string): UserError {
  return new UserError({
    code: 'github-plan',
    message: `GitHub refused ${what}: the plan of the owner has no such protection for private repositories`,
  })
}
