import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, exactJson } from './json.ts'

test('an integer beyond 2^53 keeps every digit', () => {
  const text = '{"big":12345678901234567890,"small":-42,"float":1.5e-3,"list":[true,null,"\\"9007199254740993\\""]}'
  expect(exactJson(text)).toEqual({
    big: 12345678901234567890n,
    small: -42,
    float: 0.0015,
    list: [true, null, '"9007199254740993"'],
  })
  expect(canonicalJson(exactJson(text))).toContain('"big":12345678901234567890')
})

test('any JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom('', ' ', '\n\t'), (json, space) => {
      // The padding makes the exact reader take the text.
      const text = `${space}[${json},${space}"0123456789012345"]${space}`
      expect(rounded(exactJson(text))).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  '[1234567890123456,]',
  '{"a":1234567890123456',
  '["1234567890123456\\"]',
  '1234567890123456 x',
  '[01234567890123456]',
])('broken JSON is refused: %s', (text) => {
  expect(() => exactJson(text)).toThrow(SyntaxError)
})

test('canonical JSON sorts keys by UTF-16 unit and writes numbers as ECMAScript does', () => {
  // The sample of RFC 8785, section 3.2.2.
  const value = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
    literals: [null, true, false],
  }
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  expect(canonicalJson({ '\ud83d\ude00': 1, '\ufb33': 2, '\r': 3, __proto__x: 4 })).toBe(
    '{"\\r":3,"__proto__x":4,"😀":1,"\ufb33":2}',
  )
  expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow('no JSON form')
})

test('a backslash before a closing quote ends nothing, an escaped one does', () => {
  const text = JSON.stringify(['"\\', '\\\\"', '1234567890123456'])
  expect(exactJson(text)).toEqual(JSON.parse(text))
})

test('a key called __proto__ is a key', () => {
  const value = exactJson('{"__proto__":1234567890123456789}') as Record<string, unknown>
  expect(Object.hasOwn(value, '__proto__')).toBe(true)
  expect(canonicalJson(value)).toBe('{"__proto__":1234567890123456789}')
})

function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  const result = JSON.parse('{}')
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(result, key, { value: rounded(item), enumerable: true, writable: true, configurable: true })
  return result
}
