import { expect, test } from 'vitest'
import { settings } from './settings.ts'
import type { Value } from './stacks/value.ts'

const at = { file: 'atmos.yaml', line: 3, column: 5 }
const map = (entries: Record<string, string | number | Value>): Value => ({
  kind: 'map',
  at,
  entries: new Map(
    Object.entries(entries).map(([key, value]) => [
      key,
      typeof value === 'object' ? value : { kind: 'scalar', at, value },
    ]),
  ),
})
const noise = (...items: Record<string, string | Value>[]) =>
  map({ drift: map({ noise: { kind: 'list', at, items: items.map(map) } }) })
const rule = { address: 'a.*', attribute: 'etag', owner: '@acme/net', reason: 'it counts', until: '2026-12-31' }

test('without settings the defaults hold', () => {
  expect(settings(undefined)).toMatchObject({ branch: undefined, validate: 'warn', planDays: 14, leaseMinutes: 15 })
})

test('keys are read without regard to case', () => {
  expect(settings(map({ Branch: 'trunk', PLAN_DAYS: 2 }))).toMatchObject({ branch: 'trunk', planDays: 2 })
})

test('an unknown key is an error with its place and a suggestion', () => {
  expect(() => settings(map({ brnch: 'x' }))).toThrow(
    expect.objectContaining({ code: 'setting-unknown', exit: 2, at, fix: 'did you mean integrations.airlock.branch?' }),
  )
})

test('a value of the wrong kind says what is expected', () => {
  expect(() => settings(map({ validate: 'maybe' }))).toThrow('must be warn or error, not "maybe"')
  expect(() => settings(map({ parallel: 0 }))).toThrow('a whole number of at least 1')
})

test('a rule of noise ends with the day that it names, and one without an end, an owner or a reason is refused', () => {
  expect(settings(noise(rule)).noise).toEqual([
    { address: 'a.*', attribute: 'etag', owner: '@acme/net', reason: 'it counts', untilMs: Date.UTC(2027, 0, 1), at },
  ])
  expect(settings(undefined).noise).toEqual([])
  for (const key of Object.keys(rule))
    expect(() => settings(noise({ ...rule, [key]: '' }))).toThrow(
      key === 'until' ? 'a day in quotes' : `without ${key}`,
    )
  const { until: _, ...endless } = rule
  expect(() => settings(noise(endless))).toThrow('integrations.airlock.drift.noise has an entry without until')
  expect(() => settings(noise({ ...rule, until: '2026-13-01' }))).toThrow('until must be a day in quotes: "2026-12-31"')
  expect(() => settings(noise({ ...rule, until: map({}) }))).toThrow('until must be a day in quotes')
})

test("roles and the region of Cloud Posse's settings count where nothing else says them; the rest of them is none of ours", () => {
  const gitops = map({
    'Artifact-Storage': map({ region: 'us-east-2', bucket: 'plans' }),
    role: map({ plan: 'arn:plan', apply: 'arn:apply' }),
    'terraform-version': 1,
  })
  expect(settings(map({ store: 's3://records' }), gitops)).toMatchObject({
    auth: { plan: 'arn:plan', apply: 'arn:apply' },
    store: { url: 's3://records', region: 'us-east-2' },
  })
  const own = map({ store: map({ url: 's3://records', region: 'eu-west-1' }) })
  expect(settings(own, gitops).store?.region).toBe('eu-west-1')
  expect(settings(undefined).auth).toEqual({ plan: undefined, apply: undefined })
})
