import { canonicalJson } from '../json.ts'

/**
 * A value in a plan, with Terraform's marks where they belong. Plain data: it can be stored as JSON (`canonicalJson`,
 * `exactJson`). Map entries are in key order.
 */
export type PlanValue = KnownValue | MapValue | ListValue | UnknownValue | SensitiveValue

/** A string, boolean, number or null; integers beyond 2^53 are `bigint`. */
export interface KnownValue {
  readonly kind: 'known'
  readonly value: string | boolean | null | number | bigint
}

export interface MapValue {
  readonly kind: 'map'
  readonly entries: readonly (readonly [key: string, value: PlanValue])[]
}

export interface ListValue {
  readonly kind: 'list'
  readonly items: readonly PlanValue[]
}

/** Known only after apply. */
export interface UnknownValue {
  readonly kind: 'unknown'
}

/**
 * A value that nobody may see. `value` is there only before redaction; `changed` only after it (whether it differs from
 * the value before); `hash` only in what a private digest covers.
 */
export interface SensitiveValue {
  readonly kind: 'sensitive'
  readonly value?: PlanValue
  readonly changed?: boolean
  readonly hash?: string
}

/** Where in a value: attribute names and list positions. */
export type ValuePath = readonly (string | number)[]

/** One place where two values differ; undefined: not there on that side. */
export interface ValueChange {
  readonly path: ValuePath
  readonly before: PlanValue | undefined
  readonly after: PlanValue | undefined
}

export const unknown: UnknownValue = { kind: 'unknown' }

/** `routes[2].token`, `tags["kubernetes.io/name"]`: a path as Terraform writes it. */
export function pathText(path: ValuePath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (/^[A-Za-z_][\w-]*$/.test(step)) return index === 0 ? step : `.${step}`
      return `[${JSON.stringify(step)}]`
    })
    .join('')
}

/** Puts the marks of `after_unknown` and `after_sensitive` (each a tree of the value's shape) onto JSON data. */
export function marked(value: unknown, unknownMarks: unknown, sensitiveMarks: unknown): PlanValue {
  if (sensitiveMarks === true) return { kind: 'sensitive', value: marked(value, unknownMarks, false) }
  if (unknownMarks === true) return unknown
  if (Array.isArray(value) || (value === undefined && Array.isArray(unknownMarks))) {
    const items: readonly unknown[] = Array.isArray(value) ? value : []
    const length = Math.max(items.length, Array.isArray(unknownMarks) ? unknownMarks.length : 0)
    return {
      kind: 'list',
      items: Array.from({ length }, (_, index) =>
        marked(items[index], at(unknownMarks, index), at(sensitiveMarks, index)),
      ),
    }
  }
  if (isObject(value) || (value === undefined && isObject(unknownMarks))) {
    const entries = isObject(value) ? value : {}
    const hidden = isObject(unknownMarks) ? Object.keys(unknownMarks).filter((key) => holdsTrue(unknownMarks[key])) : []
    const keys = [...new Set([...Object.keys(entries), ...hidden])].sort()
    return {
      kind: 'map',
      entries: keys.map((key) => [key, marked(own(entries, key), at(unknownMarks, key), at(sensitiveMarks, key))]),
    }
  }
  if (value === undefined || value === null) return { kind: 'known', value: null }
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint')
    return { kind: 'known', value }
  throw new Error(`a ${typeof value} is no JSON data`)
}

/** Whether any part is known only after apply. */
export function holdsUnknown(value: PlanValue | undefined): boolean {
  switch (value?.kind) {
    case 'unknown':
      return true
    case 'map':
      return value.entries.some(([, item]) => holdsUnknown(item))
    case 'list':
      return value.items.some(holdsUnknown)
    case 'sensitive':
      return holdsUnknown(value.value)
    default:
      return false
  }
}

/** Whether two values are the same, marks included; an unknown equals only an unknown. */
export function sameValue(a: PlanValue | undefined, b: PlanValue | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || a.kind !== b.kind) return false
  return a.kind === 'known' && b.kind === 'known' ? a.value === b.value : canonicalJson(a) === canonicalJson(b)
}

/** The places where `after` differs from `before`, as deep as both have the same shape; a null counts as not there. */
export function valueChanges(
  before: PlanValue | undefined,
  after: PlanValue | undefined,
  path: ValuePath = [],
): ValueChange[] {
  const [old, now] = [present(before), present(after)]
  if (old === undefined && now === undefined) return []
  const shape = old?.kind ?? now?.kind
  if (shape === 'map' && (old?.kind ?? 'map') === 'map' && (now?.kind ?? 'map') === 'map') {
    const [a, b] = [entriesOf(old), entriesOf(now)]
    if (path.length > 0 && (a.size === 0 || b.size === 0))
      return sameValue(old, now) ? [] : [{ path, before: old, after: now }]
    return [...new Set([...a.keys(), ...b.keys()])]
      .sort()
      .flatMap((key) => valueChanges(a.get(key), b.get(key), [...path, key]))
  }
  if (old?.kind === 'list' && now?.kind === 'list' && !(simpleList(old) && simpleList(now)))
    return Array.from({ length: Math.max(old.items.length, now.items.length) }).flatMap((_, index) =>
      valueChanges(old.items[index], now.items[index], [...path, index]),
    )
  if (now?.kind === 'sensitive' && now.changed !== undefined)
    return now.changed ? [{ path, before: old, after: now }] : []
  return sameValue(old, now) ? [] : [{ path, before: old, after: now }]
}

/** The value at a path, or the nearest mark above it. */
export function valueAt(value: PlanValue | undefined, path: ValuePath): PlanValue | undefined {
  const [step, ...rest] = path
  if (step === undefined || value === undefined || value.kind === 'unknown' || value.kind === 'sensitive') return value
  if (value.kind === 'map') return valueAt(value.entries.find(([key]) => key === step)?.[1], rest)
  return value.kind === 'list' && typeof step === 'number' ? valueAt(value.items[step], rest) : undefined
}

/** A value as one line of text, as people read Terraform: `(known after apply)` and `(sensitive)` for what cannot be shown. */
export function valueText(value: PlanValue | undefined): string {
  switch (value?.kind) {
    case undefined:
      return '–'
    case 'unknown':
      return '(known after apply)'
    case 'sensitive':
      return '(sensitive)'
    case 'known':
      return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value)
    case 'list':
      return `[${value.items.map(valueText).join(', ')}]`
    case 'map':
      return value.entries.length === 0
        ? '{}'
        : `{ ${value.entries.map(([key, item]) => `${pathText([key])} = ${valueText(item)}`).join(', ')} }`
  }
}

function present(value: PlanValue | undefined): PlanValue | undefined {
  return value?.kind === 'known' && value.value === null ? undefined : value
}

function entriesOf(value: PlanValue | undefined): ReadonlyMap<string, PlanValue> {
  return new Map(value?.kind === 'map' ? value.entries : [])
}

/** Lists of scalars are compared as one, so that an element that moves does not count as many changes. */
function simpleList(value: ListValue): boolean {
  return value.items.every((item) => item.kind === 'known') && valueText(value).length <= 120
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function at(marks: unknown, key: string | number): unknown {
  if (Array.isArray(marks)) return marks[key as number]
  return isObject(marks) ? own(marks, String(key)) : undefined
}

function holdsTrue(marks: unknown): boolean {
  if (marks === true) return true
  if (Array.isArray(marks)) return marks.some(holdsTrue)
  return isObject(marks) && Object.values(marks).some(holdsTrue)
}
