import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest, editDistance } from './words.ts'

test('a swap of two neighbours is one edit', () => {
  expect(editDistance('affetced', 'affected')).toBe(1)
  expect(editDistance('vcp', 'vpc')).toBe(1)
})

test('the nearest candidate is suggested', () => {
  expect(closest('catalog/vcp', ['catalog/eks', 'catalog/vpc', 'catalog/vpc2'])).toBe('catalog/vpc')
  expect(closest('plat-ue2-prd', ['plat-ue2-dev', 'plat-ue2-prod', 'plat-ue1-prod'])).toBe('plat-ue2-prod')
  expect(closest('Stack', ['stack'])).toBe('stack')
})

test('nothing is suggested when every candidate is far', () => {
  expect(closest('vpc', ['cluster', 'eks', 'dns'])).toBeUndefined()
  expect(closest('x', ['y', 'z'])).toBeUndefined()
  expect(closest('plan', [])).toBeUndefined()
})

test('the distance is a metric on what it compares', () => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max([...a].length, [...b].length))
    }),
  )
})
