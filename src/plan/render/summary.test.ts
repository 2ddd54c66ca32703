import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planted } from '../fixtures/read.ts'
import { fixturePlan, instance, planned, sample } from '../fixtures/sample.ts'
import { parsePlan } from '../parse.ts'
import { problems } from './markdown.testkit.ts'
import { renderSummary } from './summary.ts'
import { bytes, maxSummaryBytes, summaryParts } from './summary-parts.ts'

test('a summary holds every plan in whole, by environment', async () => {
  const summary = renderSummary(sample())
  await expect(summary).toMatchFileSnapshot('./summary.golden')
  expect(problems(summary)).toEqual([])
  for (const secret of planted) expect(summary).not.toContain(secret)
})

test('every attribute is there, where the comment only counts them', () => {
  const names = Array.from({ length: 400 }, (_, i) => `attribute_${i}`)
  const outcome = planned(created(Object.fromEntries(names.map((it) => [it, 'x'])), 'a.b'))
  const summary = renderSummary({ ...sample(), instances: [instance('app', 'plat-ue2-dev', outcome)] })
  for (const name of names) expect(summary).toContain(`${name} `)
  expect(summary).toContain('<details open>')
})

test('a summary that would be too long tells the longest plans shorter', () => {
  const value = '漢'.repeat(300)
  const big = created(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`a${i}`, value])), 'a.b')
  const outcome = planned(big)
  const small = instance('small', 'plat-ue2-dev', planned(fixturePlan('create')))
  const instances = [small, ...Array.from({ length: 8 }, (_, i) => instance(`c${i}`, `plat-ue2-s${i}`, outcome))]
  const summary = renderSummary({ ...sample(), instances })
  expect(bytes(summary)).toBeLessThanOrEqual(maxSummaryBytes)
  expect(summary).toContain('and 488 more')
  expect(summary).toContain('terraform_data.network')
  expect(problems(summary)).toEqual([])
})

test('thousands of plans make a summary that fits', () => {
  const outcome = planned(fixturePlan('change'))
  const instances = Array.from({ length: 3000 }, (_, i) => instance(`c${i}`, `plat-ue2-s${i % 9}`, outcome))
  const summary = renderSummary({ ...sample(), instances })
  expect(bytes(summary)).toBeLessThanOrEqual(maxSummaryBytes)
  expect(problems(summary)).toEqual([])
})

test('parts fit, hold every block in order, or say how many are left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), { maxLength: 40 }),
      fc.integer({ min: 400, max: 1500 }),
      fc.integer({ min: 1, max: 5 }),
      (blocks, maxBytes, mostParts) => {
        const parts = summaryParts(blocks, maxBytes, mostParts)
        expect(parts.length).toBeLessThanOrEqual(mostParts)
        for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(maxBytes)
        const left = Number(/\*\*(\d+) parts? (?:is|are) left out here/.exec(parts.at(-1) ?? '')?.[1] ?? 0)
        const told = parts.join('\n\n').split('\n\n**')[0]
        if (left === 0) expect(parts.join('\n\n')).toBe(blocks.join('\n\n'))
        else expect(told!.length).toBeLessThan(blocks.join('\n\n').length)
      },
    ),
    { numRuns: 200 },
  )
})

function created(after: object, address: string) {
  return parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      {
        address,
        mode: 'managed',
        type: 'a',
        name: 'b',
        provider_name: 'aws',
        change: {
          actions: ['create'],
          before: null,
          after,
          after_unknown: {},
          before_sensitive: {},
          after_sensitive: {},
        },
      },
    ],
  })
}
