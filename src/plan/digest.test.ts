import { expect, test } from 'vitest'
import { covers } from './covers.ts'
import { digestInput, planDigest, privateDigestInput, shortDigest } from './digest.ts'
import { fixtureText, fromEnvironment } from './fixtures/read.ts'
import { parsePlan } from './parse.ts'
import type { Plan, ResourceChange } from './plan.ts'
import { redact } from './redact.ts'
import { marked } from './value.ts'

const plan = parsePlan(fixtureText('change/plan.json.golden'))
const input = (it: Plan) => digestInput(redact(it, fromEnvironment))
const digest = (it: Plan) => planDigest(input(it))
const net = plan.changes.find((it) => it.address === 'terraform_data.net')!

function withNet(patch: Partial<ResourceChange>): Plan {
  return { ...plan, changes: plan.changes.map((it) => (it === net ? { ...it, ...patch } : it)) }
}

function withAfter(after: unknown, hidden: unknown = { output: true }): Plan {
  return withNet({ after: marked(after, hidden, { input: { token: true } }) })
}

test('the digest of a plan never moves: a change of this value is a new format', () => {
  expect(digest(plan)).toMatchInlineSnapshot(`"pd1:ce443a83b60bfe2fae71c2fe371a089b38a0f6f00ef7ea0e58e3403f2cdde2d9"`)
  expect(shortDigest('pd1:7c0e51d2ffff')).toBe('7c0e 51d2')
})

test('the order of changes, before-values, drift and what is not touched are no part of it', () => {
  expect(digest({ ...plan, changes: plan.changes.toReversed() })).toBe(digest(plan))
  expect(digest(withNet({ before: undefined }))).toBe(digest(plan))
  expect(digest({ ...plan, drift: [net] })).toBe(digest(plan))
  expect(digest({ ...plan, changes: plan.changes.filter((it) => it.action !== 'no-op') })).toBe(digest(plan))
})

test.each<[string, Plan]>([
  ['an action', withNet({ action: 'delete-create' })],
  ['an address', withNet({ address: 'terraform_data.other' })],
  ['where an object is moved from', withNet({ previousAddress: undefined })],
  ['what forces a replacement', withNet({ replacePaths: [['input']] })],
  ['what is imported', withNet({ importing: { id: 'i-1', identity: undefined } })],
  ['a known after-value', withAfter({ input: { name: 'gamma' } })],
  ['one change less', { ...plan, changes: plan.changes.filter((it) => it !== net) }],
  ['an output', { ...plan, outputs: plan.outputs.filter((it) => it.name !== 'static') }],
  ['a provisioner', { ...plan, provisioners: [] }],
  ['a provider version', { ...plan, providers: plan.providers.map((it) => ({ ...it, version: '9.9.9' })) }],
  [
    'a provider setting',
    { ...plan, providers: plan.providers.map((it) => ({ ...it, settings: marked({ region: 'x' }, false, false) })) },
  ],
  ['a deferred change', { ...plan, deferred: [{ reason: 'deferred_prereq', change: net }] }],
  ['a variable behind a provisioner', { ...plan, inputs: [{ name: 'region', value: marked('x', false, false) }] }],
])('%s moves the digest, and the difference is named', (_, other) => {
  expect(digest(other)).not.toBe(digest(plan))
  expect(covers(input(plan), input(other))).toMatchObject({ kind: 'different' })
})

test('a sensitive value moves only the private digest', () => {
  const other = withNet({
    after: marked({ input: { name: 'beta', token: 'other-secret' } }, {}, { input: { token: true } }),
  })
  const base = withNet({
    after: marked({ input: { name: 'beta', token: 'n3w-T0ken!' } }, {}, { input: { token: true } }),
  })
  expect(digest(other)).toBe(digest(base))
  const [a, b] = [privateDigestInput(base, []), privateDigestInput(other, [])]
  expect(planDigest(a)).not.toBe(planDigest(b))
  expect(covers(a, b)).toEqual({
    kind: 'different',
    differences: [
      {
        kind: 'change',
        name: 'terraform_data.net',
        what: 'input.token',
        approved: { kind: 'sensitive' },
        fresh: { kind: 'sensitive' },
      },
    ],
  })
})

test('the same plan is covered', () => {
  expect(covers(input(plan), input({ ...plan, changes: plan.changes.toReversed() }))).toEqual({ kind: 'same' })
})

test('an unknown that got filled in is covered, and named', () => {
  const approved = withAfter({ input: { name: 'b' } }, { output: true, input: { arn: true } })
  const fresh = withAfter({ input: { name: 'b', arn: 'arn:x' }, output: { deep: 1 } }, {})
  expect(covers(input(approved), input(fresh))).toEqual({
    kind: 'filled',
    paths: ['terraform_data.net: input.arn', 'terraform_data.net: output'],
  })
})

test('a sensitive value that was unknown may be filled in too', () => {
  const marks = { input: { token: true } }
  const approved = withNet({ after: marked({ input: {} }, { input: { token: true } }, marks) })
  const fresh = withNet({ after: marked({ input: { token: 'made-by-apply' } }, {}, marks) })
  expect(covers(privateDigestInput(approved, []), privateDigestInput(fresh, []))).toEqual({
    kind: 'filled',
    paths: ['terraform_data.net: input.token'],
  })
  expect(digest(approved)).toBe(digest(fresh))
})

test('a value that was known and is unknown now is not covered', () => {
  const approved = withAfter({ input: { name: 'b' }, output: 1 }, {})
  const fresh = withAfter({ input: { name: 'b' } }, { output: true })
  expect(covers(input(approved), input(fresh))).toEqual({
    kind: 'different',
    differences: [
      {
        kind: 'change',
        name: 'terraform_data.net',
        what: 'output',
        approved: { kind: 'known', value: 1 },
        fresh: { kind: 'unknown' },
      },
    ],
  })
})

test('an unknown output that turned out as it was needs no new approval; a new destroy does', () => {
  const settled = {
    ...plan,
    outputs: plan.outputs.map((it) => (it.name === 'name' ? { ...it, action: 'no-op' as const } : it)),
  }
  expect(covers(input(plan), input(settled))).toEqual({ kind: 'filled', paths: ['output name'] })
  const worse = {
    ...plan,
    changes: [...plan.changes, { ...net, address: 'a.b', action: 'delete' as const, after: undefined }],
  }
  expect(covers(input(plan), input(worse))).toEqual({
    kind: 'different',
    differences: [
      { kind: 'change', name: 'a.b', what: 'change', approved: undefined, fresh: { kind: 'known', value: 'delete' } },
    ],
  })
})
