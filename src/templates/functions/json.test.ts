import { expect, test } from 'vitest'
import { GoMap, GoSlice } from '../value.ts'
import { goJson } from './json.ts'
import { parsedJson } from './json-reading.ts'

test('keys are sorted, HTML is escaped and floats are shortest', () => {
  const value = new GoMap(
    new Map<string, GoSlice | string>([
      ['b', new GoSlice([1n, 2.5, 1e21, 1e-7, null])],
      ['a', '<é\u2028'],
    ]),
  )
  expect(goJson(value)).toBe('{"a":"\\u003cé\\u2028","b":[1,2.5,1e+21,1e-7,null]}')
  expect(goJson(value, { escapeHtml: false })).toContain('"<é\\u2028"')
})

test('with an indent each element has a line, and what is empty has none', () => {
  expect(goJson(new GoSlice([1n, new GoSlice([])]), { indent: '  ' })).toBe('[\n  1,\n  []\n]')
})

test('a map that may have other keys than text is refused', () => {
  const value = new GoMap(new Map(), 'map[interface {}]interface {}')
  expect(() => goJson(value)).toThrow('json: unsupported type: map[interface {}]interface {}')
})

test('numbers read are floats, and a later key wins', () => {
  expect(parsedJson('{"a":1,"a":[true,null,"\\u00e9"]}')).toEqual(
    new GoMap(new Map([['a', new GoSlice([true, null, 'é'])]])),
  )
  expect(parsedJson(' 12345678 ')).toBe(12345678)
})

test.each([
  ['bad', "invalid character 'b' looking for beginning of value"],
  ['', 'unexpected end of JSON input'],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a":1}x', "invalid character 'x' after top-level value"],
  ['{1', "invalid character '1' looking for beginning of object key string"],
  ['{"a"}', "invalid character '}' after object key"],
  ['"\n"', "invalid character '\\n' in string literal"],
  ['trx', "invalid character 'x' in literal true (expecting 'u')"],
])('%j is refused in the words of encoding/json', (text, message) => {
  expect(() => parsedJson(text)).toThrow(message)
})

test('nesting has an end', () => {
  expect(() => parsedJson('['.repeat(20_000))).toThrow('exceeded max depth')
})
