import type { OutputChange, Plan, RedactedPlan, ResourceChange } from './plan.ts'
import { redactText, type Secrets, secrets } from './secrets.ts'
import { type PlanValue, sameValue, type ValuePath } from './value.ts'

/**
 * The plan as people and records may see it: values that Terraform marks are hidden, and so is every given secret, and
 * every marked value that turns up unmarked elsewhere, whole or as part of a string, a name or a message.
 * @param known secrets from outside the plan: the environment's, ephemeral variables'
 */
export function redact(plan: Plan, known: Iterable<string>): RedactedPlan {
  const all = secrets(known, plan.secrets)
  const hide = (text: string) => redactText(text, all)
  const hideAny = (text: string | undefined) => (text === undefined ? undefined : hide(text))
  const value = (it: PlanValue) => redactValue(it, all)

  const sides = ({ before, after }: { before: PlanValue | undefined; after: PlanValue | undefined }) => ({
    before: before && value(before),
    after: after && redactAfter(before, after, all),
  })
  const change = (it: ResourceChange): ResourceChange => ({
    ...it,
    address: hide(it.address),
    previousAddress: hideAny(it.previousAddress),
    module: hideAny(it.module),
    ...sides(it),
    replacePaths: it.replacePaths.map(
      (path): ValuePath => path.map((step) => (typeof step === 'string' ? hide(step) : step)),
    ),
    importing: it.importing && {
      id: hideAny(it.importing.id),
      identity: it.importing.identity && value(it.importing.identity),
    },
  })
  const output = (it: OutputChange): OutputChange => ({ ...it, ...sides(it) })
  const withSettings = <T extends { readonly settings: PlanValue }>(it: T): T => ({
    ...it,
    settings: value(it.settings),
  })

  return {
    ...plan,
    changes: plan.changes.map(change),
    drift: plan.drift.map(change),
    deferred: plan.deferred.map((it) => ({ reason: it.reason, change: change(it.change) })),
    outputs: plan.outputs.map(output),
    checks: plan.checks.map((it) => ({ ...it, address: hide(it.address), problems: it.problems.map(hide) })),
    providers: plan.providers.map(withSettings),
    provisioners: plan.provisioners.map(withSettings),
    invocations: plan.invocations.map(withSettings).map((it) => ({ ...it, address: hide(it.address) })),
    inputs: plan.inputs.map((it) => ({ name: it.name, value: value(it.value) })),
    secrets: [],
    redacted: true,
    shortSecrets: all.short,
  }
}

/** A value without its secrets. */
export function redactValue(value: PlanValue, all: Secrets): PlanValue {
  switch (value.kind) {
    case 'unknown':
      return value
    case 'sensitive':
      return { kind: 'sensitive' }
    case 'list':
      return { kind: 'list', items: value.items.map((item) => redactValue(item, all)) }
    case 'map':
      return {
        kind: 'map',
        entries: value.entries.map(([key, item]) => [redactText(key, all), redactValue(item, all)]),
      }
    case 'known': {
      // A secret that reads `true` or `null` must not hide every boolean and every missing value.
      if (value.value === null || typeof value.value === 'boolean') return value
      if (all.whole.has(String(value.value))) return { kind: 'sensitive' }
      return typeof value.value === 'string' ? { kind: 'known', value: redactText(value.value, all) } : value
    }
  }
}

/** Also says of each hidden value whether it differs from the one before. */
function redactAfter(before: PlanValue | undefined, after: PlanValue, all: Secrets): PlanValue {
  const old = before?.kind === 'sensitive' && after.kind !== 'sensitive' ? before.value : before
  if (after.kind === 'list')
    return {
      kind: 'list',
      items: after.items.map((item, index) =>
        redactAfter(old?.kind === 'list' ? old.items[index] : undefined, item, all),
      ),
    }
  if (after.kind === 'map') {
    const entries = new Map(old?.kind === 'map' ? old.entries : [])
    return {
      kind: 'map',
      entries: after.entries.map(([key, item]) => [redactText(key, all), redactAfter(entries.get(key), item, all)]),
    }
  }
  const hidden = redactValue(after, all)
  if (hidden.kind !== 'sensitive' || before === undefined) return hidden
  return { kind: 'sensitive', changed: !sameValue(unmarked(before), unmarked(after)) }
}

function unmarked(value: PlanValue): PlanValue {
  switch (value.kind) {
    case 'sensitive':
      return value.value ? unmarked(value.value) : value
    case 'list':
      return { kind: 'list', items: value.items.map(unmarked) }
    case 'map':
      return { kind: 'map', entries: value.entries.map(([key, item]) => [key, unmarked(item)]) }
    default:
      return value
  }
}
