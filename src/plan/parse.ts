import { UserError } from '../error.ts'
import { exactJson } from '../json.ts'
import { lockedVersions } from './lock-file.ts'
import { parseConfiguration } from './parse-configuration.ts'
import type { Action, Check, DeferredChange, Invocation, OutputChange, Plan, ResourceChange } from './plan.ts'
import { array, object, type RawObject, strings, text, textOrNone } from './raw.ts'
import { markedSecrets, stateSecrets } from './secret-marks.ts'
import { marked, type PlanValue, type ValuePath } from './value.ts'

const actions: Readonly<Record<string, Action>> = {
  'no-op': 'no-op',
  create: 'create',
  read: 'read',
  update: 'update',
  delete: 'delete',
  'delete,create': 'delete-create',
  'create,delete': 'create-delete',
  forget: 'forget',
  'create,forget': 'create-forget',
}

/**
 * What `terraform show -json PLANFILE` (or tofu's) says. Given as text, integers beyond 2^53 stay exact.
 * @param json the command's output, as text or already parsed
 * @param lockFile text of `.terraform.lock.hcl`, for the providers' versions
 * @throws UserError `plan-unreadable` for another format, or an action we do not know
 */
export function parsePlan(json: unknown, lockFile?: string): Plan {
  const root = readRoot(json)
  const format = text(root, 'format_version')
  if (!/^1\./.test(format))
    throw unreadable(`it has format ${format}, this version of Airlock reads format 1`, 'update Airlock')
  const changes = array(root, 'resource_changes').map(resourceChange)
  const drift = array(root, 'resource_drift').map(resourceChange)
  const outputs = outputChanges(object(root, 'output_changes'))
  const configuration = parseConfiguration(
    object(root, 'configuration'),
    object(root, 'variables'),
    lockFile === undefined ? new Map() : lockedVersions(lockFile),
  )
  const complete = root.complete !== false
  const errored = root.errored === true
  return {
    terraformVersion: text(root, 'terraform_version'),
    // Older versions and tofu do not say; without an error the plan can be applied.
    applyable: typeof root.applyable === 'boolean' ? root.applyable : !errored,
    complete,
    errored,
    changes,
    drift,
    deferred: array(root, 'deferred_changes').map(deferredChange),
    outputs,
    checks: array(root, 'checks').flatMap(checks),
    invocations: array(root, 'action_invocations').map(invocation),
    ...configuration.parts,
    secrets: [
      ...new Set([
        ...configuration.secrets,
        ...[...changes, ...drift, ...outputs].flatMap(({ before, after }) => [
          ...markedSecrets(before),
          ...markedSecrets(after),
        ]),
        ...stateSecrets(root.prior_state),
      ]),
    ].sort(),
  }
}

function readRoot(json: unknown): RawObject {
  try {
    const value = typeof json === 'string' ? exactJson(json) : json
    return object({ plan: value }, 'plan')
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable('it is no JSON')
    throw error
  }
}

function resourceChange(raw: RawObject): ResourceChange {
  const address = text(raw, 'address')
  const change = object(raw, 'change')
  const action = actionOf(change, address)
  return {
    address,
    previousAddress: textOrNone(raw, 'previous_address'),
    deposed: textOrNone(raw, 'deposed'),
    mode: text(raw, 'mode') === 'data' ? 'data' : 'managed',
    type: text(raw, 'type'),
    name: text(raw, 'name'),
    module: textOrNone(raw, 'module_address'),
    provider: text(raw, 'provider_name'),
    action,
    reason: textOrNone(raw, 'action_reason'),
    ...sides(change),
    replacePaths: array(change, 'replace_paths').map((path) => path as unknown as ValuePath),
    importing: importing(change),
  }
}

function actionOf(change: RawObject, address: string): Action {
  const words = strings(change, 'actions')
  const action = Object.hasOwn(actions, words.join(',')) ? actions[words.join(',')] : undefined
  if (action === undefined)
    throw unreadable(
      `${address} has the action ${JSON.stringify(words)}, which this version does not know`,
      'update Airlock',
    )
  return action
}

function sides(change: RawObject): { before: PlanValue | undefined; after: PlanValue | undefined } {
  const { before, after, after_unknown: hidden } = change
  const isThere = (value: unknown) => value !== undefined && value !== null
  return {
    before: isThere(before) ? marked(before, false, change.before_sensitive) : undefined,
    after: isThere(after) || hidden === true ? marked(after, hidden, change.after_sensitive) : undefined,
  }
}

function importing(change: RawObject): ResourceChange['importing'] {
  if (change.importing === undefined || change.importing === null) return undefined
  const raw = object(change, 'importing')
  const identity = raw.identity
  return { id: textOrNone(raw, 'id'), identity: identity === undefined ? undefined : marked(identity, false, false) }
}

function deferredChange(raw: RawObject): DeferredChange {
  return { reason: text(raw, 'reason'), change: resourceChange(object(raw, 'resource_change')) }
}

function outputChanges(raw: RawObject): OutputChange[] {
  return Object.keys(raw)
    .sort()
    .map((name) => {
      const change = object(raw, name)
      const action = actionOf(change, `output ${name}`)
      if (action !== 'no-op' && action !== 'create' && action !== 'update' && action !== 'delete')
        throw unreadable(`output ${name} has the action ${action}`, 'update Airlock')
      return { name, action, ...sides(change) }
    })
}

function checks(raw: RawObject): Check[] {
  const found = array(raw, 'instances').map((instance) => check(instance, problems(instance)))
  return found.length > 0 ? found : [check(raw, problems(raw))]
}

function check(raw: RawObject, found: readonly string[]): Check {
  const status = text(raw, 'status')
  if (status !== 'pass' && status !== 'fail' && status !== 'error' && status !== 'unknown')
    throw unreadable(`a check has the status ${status}`, 'update Airlock')
  return { address: text(object(raw, 'address'), 'to_display'), status, problems: found }
}

function problems(raw: RawObject): string[] {
  return array(raw, 'problems').flatMap((problem) => textOrNone(problem, 'message') ?? [])
}

function invocation(raw: RawObject): Invocation {
  return {
    address: text(raw, 'address'),
    provider: textOrNone(raw, 'provider_name') ?? '',
    settings: marked(raw.config_values ?? {}, raw.config_unknown, raw.config_sensitive),
  }
}

function unreadable(why: string, fix?: string): UserError {
  return new UserError({
    code: 'plan-unreadable',
    message: `the plan that Terraform made cannot be read: ${why}`,
    ...(fix === undefined ? {} : { fix }),
  })
}
