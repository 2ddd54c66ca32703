import { expect, test } from 'vitest'
import type { Plain } from '../stacks/value.ts'
import { atmosJson, atmosJsonPieces } from './json.ts'

test('it is JSON with two blanks a level, and empty containers in one line', () => {
  const value = { a: {}, b: [1, { c: null }], d: [], e: 'x' }
  expect(atmosJson(value)).toBe(JSON.stringify(value, null, 2))
})

test('no digit of a number is lost', () => {
  expect(atmosJson([12345678901234567890n, -0, 1.5])).toBe('[\n  12345678901234567890,\n  -0,\n  1.5\n]')
})

test('signs of HTML are escaped in files only', () => {
  expect(atmosJson('<a & b>')).toBe('"<a & b>"')
  expect(atmosJson({ '<': '&' }, { escapeHtml: true })).toBe('{\n  "\\u003c": "\\u0026"\n}')
  expect(atmosJson('\u2028')).toBe('"\\u2028"')
})

test('keys of maps sort by bytes at every depth, lists keep their order', () => {
  const flat = (value: Plain, order?: 'items') => atmosJson(value, order ? { order } : {}).replace(/\s/g, '')
  expect(flat({ b: 1, a: [{ z: 1, y: 2 }], B: 3 })).toBe('{"B":3,"a":[{"y":2,"z":1}],"b":1}')
  expect(flat({ 9: 1, 10: 2 })).toBe('{"10":2,"9":1}')
  expect(flat({ '😀': 1, '\uffff': 2 })).toBe('{"\uffff":2,"😀":1}')
  expect(flat([{ stack: 's', component: 'c', settings: { b: 1, a: 2 } }], 'items')).toBe(
    '[{"stack":"s","component":"c","settings":{"a":2,"b":1}}]',
  )
})

test('in pieces it is the same text, each piece ending with a line, one a member of the outermost map', () => {
  const shared = { b: [1], a: 'x' }
  const value = { two: { c: shared, d: shared }, one: shared, three: {} }
  const pieces = [...atmosJsonPieces(value)]
  expect(pieces.join('')).toBe(`${atmosJson(value)}\n`)
  expect(pieces).toHaveLength(5)
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true)
  for (const whole of [{}, [value], 'text'] as const)
    expect([...atmosJsonPieces(whole)]).toEqual([`${atmosJson(whole)}\n`])
})
