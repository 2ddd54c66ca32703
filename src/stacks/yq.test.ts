import { expect, test } from 'vitest'
import { evaluateYq, UNKNOWN } from './yq.ts'

const outputs = {
  id: 'net-1',
  subnets: ['a', 'b'],
  map: { 'a key': { deep: 1 } },
  off: false,
  count: 42,
  later: UNKNOWN,
  mixed: { x: UNKNOWN, y: 2 },
}
const ask = (expression: string) => evaluateYq(expression, outputs)
const value = (expression: string) => {
  const found = ask(expression)
  return found.kind === 'value' ? found.value : found
}

test('paths walk maps and lists', () => {
  expect(value('.id')).toBe('net-1')
  expect(value('.subnets[1]')).toBe('b')
  expect(value('.subnets[-1]')).toBe('b')
  expect(value('.map["a key"].deep')).toBe(1)
  expect(value('.map."a key"')).toEqual({ deep: 1 })
})

test('what is missing is null, and null and false take the default', () => {
  expect(value('.nope.deeper')).toBeNull()
  expect(value('.subnets[9]')).toBeNull()
  expect(value('.id[0]')).toBeNull()
  expect(value('.nope // "x"')).toBe('x')
  expect(value('.off // true')).toBe(true)
  expect(value('.nope // .also // .id')).toBe('net-1')
  expect(value('.nope // {"a": [1]}')).toEqual({ a: [1] })
})

test('values are computed, and null adds nothing', () => {
  expect(value('.count + 1')).toBe(43)
  expect(value('.id + "-suffix"')).toBe('net-1-suffix')
  expect(value('.nope + .id')).toBe('net-1')
  expect(value('.count == 42 and .off')).toBe(false)
})

test('a pipe hands on every result, and several results are a text of lines', () => {
  expect(value('.subnets | length')).toBe(2)
  expect(value('.subnets[] | select(. == "b")')).toBe('b')
  expect(value('.subnets[]')).toBe('a\nb')
  expect(value('[.id, .count]')).toEqual(['net-1', 42])
  expect(value('{"x": .id}')).toEqual({ x: 'net-1' })
})

test('a slice after a path is taken of what the path began with, as yq does it', () => {
  expect(evaluateYq('.list[0:2]', { list: ['z'], big: 1 })).toEqual({ kind: 'value', value: ['big', 1] })
  expect(evaluateYq('.list | .[0:1]', { list: ['y', 'z'] })).toEqual({ kind: 'value', value: ['y'] })
})

test('a value known only after apply makes the answer unknown, also inside', () => {
  expect(ask('.later')).toEqual({ kind: 'unknown' })
  expect(ask('.later.deeper')).toEqual({ kind: 'unknown' })
  expect(ask('.later // "x"')).toEqual({ kind: 'unknown' })
  expect(ask('.mixed')).toEqual({ kind: 'unknown' })
  expect(value('.mixed.y')).toBe(2)
})

test.each(['.subnets.id', '.list[', '.id | nosuch', '.a ..', '.map + 1', ''])('%s is wrong', (expression) => {
  expect(ask(expression).kind).toBe('wrong')
})
