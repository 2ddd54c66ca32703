import { canonicalJson } from '../json.ts'
import type { DigestItem, PlanDigestInput } from './digest.ts'
import { holdsUnknown, type PlanValue, pathText, type ValuePath } from './value.ts'

/**
 * One way in which a fresh plan differs from the approved one. `what` is the fact or the attribute; undefined on a side:
 * not in that plan. Values never carry a secret or the hash of one.
 */
export interface PlanDifference {
  readonly kind: DigestItem['kind']
  readonly name: string
  readonly what: string
  readonly approved: PlanValue | undefined
  readonly fresh: PlanValue | undefined
}

/** Whether an approval of one plan holds for another: `filled` names the values that were unknown when it was given. */
export type Covers =
  | { readonly kind: 'same' }
  | { readonly kind: 'filled'; readonly paths: readonly string[] }
  | { readonly kind: 'different'; readonly differences: readonly PlanDifference[] }

/**
 * Whether what was approved covers a plan made later: it is the same, or only after-values that were unknown got filled
 * in. Anything else asks again.
 */
export function covers(approved: PlanDigestInput, fresh: PlanDigestInput): Covers {
  const [before, after] = [itemsByKey(approved.items), itemsByKey(fresh.items)]
  const paths: string[] = []
  const differences: PlanDifference[] = []
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(key), after.get(key)]
    if (old && !now && settledWithoutChange(old)) paths.push(label(old, []))
    else if (old && now) compareItems(old, now, { paths, differences })
    else differences.push(missingItem(old, now))
  }
  if (differences.length > 0) return { kind: 'different', differences }
  return paths.length > 0 ? { kind: 'filled', paths } : { kind: 'same' }
}

/** What comparing two plans has found so far: unknown values that are known now, and differences. */
export interface Found {
  readonly paths: string[]
  readonly differences: PlanDifference[]
}

/** Compares one item of both plans: facts must be equal, and values as far as they were known. */
export function compareItems(old: DigestItem, now: DigestItem, found: Found): void {
  for (const fact of [...new Set([...Object.keys(old.facts), ...Object.keys(now.facts)])].sort())
    if (old.facts[fact] !== now.facts[fact])
      found.differences.push({
        kind: old.kind,
        name: old.name,
        what: fact,
        approved: known(old.facts[fact]),
        fresh: known(now.facts[fact]),
      })
  compareValues(old, old.value, now.value, [], found)
}

function compareValues(
  item: DigestItem,
  old: PlanValue | undefined,
  now: PlanValue | undefined,
  path: ValuePath,
  found: Found,
): void {
  if (old?.kind === 'unknown' && now?.kind === 'unknown') return
  if (old?.kind === 'unknown' && now !== undefined) {
    found.paths.push(label(item, path))
    return
  }
  if (old?.kind === 'map' && now?.kind === 'map') {
    const [a, b] = [new Map(old.entries), new Map(now.entries)]
    for (const key of [...new Set([...a.keys(), ...b.keys()])].sort())
      compareValues(item, a.get(key), b.get(key), [...path, key], found)
    return
  }
  if (old?.kind === 'list' && now?.kind === 'list' && old.items.length === now.items.length) {
    old.items.forEach((value, index) => {
      compareValues(item, value, now.items[index], [...path, index], found)
    })
    return
  }
  if (canonicalJson(old ?? null) !== canonicalJson(now ?? null))
    found.differences.push({
      kind: item.kind,
      name: item.name,
      what: pathText(path) || 'value',
      approved: old && shown(old),
      fresh: now && shown(now),
    })
}

/** An output that was unknown and turned out as it was, or a data source that could be read at once, is no longer a change. */
function settledWithoutChange(old: DigestItem): boolean {
  if (old.kind === 'output') return old.facts.action === 'update' && old.value?.kind === 'unknown'
  return old.kind === 'change' && old.facts.action === 'read' && holdsUnknown(old.value)
}

/** The difference that an item is in one plan only. */
export function missingItem(old: DigestItem | undefined, now: DigestItem | undefined): PlanDifference {
  const item = (old ?? now)!
  const word = (it: DigestItem | undefined) => it && known(it.facts.action ?? it.facts.version ?? it.kind)
  return { kind: item.kind, name: item.name, what: item.kind, approved: word(old), fresh: word(now) }
}

function label(item: DigestItem, path: ValuePath): string {
  const name = item.kind === 'change' ? item.name : `${item.kind} ${item.name}`
  return path.length === 0 ? name : `${name}: ${pathText(path)}`
}

/** Items by kind and name. A block may have several provisioners: those of one address are told apart by their position. */
export function itemsByKey(items: readonly DigestItem[]): ReadonlyMap<string, DigestItem> {
  const found = new Map<string, DigestItem>()
  for (const item of items) {
    let key = `${item.kind} ${item.name}`
    while (found.has(key)) key += ' and another'
    found.set(key, item)
  }
  return found
}

function known(text: string | undefined): PlanValue | undefined {
  return text === undefined ? undefined : { kind: 'known', value: text }
}

function shown(value: PlanValue): PlanValue {
  switch (value.kind) {
    case 'sensitive':
      return { kind: 'sensitive' }
    case 'list':
      return { kind: 'list', items: value.items.map(shown) }
    case 'map':
      return { kind: 'map', entries: value.entries.map(([key, item]) => [key, shown(item)]) }
    default:
      return value
  }
}
