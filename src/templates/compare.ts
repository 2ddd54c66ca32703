import type { Held } from './convert.ts'
import { printed } from './print.ts'
import { compareStrings, floatOf, integerOf, type Kind, kindOf, typeOf } from './types.ts'
import { GoError, GoMap, GoNumber, GoSlice, type GoValue } from './value.ts'

/** `eq`: whether the first equals any of the others. */
export function equalsAny(first: Held, others: readonly Held[]): boolean {
  if (others.length === 0) throw new GoError('missing argument for comparison')
  return others.some((other) => equal(valid(first), valid(other)))
}

/** `lt`: whether one number or string is below another of its sort. */
export function isBelow(first: Held, second: Held): boolean {
  const [a, b] = [valid(first), valid(second)]
  const [sort, other] = [basicSort(a), basicSort(b)]
  if (a === undefined || b === undefined || !sort || !other) throw new GoError('invalid type for comparison')
  if (sort !== other && !(isWhole(sort) && isWhole(other))) throw incompatible(a, b)
  if (sort === 'bool') throw new GoError('invalid type for comparison')
  if (sort === 'string') return compareStrings(a as string, b as string) < 0
  return sort === 'float' ? floatOf(a)! < floatOf(b)! : integerOf(a)! < integerOf(b)!
}

/** A nil that is stored somewhere compares as no value at all. */
function valid(value: Held): GoValue | undefined {
  return value === null ? undefined : value
}

function basicSort(value: Held): Kind | undefined {
  if (value === undefined || value === null) return undefined
  const kind = kindOf(value)
  return kind === 'object' || kind === 'slice' || kind === 'map' ? undefined : kind
}

function isWhole(kind: Kind): boolean {
  return kind === 'int' || kind === 'uint'
}

function incompatible(a: GoValue, b: GoValue): GoError {
  return new GoError(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)
}

function equal(a: GoValue | undefined, b: GoValue | undefined): boolean {
  const [sort, other] = [basicSort(a), basicSort(b)]
  if (sort && other && isWhole(sort) && isWhole(other)) return integerOf(a!) === integerOf(b!)
  if (sort !== other) {
    if (a !== undefined && b !== undefined) throw incompatible(a, b)
    return false
  }
  if (sort === 'float') return floatOf(a!) === floatOf(b!)
  if (sort) return a === b
  return equalComposite(a, b)
}

function equalComposite(a: GoValue | undefined, b: GoValue | undefined): boolean {
  if (a !== undefined && b !== undefined && kindOf(a) !== kindOf(b))
    throw new GoError(`non-comparable types ${printed(a)}: ${typeOf(a)}, ${typeOf(b)}: ${printed(b)}`)
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  if (b instanceof GoSlice || b instanceof GoMap) throw new GoError(`non-comparable type ${printed(b)}: ${typeOf(b)}`)
  if (a === b) return true
  // Structs are equal by their fields, pointers by where they point to; what they print stands for the fields.
  return typeOf(a!) === typeOf(b!) && !typeOf(b!).startsWith('*') && printed(a!) === printed(b!)
}

function isNil(value: GoValue | undefined): boolean {
  return value === undefined || ((value instanceof GoSlice || value instanceof GoMap) && value.isNil)
}

/** The key of a map that an argument of `index` names, where the map's keys are of one type. */
export function mapKey(value: Held, type: string): GoValue {
  if (value === undefined) {
    if (type === 'interface {}') return null
    throw new GoError(`value is nil; should be of type ${type}`)
  }
  if (type === 'interface {}' || typeOf(value) === type) return value
  const whole = integerOf(value)
  if (whole !== undefined && /^u?int/.test(type)) return type === 'int' ? whole : new GoNumber(type, whole)
  throw new GoError(`value has type ${typeOf(value)}; should be ${type}`)
}
