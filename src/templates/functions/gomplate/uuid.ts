import { GoError, type GoFunctions, GoNumber, type GoObject, type GoValue, goFunction } from '../../value.ts'
import { byteList } from './bytes.ts'
import { namespace, outside } from './namespace.ts'
import { textOf } from './values.ts'

const nil = '00000000-0000-0000-0000-000000000000'

/** The 16 bytes of a UUID: plain, in braces or what stands for them, as a URN, or without dashes. */
function parsed(text: string): Buffer {
  const length = Buffer.byteLength(text)
  if (![32, 36, 38, 45].includes(length)) throw new GoError(`invalid UUID length: ${length}`)
  if (length === 45 && text.slice(0, 9).toLowerCase() !== 'urn:uuid:')
    throw new GoError(`invalid urn prefix: ${JSON.stringify(text.slice(0, 9))}`)
  const bare = length === 45 ? text.slice(9) : length === 38 ? text.slice(1, 37) : text
  const shape = length === 32 ? /^[0-9a-f]{32}$/i : /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
  if (!shape.test(bare)) throw new GoError('invalid UUID format')
  return Buffer.from(bare.replaceAll('-', ''), 'hex')
}

function isValid(text: string): boolean {
  try {
    parsed(text)
    return true
  } catch {
    return false
  }
}

/** A uuid.UUID for templates. */
function uuid(bytes: Buffer): GoObject {
  const hex = bytes.toString('hex')
  const text = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  const number = (type: string, value: bigint | number) => new GoNumber(type, BigInt(value))
  return {
    type: 'uuid.UUID',
    print: () => text,
    methods: {
      ClockSequence: goFunction('func() int', () => BigInt(bytes.readUInt16BE(8) & 0x3fff)),
      ID: goFunction('func() uint32', () => number('uint32', bytes.readUInt32BE(0))),
      MarshalText: goFunction('func() ([]uint8, error)', () => byteList(Buffer.from(text))),
      NodeID: goFunction('func() []uint8', () => byteList(bytes.subarray(10))),
      String: goFunction('func() string', () => text),
      Time: goFunction('func() uuid.Time', () => number('uuid.Time', timeOf(bytes))),
      URN: goFunction('func() string', () => `urn:uuid:${text}`),
      Variant: goFunction('func() uuid.Variant', () => named('uuid.Variant', variant(bytes[8]!))),
      Version: goFunction('func() uuid.Version', () => {
        const version = bytes[6]! >> 4
        return named('uuid.Version', `VERSION_${version}`)
      }),
    },
  }
}

function timeOf(bytes: Buffer): bigint {
  const high = BigInt(bytes.readUInt16BE(6) & 0x0fff)
  return (high << 48n) | (BigInt(bytes.readUInt16BE(4)) << 32n) | BigInt(bytes.readUInt32BE(0))
}

function variant(byte: number): string {
  if (byte >> 6 === 0b10) return 'RFC4122'
  if (byte >> 5 === 0b110) return 'Microsoft'
  return byte >> 5 === 0b111 ? 'Future' : 'Reserved'
}

/** A number with a name, which is all that templates see of it. */
function named(type: string, text: string): GoObject {
  return { type, print: () => text, methods: { String: goFunction('func() string', () => text) } }
}

/** The namespace `uuid`; those that are drawn need the world. */
export const uuidFunctions: GoFunctions = {
  uuid: namespace('UUIDFuncs', {
    IsValid: goFunction('func(any) (bool, error)', (value: GoValue) => isValid(textOf(value))),
    Nil: goFunction('func() (string, error)', () => nil),
    Parse: goFunction('func(any) (uuid.UUID, error)', (value: GoValue) => uuid(parsed(textOf(value)))),
    V1: outside('uuid.V1', 'func() (string, error)'),
    V4: outside('uuid.V4', 'func() (string, error)'),
  }),
}
