import type { OutputChange, Plan, RedactedPlan, ResourceChange } from './plan.ts'
import { redactText, type Secrets, secrets } from './secrets.ts'
import { type PlanValue, sameValue, type ValuePath } from './value.ts'

/**
 * The plan as people and records may see it: values that Terraform marks are hidden, and so is every given secret, and
 * every marked value that turns up unmarked elsewhere, whole or as part of a string, a name or a message. What a secret
 * takes the place of was one too: after a rotation nothing else tells.
 * @param known secrets from outside the plan: the environment's, ephemeral variables'
 */
export function redact(plan: Plan, known: Iterable<string>): RedactedPlan {
  const first = secrets(known, plan.secrets)
  const replaced = [...plan.changes, ...plan.drift, ...plan.outputs].flatMap((it) =>
    replacedSecrets(it.before, it.after, first),
  )
  const all = replaced.length === 0 ? first : secrets(known, [...plan.secrets, ...replaced])
  const hide = (text: string) => redactText(text, all)
  const hideAny = (text: string | undefined) => (text === undefined ? undefined : hide(text))
  const value = (it: PlanValue) => redactValue(it, all)

  const sides = ({ before, after }: { before: PlanValue | undefined; after: PlanValue | undefined }) => ({
    before: before && redactBefore(before, after, all),
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

/** Also hides what is replaced by something that is hidden, whole or in part. */
function redactBefore(before: PlanValue, after: PlanValue | undefined, all: Secrets): PlanValue {
  if (after === undefined || before.kind === 'sensitive' || sameValue(before, after)) return redactValue(before, all)
  if (after.kind === 'sensitive' && (isSaid(before) || before.kind !== 'known')) return { kind: 'sensitive' }
  if (before.kind === 'list') {
    const items = after.kind === 'list' ? after.items : []
    return { kind: 'list', items: before.items.map((item, index) => redactBefore(item, items[index], all)) }
  }
  if (before.kind === 'map') {
    const entries = new Map(after.kind === 'map' ? after.entries : [])
    return {
      kind: 'map',
      entries: before.entries.map(([key, item]) => [redactText(key, all), redactBefore(item, entries.get(key), all)]),
    }
  }
  return isSaid(before) && hides(after, all) ? { kind: 'sensitive' } : redactValue(before, all)
}

/** Texts that are wholly replaced by something that is hidden. */
function replacedSecrets(before: PlanValue | undefined, after: PlanValue | undefined, all: Secrets): string[] {
  if (before === undefined || after === undefined) return []
  if (before.kind === 'list' && after.kind === 'list')
    return before.items.flatMap((item, index) => replacedSecrets(item, after.items[index], all))
  if (before.kind === 'map' && after.kind === 'map') {
    const entries = new Map(after.entries)
    return before.entries.flatMap(([key, item]) => replacedSecrets(item, entries.get(key), all))
  }
  const text = before.kind === 'known' && typeof before.value === 'string' ? before.value : ''
  return text !== '' && redactValue(after, all).kind === 'sensitive' ? [text] : []
}

/** A text or number: anything that can be a secret. */
function isSaid(value: PlanValue): boolean {
  return value.kind === 'known' && value.value !== null && typeof value.value !== 'boolean'
}

function hides(value: PlanValue, all: Secrets): boolean {
  const hidden = redactValue(value, all)
  return hidden.kind === 'sensitive' || (value.kind === 'known' && !sameValue(value, hidden))
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
