/** A field of a protobuf message as it is on the wire: a number, or bytes. */
export type WireField = { readonly number: number } & (
  | { readonly kind: 'varint'; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
)

/**
 * The fields of a protobuf message, in order (https://protobuf.dev/programming-guides/encoding/). Fixed-width fields come
 * as bytes.
 * @throws RangeError for bytes that are no message
 */
export function wireFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = varint()
    const number = Number(tag >> 3n)
    const type = Number(tag & 7n)
    if (type === 0) fields.push({ number, kind: 'varint', value: varint() })
    else if (type === 2) fields.push({ number, kind: 'bytes', value: take(Number(varint())) })
    else if (type === 1) fields.push({ number, kind: 'bytes', value: take(8) })
    else if (type === 5) fields.push({ number, kind: 'bytes', value: take(4) })
    else throw new RangeError(`a field of wire type ${type}`)
  }
  return fields

  function varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at]
      if (byte === undefined) break
      at += 1
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
    throw new RangeError('a number that does not end')
  }
  function take(length: number): Uint8Array {
    if (at + length > bytes.length) throw new RangeError('a field longer than its message')
    at += length
    return bytes.subarray(at - length, at)
  }
}

/** Every bytes value of a field; none where the field is missing. */
export function bytesOf(fields: readonly WireField[], number: number): Uint8Array[] {
  return fields.flatMap((it) => (it.number === number && it.kind === 'bytes' ? [it.value] : []))
}

/** Every string of a field. */
export function textsOf(fields: readonly WireField[], number: number): string[] {
  return bytesOf(fields, number).map((bytes) => new TextDecoder().decode(bytes))
}

/** The last number of a field; 0 where the field is missing, as proto3 has it. */
export function numberOf(fields: readonly WireField[], number: number): number {
  return Number(fields.findLast((it) => it.number === number && it.kind === 'varint')?.value ?? 0)
}
