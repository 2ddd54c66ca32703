import { expect, test } from 'vitest'
import { expanded, isMatch, matches, pieces, quotedMeta, regex } from './regex.ts'

test('empty matches count where no other match just ended', () => {
  expect(matches(regex(''), 'abc')).toHaveLength(4)
  expect(expanded(regex('a*'), 'baac', '-')).toBe('-b-c-')
  expect(matches(regex('\\d{2,3}'), 'The year 2024').map(({ groups }) => groups[0])).toEqual(['202'])
})

test('a replacement names groups by number and by name, as long as the name goes', () => {
  expect(expanded(regex('(?P<first>\\w)'), 'ab', '<${first}_>$first_$$')).toBe('<a_>$<b_>$')
  expect(expanded(regex('(a)|(b)'), 'ab', '[$1|$2]')).toBe('[a|][|b]')
})

test('text is cut at matches, at most so often', () => {
  expect(pieces(regex('x*'), 'axbxc', -1)).toEqual(['a', 'b', 'c'])
  expect(pieces(regex(','), 'a,b,c', 2)).toEqual(['a', 'b,c'])
  expect(pieces(regex(','), 'a,b', 0)).toEqual([])
})

test.each(['(?!x)', '(?<=a)b', 'a**', '[z-a]', '\\C', '\\Z', 'a{1001}', ')'])('%s is no pattern of RE2', (source) => {
  expect(() => regex(source)).toThrow('error parsing regexp')
})

test('what looks like lookaround inside a class is none', () => {
  expect(isMatch(regex('[(?=]+'), '?')).toBe(true)
  expect(isMatch(regex(quotedMeta('(?!x)[')), 'a(?!x)[')).toBe(true)
})

test('of groups of one name the first is meant', () => {
  expect(expanded(regex('(?P<n>a)(?P<n>b)'), 'ab', '<$n>')).toBe('<a>')
})
