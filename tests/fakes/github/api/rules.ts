import { affords } from '../environments.ts'
import { type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { concerns } from '../rules.ts'
import { levelOf, missing, type Protection, permits, Refusal, type Ruleset } from '../state.ts'

const administers = [['administration', 'write']] as const

function rulesetOf(call: Call): Ruleset {
  const ruleset = call.repository.rulesets.get(numberOf(call, 'ruleset_id'))
  if (ruleset === undefined) throw missing()
  return ruleset
}

function parsed(call: Call, id: number): Ruleset {
  const conditions = call.body.conditions as { ref_name?: { include?: string[]; exclude?: string[] } } | undefined
  const name = String(call.body.name)
  const twin = [...call.repository.rulesets.values()].find((it) => it.name === name && it.id !== id)
  if (twin !== undefined) throw new Refusal(422, 'Validation Failed', { errors: ['Name must be unique'] })
  return {
    id,
    name,
    target: textOf(call, 'target') ?? 'branch',
    enforcement: call.body.enforcement as Ruleset['enforcement'],
    bypassActors: (call.body.bypass_actors ?? []) as Ruleset['bypassActors'],
    include: conditions?.ref_name?.include ?? [],
    exclude: conditions?.ref_name?.exclude ?? [],
    rules: (call.body.rules ?? []) as Ruleset['rules'],
  }
}

function rulesetView(call: Call, it: Ruleset, whole: boolean): unknown {
  return {
    id: it.id,
    node_id: `RRS_${it.id}`,
    name: it.name,
    target: it.target,
    source_type: 'Repository',
    source: call.repository.fullName,
    enforcement: it.enforcement,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...(whole
      ? {
          // Who may pass by is shown to those who may change it.
          ...(administersToo(call) ? { bypass_actors: it.bypassActors } : {}),
          conditions: { ref_name: { include: it.include, exclude: it.exclude } },
          rules: it.rules,
        }
      : {}),
  }
}

function administersToo(call: Call): boolean {
  if (call.by.kind === 'user') return levelOf(call.repository, call.by.login) === 'admin'
  return permits(call.by.permissions, 'administration', 'write')
}

interface Reviews {
  readonly required_approving_review_count?: number
  readonly require_code_owner_reviews?: boolean
  readonly dismiss_stale_reviews?: boolean
}
interface Checks {
  readonly strict?: boolean
  readonly contexts?: readonly string[]
  readonly checks?: readonly { readonly context: string; readonly app_id?: number | null }[]
}

function protectionFrom(call: Call): Protection {
  const checks = call.body.required_status_checks as Checks | null
  const reviews = call.body.required_pull_request_reviews as Reviews | null
  const named = checks?.checks?.map((it) => ({ context: it.context, app: it.app_id ?? undefined }))
  return {
    contexts: checks === null ? undefined : (named ?? checks.contexts?.map((context) => ({ context, app: undefined }))),
    strict: checks?.strict === true,
    reviews:
      reviews === null
        ? undefined
        : {
            count: reviews.required_approving_review_count ?? 1,
            codeOwners: reviews.require_code_owner_reviews === true,
            dismissStale: reviews.dismiss_stale_reviews === true,
          },
    enforceAdmins: call.body.enforce_admins === true,
  }
}

function protectionView(call: Call, it: Protection): Record<string, unknown> {
  const url = `${call.state.apiUrl}/repos/${call.repository.fullName}/branches/${call.params.branch}/protection`
  return {
    url,
    enforce_admins: { url: `${url}/enforce_admins`, enabled: it.enforceAdmins },
    ...(it.contexts === undefined
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: it.strict,
            contexts: it.contexts.map(({ context }) => context),
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: it.contexts.map(({ context, app }) => ({ context, app_id: app ?? null })),
          },
        }),
    ...(it.reviews === undefined
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: it.reviews.dismissStale,
            require_code_owner_reviews: it.reviews.codeOwners,
            required_approving_review_count: it.reviews.count,
            require_last_push_approval: false,
          },
        }),
  }
}

/** Rulesets, branch protection, and what the repository lets Actions do. */
export const ruleRoutes: readonly Route[] = [
  route('GET /rulesets', [['metadata', 'read']], (call) =>
    page(call, [...call.repository.rulesets.values()], (it) => rulesetView(call, it, false)),
  ),
  route('POST /rulesets', administers, (call) => {
    affords(call.repository, 'rulesets')
    const ruleset = parsed(call, call.state.id())
    call.repository.rulesets.set(ruleset.id, ruleset)
    return { status: 201, body: rulesetView(call, ruleset, true) }
  }),
  route('GET /rulesets/{ruleset_id}', [['metadata', 'read']], (call) => ({
    status: 200,
    body: rulesetView(call, rulesetOf(call), true),
  })),
  route('PUT /rulesets/{ruleset_id}', administers, (call) => {
    const before = rulesetOf(call)
    const { id } = before
    const whole = { ...call, body: { ...asBody(before), ...call.body } }
    const ruleset = parsed(whole, id)
    call.repository.rulesets.set(id, ruleset)
    return { status: 200, body: rulesetView(call, ruleset, true) }
  }),
  route('DELETE /rulesets/{ruleset_id}', administers, (call) => {
    call.repository.rulesets.delete(rulesetOf(call).id)
    return { status: 204 }
  }),
  route('GET /rules/branches/{branch}', [['metadata', 'read']], (call) => {
    const active = [...call.repository.rulesets.values()].filter(
      (it) => it.enforcement === 'active' && concerns(it, call.repository, call.params.branch!),
    )
    const rules = active.flatMap((it) => it.rules.map((rule) => ({ rule, id: it.id })))
    return page(call, rules, ({ rule, id }) => ({
      ...rule,
      ruleset_source_type: 'Repository',
      ruleset_source: call.repository.fullName,
      ruleset_id: id,
    }))
  }),
  route('GET /branches/{branch}/protection', [['administration', 'read']], (call) => {
    const protection = call.repository.protections.get(call.params.branch!)
    if (protection === undefined) throw new Refusal(404, 'Branch not protected')
    return { status: 200, body: protectionView(call, protection) }
  }),
  route('PUT /branches/{branch}/protection', administers, (call) => {
    affords(call.repository, 'rulesets')
    const protection = protectionFrom(call)
    call.repository.protections.set(call.params.branch!, protection)
    return { status: 200, body: protectionView(call, protection) }
  }),
  route('DELETE /branches/{branch}/protection', administers, (call) => {
    if (!call.repository.protections.delete(call.params.branch!)) throw new Refusal(404, 'Branch not protected')
    return { status: 204 }
  }),
  route('GET /actions/permissions', [['administration', 'read']], (call) => {
    const { enabled } = call.repository.actions
    return { status: 200, body: enabled ? { enabled, allowed_actions: 'all' } : { enabled } }
  }),
  route('PUT /actions/permissions', administers, (call) => {
    call.repository.actions = { ...call.repository.actions, enabled: call.body.enabled === true }
    return { status: 204 }
  }),
  route('GET /actions/permissions/workflow', [['administration', 'read']], (call) => ({
    status: 200,
    body: {
      default_workflow_permissions: call.repository.actions.defaultPermissions,
      can_approve_pull_request_reviews: call.repository.actions.approvesPulls,
    },
  })),
  route('PUT /actions/permissions/workflow', administers, (call) => {
    const { actions } = call.repository
    const level = textOf(call, 'default_workflow_permissions') as 'read' | 'write' | undefined
    const approves = call.body.can_approve_pull_request_reviews
    call.repository.actions = {
      ...actions,
      defaultPermissions: level ?? actions.defaultPermissions,
      approvesPulls: typeof approves === 'boolean' ? approves : actions.approvesPulls,
    }
    return { status: 204 }
  }),
]

/** A ruleset as a request would say it, for what a change leaves out. */
function asBody(it: Ruleset): Record<string, unknown> {
  return {
    name: it.name,
    target: it.target,
    enforcement: it.enforcement,
    bypass_actors: it.bypassActors,
    conditions: { ref_name: { include: it.include, exclude: it.exclude } },
    rules: it.rules,
  }
}
