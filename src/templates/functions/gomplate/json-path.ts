import { compareStrings, sortedEntries, typeOf } from '../../types.ts'
import { GoError, GoMap, GoSlice, type GoValue } from '../../value.ts'
import { numeric } from '../cast.ts'
import { type Filter, parsedPath, type Step } from './json-path-parsing.ts'

/**
 * What a JSONPath, as Kubernetes' client has it, finds in a value: one thing by itself, several as a list.
 * @throws GoError `couldn't parse JSONPath …`, `executing JSONPath failed: …`
 */
export function jsonPath(path: string, value: GoValue): GoValue {
  const steps = parsedPath(path)
  const found = failing(() => walked(steps, value))
  return found.length === 1 ? found[0]! : new GoSlice(found.filter((it) => it !== null))
}

function failing<T>(walk: () => T): T {
  try {
    return walk()
  } catch (cause) {
    throw cause instanceof GoError ? new GoError(`executing JSONPath failed: ${cause.message}`) : cause
  }
}

function walked(steps: readonly Step[], value: GoValue): GoValue[] {
  return steps.reduce((values: GoValue[], step) => taken(step, values), [value])
}

function taken(step: Step, values: GoValue[]): GoValue[] {
  switch (step.kind) {
    case 'field':
      return fields(step.name, values)
    case 'all':
      return values.flatMap(children)
    case 'deep':
      return values.flatMap(containers)
    case 'slice':
      return values.flatMap((value) => sliced(step, listOf(value)))
    case 'union':
      return step.paths.flatMap((path) => path.reduce((found: GoValue[], inner) => taken(inner, found), values))
    case 'filter':
      return values.flatMap((value) => listOf(value).filter((item) => passes(step.filter, item)))
  }
}

function fields(name: string, values: readonly GoValue[]): GoValue[] {
  if (values.length === 0) return []
  const found = values.flatMap((value) => {
    if (name === '' && !(value instanceof GoMap)) return []
    const held = value instanceof GoMap ? value.entries.get(name) : undefined
    return held === undefined ? [] : [held]
  })
  if (found.length === 0) throw new GoError(`${name} is not found`)
  return found
}

function children(value: GoValue): GoValue[] {
  if (value instanceof GoSlice) return value.items
  return value instanceof GoMap ? sortedEntries(value).map(([, held]) => held) : []
}

/** A value and all below it that hold something. */
function containers(value: GoValue): GoValue[] {
  const below = children(value)
  return below.length === 0 ? [] : [value, ...below.flatMap(containers)]
}

function listOf(value: GoValue): GoValue[] {
  if (value instanceof GoSlice) return value.items
  throw new GoError(`${typeOf(value)} is not array or slice`)
}

function sliced({ start, end, stride }: Step & { kind: 'slice' }, items: readonly GoValue[]): GoValue[] {
  const length = items.length
  const from = start === undefined ? 0 : start < 0 ? start + length : start
  const to =
    end === undefined ? length : end < 0 || (end === 0 && start !== undefined && start < 0) ? end + length : end
  for (const index of [from, to - 1])
    if (index >= length || index < 0)
      if (from !== to) throw new GoError(`array index out of bounds: index ${index}, length ${length}`)
  if (from > to) throw new GoError(`starting index ${from} is greater than ending index ${to}`)
  return items.slice(from, to).filter((_, index) => index % stride === 0)
}

function passes(filter: Filter, item: GoValue): boolean {
  if (filter.kind === 'exists') return exists(filter.path, item)
  const [left, right] = [one(filter.left, item), one(filter.right, item)]
  return left !== undefined && right !== undefined && compares(filter.operator, left.value, right.value)
}

function exists(path: readonly Step[], item: GoValue): boolean {
  try {
    return walked(path, item).length > 0
  } catch (cause) {
    if (cause instanceof GoError) return false
    throw cause
  }
}

/** The one value that a side of a comparison comes to; in a box, since it may be nil. */
function one(side: Extract<Filter, { kind: 'compare' }>['left'], item: GoValue): { value: GoValue } | undefined {
  if (side.kind === 'literal') return side
  const found = walked(side.path, item)
  if (found.length > 1) throw new GoError('can only compare one element at a time')
  return found.length === 1 ? { value: found[0]! } : undefined
}

function compares(operator: string, left: GoValue, right: GoValue): boolean {
  switch (operator) {
    case '==':
      return order(left, right) === 0
    case '!=':
      return order(left, right) !== 0
    case '<':
      return order(left, right) < 0
    case '<=':
      return order(left, right) <= 0
    case '>':
      return order(left, right) > 0
    case '>=':
      return order(left, right) >= 0
    default:
      throw new GoError(`unrecognized filter operator ${operator}`)
  }
}

function order(left: GoValue, right: GoValue): number {
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return left === right ? 0 : 1
  const [one, other] = [numeric(left), numeric(right)]
  if (one === undefined || typeof one !== typeof other) throw new GoError('incompatible types for comparison')
  return one === other ? 0 : one < other! ? -1 : 1
}
