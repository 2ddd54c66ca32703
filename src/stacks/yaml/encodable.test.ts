import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asIs, encode } from '../../yaml/encode.ts'
import type { Plain } from '../value.ts'
import { plain } from '../value.ts'
import { decode } from './decode.ts'
import { encodable } from './encodable.ts'
import { parseManifest } from './manifest.ts'

describe('encoded YAML', () => {
  test('sorts keys as people count, and indents lists', () => {
    const text = encode({ a10: [1, { b: true }], a2: { y: null }, '1': [] })
    expect(text).toBe('"1": []\na2:\n  "y": null\na10:\n  - 1\n  - b: true\n')
  })

  test('quotes what would read as another type or as syntax', () => {
    const text = encode(['yes', '0777', '12:30', '{{ .x }}', '!env X', 'a: b', 'plain text', '😀'])
    expect(text).toBe(
      '- "yes"\n- "0777"\n- "12:30"\n- \'{{ .x }}\'\n- \'!env X\'\n- \'a: b\'\n- plain text\n- "\\U0001F600"\n',
    )
  })

  test('writes lines as a block, and folds long texts where asked', () => {
    expect(encode({ k: 'a\nb\n' })).toBe('k: |\n  a\n  b\n')
    expect(encode({ k: 'a b c' }, { wrap: 4 })).toBe('k: >-\n  a b c\n')
  })

  test('keeps a float a float', () => {
    const value = parseManifest('a: 1e6\nb: 1000000\nc: .inf\n', 'a.yaml')
    expect(value && encode(encodable(value))).toBe('a: 1e+06\nb: 1000000\nc: .inf\n')
    expect(encode({ a: asIs('2024-01-02') })).toBe('a: 2024-01-02\n')
  })

  test('reads back equal, but for leading line breaks and tabs, which yaml.v3 loses too', () => {
    const string = fc.string({ unit: 'binary' }).filter((it) => !/[\n\u2028\u2029]\s*|^\s*\n|\t/.test(it))
    const lines = fc
      .array(fc.stringMatching(/^[a-z:#{}'"-][a-z :#]*[a-z]$/), { minLength: 1 })
      .map((it) => it.join('\n'))
    const scalar = fc.oneof(string, lines, fc.boolean(), fc.constant(null), fc.integer())
    const { value } = fc.letrec<{ value: Plain }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        scalar,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.stringMatching(/^[a-z0-9]{1,3}$/), lines), tie('value'), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.constantFrom(2, 4), (it, indent) => {
        const tree = decode(encode(it, { indent }), 'a.yaml', 'any', {
          time: () => fail('time'),
          bytes: () => fail('bytes'),
          pairs: () => fail('pairs'),
          include: () => fail('include'),
        })
        expect(tree && plain(tree)).toEqual(it)
      }),
      { numRuns: 30 },
    )
  })
})

function fail(what: string): never {
  throw new Error(`a ${what} was read back`)
}
