import { GoMap, GoNumber, GoSlice, type GoValue } from '../../value.ts'

/** Whether Go's reflect.DeepEqual takes two values for equal: of one type, and with equal parts. */
export function deepEqual(one: GoValue, other: GoValue): boolean {
  if (one === other) return true
  if (one instanceof GoNumber && other instanceof GoNumber) return one.type === other.type && one.value === other.value
  if (one instanceof GoSlice && other instanceof GoSlice)
    return (
      one.type === other.type &&
      one.items.length === other.items.length &&
      one.items.every((item, index) => deepEqual(item, other.items[index]!))
    )
  return one instanceof GoMap && other instanceof GoMap && equalMaps(one, other)
}

function equalMaps(one: GoMap, other: GoMap): boolean {
  if (one.type !== other.type || one.entries.size !== other.entries.size) return false
  return [...one.entries].every(([key, value]) => {
    const there = other.entries.get(key)
    return there !== undefined && deepEqual(value, there)
  })
}
