import { compareItems, type Found, itemsByKey, missingItem, type PlanDifference } from './covers.ts'
import type { DigestItem, PlanDigestInput } from './digest.ts'
import type { Plan, ResourceChange } from './plan.ts'

/**
 * Whether a plan made after an interrupted apply is what was left of the approved one. `left` and `done` name objects;
 * `paths` the values that were unknown when it was approved.
 */
export type Residual =
  | {
      readonly kind: 'residual'
      readonly left: readonly string[]
      readonly done: readonly string[]
      readonly paths: readonly string[]
    }
  | { readonly kind: 'different'; readonly differences: readonly PlanDifference[] }

/**
 * Whether every change of a fresh plan is in the approved one, with the same action and the same known values. Outputs are
 * no changes to reality, so they do not count. How providers are configured and which commands run beside a change must
 * be the same. Of a replacement that was interrupted, what may be left is its other half:
 *
 * - destroyed first, not created yet: a creation with the approved values;
 * - created first, the old object not destroyed yet: the destruction of that object, which is deposed now;
 * - neither begun: the replacement itself.
 *
 * An object that was created half-way is tainted, and Terraform would destroy it: nobody approved that, so it asks again. An
 * object that was moved or imported already is no longer so; what else was to happen to it may be left.
 */
export function residual(approved: PlanDigestInput, fresh: PlanDigestInput): Residual {
  const [before, after] = [itemsByKey(approved.items), itemsByKey(fresh.items)]
  const found: Found = { paths: [], differences: [] }
  const left: string[] = []
  for (const [key, now] of after) {
    if (now.kind === 'output') continue
    const old = before.get(key)
    const half = now.kind === 'change' ? otherHalf(now, old, before) : undefined
    if (isChange(now)) left.push(now.name)
    if (half === 'destroy') continue
    if (half !== undefined) compareItems(half, now, found)
    else if (old !== undefined) compareItems(withoutDone(old, now), now, found)
    else found.differences.push(missingItem(undefined, now))
  }
  for (const [key, old] of before)
    if (!isChange(old) && old.kind !== 'output' && !after.has(key)) found.differences.push(missingItem(old, undefined))
  if (found.differences.length > 0) return { kind: 'different', differences: found.differences }
  const whole = new Set(left)
  const done = [...before.values()].filter((it) => isChange(it) && !isWhole(it, after, whole)).map(({ name }) => name)
  return { kind: 'residual', left, done, paths: found.paths }
}

/** An object that a plan was to create and that may exist although no state knows it. */
export interface MayExist {
  readonly address: string
  readonly type: string
}

/**
 * Objects that an apply which was killed may have created without storing so: creations of its plan that a fresh plan
 * still has. Of a replacement only once the creation could have begun: the old object is destroyed already, or was to go last.
 */
export function mayExist(approved: Pick<Plan, 'changes'>, fresh: Pick<Plan, 'changes'>): MayExist[] {
  const now = new Map(fresh.changes.filter(({ deposed }) => deposed === undefined).map((it) => [it.address, it.action]))
  const possible = ({ address, action, deposed, mode }: ResourceChange) => {
    if (deposed !== undefined || mode !== 'managed') return false
    const is = now.get(address)
    if (action === 'create' || action === 'delete-create') return is === 'create'
    return (action === 'create-delete' || action === 'create-forget') && is === action
  }
  return approved.changes.filter(possible).map(({ address, type }) => ({ address, type }))
}

function isChange({ kind }: DigestItem): boolean {
  return kind === 'change' || kind === 'deferred' || kind === 'invocation'
}

/** The approved creation that a fresh one is the rest of; `destroy` for the rest of a replacement that created first. */
function otherHalf(
  now: DigestItem,
  old: DigestItem | undefined,
  before: ReadonlyMap<string, DigestItem>,
): DigestItem | 'destroy' | undefined {
  if (now.facts.action === 'create' && old?.facts.action === 'delete-create') {
    const { 'replaced because of': _, ...facts } = old.facts
    return { ...old, facts: { ...facts, action: 'create' } }
  }
  const [, address] = /^(.*) \(deposed \S+\)$/.exec(now.name) ?? []
  if (address === undefined || now.facts.action !== 'delete' || old !== undefined) return undefined
  const replaced = before.get(`change ${address}`)
  const same = (fact: string) => replaced?.facts[fact] === now.facts[fact]
  return replaced?.facts.action === 'create-delete' && same('mode') && same('provider') ? 'destroy' : undefined
}

/** What was approved for an object, without the move and the import that have been done meanwhile. */
function withoutDone(old: DigestItem, now: DigestItem): DigestItem {
  const done = ['moved from', 'imports'].filter((fact) => fact in old.facts && !(fact in now.facts))
  if (done.length === 0) return old
  return { ...old, facts: Object.fromEntries(Object.entries(old.facts).filter(([fact]) => !done.includes(fact))) }
}

/** Whether nothing at all of an approved change has been done. */
function isWhole(old: DigestItem, after: ReadonlyMap<string, DigestItem>, left: ReadonlySet<string>): boolean {
  const now = after.get(`${old.kind} ${old.name}`)
  return (
    left.has(old.name) &&
    now !== undefined &&
    Object.keys(old.facts).every((fact) => old.facts[fact] === now.facts[fact])
  )
}
