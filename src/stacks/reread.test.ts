import { expect, test } from 'vitest'
import { rereadText } from './reread.ts'

test('a text that a function gave is read again as YAML, as Atmos does', () => {
  expect(rereadText('0755')).toBe(493)
  expect(rereadText('1.10')).toBe(1.1)
  expect(rereadText('true')).toBe(true)
  expect(rereadText('')).toBe(null)
  expect(rereadText('#x')).toBe('#x')
  expect(rereadText('a #x')).toBe('a')
  expect(rereadText('a: b')).toEqual({ a: 'b' })
  expect(rereadText('2024-01-02')).toBe('2024-01-02T00:00:00Z')
  expect(rereadText('- 2024-01-02')).toEqual(['2024-01-02T00:00:00Z'])
  expect(rereadText('10.16.0.0/16')).toBe('10.16.0.0/16')
  expect(rereadText('https://cluster.example.test:6443')).toBe('https://cluster.example.test:6443')
})

test('texts inside of lists and maps stay as they are', () => {
  expect(rereadText(['0755', { a: '1.10' }])).toEqual(['0755', { a: '1.10' }])
})
