import { expect, test } from 'vitest'
import { frame } from './frame.ts'

test('shows the line and marks the value, with the line before', () => {
  expect(frame('vars: {}\nimport:\n  - catalog/vcp # old\n', { line: 3, column: 5 })).toBe(
    ['  2 │ import:', '  3 │   - catalog/vcp # old', '    │     ^^^^^^^^^^^'].join('\n'),
  )
})

test('marks a key without its value', () => {
  expect(frame('a: 1\nab: 2\n', { line: 2, column: 1 })).toBe('  1 │ a: 1\n  2 │ ab: 2\n    │ ^^')
})

test('marks a whole quoted text, also one with a colon', () => {
  expect(frame('a: "b: c" # d', { line: 1, column: 4 })).toBe('  1 │ a: "b: c" # d\n    │    ^^^^^^')
})

test('keeps the width of line numbers, and counts characters beyond the BMP as one', () => {
  const text = `${'\n'.repeat(8)}x: 1\n😀: y\n`
  expect(frame(text, { line: 10, column: 4 })).toBe('   9 │ x: 1\n  10 │ 😀: y\n     │    ^')
})

test('is empty for a place that is not there', () => {
  expect(frame('a: 1', { line: 4, column: 1 })).toBe('')
  expect(frame('a: 1', { line: 0, column: 0 })).toBe('')
})
