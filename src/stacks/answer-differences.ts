import type { Plain } from './value.ts'

/** The words that lead to one component in the answer of `describe stacks`. */
export interface DescribedAt {
  readonly stack: string
  /** `terraform`, `helmfile`, …; '' where a whole stack is meant. */
  readonly type: string
  readonly component: string
}

/** A value that two answers of `describe stacks` do not agree on; undefined where an answer has none. */
export interface Difference extends DescribedAt {
  /** `['vars', 'cidr']`; empty where only one of the two has the component at all. */
  readonly path: readonly string[]
  readonly ours: Plain | undefined
  readonly theirs: Plain | undefined
}

/** Every difference of two answers of `describe stacks`, by stack, type, component and path, in the order of their names. */
export function answerDifferences(ours: Plain, theirs: Plain): Difference[] {
  const [a, b] = [componentsOf(ours), componentsOf(theirs)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((key) => {
    const [left, right] = [a.get(key), b.get(key)]
    const at = (left ?? right)!.at
    return left === undefined || right === undefined
      ? [{ ...at, path: [], ours: left?.value, theirs: right?.value }]
      : within(left.value, right.value, []).map((found) => ({ ...at, ...found }))
  })
}

/** How many components an answer has, of how many stacks. */
export function counted(answer: Plain): { readonly components: number; readonly stacks: number } {
  const all = [...componentsOf(answer).values()]
  return { components: all.length, stacks: new Set(all.map(({ at }) => at.stack)).size }
}

interface Described {
  readonly at: DescribedAt
  readonly value: Plain
}

function componentsOf(answer: Plain): Map<string, Described> {
  const result = new Map<string, Described>()
  const add = (at: DescribedAt, value: Plain) => result.set([at.stack, at.type, at.component].join('\0'), { at, value })
  for (const [stack, body] of entriesOf(answer)) {
    const types = entriesOf(isMap(body) ? body.components : undefined)
    if (types.length === 0) add({ stack, type: '', component: '' }, body)
    for (const [type, components] of types)
      for (const [component, sections] of entriesOf(components)) add({ stack, type, component }, sections)
  }
  return result
}

function within(ours: Plain, theirs: Plain, path: readonly string[]): Pick<Difference, 'path' | 'ours' | 'theirs'>[] {
  if (equal(ours, theirs)) return []
  if (isMap(ours) && isMap(theirs))
    return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort().flatMap((key) => {
      const below = [...path, key]
      const [left, right] = [own(ours, key), own(theirs, key)]
      return left === undefined || right === undefined
        ? [{ path: below, ours: left, theirs: right }]
        : within(left, right, below)
    })
  if (isList(ours) && isList(theirs) && ours.length === theirs.length)
    return ours.flatMap((item, index) => within(item, theirs[index]!, [...path, String(index)]))
  return [{ path, ours, theirs }]
}

function equal(a: Plain, b: Plain): boolean {
  if (Object.is(a, b)) return true
  // Past 2^53 an integer may have come as a double on one side.
  return (typeof a === 'bigint') !== (typeof b === 'bigint') && isNumber(a) && isNumber(b) && Number(a) === Number(b)
}

function isNumber(value: Plain): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isMap(value: Plain | undefined): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

function own(map: { readonly [key: string]: Plain }, key: string): Plain | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined
}

function entriesOf(value: Plain | undefined): [string, Plain][] {
  return isMap(value) ? Object.entries(value) : []
}
