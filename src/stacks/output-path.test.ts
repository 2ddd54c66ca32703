import { expect, test } from 'vitest'
import { evaluate, outputPath, UNKNOWN } from './output-path.ts'

const outputs = {
  id: 'net-1',
  subnets: ['a', 'b'],
  map: { 'a key': { deep: 1 } },
  off: false,
  later: UNKNOWN,
  mixed: { x: UNKNOWN, y: 2 },
}
const ask = (expression: string) => evaluate(outputPath(expression)!, outputs)

test('paths walk maps and lists', () => {
  expect(ask('.id')).toEqual({ kind: 'value', value: 'net-1' })
  expect(ask('.subnets[1]')).toEqual({ kind: 'value', value: 'b' })
  expect(ask('.subnets[-1]')).toEqual({ kind: 'value', value: 'b' })
  expect(ask('.map["a key"].deep')).toEqual({ kind: 'value', value: 1 })
  expect(ask('.map."a key"')).toEqual({ kind: 'value', value: { deep: 1 } })
})

test('what is missing is null, and null and false take the default', () => {
  expect(ask('.nope.deeper')).toEqual({ kind: 'value', value: null })
  expect(ask('.subnets[9]')).toEqual({ kind: 'value', value: null })
  expect(ask('.nope // "x"')).toEqual({ kind: 'value', value: 'x' })
  expect(ask('.off // true')).toEqual({ kind: 'value', value: true })
  expect(ask('.id // "x"')).toEqual({ kind: 'value', value: 'net-1' })
})

test('a value known only after apply makes the answer unknown, also inside', () => {
  expect(ask('.later')).toEqual({ kind: 'unknown' })
  expect(ask('.later.deeper')).toEqual({ kind: 'unknown' })
  expect(ask('.mixed')).toEqual({ kind: 'unknown' })
  expect(ask('.mixed.y')).toEqual({ kind: 'value', value: 2 })
})

test('a name asked of a list is wrong', () => {
  expect(ask('.subnets.id').kind).toBe('wrong')
})

test('more of yq than paths and defaults is not taken for a path', () => {
  for (const expression of ['.a | length', '.a + .b', '.a[] ', 'keys', '.a // (.b)'])
    expect(outputPath(expression)).toBeUndefined()
})
