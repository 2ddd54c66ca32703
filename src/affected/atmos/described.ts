import type { Plain } from '../../stacks/value.ts'

/** A map of plain data. */
export type PlainMap = { readonly [key: string]: Plain }

/** One component as `describe stacks` prints it. */
export interface Described {
  readonly stack: string
  /** `terraform`, `helmfile`, … */
  readonly type: string
  readonly component: string
  readonly section: PlainMap
}

/** The value where it is a map; an empty one where it is anything else. */
export function mapOf(value: Plain | undefined): PlainMap {
  return asMap(value) ?? {}
}

/** The value where it is a map. */
export function asMap(value: Plain | undefined): PlainMap | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlainMap) : undefined
}

/** The value where it is a list; an empty one where it is anything else. */
export function listOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : []
}

/** The components of a `describe stacks` answer, in the order of its keys; entries that are no maps are left out. */
export function describedComponents(stacks: Plain): Described[] {
  return Object.entries(mapOf(stacks)).flatMap(([stack, body]) =>
    Object.entries(mapOf(mapOf(body).components)).flatMap(([type, components]) =>
      Object.entries(mapOf(components)).flatMap(([component, section]) => {
        const map = asMap(section)
        return map ? [{ stack, type, component, section: map }] : []
      }),
    ),
  )
}

/** `metadata.type: abstract` */
export function isAbstract({ section }: Described): boolean {
  return mapOf(section.metadata).type === 'abstract'
}

/** `metadata.enabled: false`, as a boolean: a text does not count. */
export function isDisabled({ section }: Described): boolean {
  return mapOf(section.metadata).enabled === false
}

/** `metadata.locked: true`, as a boolean. */
export function isLocked({ section }: Described): boolean {
  return mapOf(section.metadata).locked === true
}

/** Whether two values are the same to Atmos: 1 is 1.0 and not "1", lists are ordered, maps are not. */
export function equal(a: Plain | undefined, b: Plain | undefined): boolean {
  if (a === b) return true
  if (typeof a === 'bigint' || typeof b === 'bigint')
    return (typeof a === 'number' || typeof b === 'number') && typeof a !== 'string' && typeof b !== 'string' && a === b
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => equal(item, b[at]))
  const left = asMap(a)
  const right = asMap(b)
  if (!left || !right) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  )
}

/** `plat-ue2-dev-infra-vpc`: what Atmos tells items apart by. */
export function stackSlug({ stack, component }: Pick<Described, 'stack' | 'component'>): string {
  return `${stack}-${component.replaceAll('/', '-')}`
}
