import { expect, test } from 'vitest'
import type { NoiseRule } from '../settings.ts'
import { classify, type DriftFacts } from './classify.ts'
import { seen } from './fixtures/seen.ts'

const T0 = Date.UTC(2026, 10, 24, 10)
const day = 86_400_000
const state = { lineage: 'l', serial: 3 }
const network = 'folder_network.this'
const was = { cidr: '10.0.0.0/16', etag: 'a' }
const rule = (given: Partial<NoiseRule> = {}): NoiseRule => ({
  address: 'folder_*.this',
  attribute: 'etag',
  owner: '@acme/network',
  reason: 'the provider counts',
  untilMs: T0 + day,
  at: { file: 'atmos.yaml', line: 1, column: 1 },
  ...given,
})
const classified = (plan: DriftFacts['plan'], given: Partial<DriftFacts> = {}) =>
  classify({
    plan,
    digest: 'pd1:seen',
    state,
    applied: state,
    movedReads: [],
    inFlight: undefined,
    noise: [],
    nowMs: T0,
    ...given,
  })
const words = (plan: DriftFacts['plan'], given: Partial<DriftFacts> = {}) => {
  const it = classified(plan, given)
  return it.kind === 'clean'
    ? 'clean'
    : `${it.class}: ${it.differences.map((one) => `${one.object} ${one.class}`).join(', ')}`
}
const moved = [{ call: '!terraform.state vpc cidr', source: 'state', hash: 'h' }] as const
const edited = seen({
  drift: { [network]: [was, { ...was, cidr: '10.9.0.0/16' }] },
  changes: { [network]: [{ ...was, cidr: '10.9.0.0/16' }, was] },
})
const inputMoved = seen({ changes: { 'folder_cluster.this': [{ cidr: 'a' }, { cidr: 'b' }] } })

test('a plan that finds all as it was applied is clean', () => {
  expect(words(seen({ changes: { [network]: [was, was] } }))).toBe('clean')
})

test('what was changed outside and would be changed back is out of band; both values are told', () => {
  expect(words(edited)).toBe(`out-of-band: ${network} out-of-band`)
  expect(classified(edited)).toMatchObject({
    differences: [
      {
        kind: 'changed',
        attributes: [
          {
            attribute: 'cidr',
            expected: { kind: 'known', value: '10.0.0.0/16' },
            now: { kind: 'known', value: '10.9.0.0/16' },
          },
        ],
      },
    ],
  })
})

test('what was deleted outside would be made again: out of band, and missing', () => {
  const gone = seen({ drift: { [network]: [was, null] }, changes: { [network]: [null, was] } })
  expect(words(gone)).toBe(`out-of-band: ${network} out-of-band`)
  expect(classified(gone)).toMatchObject({ differences: [{ kind: 'missing' }] })
})

test('what changed outside and asks for nothing is noise, unless an output or another object follows it', () => {
  const counted = { drift: { [network]: [was, { ...was, etag: 'b' }] } } as const
  expect(words(seen(counted))).toBe(`provider-noise: ${network} provider-noise`)
  expect(words(seen({ ...counted, outputs: { etag: ['a', 'b'] } }))).toBe(`out-of-band: ${network} out-of-band`)
  expect(words(seen({ ...counted, changes: { 'folder_cluster.this': [{ of: 'a' }, { of: 'b' }] } }))).toBe(
    `out-of-band: folder_cluster.this out-of-band, ${network} out-of-band`,
  )
})

test('an allowed difference is noise until its day has passed; then it is what it would be without', () => {
  const etag = seen({
    drift: { [network]: [was, { ...was, etag: 'b' }] },
    changes: { [network]: [{ ...was, etag: 'b' }, was] },
  })
  expect(words(etag)).toBe(`out-of-band: ${network} out-of-band`)
  expect(words(etag, { noise: [rule()] })).toBe(`provider-noise: ${network} provider-noise`)
  expect(classified(etag, { noise: [rule({ untilMs: T0 })] })).toMatchObject({
    class: 'out-of-band',
    differences: [{ rule: { owner: '@acme/network' } }],
  })
  expect(words(etag, { noise: [rule({ untilMs: T0 }), rule()] })).toMatch(/^provider-noise/)
})

test('an allowed attribute hides no other, and never that an object is gone', () => {
  const both = { ...was, etag: 'b', cidr: '10.9.0.0/16' }
  const more = seen({ drift: { [network]: [was, both] }, changes: { [network]: [both, was] } })
  expect(words(more, { noise: [rule()] })).toMatch(/^out-of-band/)
  const gone = seen({ drift: { [network]: [was, null] }, changes: { [network]: [null, was] } })
  expect(words(gone, { noise: [rule({ attribute: '*' })] })).toMatch(/^out-of-band/)
})

test('brackets in the address of a rule mean themselves', () => {
  const [address, other] = ['folder_file.of["a"]', 'folder_file.of["b"]']
  const counted = (name: string) =>
    seen({ drift: { [name]: [was, { ...was, etag: 'b' }] }, changes: { [name]: [{ ...was, etag: 'b' }, was] } })
  expect(words(counted(address), { noise: [rule({ address })] })).toMatch(/^provider-noise/)
  expect(words(counted(other), { noise: [rule({ address })] })).toMatch(/^out-of-band/)
  expect(words(counted(other), { noise: [rule({ address: 'folder_file.of[*]' })] })).toMatch(/^provider-noise/)
})

test('a change that nothing outside explains comes of data: a read that moved, a data source, an output of one', () => {
  expect(words(inputMoved, { movedReads: moved })).toMatch(/^external-data/)
  expect(words(inputMoved)).toMatch(/^external-data/)
  expect(words(seen({ changes: { 'data.folder_network.other': [null, { cidr: 'b' }] } }))).toMatch(/^external-data/)
  expect(words(seen({ outputs: { zone: ['a', 'b'] } }))).toBe('external-data: output.zone external-data')
})

test('a state that somebody else wrote, or an object that was tainted, is out of band', () => {
  expect(words(inputMoved, { state: { ...state, serial: 5 } })).toMatch(/^out-of-band/)
  expect(words(inputMoved, { applied: undefined })).toMatch(/^external-data/)
  const tainted = seen({ changes: { [network]: [was, null] }, reason: 'replace_because_tainted' })
  expect(words(tainted, { movedReads: moved })).toMatch(/^out-of-band/)
})

test('what is in flight explains what its plan would do, and what its attempt was to change; no more', () => {
  const inFlight = { digest: undefined, touched: new Set<string>() }
  expect(words(inputMoved, { inFlight: { ...inFlight, digest: 'pd1:seen' } })).toMatch(/^unapplied-commit/)
  expect(words(edited, { inFlight: { ...inFlight, touched: new Set([network]) } })).toMatch(/^unapplied-commit/)
  expect(words(edited, { inFlight })).toMatch(/^out-of-band/)
  expect(words(seen({}), { inFlight })).toBe('unapplied-commit: ')
})

test('the most serious difference names the finding', () => {
  const plan = seen({
    drift: { 'folder_file.this': [was, { ...was, etag: 'b' }], [network]: [was, { ...was, cidr: 'x' }] },
    changes: {
      'folder_file.this': [{ ...was, etag: 'b' }, was],
      [network]: [{ ...was, cidr: 'x' }, was],
    },
  })
  expect(words(plan, { noise: [rule({ address: 'folder_file.*' })] })).toBe(
    `out-of-band: folder_file.this provider-noise, ${network} out-of-band`,
  )
})

test('what is expected is what Terraform would make of it, even where a state that was written by hand says otherwise', () => {
  const plan = seen({
    drift: { [network]: [{ cidr: '10.9.0.0/16' }, { cidr: '10.8.0.0/16' }] },
    changes: { [network]: [{ cidr: '10.8.0.0/16' }, { cidr: '10.0.0.0/16' }] },
  })
  expect(classified(plan)).toMatchObject({
    differences: [{ attributes: [{ expected: { value: '10.0.0.0/16' }, now: { value: '10.8.0.0/16' } }] }],
  })
})
