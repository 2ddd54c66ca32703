import type { Plain } from '../stacks/value.ts'

/** A type as Terraform writes it in JSON: `"string"`, `["list","number"]`, `["object",{"a":"bool"}]`. */
type TypeJson = string | readonly [string, unknown]

/**
 * A Terraform value from its MessagePack bytes (https://github.com/msgpack/msgpack/blob/master/spec.md, and cty's use of
 * it: a value of dynamic type is a pair of type and value, a number that is no double is a string).
 * @param type the value's type; left out: as the bytes have it, numbers may stay strings
 * @throws RangeError for other bytes, and for an unknown value
 */
export function terraformValue(bytes: Uint8Array, type?: 'dynamic'): Plain {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let at = 0
  const value = read(type)
  if (at !== bytes.length) throw new RangeError('bytes after the value')
  return value

  function read(as: TypeJson | undefined): Plain {
    if (as === 'dynamic') return dynamic()
    const byte = u8()
    if (byte <= 0x7f) return byte
    if (byte <= 0x8f) return map(byte & 15, as)
    if (byte <= 0x9f) return list(byte & 15, as)
    if (byte <= 0xbf) return text(byte & 31, as)
    if (byte >= 0xe0) return byte - 256
    switch (byte) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xca:
        return view.getFloat32(skip(4))
      case 0xcb:
        return view.getFloat64(skip(8))
      case 0xcc:
        return u8()
      case 0xcd:
        return u16()
      case 0xce:
        return u32()
      case 0xcf:
        return whole(view.getBigUint64(skip(8)))
      case 0xd0:
        return view.getInt8(skip(1))
      case 0xd1:
        return view.getInt16(skip(2))
      case 0xd2:
        return view.getInt32(skip(4))
      case 0xd3:
        return whole(view.getBigInt64(skip(8)))
      case 0xd9:
        return text(u8(), as)
      case 0xda:
        return text(u16(), as)
      case 0xdb:
        return text(u32(), as)
      case 0xdc:
        return list(u16(), as)
      case 0xdd:
        return list(u32(), as)
      case 0xde:
        return map(u16(), as)
      case 0xdf:
        return map(u32(), as)
      default:
        throw new RangeError(`a value that starts with byte ${byte.toString(16)}`)
    }
  }

  function dynamic(): Plain {
    const byte = u8()
    if (byte === 0xc0) return null
    if (byte !== 0x92) throw new RangeError('a dynamic value that is no pair')
    const marker = u8()
    const length = marker === 0xc4 ? u8() : marker === 0xc5 ? u16() : marker === 0xc6 ? u32() : undefined
    if (length === undefined) throw new RangeError('a dynamic value without its type')
    return read(JSON.parse(decoder.decode(take(length))) as TypeJson)
  }
  function map(length: number, as: TypeJson | undefined): Plain {
    const result: Record<string, Plain> = {}
    for (let index = 0; index < length; index += 1) {
      const key = String(read('string'))
      const item = read(part(as, key))
      Object.defineProperty(result, key, { value: item, enumerable: true, writable: true, configurable: true })
    }
    return result
  }
  function list(length: number, as: TypeJson | undefined): Plain {
    return Array.from({ length }, (_, index) => read(part(as, index)))
  }
  function text(length: number, as: TypeJson | undefined): Plain {
    const found = decoder.decode(take(length))
    if (as !== 'number') return found
    return /^-?[0-9]+$/.test(found) ? whole(BigInt(found)) : Number(found)
  }
  function u8(): number {
    return view.getUint8(skip(1))
  }
  function u16(): number {
    return view.getUint16(skip(2))
  }
  function u32(): number {
    return view.getUint32(skip(4))
  }
  function take(length: number): Uint8Array {
    const start = skip(length)
    return bytes.subarray(start, at)
  }
  function skip(length: number): number {
    if (at + length > bytes.length) throw new RangeError('a value that ends too early')
    at += length
    return at - length
  }
}

function whole(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function part(type: TypeJson | undefined, key: string | number): TypeJson | undefined {
  if (!Array.isArray(type)) return undefined
  const [kind, inner] = type as readonly [string, unknown]
  if (kind === 'object' || kind === 'tuple') return (inner as Readonly<Record<string | number, TypeJson>>)[key]
  return inner as TypeJson
}
