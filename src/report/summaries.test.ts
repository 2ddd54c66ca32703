import { expect, test } from 'vitest'
import type { Change } from '../affected/affected.ts'
import { problems } from '../plan/render/markdown.testkit.ts'
import { bytes, maxSummaryBytes } from '../plan/render/summary-parts.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { budgetText } from './budget.ts'
import { affectedSummary, reportSummary } from './summaries.ts'

const use = { calls: 5, unchanged: 1, repeated: 0, remaining: 994 }
const change = (id: InstanceId, kind: Change['kind']): Change => ({
  id,
  kind,
  before: undefined,
  after: undefined,
  reasons: [{ kind: 'declared', at: { file: 'stacks/prod.yaml', line: 3, column: 5 } }],
})

test('what a run cost is said in a line', () => {
  expect(budgetText(use)).toBe('5 API calls, 1 answer free (304), 994 left this hour')
  expect(budgetText({ calls: 1, unchanged: 0, repeated: 2, remaining: undefined })).toBe('1 API call, 2 repeated')
})

test('the first job says what is affected and why, with lines to look at', () => {
  const summary = affectedSummary({
    between: 'main@4c1d2e9 → cidr@a91f03b',
    changes: [change('vpc@prod', 'create'), change('old@prod', 'destroy'), change('x@prod', 'passive')],
    blobUrl: 'https://github.com/acme/infra/blob/a91f03b',
    sample: 1,
  })
  expect(summary).toContain('### Airlock: 2 instances changed, 1 more in name only')
  expect(summary).toContain('| `old` | `prod` | ⚠ **to be removed** |')
  expect(summary).toContain('[stacks/prod.yaml:3](<https://github.com/acme/infra/blob/a91f03b/stacks/prod.yaml#L3>)')
  expect(summary).toContain('**1 of them are planned**')
  expect(problems(summary)).toEqual([])
})

test('ten thousand changed instances make a summary that GitHub takes', () => {
  const changes = Array.from({ length: 10_000 }, (_, i) => change(`component-${i}@stack-${i}`, 'update'))
  const summary = affectedSummary({ between: 'a → b', changes, blobUrl: undefined })
  expect(bytes(summary)).toBeLessThanOrEqual(maxSummaryBytes)
  expect(summary).toMatch(/parts are left out here/)
  expect(problems(summary)).toEqual([])
})

test('the report names verdicts, what was told to GitHub, and the cost', () => {
  const verdict = { number: 7, url: 'https://x.test/7', state: 'blocked', description: 'waits: a|b <x>', written: true }
  const summary = reportSummary({ verdicts: [verdict], use })
  expect(summary).toMatchInlineSnapshot(`
    "### Airlock: waits: a\\|b &#60;x&#62;

    | change | gate | in words | status |
    | --- | --- | --- | --- |
    | [\\#​7](<https://x.test/7>) | blocked | waits: a\\|b &#60;x&#62; | told |

    <sub>5 API calls, 1 answer free (304), 994 left this hour</sub>"
  `)
  expect(problems(summary)).toEqual([])
})
