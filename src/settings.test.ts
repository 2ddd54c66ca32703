import { expect, test } from 'vitest'
import { settings } from './settings.ts'
import type { Value } from './stacks/value.ts'

const at = { file: 'atmos.yaml', line: 3, column: 5 }
const map = (entries: Record<string, string | number>): Value => ({
  kind: 'map',
  at,
  entries: new Map(Object.entries(entries).map(([key, value]) => [key, { kind: 'scalar', at, value }])),
})

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
