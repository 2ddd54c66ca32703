import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { first, full, onGitHub, timed } from './fixtures/full.ts'
import { encodeDocument, parseDocument } from './format.ts'

const key = 'documents/vpc.json'
const parse = (content: string) => parseDocument(new TextEncoder().encode(content), key)
const error = (content: string): UserError => {
  try {
    parse(content)
  } catch (caught) {
    if (caught instanceof UserError) return caught
    throw caught
  }
  throw new Error('it was read')
}

describe('format 2', () => {
  test('reads what it wrote', () => {
    expect(parseDocument(encodeDocument(full()), key)).toEqual(full())
  })

  test.each([
    [1, first],
    [2, full],
    ['2-github', onGitHub],
    ['2-timed', timed],
  ])('reads what format %s was written as', (format, document) => {
    const url = new URL(`./fixtures/document-${format}.json.golden`, import.meta.url)
    expect(parseDocument(readFileSync(url), key)).toEqual(document())
  })

  test('keeps fields that a newer version added, at every level', () => {
    const document = JSON.parse(new TextDecoder().decode(encodeDocument(full())))
    document.later = { x: 1 }
    document.plans[0].later = 'y'
    const again = new TextDecoder().decode(encodeDocument(parse(JSON.stringify(document))))
    expect(JSON.parse(again)).toEqual(document)
  })
})

test('a newer format is refused whole', () => {
  expect(error('{"format": 3, "anything": true}')).toMatchObject({ code: 'record-newer', exit: 2 })
})

test('a record that was cut off or edited says where', () => {
  const good = new TextDecoder().decode(encodeDocument(full()))
  expect(error(good.slice(0, 500))).toMatchObject({ code: 'record-unreadable', message: expect.stringContaining(key) })
  expect(error('').message).toContain('it is empty')
  const edited = (
    change: (document: {
      plans: { digest: unknown; status: unknown; changes: unknown }[]
      rev: unknown
      format: unknown
    }) => void,
  ) => {
    const document = JSON.parse(good)
    change(document)
    return error(JSON.stringify(document)).message
  }
  expect(
    edited((it) => {
      it.plans[0]!.digest = 7
    }),
  ).toContain('plans[0].digest is 7, not a text')
  expect(
    edited((it) => {
      it.plans[0]!.status = { kind: 'opne' }
    }),
  ).toContain('plans[0].status.kind is "opne", not open or superseded or applied')
  expect(
    edited((it) => {
      it.plans[0]!.changes = null
    }),
  ).toContain('plans[0].changes is null, not an object')
  expect(
    edited((it) => {
      it.rev = -1
    }),
  ).toContain('rev is -1, not a whole number')
  expect(
    edited((it) => {
      it.format = undefined
    }),
  ).toContain('format is missing, not 2')
  expect(error('[]').message).toContain('the document is a list, not an object')
})

test('every place where a document can be cut is noticed', () => {
  const bytes = encodeDocument(full())
  for (let end = 0; end < bytes.length - 2; end += 7)
    expect(() => parseDocument(bytes.subarray(0, end), key)).toThrow(UserError)
})
