import { expect, test } from 'vitest'
import { GoNumber } from '../value.ts'
import { castFloat64, castInt64, parsedFloat, parsedInteger } from './cast.ts'

test('an integer is read by its prefix when no base is given', () => {
  expect(['0x_1f', '07', '0b11', '1_0', '-5', '+7'].map((text) => parsedInteger(text, 0))).toEqual([
    31n,
    7n,
    3n,
    10n,
    -5n,
    7n,
  ])
  expect(parsedInteger('0x10')).toBe('invalid syntax')
  expect(parsedInteger('9223372036854775808')).toBe('value out of range')
})

test('a float is read in decimal and hexadecimal', () => {
  expect(['1e3', '.5', '0x1p-2', '-Inf'].map(parsedFloat)).toEqual([1000, 0.5, 0.25, -Infinity])
  expect(['1_0', '1__0'].map(parsedFloat)).toEqual([10, 'invalid syntax'])
  expect(parsedFloat('1e999')).toBe('value out of range')
})

test('casting truncates numbers, cuts fractions off text and gives 0 for what is no number', () => {
  expect([3.7, '3.7', true, 'x', null, ' 5', '010'].map(castInt64)).toEqual([3n, 3n, 1n, 0n, 0n, 0n, 8n])
  expect(castInt64(1e20)).toBe(-(2n ** 63n))
  expect(castInt64(new GoNumber('uint64', 2n ** 64n - 1n))).toBe(-1n)
  expect(['1.5', 'x', 2n, false].map(castFloat64)).toEqual([1.5, 0, 2, 0])
})
