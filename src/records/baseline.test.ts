import { expect, test } from 'vitest'
import {
  appliedAt,
  type Baseline,
  type BaselineEntry,
  baselineChanges,
  encodeBaseline,
  parseBaseline,
  standingWords,
  unknownAt,
} from './baseline.ts'
import { applying, carriedOut, day, empty, T0, vpc, vpcId } from './fixtures/sample.ts'

const changes = {
  create: 0,
  change: 1,
  replace: 0,
  destroy: 0,
  forget: 0,
  import: 0,
  move: 0,
  read: 0,
  outputs: 0,
  deferred: 0,
  invoke: 0,
}
const entry = (standing: BaselineEntry['standing'] = { kind: 'applied' }): BaselineEntry => ({
  name: 'vpc@plat-ue2-prod',
  address: vpc,
  fingerprint: 'fp1:aaaa',
  state: { lineage: 'lineage-1', serial: 3 },
  reads: [],
  standing,
})
const baseline = (of: BaselineEntry): Baseline => ({
  format: 1,
  commit: 'c0ffee',
  atMs: T0,
  by: 'ann, run 1',
  addresses: { [vpcId]: of },
})
const drifted = { kind: 'unknown', why: 'drifted', changes, model: 'models/a.json' } as const
const never = { kind: 'unknown', why: 'never-applied' } as const
const failed = { kind: 'unknown', why: 'plan-failed', note: 'init: Error: no network' } as const

test('what was stored is what is read, whatever was found', () => {
  for (const standing of [{ kind: 'applied' }, drifted, never, { ...never, changes, model: 'm' }, failed] as const)
    expect(parseBaseline(encodeBaseline(baseline(entry(standing))))).toEqual(baseline(entry(standing)))
})

test('a baseline that was edited by hand is refused with the place', () => {
  const wrong = JSON.stringify(baseline(entry({ ...drifted, why: 'forgotten' } as never)))
  expect(() => parseBaseline(new TextEncoder().encode(wrong))).toThrow(
    /baseline\.json cannot be read: addresses\.vpc-plat-ue2-prod-[0-9a-f]{32}\.standing\.why is "forgotten", not drifted or never-applied or plan-failed/,
  )
  expect(() => parseBaseline(new TextEncoder().encode('{"format": 2}'))).toThrow(/written by a newer Airlock/)
})

test('a ledger counts more than what adoption found; what was never applied is applied nowhere', () => {
  const applied = carriedOut(applying(), {
    kind: 'conclude',
    fence: 1,
    attempt: 'apply-1',
    outcome: 'done',
    state: undefined,
    reads: [],
  })
  expect(appliedAt(empty, baseline(entry()), vpcId)).toEqual({ fingerprint: 'fp1:aaaa', commit: 'c0ffee' })
  expect(appliedAt(applied, baseline(entry(never)), vpcId)).toMatchObject({ fingerprint: 'fp1:aaaa' })
  expect(appliedAt(empty, baseline(entry(never)), vpcId)).toBeUndefined()
  expect(appliedAt(empty, undefined, vpcId)).toBeUndefined()
})

test('unknown ends with the first apply, or when reality is found as it should be', () => {
  const applied = carriedOut(applying(), {
    kind: 'conclude',
    fence: 1,
    attempt: 'apply-1',
    outcome: 'done',
    state: undefined,
    reads: [],
  })
  expect(unknownAt(empty, baseline(entry(drifted)), vpcId)).toEqual(drifted)
  expect(unknownAt(empty, baseline(entry()), vpcId)).toBeUndefined()
  expect(unknownAt(applied, baseline(entry(drifted)), vpcId)).toBeUndefined()
  const clean = (ms: number) => ({ ...empty, drift: { checkedMs: ms, cleanMs: ms } })
  expect(unknownAt(clean(T0 + day), baseline(entry(drifted)), vpcId)).toBeUndefined()
  expect(unknownAt(clean(T0 - day), baseline(entry(drifted)), vpcId)).toEqual(drifted)
})

test('two baselines differ in what was found and what was asked, not in the time of the look', () => {
  const before = baseline(entry())
  expect(baselineChanges(before, { ...before, atMs: T0 + day, commit: 'beef' })).toEqual([])
  expect(baselineChanges(before, baseline(entry(drifted)))).toEqual([
    { name: 'vpc@plat-ue2-prod', before: entry(), after: entry(drifted) },
  ])
  expect(baselineChanges(before, { ...before, addresses: {} })).toHaveLength(1)
})

test('each standing has its words', () => {
  expect([entry().standing, drifted, never, { ...never, changes, model: 'm' }, failed].map(standingWords)).toEqual([
    'as applied',
    'drifted: 1 to change',
    'never applied',
    'never applied: 1 to change',
    'could not be planned: init: Error: no network',
  ])
})
