/** How one field of a message is written: its number, and its type. */
interface Field {
  readonly id: number
  readonly type: 'string' | 'bytes' | 'bool' | 'int' | MessageType
  /** Several values; for `map`, entries by a string key. */
  readonly many?: 'list' | 'map'
}

/** A protobuf message as a table of its fields by name: enough of the format for Terraform's plugin protocol. */
export type MessageType = { readonly [name: string]: Field }

/** A message's fields by name; one that was not sent is missing. */
export type Message = { readonly [name: string]: unknown }

const wireVarint = 0
const wireFixed64 = 1
const wireBytes = 2
const wireFixed32 = 5

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

function delimited(id: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(id * 8 + wireBytes), varint(bytes.length), bytes])
}

function encodeField(field: Field, value: unknown): Buffer {
  const { id, type } = field
  if (type === 'bool') return Buffer.concat([varint(id * 8 + wireVarint), varint(value ? 1 : 0)])
  if (type === 'int') return Buffer.concat([varint(id * 8 + wireVarint), varint(value as number)])
  if (type === 'string') return delimited(id, Buffer.from(value as string))
  if (type === 'bytes') return delimited(id, value as Uint8Array)
  return delimited(id, encode(type, value as Message))
}

/** The message's bytes. A field that is undefined is left out. */
export function encode(type: MessageType, message: Message): Buffer {
  const parts: Buffer[] = []
  for (const [name, field] of Object.entries(type)) {
    const value = message[name]
    if (value === undefined) continue
    if (field.many === 'list') for (const item of value as unknown[]) parts.push(encodeField(field, item))
    else if (field.many === 'map')
      for (const [key, item] of Object.entries(value as Message))
        parts.push(
          delimited(field.id, Buffer.concat([delimited(1, Buffer.from(key)), encodeField({ ...field, id: 2 }, item)])),
        )
    else parts.push(encodeField(field, value))
  }
  return Buffer.concat(parts)
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

function readVarint(cursor: Cursor): number {
  let value = 0
  let factor = 1
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) throw new Error('a protobuf message ends inside a number')
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
    factor *= 0x80
  }
}

function readBytes(cursor: Cursor): Uint8Array {
  const length = readVarint(cursor)
  if (cursor.at + length > cursor.bytes.length) throw new Error('a protobuf message ends inside a field')
  cursor.at += length
  return cursor.bytes.subarray(cursor.at - length, cursor.at)
}

function skip(cursor: Cursor, wire: number): void {
  if (wire === wireVarint) readVarint(cursor)
  else if (wire === wireBytes) readBytes(cursor)
  else if (wire === wireFixed64) cursor.at += 8
  else if (wire === wireFixed32) cursor.at += 4
  else throw new Error(`protobuf wire type ${wire} is not known`)
}

function decodeField({ type }: Field, cursor: Cursor): unknown {
  if (type === 'bool') return readVarint(cursor) !== 0
  if (type === 'int') return readVarint(cursor)
  const bytes = readBytes(cursor)
  if (type === 'bytes') return bytes
  if (type === 'string') return Buffer.from(bytes).toString('utf8')
  return decode(type, bytes)
}

/** The message in the bytes; fields that the type does not name are skipped. Maps are never received, so not read. */
export function decode(type: MessageType, bytes: Uint8Array): Message {
  const fields = new Map(Object.entries(type).map(([name, field]) => [field.id, { name, field }]))
  const message: Record<string, unknown> = {}
  const cursor: Cursor = { bytes, at: 0 }
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor)
    const known = fields.get(Math.floor(tag / 8))
    if (!known) skip(cursor, tag & 7)
    else if (known.field.many === 'list')
      message[known.name] = [...((message[known.name] as unknown[]) ?? []), decodeField(known.field, cursor)]
    else message[known.name] = decodeField(known.field, cursor)
  }
  return message
}
