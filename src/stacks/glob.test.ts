import { describe, expect, test } from 'vitest'
import { glob, matches } from './glob.ts'

describe('a pattern', () => {
  test.each([
    ['orgs/**/*.yaml', 'orgs/a.yaml', true],
    ['orgs/**/*.yaml', 'orgs/x/y/a.yaml', true],
    ['**/_defaults.yaml', '_defaults.yaml', true],
    ['**/_defaults.yaml', 'a/b/_defaults.yaml', true],
    ['catalog/*.yaml', 'catalog/x/a.yaml', false],
    ['catalog/**', 'catalog/x/a.yaml', true],
    ['catalog/**', 'catalogue/a.yaml', false],
    ['{a,b}/?.yaml', 'b/x.yaml', true],
    ['[!a]/x', 'a/x', false],
    ['a/[b', 'a/[b', false],
    ['a.b', 'axb', false],
    ['*', '.hidden', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected)
  })
})

test('a folder gives its files before its subfolders', () => {
  expect(glob('s/**/*.yaml', ['s/b/a.yaml', 's/z.yaml', 's/a/q/x.yaml', 's/a/y.yaml'])).toEqual([
    's/z.yaml',
    's/a/y.yaml',
    's/a/q/x.yaml',
    's/b/a.yaml',
  ])
})
