import { expect, test } from 'vitest'
import { type ListStrategy, mergeFiles, mergeLayers } from './merge.ts'
import { type MapValue, plain, valueAt } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

const map = (text: string, file = 'a.yaml'): MapValue => parseManifest(text, file) as MapValue
const merged = (strategy: ListStrategy, ...texts: string[]): unknown =>
  plain(
    mergeLayers(
      texts.map((text) => map(text)),
      strategy,
    )!,
  )

test('maps merge deeply and what is only below stays', () => {
  expect(merged('replace', 'a: {b: 1, c: 2}', 'a: {c: 3, d: 4}')).toEqual({ a: { b: 1, c: 3, d: 4 } })
})

test('another kind replaces, null wins, and an empty map over a map changes nothing', () => {
  expect(merged('replace', 'a: {b: 1}\nc: [1]\nd: {x: 1}\ne: 1', 'a: 1\nc: null\nd: {}\ne: {}')).toEqual({
    a: 1,
    c: null,
    d: { x: 1 },
    e: {},
  })
})

test.each<[ListStrategy, unknown]>([
  ['replace', [{ b: 2 }, 3]],
  ['append', [{ a: 1 }, 'x', { b: 2 }, 3]],
  ['merge', [{ a: 1, b: 2 }, 'x']],
])('lists: %s', (strategy, expected) => {
  expect(merged(strategy, 'l: [{a: 1}, x]', 'l: [{b: 2}, 3]')).toEqual({ l: expected })
})

test('!append joins once, and the first merge it meets spends it', () => {
  expect(merged('replace', 'l: [1]', 'l: !append [2]', 'l: [3]')).toEqual({ l: [3] })
  expect(merged('replace', 'l: [1]', 'l: !append [2]')).toEqual({ l: [1, 2] })
})

test('a file without imports keeps its !append for the merge of layers', () => {
  const alone = mergeFiles([map('l: !append [2]')], 'replace')!
  expect(plain(mergeLayers([map('l: [1]'), alone], 'replace')!)).toEqual({ l: [1, 2] })
  const together = mergeFiles([map('x: 1'), map('l: !append [2]')], 'replace')!
  expect(plain(mergeLayers([map('l: [1]'), together], 'replace')!)).toEqual({ l: [2], x: 1 })
})

test('a value remembers all that it replaced, the last one first', () => {
  const result = mergeLayers([map('a: 1', 'x.yaml'), map('a: 2', 'y.yaml'), map('a: 3', 'z.yaml')], 'replace')
  const wins = valueAt(result, ['a'])
  expect([wins?.at.file, wins?.over?.at.file, wins?.over?.over?.at.file, wins?.over?.over?.over]).toEqual([
    'z.yaml',
    'y.yaml',
    'x.yaml',
    undefined,
  ])
})

test('what only one side has is shared, not copied', () => {
  const below = map('big: {deep: [1, 2, 3]}')
  expect(valueAt(mergeLayers([below, map('a: 1')], 'replace'), ['big'])).toBe(valueAt(below, ['big']))
})
