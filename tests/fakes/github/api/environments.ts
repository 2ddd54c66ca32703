import { affords, environmentOf } from '../environments.ts'
import { type Answer, type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { environmentView } from '../run-views.ts'
import { accountOf, type FakeEnvironment, levelOf, missing, Refusal } from '../state.ts'
import { userView } from '../views.ts'

function existing(call: Call): FakeEnvironment {
  const it = call.repository.environments.get(call.params.environment_name!.toLowerCase())
  if (it === undefined) throw missing()
  return it
}

/** The name of a reviewer that a request gives by id. */
function reviewerOf(call: Call, of: { readonly type?: string; readonly id?: number }): string {
  const found =
    of.type === 'Team'
      ? [...call.state.teams].find(([, team]) => team.id === of.id)?.[0]
      : [...call.state.accounts.values()].find((it) => it.id === of.id && it.type === 'User')?.login
  if (found === undefined) throw new Refusal(422, `Validation Failed: no ${of.type} has the id ${of.id}`)
  return found
}

const administers = [['administration', 'write']] as const
const reads = [['actions', 'read']] as const

/** Environments and what protects them. */
export const environmentRoutes: readonly Route[] = [
  route('GET /environments', reads, (call) =>
    page(
      call,
      [...call.repository.environments.values()],
      (it) => environmentView(call.state, call.repository, it),
      'environments',
    ),
  ),
  route('GET /environments/{environment_name}', reads, (call) => ({
    status: 200,
    body: environmentView(call.state, call.repository, existing(call)),
  })),
  route('PUT /environments/{environment_name}', administers, (call) => {
    const policy = call.body.deployment_branch_policy as
      | { readonly protected_branches: boolean; readonly custom_branch_policies: boolean }
      | null
      | undefined
    const given = (call.body.reviewers ?? []) as { readonly type?: string; readonly id?: number }[]
    if (policy && policy.protected_branches === policy.custom_branch_policies) {
      throw new Refusal(422, 'protected_branches and custom_branch_policies cannot have the same value')
    }
    if (given.length > 6) throw new Refusal(422, 'Validation Failed: there can be up to six reviewers')
    const waitTimer = Number(call.body.wait_timer ?? 0)
    if (given.length > 0 || waitTimer > 0) affords(call.repository, 'reviewers')
    if (policy) affords(call.repository, 'environments')
    const reviewers = given.map((it) => reviewerOf(call, it))
    const it = environmentOf(call.state, call.repository, call.params.environment_name!)
    it.waitTimer = waitTimer
    it.preventSelfReview = call.body.prevent_self_review === true
    it.reviewers = reviewers
    it.branchPolicy = policy ? (policy.protected_branches ? 'protected' : 'custom') : undefined
    if (it.branchPolicy !== 'custom') it.policies = []
    return { status: 200, body: environmentView(call.state, call.repository, it) }
  }),
  route('DELETE /environments/{environment_name}', administers, (call) => {
    call.repository.environments.delete(existing(call).name.toLowerCase())
    return { status: 204 }
  }),
  route('GET /environments/{environment_name}/deployment-branch-policies', reads, (call) =>
    page(call, existing(call).policies, policyView, 'branch_policies'),
  ),
  route('POST /environments/{environment_name}/deployment-branch-policies', administers, (call) => {
    const it = existing(call)
    if (it.branchPolicy !== 'custom') throw missing()
    const type = (textOf(call, 'type') ?? 'branch') as 'branch' | 'tag'
    const name = String(call.body.name)
    const twin = it.policies.find((policy) => policy.name === name && policy.type === type)
    if (twin !== undefined) throw new Refusal(303, 'Already exists')
    const policy = { id: call.state.id(), name, type }
    it.policies.push(policy)
    return { status: 200, body: policyView(policy) }
  }),
  route(
    'DELETE /environments/{environment_name}/deployment-branch-policies/{branch_policy_id}',
    administers,
    (call) => {
      const it = existing(call)
      const id = numberOf(call, 'branch_policy_id')
      if (!it.policies.some((policy) => policy.id === id)) throw missing()
      it.policies = it.policies.filter((policy) => policy.id !== id)
      return { status: 204 }
    },
  ),
  route('GET /environments/{environment_name}/secrets', [['environments', 'read']], (call) =>
    page(call, [...existing(call).secrets.keys()], namedView, 'secrets'),
  ),
  ...variableRoutes('/environments/{environment_name}/variables', 'environments', (call) => existing(call).variables),
  route('GET /actions/secrets', [['secrets', 'read']], (call) =>
    page(call, [...call.repository.secrets.keys()], namedView, 'secrets'),
  ),
  ...variableRoutes('/actions/variables', 'variables', (call) => call.repository.variables),
  route('GET /collaborators/{username}/permission', [['metadata', 'read']], permission),
]

/** What somebody may do; the older word of it knows no triage and no maintain. */
function permission(call: Call): Answer {
  const login = call.params.username!
  const known = call.state.accounts.get(login.toLowerCase())
  if (known === undefined) throw new Refusal(404, `${login} is not a user`)
  const level = levelOf(call.repository, known.login)
  const older = { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }[level]
  const user = userView(call.state, accountOf(call.state, login).login)
  return { status: 200, body: { permission: older, role_name: level, user: { ...user, role_name: level } } }
}

const policyView = (it: FakeEnvironment['policies'][number]): unknown => ({ ...it, node_id: `BP_${it.id}` })

const then = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
const namedView = (name: string): unknown => ({ name, ...then })

function variableRoutes(
  path: string,
  scope: 'environments' | 'variables',
  of: (call: Call) => Map<string, string>,
): Route[] {
  const view = ([name, value]: readonly [string, string]): unknown => ({ name, value, ...then })
  const entry = (call: Call): readonly [string, string] => {
    const name = call.params.name!.toUpperCase()
    const value = of(call).get(name)
    if (value === undefined) throw missing()
    return [name, value]
  }
  return [
    route(`GET ${path}`, [[scope, 'read']], (call) => page(call, [...of(call)], view, 'variables')),
    route(`POST ${path}`, [[scope, 'write']], (call) => {
      const name = String(call.body.name).toUpperCase()
      if (!/^[A-Z_][A-Z0-9_]*$/.test(name) || name.startsWith('GITHUB_')) {
        throw new Refusal(422, 'Variable name is invalid')
      }
      if (of(call).has(name)) throw new Refusal(409, 'Already exists')
      of(call).set(name, String(call.body.value))
      return { status: 201, body: {} }
    }),
    route(`GET ${path}/{name}`, [[scope, 'read']], (call) => ({ status: 200, body: view(entry(call)) })),
    route(`PATCH ${path}/{name}`, [[scope, 'write']], (call) => {
      const [name] = entry(call)
      of(call).set(name, String(call.body.value))
      return { status: 204 }
    }),
    route(`DELETE ${path}/{name}`, [[scope, 'write']], (call) => {
      of(call).delete(entry(call)[0])
      return { status: 204 }
    }),
  ]
}
