import { expect, test } from 'vitest'
import { secrets } from '../plan/secrets.ts'
import type { Plain } from '../stacks/value.ts'
import type { Change } from './affected.ts'
import { withoutSecrets } from './hide.ts'

const shown = (path: readonly string[], after: Plain) => {
  const change: Change = {
    id: 'x@dev',
    kind: 'update',
    before: undefined,
    after: undefined,
    reasons: [{ kind: 'value', path, after }],
  }
  const [reason] = withoutSecrets(change, {
    sensitive: new Set(['seed']),
    secrets: secrets(['pl4nted-elsewhere', '48213377']),
  }).reasons
  return reason?.kind === 'value' ? [reason.before, reason.after] : []
}

test('a variable that the module declares sensitive is not shown, at any depth', () => {
  expect(shown(['vars', 'seed'], 'planted')).toEqual([undefined, '(sensitive)'])
  expect(shown(['vars', 'seed', 'host'], 'planted')).toEqual([undefined, '(sensitive)'])
  expect(shown(['vars'], { seed: 'planted', cidr: '10.0.0.0/16' })).toEqual([
    undefined,
    { seed: '(sensitive)', cidr: '10.0.0.0/16' },
  ])
})

test('a setting with the name of a secret is not shown', () => {
  expect(shown(['env', 'DB_PASSWORD'], 'planted')).toEqual([undefined, '(sensitive)'])
  expect(shown(['vars', 'users'], [{ name: 'ann', password: 'planted' }])).toEqual([
    undefined,
    [{ name: 'ann', password: '(sensitive)' }],
  ])
})

test('a secret that stands in another value or key is not shown', () => {
  expect(shown(['vars', 'url'], ['https://x.test/pl4nted-elsewhere', 48213377])).toEqual([
    undefined,
    ['https://x.test/(sensitive)', '(sensitive)'],
  ])
  expect(shown(['vars', 'tags'], { 'pl4nted-elsewhere': 'x' })).toEqual([undefined, { '(sensitive)': 'x' }])
})

test('everything else is', () => {
  expect(shown(['vars', 'cidr'], '10.0.0.0/16')).toEqual([undefined, '10.0.0.0/16'])
  expect(shown(['settings', 'seed'], 'x')).toEqual([undefined, 'x'])
  expect(shown(['settings', 'auth', 'plan'], 'arn:aws:iam::1:role/x')).toEqual([undefined, 'arn:aws:iam::1:role/x'])
})
