import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import { hasEffect, type Plan, type RedactedPlan, type ResourceChange } from './plan.ts'
import { redactText, type Secrets, secrets } from './secrets.ts'
import { type PlanValue, pathText } from './value.ts'

/** Names what a plan would do: `pd1:` and 64 lower-case hex digits. */
export type PlanDigest = `pd1:${string}`

/**
 * One thing that a plan digest covers. `facts` must be equal; in `value`, what was known only after apply may become known.
 */
export interface DigestItem {
  readonly kind: 'change' | 'deferred' | 'output' | 'provider' | 'provisioner' | 'invocation' | 'input'
  readonly name: string
  readonly facts: Readonly<Record<string, string>>
  readonly value: PlanValue | undefined
}

/** All that a plan digest covers, in an order of its own (decisions/010-plan-digest.md). */
export interface PlanDigestInput {
  readonly format: 'pd1'
  readonly items: readonly DigestItem[]
}

/**
 * Identifies what a plan would do, so that apply can refuse a plan nobody reviewed. The order of changes is no part of it.
 * @returns `pd1:` and SHA-256 over canonical JSON (https://www.rfc-editor.org/rfc/rfc8785)
 */
export function planDigest(input: PlanDigestInput): PlanDigest {
  return `pd1:${sha256(canonicalJson(input))}`
}

/** What people approve: sensitive values count as `sensitive`. Without a secret, so that it can be stored in the clear. */
export function digestInput(plan: RedactedPlan): PlanDigestInput {
  return covered(plan, public_)
}

/**
 * The same, and sensitive values too, each as its hash. Kept only inside the ciphertext: short secrets can be guessed
 * from their hashes.
 * @param known secrets from outside the plan, as for `redact`
 */
export function privateDigestInput(plan: Plan, known: Iterable<string>): PlanDigestInput {
  const all = secrets(known, plan.secrets)
  return covered(plan, (value) => hashed(value, all, false))
}

/** `7c0e 51d2`: the start of a digest, as people compare it. */
export function shortDigest(digest: string): string {
  const hex = digest.replace(/^\w+:/, '').slice(0, 8)
  return `${hex.slice(0, 4)} ${hex.slice(4)}`
}

function covered(plan: Plan, hide: (value: PlanValue) => PlanValue): PlanDigestInput {
  const value = (it: PlanValue | undefined) => it && hide(it)
  const change = (it: ResourceChange, extra: Readonly<Record<string, string>> = {}) => ({
    name: it.deposed === undefined ? it.address : `${it.address} (deposed ${it.deposed})`,
    facts: { ...changeFacts(it), ...extra },
    value: value(it.after),
  })
  const items: DigestItem[] = [
    ...plan.changes.filter(hasEffect).map((it) => ({ kind: 'change' as const, ...change(it) })),
    ...plan.deferred.map((it) => ({ kind: 'deferred' as const, ...change(it.change, { reason: it.reason }) })),
    ...plan.outputs
      .filter((it) => it.action !== 'no-op')
      .map((it) => ({ kind: 'output' as const, name: it.name, facts: { action: it.action }, value: value(it.after) })),
    ...plan.providers.map((it) => ({
      kind: 'provider' as const,
      name: it.key,
      facts: { source: it.source, ...versionOf(it) },
      value: value(it.settings),
    })),
    ...plan.provisioners.map((it) => ({
      kind: 'provisioner' as const,
      name: it.address,
      facts: { type: it.type },
      value: value(it.settings),
    })),
    ...plan.invocations.map((it) => ({
      kind: 'invocation' as const,
      name: it.address,
      facts: { provider: it.provider },
      value: value(it.settings),
    })),
    ...plan.inputs.map((it) => ({ kind: 'input' as const, name: it.name, facts: {}, value: value(it.value) })),
  ]
  return { format: 'pd1', items: items.sort(inOrder) }
}

/** Few items share a kind and a name: provisioners of one block. */
function inOrder(a: DigestItem, b: DigestItem): number {
  const order = compared(a.kind, b.kind) || compared(a.name, b.name)
  return order === 0 ? compared(canonicalJson(a), canonicalJson(b)) : order
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function changeFacts(change: ResourceChange): Record<string, string> {
  const { previousAddress, importing, replacePaths } = change
  return {
    action: change.action,
    mode: change.mode,
    provider: change.provider,
    ...(previousAddress === undefined ? {} : { 'moved from': previousAddress }),
    ...(importing === undefined ? {} : { imports: importing.id ?? canonicalJson(importing.identity ?? null) }),
    ...(replacePaths.length === 0 ? {} : { 'replaced because of': replacePaths.map(pathText).sort().join(', ') }),
  }
}

function versionOf({
  version,
  constraint,
}: {
  version: string | undefined
  constraint: string | undefined
}): Record<string, string> {
  if (version !== undefined) return { version }
  return constraint === undefined ? {} : { constraint }
}

function public_(value: PlanValue): PlanValue {
  switch (value.kind) {
    case 'sensitive':
      return { kind: 'sensitive' }
    case 'list':
      return { kind: 'list', items: value.items.map(public_) }
    case 'map':
      return { kind: 'map', entries: value.entries.map(([key, item]) => [key, public_(item)]) }
    default:
      return value
  }
}

function hashed(value: PlanValue, all: Secrets, inside: boolean): PlanValue {
  switch (value.kind) {
    case 'unknown':
      return value
    case 'sensitive':
      return value.value ? hashed(value.value, all, true) : value
    case 'list':
      return { kind: 'list', items: value.items.map((item) => hashed(item, all, inside)) }
    case 'map':
      return {
        kind: 'map',
        entries: value.entries.map(([key, item]) => [redactText(key, all), hashed(item, all, inside)]),
      }
    case 'known': {
      const text = typeof value.value === 'boolean' || value.value === null ? '' : String(value.value)
      const secret = inside || all.whole.has(text) || redactText(text, all) !== text
      return secret ? { kind: 'sensitive', hash: sha256(canonicalJson(value.value)) } : value
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
