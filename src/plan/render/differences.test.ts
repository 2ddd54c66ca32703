import { expect, test } from 'vitest'
import type { PlanDifference } from '../covers.ts'
import { differenceLines, differencesTable } from './differences.ts'
import type { Paint } from './terminal.ts'

const plain = (text: string) => text
const paint: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain }
const known = (value: string) => ({ kind: 'known' as const, value })

const differences: PlanDifference[] = [
  { kind: 'change', name: 'a.b["x|y"]', what: 'action', approved: known('update'), fresh: known('delete') },
  { kind: 'output', name: 'endpoint', what: 'value', approved: { kind: 'unknown' }, fresh: undefined },
  { kind: 'change', name: 'a.c', what: 'token', approved: { kind: 'sensitive' }, fresh: { kind: 'sensitive' } },
]

test('differences between two plans are a table, and lines', () => {
  expect(differencesTable(differences)).toBe(
    [
      '| where | what | approved | now |',
      '| --- | --- | --- | --- |',
      '| `a.b["x\\|y"]` | `action` | `update` | `delete` |',
      '| `output endpoint` | `value` | known after apply | – |',
      '| `a.c` | `token` | sensitive | sensitive |',
    ].join('\n'),
  )
  expect(differenceLines(differences, { width: 80, paint })).toEqual([
    '  a.b["x|y"]   action   "update" → "delete"',
    '  output endpoint   value   known after apply → not there',
    '  a.c   token   sensitive → sensitive',
  ])
})

test('of many differences the rest is counted', () => {
  expect(differencesTable(differences, 1)).toContain('2 more differences are left out here.')
  expect(differenceLines(differences, { width: 80, paint }, 1).at(-1)).toBe('  and 2 more')
})
