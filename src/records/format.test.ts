import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../error.ts'
import type { AddressDocument } from './document.ts'
import { applying, carriedOut, claiming, planned, storing } from './fixtures/sample.ts'
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

/** What was found, with everything in it. */
function drift({ plans: [plan] }: AddressDocument): NonNullable<AddressDocument['drift']> {
  const found = { class: 'out-of-band', digest: 'pd1:d', model: 'models/m.json', firstMs: 1, lastMs: 2 } as const
  return {
    checkedMs: 2,
    cleanMs: 0,
    found: { ...found, changes: plan!.changes },
    failed: { sinceMs: 3, atMs: 4, why: 'no network' },
  }
}

/** A document in which everything occurs. */
function full(): AddressDocument {
  const done = carriedOut(
    applying(
      planned('p1', {
        pullRequest: 41,
        uncertain: ['no lock file'],
        reads: [{ call: '!terraform.state a .b', of: 'a@s', source: 'plan', hash: 'h' }],
      }),
    ),
    {
      kind: 'conclude',
      fence: 1,
      attempt: 'apply-1',
      outcome: 'partial',
      state: { lineage: 'lineage-1', serial: 4 },
      reads: [],
      note: 'quota',
    },
  )
  const idle = planned('idle', { change: 0, fingerprint: 'fp1:bbbb', state: { lineage: 'lineage-1', serial: 4 } })
  const advanced = carriedOut(done, storing(idle), {
    kind: 'advance',
    plan: idle.id,
    target: idle.fingerprint,
    commit: 'c0ffee',
    by: 'run 9',
    state: idle.state,
    movedReads: [],
    fence: undefined,
  })
  const held = carriedOut(
    advanced,
    { kind: 'rename', to: 'network@plat-ue2-prod' },
    claiming('1', { purpose: 'hold', reason: 'incident' }),
  )
  return { ...held, nonces: ['n1'], drift: drift(held) }
}

describe('format 2', () => {
  test('reads what it wrote', () => {
    expect(parseDocument(encodeDocument(full()), key)).toEqual(full())
  })

  test('reads what the first version wrote', () => {
    const url = new URL('./fixtures/document-1.json.golden', import.meta.url)
    const { drift: _, ...rest } = full()
    expect(parseDocument(readFileSync(url), key)).toEqual(rest)
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
