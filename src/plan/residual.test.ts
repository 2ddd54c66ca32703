import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covers } from './covers.ts'
import { digestInput, privateDigestInput } from './digest.ts'
import { fixtureText } from './fixtures/read.ts'
import { parsePlan } from './parse.ts'
import type { Action, Plan, ResourceChange } from './plan.ts'
import { mayExist, residual } from './residual.ts'
import { marked } from './value.ts'

const sample = parsePlan(fixtureText('change/plan.json.golden'))
/** Nothing in these plans is secret but where a test says so. */
const input = (it: Plan) => digestInput({ ...it, redacted: true, shortSecrets: 0 })
const base = sample.changes.find((it) => it.address === 'terraform_data.net')!

function object(name: string, action: Action, patch: Partial<ResourceChange> = {}): ResourceChange {
  const gone = action === 'delete' || action === 'forget'
  return {
    ...base,
    address: `thing.${name}`,
    type: 'thing',
    name,
    previousAddress: undefined,
    importing: undefined,
    replacePaths: [],
    action,
    before: action === 'create' ? undefined : marked({ size: 1 }, {}, {}),
    after: gone ? undefined : marked({ size: 2 }, { id: true }, {}),
    ...patch,
  }
}

const of = (...changes: ResourceChange[]): Plan => ({ ...sample, changes })
const judge = (approved: Plan, fresh: Plan) => residual(input(approved), input(fresh))
const deposed = object('x', 'delete', { deposed: '7f3a' })

const actions = fc.constantFrom<Action>('create', 'update', 'delete', 'delete-create', 'create-delete', 'read')
const plans = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...'abcdefgh'), action: actions }), { selector: ({ name }) => name })
  .map((all) => all.map(({ name, action }) => object(name, action)))

test('any part of what was approved is a residual, and names what is done and what is left', () => {
  fc.assert(
    fc.property(plans, fc.func(fc.boolean()), (changes, keep) => {
      const kept = changes.filter(({ name }) => keep(name))
      const names = (all: readonly ResourceChange[]) => all.map(({ address }) => address).sort()
      const found = judge(of(...changes), of(...kept.toReversed()))
      expect(found).toMatchObject({ kind: 'residual', paths: [] })
      if (found.kind !== 'residual') return
      expect([...found.left].sort()).toEqual(names(kept))
      expect([...found.done].sort()).toEqual(names(changes.filter((it) => !kept.includes(it))))
    }),
  )
})

test('any change beside what was approved makes it another plan, whatever else is left', () => {
  const outside = fc.oneof(
    // Another object.
    actions.map((action) => (_: readonly ResourceChange[]) => object('z', action)),
    // Another action on an object of the plan; what a replacement leaves is told below.
    fc.tuple(fc.nat(), actions).map(([n, action]) => (all: readonly ResourceChange[]) => {
      const it = all[n % Math.max(1, all.length)]
      const other = it === undefined || it.action === action || (it.action === 'delete-create' && action === 'create')
      return other ? object('z', 'create') : object(it.name, action)
    }),
    // Another value.
    fc.nat().map((n) => (all: readonly ResourceChange[]) => {
      const valued = all.filter(({ after }) => after !== undefined)
      const it = valued[n % Math.max(1, valued.length)]
      return it === undefined ? object('z', 'delete') : { ...it, after: marked({ size: 3 }, { id: true }, {}) }
    }),
    // Something deposed that nothing approved has left.
    fc.constant(() => object('z', 'delete', { deposed: '7f3a' })),
  )
  fc.assert(
    fc.property(plans, fc.func(fc.boolean()), outside, (changes, keep, more) => {
      const extra = more(changes)
      const kept = changes.filter(({ name }) => keep(name) && name !== extra.name)
      const found = judge(of(...changes), of(...kept, extra))
      expect(found.kind).toBe('different')
    }),
  )
})

test('what is a residual of a residual is one of the whole', () => {
  const whole = of(object('a', 'update'), object('b', 'create'), object('c', 'delete-create'))
  const half = of(object('b', 'create'), object('c', 'create'))
  const rest = of(object('c', 'create'))
  for (const [approved, fresh] of [
    [whole, half],
    [half, rest],
    [whole, rest],
  ] as const)
    expect(judge(approved, fresh).kind).toBe('residual')
})

test('a value that was unknown may be filled in, one that was known may not move', () => {
  const fresh = of(object('a', 'update', { after: marked({ size: 2, id: 'i-1' }, {}, {}) }))
  const approved = of(object('a', 'update'), object('b', 'create'))
  expect(judge(approved, fresh)).toMatchObject({ kind: 'residual', paths: ['thing.a: id'], done: ['thing.b'] })
  expect(judge(fresh, approved).kind).toBe('different')
})

test('a secret that moved is no residual, though nobody can see the difference', () => {
  const secret = (text: string) =>
    of(object('a', 'update', { after: marked({ token: text }, {}, { token: true }) }), object('b', 'create'))
  const [approved, fresh] = [secret('n3w-T0ken!'), secret('0ther-T0ken!')]
  expect(judge(approved, fresh).kind).toBe('residual')
  expect(residual(privateDigestInput(approved, []), privateDigestInput(fresh, []))).toMatchObject({
    kind: 'different',
    differences: [{ name: 'thing.a', what: 'token', approved: { kind: 'sensitive' }, fresh: { kind: 'sensitive' } }],
  })
})

test('outputs do not count: not those that are left, nor new ones', () => {
  const without = { ...of(object('a', 'create')), outputs: [] }
  const withOutputs = of(object('a', 'create'))
  expect(withOutputs.outputs.length).toBeGreaterThan(0)
  expect(judge(without, withOutputs).kind).toBe('residual')
  expect(judge(withOutputs, without).kind).toBe('residual')
})

test.each<[string, Partial<Plan>]>([
  ['a provider of another version', { providers: sample.providers.map((it) => ({ ...it, version: '9.9.9' })) }],
  ['a provisioner less', { provisioners: [] }],
  ['a variable more behind a provider', { inputs: [{ name: 'region', value: marked('x', false, false) }] }],
])('%s is another plan', (_, patch) => {
  const approved = of(object('a', 'create'))
  expect(judge(approved, { ...approved, ...patch }).kind).toBe('different')
})

test('of a replacement that destroys first, the creation may be left, with the approved values', () => {
  const approved = of(object('x', 'delete-create', { replacePaths: [['size']] }))
  expect(judge(approved, of(object('x', 'create')))).toMatchObject({
    kind: 'residual',
    left: ['thing.x'],
    done: ['thing.x'],
  })
  expect(judge(approved, of(object('x', 'create', { after: marked({ size: 3 }, { id: true }, {}) }))).kind).toBe(
    'different',
  )
  expect(judge(approved, of(object('x', 'delete'))).kind).toBe('different')
})

test('of a replacement that creates first, the destruction of the old object may be left, which is deposed then', () => {
  const approved = of(object('x', 'create-delete', { replacePaths: [['size']] }))
  expect(judge(approved, of(deposed))).toMatchObject({ kind: 'residual', done: ['thing.x'] })
  expect(judge(of(object('x', 'update')), of(deposed)).kind).toBe('different')
  expect(judge(of(object('x', 'delete-create')), of(deposed)).kind).toBe('different')
  expect(judge(approved, of(deposed, object('x', 'delete'))).kind).toBe('different')
})

test('an object that was deposed before counts as itself', () => {
  const approved = of(deposed, object('y', 'create'))
  expect(judge(approved, of(deposed))).toMatchObject({ kind: 'residual', done: ['thing.y'] })
  expect(judge(approved, of(object('x', 'delete', { deposed: '0000' }))).kind).toBe('different')
})

test('an object that was created half-way is tainted: to destroy it was approved by nobody', () => {
  const tainted = object('x', 'delete-create', { reason: 'replace_because_tainted' })
  expect(judge(of(object('x', 'create')), of(tainted)).kind).toBe('different')
})

test('what was moved or imported already may still be changed as approved', () => {
  const moved = object('x', 'update', { previousAddress: 'thing.old' })
  const imported = object('y', 'update', { importing: { id: 'i-1', identity: undefined } })
  const approved = of(moved, imported)
  expect(judge(approved, of(object('x', 'update'), object('y', 'update')))).toMatchObject({ kind: 'residual' })
  expect(judge(approved, of(object('x', 'update', { previousAddress: 'thing.else' }))).kind).toBe('different')
  expect(judge(of(object('x', 'update')), of(moved)).kind).toBe('different')
})

test('the whole of it is a residual of which nothing is done, and covered besides', () => {
  const approved = of(object('a', 'create'), object('b', 'delete-create'), object('c', 'update'))
  expect(judge(approved, approved)).toMatchObject({ kind: 'residual', done: [] })
  expect(covers(input(approved), input(approved)).kind).toBe('same')
})

test('only creations that could have begun may exist unknown to the state', () => {
  const approved = of(
    object('made', 'create'),
    object('lost', 'create'),
    object('swapped', 'delete-create'),
    object('waiting', 'delete-create'),
    object('doubled', 'create-delete'),
    object('kept', 'update'),
    object('read', 'read', { mode: 'data' }),
  )
  const fresh = of(
    object('lost', 'create'),
    object('swapped', 'create'),
    object('waiting', 'delete-create'),
    object('doubled', 'create-delete'),
    object('kept', 'update'),
  )
  expect(mayExist(approved, fresh)).toEqual(
    ['lost', 'swapped', 'doubled'].map((name) => ({ address: `thing.${name}`, type: 'thing' })),
  )
})
