import type { Environment, Governance } from '../governance.ts'
import type { Payload } from '../payload.ts'
import { isGitHub, type RestClient } from './rest-client.ts'
import { restMergeRules } from './rest-rules.ts'

const repo = '/repos/{owner}/{repo}'
const environment = `${repo}/environments/{environment_name}`

/** Settings of the repository over REST. */
export function restGovernance(client: RestClient): Governance {
  /** A variable or secret lies in the repository, or in an environment of it. */
  const place = (of: string | undefined, what: 'secrets' | 'variables') =>
    of === undefined
      ? ([`${repo}/actions/${what}`, {}] as const)
      : ([`${environment}/${what}`, { environment_name: of }] as const)

  const policies = (name: string) =>
    client.list(`GET ${environment}/deployment-branch-policies`, { environment_name: name }, { in: 'branch_policies' })

  async function reviewer(name: string) {
    if (!name.startsWith('@')) {
      const user = await client.object('GET /users/{username}', { username: name }, { what: `user ${name}` })
      return { type: 'User', id: user.number('id') }
    }
    const [org = '', slug = ''] = name.slice(1).split('/')
    const team = await client.object(
      'GET /orgs/{org}/teams/{team_slug}',
      { org, team_slug: slug },
      { what: `team ${name}` },
    )
    return { type: 'Team', id: team.number('id') }
  }

  async function setBranches(name: string, wanted: readonly string[]): Promise<void> {
    const before = await policies(name)
    const is = new Map(before.map((it) => [it.text('name'), it.number('id')]))
    const at = { environment_name: name }
    for (const pattern of wanted)
      if (!is.has(pattern))
        await client.send(`POST ${environment}/deployment-branch-policies`, { ...at, name: pattern })
    for (const [pattern, id] of is)
      if (!wanted.includes(pattern))
        await client.send(`DELETE ${environment}/deployment-branch-policies/{branch_policy_id}`, {
          ...at,
          branch_policy_id: id,
        })
  }

  return {
    ...restMergeRules(client),
    async facts() {
      const is = await client.object(`GET ${repo}`)
      // Only those who may change them are told the ways to merge; GitHub begins with all of them.
      const allows = (key: string) => is.raw(key) !== false
      return {
        defaultBranch: is.text('default_branch'),
        private: is.flag('private'),
        owner: is.text('owner.type') === 'Organization' ? 'Organization' : 'User',
        admin: is.flagIf('permissions.admin'),
        allowsSquash: allows('allow_squash_merge'),
        allowsMergeCommit: allows('allow_merge_commit'),
        allowsRebase: allows('allow_rebase_merge'),
      }
    },
    async environments() {
      const found = await client.list(`GET ${repo}/environments`, {}, { in: 'environments' })
      return Promise.all(
        found.map(async (it): Promise<Environment> => {
          const custom = it.flagIf('deployment_branch_policy.custom_branch_policies')
          const branches = custom ? (await policies(it.text('name'))).map((one) => one.text('name')) : undefined
          return parsed(it, branches)
        }),
      )
    },
    async setEnvironment({ name, reviewers, preventsSelfReview, branches }) {
      const custom = Array.isArray(branches)
      await client.send(`PUT ${environment}`, {
        environment_name: name,
        prevent_self_review: preventsSelfReview,
        reviewers: reviewers.length > 0 ? await Promise.all(reviewers.map(reviewer)) : null,
        deployment_branch_policy:
          branches === undefined ? null : { protected_branches: !custom, custom_branch_policies: custom },
      })
      if (branches !== undefined && branches !== 'protected') await setBranches(name, branches)
    },
    async secretNames(of) {
      const [path, parameters] = place(of, 'secrets')
      return (await client.list(`GET ${path}`, parameters, { in: 'secrets' })).map((it) => it.text('name'))
    },
    async variables(of) {
      const [path, parameters] = place(of, 'variables')
      const found = await client.list(`GET ${path}`, parameters, { in: 'variables' })
      return Object.fromEntries(found.map((it) => [it.text('name'), it.text('value')]))
    },
    async setVariable(name, value, of) {
      const [path, parameters] = place(of, 'variables')
      try {
        await client.send(`PATCH ${path}/{name}`, { ...parameters, name, value })
      } catch (error) {
        if (!isGitHub('github-missing', error)) throw error
        await client.send(`POST ${path}`, { ...parameters, name, value })
      }
    },
    async actions() {
      const [may, workflow] = await Promise.all([
        client.object(`GET ${repo}/actions/permissions`),
        client.object(`GET ${repo}/actions/permissions/workflow`),
      ])
      return {
        enabled: may.flag('enabled'),
        defaultPermissions: workflow.choice('default_workflow_permissions', ['read', 'write']),
      }
    },
  }
}

function parsed(it: Payload, branches: readonly string[] | undefined): Environment {
  const rules = it.raw('protection_rules') === undefined ? [] : it.objects('protection_rules')
  const asked = rules.find((rule) => rule.text('type') === 'required_reviewers')
  return {
    name: it.text('name'),
    reviewers: asked?.objects('reviewers').map(reviewerName) ?? [],
    preventsSelfReview: asked?.flagIf('prevent_self_review') ?? false,
    branches: branches ?? (it.flagIf('deployment_branch_policy.protected_branches') ? 'protected' : undefined),
  }
}

/** GitHub names a team by its slug, and its organisation only in addresses: `https://github.com/orgs/acme/teams/network`. */
function reviewerName(it: Payload): string {
  if (it.text('type') !== 'Team') return it.text('reviewer.login')
  const [, org] = /\/orgs\/([^/]+)\//.exec(it.textIf('reviewer.html_url') ?? '') ?? []
  return org === undefined ? `@${it.text('reviewer.slug')}` : `@${org}/${it.text('reviewer.slug')}`
}
