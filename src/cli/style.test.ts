import { expect, test } from 'vitest'
import { fitted, padded, paint, table, width, wrapped } from './style.ts'

test('width counts columns, not code units', () => {
  expect(width('plain')).toBe(5)
  expect(width('漢字')).toBe(4)
  expect(width('한국어')).toBe(6)
  expect(width('👩‍👩‍👧')).toBe(2)
  expect(width('e\u0301')).toBe(1)
  expect(width('✓ … │ ▸')).toBe(7)
  expect(width(paint(true).red('red'))).toBe(3)
})

test('paint changes nothing where colours are off', () => {
  const { bold, red } = paint(false)
  expect(bold(red('x'))).toBe('x')
  expect(paint(true).green('x')).toBe('\x1b[32mx\x1b[39m')
})

test('columns of a table line up for wide characters and painted cells', () => {
  expect(
    table([
      ['vpc', '-s 東京', 'update'],
      [paint(true).bold('cluster'), '-s a', 'may'],
    ]),
  ).toEqual(['  vpc       -s 東京   update', `  ${paint(true).bold('cluster')}   -s a      may`])
})

test('a text that is too long ends in an ellipsis', () => {
  expect(fitted('plat-ue2-prod', 8)).toBe('plat-ue…')
  expect(fitted('東京東京', 6)).toBe('東京…')
  expect(fitted('short', 8)).toBe('short')
  expect(padded('東', 4)).toBe('東  ')
})

test('lines break at blanks, and keep the breaks they had', () => {
  expect(wrapped('one two three\nfour', 8)).toEqual(['one two', 'three', 'four'])
  expect(wrapped('a-very-long-word b', 4)).toEqual(['a-very-long-word', 'b'])
})
