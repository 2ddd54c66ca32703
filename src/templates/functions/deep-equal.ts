import { typeOf } from '../types.ts'
import { GoMap, GoNumber, GoSlice, type GoValue } from '../value.ts'
import { timeOf } from './go-time.ts'

/** Whether two values are the same all the way down, as reflect.DeepEqual finds: types too, and nil is not empty. */
export function deepEqual(one: GoValue, other: GoValue): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return false
  if (typeOf(one) !== typeOf(other)) return false
  if (one instanceof GoNumber) return one.value === (other as GoNumber).value
  if (one instanceof GoSlice) return sameItems(one, other as GoSlice)
  if (one instanceof GoMap) return sameEntries(one, other as GoMap)
  const [left, right] = [timeOf(one), timeOf(other)]
  if (left && right) return left.ns === right.ns && left.zone.name === right.zone.name
  return one.print() === (other as typeof one).print()
}

function sameItems(one: GoSlice, other: GoSlice): boolean {
  if (one.isNil !== other.isNil || one.items.length !== other.items.length) return false
  return one.items.every((item, index) => deepEqual(item, other.items[index]!))
}

function sameEntries(one: GoMap, other: GoMap): boolean {
  if (one.isNil !== other.isNil || one.entries.size !== other.entries.size) return false
  return [...one.entries].every(([key, value]) => other.entries.has(key) && deepEqual(value, other.entries.get(key)!))
}
