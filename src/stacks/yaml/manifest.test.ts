import { describe, expect, test } from 'vitest'
import { UserError } from '../../error.ts'
import type { MapValue, Value } from '../value.ts'
import { plain } from '../value.ts'
import { parseManifest } from './manifest.ts'

function parse(text: string): MapValue {
  const value = parseManifest(text, 'stacks/a.yaml')
  if (value?.kind !== 'map') throw new Error('no map')
  return value
}

function errorOf(text: string): UserError {
  try {
    parseManifest(text, 'stacks/a.yaml')
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('accepted')
}

function get(value: Value | undefined, ...path: string[]): Value | undefined {
  return path.reduce<Value | undefined>((at, key) => (at?.kind === 'map' ? at.entries.get(key) : undefined), value)
}

describe('a manifest', () => {
  test('is undefined when it holds nothing', () => {
    for (const text of ['', '# only a comment\n', '---\n', 'null\n'])
      expect(parseManifest(text, 'a.yaml')).toBeUndefined()
  })

  test('knows where each key and value was written', () => {
    const value = parse('vars:\n  cidr: 10.0.0.0/16\n  zones: [a, b]\n')
    expect(get(value, 'vars', 'cidr')).toMatchObject({
      at: { file: 'stacks/a.yaml', line: 2, column: 9 },
      key: { file: 'stacks/a.yaml', line: 2, column: 3 },
    })
    const zones = get(value, 'vars', 'zones')
    expect(zones?.kind === 'list' && zones.items[1]?.at).toEqual({ file: 'stacks/a.yaml', line: 3, column: 14 })
  })

  test('counts columns in characters, also after an emoji', () => {
    expect(get(parse('a: {"😀": 1}'), 'a', '😀')?.at.column).toBe(10)
  })

  test('gives an alias the place of its anchor, and the key that it stands under', () => {
    const value = get(parse('a: &x 1\nb: *x\n'), 'b')
    expect(value).toMatchObject({ value: 1, at: { line: 1, column: 4 }, key: { line: 2, column: 1 } })
  })

  test('writes tags of Atmos as texts, without the quotes of their arguments', () => {
    const text = 'a: !env "HOME"\nb: !terraform.state vpc .id\nc: !literal 0777\nd: !unset\n'
    expect(plain(parse(text))).toEqual({ a: '!env HOME', b: '!terraform.state vpc .id', c: 511, d: '!unset' })
  })

  test('marks an appended list, and an include, which a quoted text is not', () => {
    const value = parse('a: !append [x]\nb: !include f.yaml .x\nc: "!include f.yaml"\n')
    expect(get(value, 'a')).toMatchObject({ kind: 'list', append: true })
    expect(get(value, 'b')).toMatchObject({ value: '!include f.yaml .x', include: true })
    expect(get(value, 'c')).not.toHaveProperty('include')
  })

  test('turns a date into an empty map, as Atmos 1.227 does', () => {
    expect(plain(parse('a: 2024-01-02\nb: [2024-01-02T03:04:05Z]\n'))).toEqual({ a: {}, b: [{}] })
  })

  test('turns keys into texts: as written at the top, by their value below', () => {
    expect(plain(parse('0x10: a\nm:\n  0x10: b\n  true: c\n  null: d\n  1.50: e\n'))).toEqual({
      '0x10': 'a',
      m: { '16': 'b', true: 'c', '<nil>': 'd', '1.5': 'e' },
    })
  })

  test('refuses keys that become the same text', () => {
    const error = errorOf('m:\n  1: a\n  "1.0": x\n  "true": b\n  True: c\n')
    expect(error).toMatchObject({ code: 'yaml-invalid', at: { line: 5, column: 3 } })
  })

  test('reads account ids with a leading zero as Atmos does: octal, or a float', () => {
    expect(plain(parse('a: 0777\nb: 012345678901\n'))).toEqual({ a: 511, b: 12345678901 })
  })
})

describe('a manifest that is refused', () => {
  test('says that an unquoted template must be quoted', () => {
    expect(errorOf('vars:\n  a: {{ .x }}\n')).toMatchObject({
      code: 'yaml-invalid',
      exit: 2,
      at: { file: 'stacks/a.yaml', line: 2, column: 7 },
      fix: expect.stringContaining('quote'),
    })
  })

  test('lists the tags there are when it meets another', () => {
    const error = errorOf('a:\n  - !lookup X\n')
    expect(error.message).toContain('!lookup')
    expect(error.fix).toContain('!terraform.state')
    expect(errorOf('a:\n  - !ENV X\n').fix).toContain('did you mean !env?')
    expect(error.at).toMatchObject({ line: 2, column: 5 })
  })

  test('names both lines of a key that is there twice', () => {
    const error = errorOf('a:\n  b: 1\n  c: 2\n  b: 3\n')
    expect(error.message).toContain('line 2')
    expect(error.at).toMatchObject({ line: 4, column: 3 })
  })

  test('says where a quote was opened that nobody closes', () => {
    expect(errorOf('a: 1\nb: "x\nc: 2\n').at).toMatchObject({ line: 2, column: 4 })
  })

  test('must be a map', () => {
    expect(errorOf('- a\n').message).toContain('a list')
  })
})

describe('the words of an error', () => {
  test.each([
    ['a:\n  b: 1\n c: 2\n', '3:2', 'this key does not fit the map that starts in line 1'],
    ['- a\nb: 1\n', '2:1', 'this key does not fit the list that starts in line 1'],
    ['a: "x" y\n', '1:8', '"y" follows a value that has ended'],
    ['a: [b, c\n', '2:1', 'the end of the file stands where the "[" of line 1 needs "," or "]"'],
    ['a: 1\nb\nc: 2\n', '2:1', '"b" is neither a key nor part of a value: a ":" is missing'],
    ['a: b: c\n', '1:5', 'a ":" that would start a value cannot stand here'],
    ['a: @x\n', '1:4', '@ cannot start a value'],
    ['a:\n\tb: 1\n', '2:1', 'a tab cannot start a value'],
    ['a: *x\n', '1:4', '*x refers to an anchor that this file does not have before it'],
    ['a: &x {b: *x}\n', '1:11', '*x holds itself'],
    ['%YAML 1.2\n---\na: 1\n', '1:1', '%YAML 1.2 is refused by Atmos, which reads 1.1 only'],
    ['a:\n  <<: 5\n', '2:7', '<< merges only maps'],
    ['a: "\\q"\n', '1:5', 'unknown escape \\q in a double-quoted text'],
    ['a: \x07\n', '1:4', 'the control character U+0007 is not allowed'],
  ])('%j', (text, place, message) => {
    const error = errorOf(text)
    expect(`${error.at?.line}:${error.at?.column} ${error.message}`).toBe(`${place} ${message}`)
  })

  test('say that lines made by templates need another file name', () => {
    const error = errorOf('a: 1\n{{ range .l }}\nb: 2\n{{ end }}\n')
    expect(error.fix).toContain('.yaml.tmpl')
  })
})
