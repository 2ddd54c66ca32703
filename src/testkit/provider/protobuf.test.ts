import { expect, test } from 'vitest'
import { decode, encode, type MessageType } from './protobuf.ts'

const inner: MessageType = { name: { id: 1, type: 'string' } }
const outer: MessageType = {
  text: { id: 1, type: 'string' },
  flag: { id: 2, type: 'bool' },
  count: { id: 3, type: 'int' },
  raw: { id: 4, type: 'bytes' },
  one: { id: 5, type: inner },
  many: { id: 6, type: inner, many: 'list' },
}

test('the bytes are those of the format’s own example', () => {
  expect([...encode({ a: { id: 1, type: 'int' } }, { a: 150 })]).toEqual([0x08, 0x96, 0x01])
  expect([...encode({ b: { id: 2, type: 'string' } }, { b: 'testing' })]).toEqual([
    0x12,
    0x07,
    ...Buffer.from('testing'),
  ])
})

test('a map is a list of entries with a key and a value', () => {
  const type: MessageType = { by: { id: 2, type: inner, many: 'map' } }
  expect([...encode(type, { by: { k: { name: 'v' } } })]).toEqual([0x12, 8, 0x0a, 1, 0x6b, 0x12, 3, 0x0a, 1, 0x76])
})

test('what is written is read again, also numbers beyond 32 bits', () => {
  const message = {
    text: 'grün',
    flag: true,
    count: 2 ** 40 + 5,
    raw: Buffer.from([0, 255]),
    one: { name: 'a' },
    many: [{ name: 'b' }, { name: '' }],
  }
  expect(decode(outer, encode(outer, message))).toEqual(message)
})

test('fields that the reader does not know are skipped, of every wire type', () => {
  const fixed = Buffer.from([0x41, 1, 2, 3, 4, 5, 6, 7, 8, 0x4d, 1, 2, 3, 4])
  const known = encode(outer, { text: 'a', count: 7 })
  const message = Buffer.concat([fixed, known, encode({ late: { id: 99, type: 'string' } }, { late: 'x' })])
  expect(decode(outer, message)).toEqual({ text: 'a', count: 7 })
})

test('bytes that end too early are an error, not half a message', () => {
  expect(() => decode(outer, encode(outer, { text: 'abc' }).subarray(0, 4))).toThrow(/ends inside a field/)
})
