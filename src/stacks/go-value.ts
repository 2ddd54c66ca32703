import { GoMap, GoNumber, GoSlice, type GoValue } from '../templates/value.ts'
import { formatFloat } from '../yaml/float.ts'
import type { Value } from './value.ts'

const known = new WeakMap<Value, GoValue>()

/** A value as Go's templates see what yaml.v3 made of it; a map that many share is one there too. */
export function goValue(value: Value): GoValue {
  if (value.kind === 'scalar') return goScalar(value)
  const before = known.get(value)
  if (before !== undefined) return before
  const result =
    value.kind === 'list'
      ? new GoSlice(value.items.map(goValue))
      : new GoMap(new Map([...value.entries].map(([key, item]) => [key, goValue(item)])))
  known.set(value, result)
  return result
}

function goScalar({
  value,
  float,
}: {
  readonly value: string | boolean | null | number | bigint
  readonly float?: true
}) {
  if (typeof value === 'number') return float || !Number.isInteger(value) ? value : BigInt(value)
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) return new GoNumber('uint64', value)
  return value
}

/** A value as Go's templates print it. */
export function goText(value: Value): string {
  if (value.kind === 'list') return `[${value.items.map(inner).join(' ')}]`
  if (value.kind === 'map') {
    const keys = [...value.entries.keys()].sort()
    return `map[${keys.map((key) => `${key}:${inner(value.entries.get(key)!)}`).join(' ')}]`
  }
  if (typeof value.value === 'number' && (value.float || !Number.isInteger(value.value)))
    return formatFloat(value.value)
  return String(value.value)
}

function inner(value: Value): string {
  return value.kind === 'scalar' && value.value === null ? '<nil>' : goText(value)
}
