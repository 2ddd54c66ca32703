import { GoMap, GoPanic, GoSlice, type GoValue } from '../value.ts'

/**
 * A value with maps and slices of its own.
 * @throws GoPanic for nil, as Go's copystructure does
 */
export function deepCopy(value: GoValue): GoValue {
  if (value === null) throw new GoPanic('reflect: call of reflect.Value.Type on zero Value')
  return copied(value)
}

function copied(value: GoValue): GoValue {
  if (value instanceof GoSlice) return new GoSlice(value.items.map(copied), value.type, value.isNil)
  if (value instanceof GoMap)
    return new GoMap(new Map([...value.entries].map(([key, item]) => [key, copied(item)])), value.type, value.isNil)
  return value
}
