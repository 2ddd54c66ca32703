import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { floatText } from './float.ts'
import { sprint } from './print.ts'
import { sprintf } from './printf.ts'
import { quoted, unquoted } from './quote.ts'
import { GoMap, GoSlice, type GoValue } from './value.ts'

describe('printf', () => {
  test.each<[string, GoValue[], string]>([
    ['%5d|%-5d|%05d|%+d|%x|%#X', [42n, 42n, 42n, 42n, -255n, 255n], '   42|42   |00042|+42|-ff|0XFF'],
    ['%.0f %.0f %6.2f %g %e', [2.5, 3.5, 12.345, 1e6, 1.5], '2 4  12.35 1e+06 1.500000e+00'],
    ['%q %+q %c %U', ['h"é', 'é', 0x2713n, 0x2713n], '"h\\"é" "\\u00e9" ✓ U+2713'],
    ['%d %s %z', ['5', 1n, true], '%!d(string=5) %!s(int=1) %!z(bool=true)'],
    ['%[2]s %[1]d|%d', [1n, 'x'], 'x 1|%!d(string=x)'],
    ['%d %d', [1n], '1 %!d(MISSING)'],
    ['%d', [1n, 'x'], '1%!(EXTRA string=x)'],
    [
      '%#v %T',
      [new GoMap(new Map([['a', null]])), new GoSlice([])],
      'map[string]interface {}{"a":interface {}(nil)} []interface {}',
    ],
  ])('%s', (format, values, expected) => {
    expect(sprintf(format, values)).toBe(expected)
  })

  test('reads any format to its end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (format) => typeof sprintf(`%${format}`, [1n, 'x', 2.5, null]) === 'string',
      ),
    )
  })
})

test('print puts a space between two values of which neither is a string', () => {
  expect(sprint([1n, 2n, 'a', null, null])).toBe('1 2a<nil> <nil>')
})

test('floats read back as the numbers that they were', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('e', 'f', 'g'), (value, verb) => {
      expect(Number(floatText(value, verb as 'e', -1))).toBe(value)
    }),
  )
})

test('strings between quotes mean what they were', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, ascii) => {
      expect(unquoted(quoted(text, ascii))).toBe(text)
    }),
  )
})
