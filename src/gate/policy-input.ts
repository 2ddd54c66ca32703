import { canonicalJson } from '../json.ts'
import type { Action, RedactedPlan, ResourceChange } from '../plan/plan.ts'
import type { PlanValue, ValuePath } from '../plan/value.ts'

/** Stands where a value is that nobody may see. */
const HIDDEN = '(sensitive)'

/**
 * A plan as policies read it from standard input: the shape of `terraform show -json` (format 1), so that what was written
 * for it can be used (OPA, conftest, jq). Sensitive values are replaced by a text, and marked as there.
 */
export function policyInput(plan: RedactedPlan): string {
  return canonicalJson({
    format_version: '1.2',
    terraform_version: plan.terraformVersion,
    applyable: plan.applyable,
    complete: plan.complete,
    errored: plan.errored,
    resource_changes: plan.changes.map(resource),
    resource_drift: plan.drift.map(resource),
    deferred_changes: plan.deferred.map(({ reason, change }) => ({ reason, resource_change: resource(change) })),
    output_changes: Object.fromEntries(
      plan.outputs.map(({ name, action, before, after }) => [name, { actions: [action], ...sides(before, after) }]),
    ),
    checks: plan.checks.map(({ address, status, problems }) => ({
      address: { to_display: address },
      status,
      ...(problems.length > 0 && { instances: [{ problems: problems.map((message) => ({ message })) }] }),
    })),
  })
}

function resource(change: ResourceChange): object {
  const { module, previousAddress, deposed, reason, importing, replacePaths, before, after } = change
  return {
    address: change.address,
    ...(previousAddress !== undefined && { previous_address: previousAddress }),
    ...(module !== undefined && { module_address: module }),
    mode: change.mode,
    type: change.type,
    name: change.name,
    provider_name: change.provider,
    ...(deposed !== undefined && { deposed }),
    ...(reason !== undefined && { action_reason: reason }),
    change: {
      actions: actionWords(change.action),
      ...sides(before, after),
      ...(replacePaths.length > 0 && { replace_paths: replacePaths.map((path: ValuePath) => [...path]) }),
      ...(importing !== undefined && { importing: importing.id === undefined ? {} : { id: importing.id } }),
    },
  }
}

function actionWords(action: Action): string[] {
  return action === 'no-op' ? [action] : action.split('-')
}

function sides(before: PlanValue | undefined, after: PlanValue | undefined): object {
  return {
    before: before === undefined ? null : known(before),
    after: after === undefined ? null : known(after),
    after_unknown: after === undefined ? false : marks(after, 'unknown'),
    before_sensitive: before === undefined ? false : marks(before, 'sensitive'),
    after_sensitive: after === undefined ? false : marks(after, 'sensitive'),
  }
}

/** What is known; unknown attributes are left out, unknown items are null, as Terraform has it. */
function known(value: PlanValue): unknown {
  switch (value.kind) {
    case 'known':
      return value.value
    case 'sensitive':
      return HIDDEN
    case 'unknown':
      return null
    case 'list':
      return value.items.map(known)
    case 'map':
      return Object.fromEntries(
        value.entries.flatMap(([key, item]) => (item.kind === 'unknown' ? [] : [[key, known(item)]])),
      )
  }
}

/** `true` where a value is of the kind, in the shape of the value around it; `false` where nothing of it is. */
function marks(value: PlanValue, kind: 'unknown' | 'sensitive'): unknown {
  if (value.kind === kind) return true
  if (value.kind === 'list') {
    const items = value.items.map((item) => marks(item, kind))
    return items.some((it) => it !== false) ? items : false
  }
  if (value.kind === 'map') {
    const entries = value.entries.map(([key, item]) => [key, marks(item, kind)] as const)
    return entries.some(([, it]) => it !== false) ? Object.fromEntries(entries.filter(([, it]) => it !== false)) : false
  }
  return false
}
