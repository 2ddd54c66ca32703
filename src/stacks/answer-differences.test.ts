import { expect, test } from 'vitest'
import { answerDifferences, counted } from './answer-differences.ts'
import type { Plain } from './value.ts'

const answer = (vpc: Plain): Plain => ({ dev: { components: { terraform: { vpc } } } })

test('equal answers have no differences, whatever the order of keys', () => {
  expect(answerDifferences(answer({ vars: { a: 1, b: 2 } }), answer({ vars: { b: 2, a: 1 } }))).toEqual([])
})

test('each value that differs is told with its path; what one side lacks is undefined there', () => {
  const found = answerDifferences(
    answer({ vars: { cidr: '10.0.0.0/16', zones: ['a', 'b'], only: null } }),
    answer({ vars: { cidr: '10.4.0.0/16', zones: ['a', 'c'] }, env: {} }),
  )
  expect(found.map(({ path, ours, theirs }) => [path.join('.'), ours, theirs])).toEqual([
    ['env', undefined, {}],
    ['vars.cidr', '10.0.0.0/16', '10.4.0.0/16'],
    ['vars.only', null, undefined],
    ['vars.zones.1', 'b', 'c'],
  ])
  expect(found[0]).toMatchObject({ stack: 'dev', type: 'terraform', component: 'vpc' })
})

test('lists of different lengths, and values of different kinds, differ as a whole', () => {
  const found = answerDifferences(answer({ a: [1], b: '1', c: {} }), answer({ a: [1, 2], b: 1, c: [] }))
  expect(found.map(({ path }) => path.join('.'))).toEqual(['a', 'b', 'c'])
})

test('a component that only one side has is one difference with no path', () => {
  const found = answerDifferences(answer({ vars: {} }), { ...(answer({ vars: {} }) as object), prod: {} })
  expect(found).toEqual([{ stack: 'prod', type: '', component: '', path: [], ours: undefined, theirs: {} }])
  expect(answerDifferences(answer({}), {})).toMatchObject([{ component: 'vpc', path: [], ours: {}, theirs: undefined }])
})

test('an integer past 2^53 equals itself, however it was read', () => {
  expect(answerDifferences(answer({ n: 2n ** 64n }), answer({ n: 2 ** 64 }))).toEqual([])
  expect(answerDifferences(answer({ n: 12345678901234567890n }), answer({ n: 12345678901234567891n }))).toHaveLength(1)
})

test('components and stacks are counted', () => {
  expect(counted({ a: { components: { terraform: { x: {}, y: {} }, helmfile: { x: {} } } } })).toEqual({
    components: 3,
    stacks: 1,
  })
})
