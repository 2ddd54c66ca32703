import { expect, test } from 'vitest'
import { unifiedDiff } from './diff.ts'

test('a new file is all additions, a removed one all removals', () => {
  expect(unifiedDiff('a.yml', undefined, 'one\ntwo\n')).toEqual([
    '--- /dev/null',
    '+++ b/a.yml',
    '@@ -0,0 +1,2 @@',
    '+one',
    '+two',
  ])
  expect(unifiedDiff('a.yml', 'one\n', undefined)).toEqual(['--- a/a.yml', '+++ /dev/null', '@@ -1,1 +0,0 @@', '-one'])
})

test('changes far apart are hunks of their own, each with three lines around it', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`)
  const after = before.with(1, 'second').with(17, 'eighteenth')
  expect(unifiedDiff('a', `${before.join('\n')}\n`, `${after.join('\n')}\n`)).toEqual([
    '--- a/a',
    '+++ b/a',
    '@@ -1,5 +1,5 @@',
    ' line 1',
    '-line 2',
    '+second',
    ' line 3',
    ' line 4',
    ' line 5',
    '@@ -15,6 +15,6 @@',
    ' line 15',
    ' line 16',
    ' line 17',
    '-line 18',
    '+eighteenth',
    ' line 19',
    ' line 20',
  ])
})

test('equal texts have no diff', () => {
  expect(unifiedDiff('a', 'x\n', 'x\n')).toEqual([])
})
