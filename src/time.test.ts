import { expect, test } from 'vitest'
import { ago, clock, duration, elapsed } from './time.ts'

const at = (text: string) => Date.parse(text)
const now = at('2026-11-24T10:16:00Z')

test('a moment is told relative and absolute', () => {
  expect(ago(at('2026-11-24T10:04:00Z'), now)).toBe('12 min ago, 10:04 UTC')
  expect(ago(at('2026-11-24T02:04:00Z'), now)).toBe('8 h ago, 02:04 UTC')
  expect(ago(at('2026-11-22T10:04:00Z'), now)).toBe('2 days ago, 22 Nov 10:04 UTC')
  expect(ago(at('2025-11-22T10:04:00Z'), now)).toBe('367 days ago, 22 Nov 2025 10:04 UTC')
  expect(ago(now - 3000, now)).toBe('just now, 10:15 UTC')
  expect(ago(now + 600_000, now)).toBe('later than now, 10:26 UTC')
  expect(clock(at('2026-11-23T23:59:00Z'), now)).toBe('23 Nov 23:59 UTC')
})

test('durations keep the digits that matter', () => {
  expect([210, 2100, 9960, 64_000, 7_500_000].map(duration)).toEqual([
    '0.21 s',
    '2.1 s',
    '10.0 s',
    '1 min 4 s',
    '2 h 5 min',
  ])
  expect([999, 59_980].map(duration)).toEqual(['1.0 s', '1 min 0 s'])
})

test('a running clock counts whole seconds', () => {
  expect([0, 3900, 63_000, 3_723_000].map(elapsed)).toEqual(['0:00', '0:03', '1:03', '1:02:03'])
})
