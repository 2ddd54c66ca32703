import { bytesOf } from './bytes.ts'
import { GoMap, GoNumber, type GoObject, GoSlice, type GoValue } from './value.ts'

/** What reflection calls the kind of a value, numbers of one sort taken together. */
export type Kind = 'nil' | 'bool' | 'string' | 'int' | 'uint' | 'float' | 'slice' | 'map' | 'object'

/** The kind of a value: an `int` for every signed number, `object` for structs and pointers. */
export function kindOf(value: GoValue): Kind {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'float'
  }
  if (value === null) return 'nil'
  if (value instanceof GoMap) return 'map'
  if (value instanceof GoSlice) return 'slice'
  if (value instanceof GoNumber) return kindOfNumber(value)
  return 'object'
}

function kindOfNumber({ type, value }: GoNumber): Kind {
  if (typeof value === 'number') return 'float'
  return type.startsWith('uint') || UNSIGNED.has(type) ? 'uint' : 'int'
}

const UNSIGNED: ReadonlySet<string> = new Set(['fs.FileMode', 'byte', 'reflect.Kind'])

/** The type of a value as `%T` prints it; `<nil>` for nil. */
export function typeOf(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'float64'
  }
  return value === null ? '<nil>' : value.type
}

/** Whether a value has methods or fields. */
export function isObject(value: GoValue): value is GoObject {
  return kindOf(value) === 'object'
}

/** The integer that a value is, whatever its width; undefined for everything else. */
export function integerOf(value: GoValue): bigint | undefined {
  if (typeof value === 'bigint') return value
  return value instanceof GoNumber && typeof value.value === 'bigint' ? value.value : undefined
}

/** The floating point number that a value is, of either width. */
export function floatOf(value: GoValue): number | undefined {
  if (typeof value === 'number') return value
  return value instanceof GoNumber && typeof value.value === 'number' ? value.value : undefined
}

/** Whether `if` takes a value for true: zero, empty and nil are false. */
export function isTrue(value: GoValue): boolean {
  switch (typeof value) {
    case 'string':
      return value !== ''
    case 'boolean':
      return value
    case 'bigint':
      return value !== 0n
    case 'number':
      return value !== 0
  }
  if (value === null) return false
  if (value instanceof GoMap) return value.entries.size > 0
  if (value instanceof GoSlice) return value.items.length > 0
  if (value instanceof GoNumber) return Number(value.value) !== 0
  return value.truth ?? true
}

/** What the items of a slice or the values of a map are declared as: `interface {}` of `map[string]interface {}`. */
export function elementType(type: string): string {
  return type.startsWith('map[') ? afterBracket(type, 4) : type.startsWith('[') ? afterBracket(type, 1) : ''
}

/** What the keys of a map are declared as. */
export function keyType(type: string): string {
  return type.slice(4, type.length - afterBracket(type, 4).length - 1)
}

function afterBracket(type: string, from: number): string {
  let depth = 1
  for (let at = from; at < type.length; at++) {
    if (type[at] === '[') depth++
    else if (type[at] === ']' && --depth === 0) return type.slice(at + 1)
  }
  return ''
}

/** Which of two strings comes first by its bytes: below, above or equal to 0. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (one === other) continue
    // Units of UTF-16 are in the order of UTF-8 but for surrogates, which stand for higher characters, or for bytes.
    if (one < 0xd800 && other < 0xd800) return one - other
    return Buffer.compare(bytesOf(a), bytesOf(b))
  }
  return a.length - b.length
}

const KEY_ORDER: readonly Kind[] = ['nil', 'string', 'int', 'uint', 'float', 'bool', 'slice', 'map', 'object']

/** Which of two keys of a map comes first. Go orders kinds by where its linker put them; this is where it did. */
function compareKeys(a: GoValue, b: GoValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  const [one, other] = [kindOf(a), kindOf(b)]
  if (one !== other) return KEY_ORDER.indexOf(one) - KEY_ORDER.indexOf(other)
  const [left, right] = [integerOf(a) ?? floatOf(a) ?? Number(a), integerOf(b) ?? floatOf(b) ?? Number(b)]
  if (left === right) return 0
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1
  return left < right ? -1 : 1
}

/** Entries of a map in the order in which Go ranges over them and prints them. */
export function sortedEntries({ entries }: GoMap): [GoValue, GoValue][] {
  return [...entries].sort(([a], [b]) => compareKeys(a, b))
}
