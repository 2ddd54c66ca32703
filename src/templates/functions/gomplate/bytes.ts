import { bytesOf } from '../../bytes.ts'
import { GoNumber, GoSlice, type GoValue } from '../../value.ts'
import { textOf } from './values.ts'

/** A `[]uint8`. */
export function byteList(bytes: Uint8Array): GoSlice {
  return new GoSlice(
    Array.from(bytes, (byte) => new GoNumber('uint8', BigInt(byte))),
    '[]uint8',
  )
}

/** The bytes in a `[]uint8`. */
export function bytesOfSlice({ items }: GoSlice): Uint8Array {
  return Uint8Array.from(items, (item) => Number(item instanceof GoNumber ? item.value : item))
}

/** The bytes of a value, as crypto and base64 take them: none for nil, else those of its text. */
export function bytesOfValue(value: GoValue): Uint8Array {
  if (value === null) return new Uint8Array()
  if (value instanceof GoSlice && value.type === '[]uint8') return bytesOfSlice(value)
  return bytesOf(textOf(value))
}
