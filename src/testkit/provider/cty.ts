import { decode, ExtensionCodec, encode } from '@msgpack/msgpack'

/** Stands for a value that only apply can tell ("known after apply"). */
export const unknown: unique symbol = Symbol('unknown')

/** A Terraform value. A set is a list here. */
export type Value =
  | string
  | number
  | boolean
  | null
  | typeof unknown
  | readonly Value[]
  | { readonly [key: string]: Value }

/** An object's attributes by name; all attributes of its type are there, null where not set. */
export type Attributes = { readonly [name: string]: Value }

/** Terraform's types as its schemas write them in JSON. */
export type Type = 'string' | 'number' | 'bool' | readonly ['list' | 'map' | 'set', Type]

const plainUnknown = 0
const refinedUnknown = 12

const codec = new ExtensionCodec()
codec.register({
  type: plainUnknown,
  encode: (value: unknown) => (value === unknown ? new Uint8Array([0]) : null),
  decode: () => unknown,
})
codec.register({ type: refinedUnknown, encode: () => null, decode: () => unknown })

/** The value in a `DynamicValue`. */
export function decodeValue(bytes: Uint8Array): Value {
  return decode(bytes, { extensionCodec: codec }) as Value
}

/** The bytes of a `DynamicValue`. */
export function encodeValue(value: Value): Uint8Array {
  return encode(value, { extensionCodec: codec })
}

/** Whether nothing in the value is unknown. */
export function known(value: Value): boolean {
  if (value === unknown) return false
  if (Array.isArray(value)) return value.every(known)
  return typeof value !== 'object' || value === null || Object.values(value).every(known)
}

/** Whether two values are the same; one with an unknown in it equals nothing. */
export function same(a: Value, b: Value): boolean {
  if (!known(a) || !known(b)) return false
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Value): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)])
  return value
}

/** Whether a value read from a file has the type; null has every type. */
export function fits(value: Value, type: Type): boolean {
  if (value === null) return true
  if (type === 'string' || type === 'number') return typeof value === type
  if (type === 'bool') return typeof value === 'boolean'
  const [kind, inner] = type
  if (kind !== 'map') return Array.isArray(value) && value.every((item) => fits(item, inner))
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => fits(item as Value, inner))
  )
}
