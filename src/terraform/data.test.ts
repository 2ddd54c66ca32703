import { describe, expect, test } from 'vitest'
import { jsonText } from './data.ts'

describe('JSON for Terraform', () => {
  test('sorts keys at every depth and indents by two', () => {
    expect(jsonText({ b: [1, { z: null, a: true }], a: {} }, 2, 'x')).toBe(
      '{\n  "a": {},\n  "b": [\n    1,\n    {\n      "a": true,\n      "z": null\n    }\n  ]\n}',
    )
  })

  test('keeps integers beyond 2^53 exact', () => {
    expect(jsonText([18446744073709551615n, 1e21, 1.2e-7, -0], 0, 'x')).toBe('[18446744073709551615,1e+21,1.2e-7,-0]')
  })

  test('escapes what would end a script element or a line', () => {
    expect(jsonText('<a>&\u2028', 0, 'x')).toBe('"\\u003ca\\u003e\\u0026\\u2028"')
  })

  test('names the place of a number that JSON cannot hold', () => {
    expect(() => jsonText({ a: [1, Number.NaN] }, 2, 'the variables of vpc in dev')).toThrow(
      'the variables of vpc in dev: a[1] is .nan, which JSON cannot hold',
    )
    expect(() => jsonText({ a: -Infinity }, 2, 'x')).toThrow('a is -.inf')
  })
})
