import { describe, expect, test } from 'vitest'
import { UserError } from '../../error.ts'
import { plain } from '../value.ts'
import { parseManifest } from './manifest.ts'

function read(text: string): unknown {
  const value = parseManifest(text, 'a.yaml')
  return value && plain(value)
}

describe('the text of a scalar', () => {
  test.each([
    ['a: one\n  two\n\n  three\n', 'one two\nthree'],
    ["a: 'it''s\n  so'\n", "it's so"],
    ['a: "x\\\n  y\\tz\\u00e9"\n', 'xy\tzé'],
    ['a: |\n  one\n   two\n\n  three\n', 'one\n two\n\nthree\n'],
    ['a: |-\n  one\n', 'one'],
    ['a: |+\n  one\n\n', 'one\n\n'],
    ['a: |2\n   one\n', ' one\n'],
    ['a: >\n  one\n  two\n\n  three\n   four\n', 'one two\nthree\n four\n'],
    ['a: | # comment\n  # text\n', '# text\n'],
    ['a: x#y # comment\n', 'x#y'],
    ['a: "x"# comment\n', 'x'],
    ['a: x-{{ .x }}-y # comment\n', 'x-{{ .x }}-y'],
    ['a:\r\n  one\r\n  two\r\n', 'one two'],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual({ a: expected })
  })
})

describe('collections', () => {
  test('may go on at the start of a line while a bracket is open', () => {
    expect(read('a: [b,\nc: {d: e},\n]\nf: {g, h: i}\n')).toEqual({
      a: ['b', { c: { d: 'e' } }],
      f: { g: null, h: 'i' },
    })
  })

  test('of list items need no indentation below a key', () => {
    expect(read('a:\n- b\n-\n- - c\n  - d: 1\n    e: 2\nf: 1\n')).toEqual({
      a: ['b', null, ['c', { d: 1, e: 2 }]],
      f: 1,
    })
  })

  test('keep a key that JavaScript knows', () => {
    expect(Object.keys(read('a: {__proto__: 1, constructor: 2}\n') as object)).toEqual(['a'])
    expect(JSON.stringify(read('a: {__proto__: 1}\n'))).toBe('{"a":{"__proto__":1}}')
  })
})

describe('anchors', () => {
  test('stand for the value, also of a whole map', () => {
    expect(read('a: &x {b: [1]}\nc: *x\nd: [*x]\n')).toEqual({ a: { b: [1] }, c: { b: [1] }, d: [{ b: [1] }] })
  })

  test('merge: own keys win wherever << stands, then the first of several maps', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2, d: 2}\nm:\n  d: 3\n  <<: [*x, *y]\n'
    expect(read(text)).toMatchObject({ m: { a: 1, b: 1, c: 2, d: 3 } })
  })

  test('merge through a map that merges', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {<<: *x, b: 2}\nm: {<<: *y, c: 3}\n'
    expect(read(text)).toMatchObject({ m: { a: 1, b: 2, c: 3 } })
  })
})

describe('documents', () => {
  test('after the first are not read', () => {
    expect(read('a: 1\n---\n- [bad\n')).toEqual({ a: 1 })
    expect(read(' a: 1\nb: 2\n')).toEqual({ a: 1 })
  })

  test('may start with %YAML 1.1 or a byte order mark', () => {
    expect(read('%YAML 1.1\n---\na: yes\n')).toEqual({ a: 'yes' })
    expect(read('\ufeffa: 1\n')).toEqual({ a: 1 })
  })

  test('that end inside of brackets, without a line break, are refused', () => {
    for (const text of ['a: {{ x', '[[', '{a: [b', '- [{']) expect(() => read(text)).toThrow(UserError)
  })

  test('nested without end are refused, not crashed on', () => {
    expect(() => read(`a: ${'['.repeat(100_000)}`)).toThrow(UserError)
    expect(() => read(`a: ${'['.repeat(900)}${']'.repeat(900)}`)).not.toThrow()
  })
})
