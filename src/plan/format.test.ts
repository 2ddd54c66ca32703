import { expect, test } from 'vitest'
import { canonicalJson, exactJson } from '../json.ts'
import { digestInput, planDigest } from './digest.ts'
import { fixtureText, fromEnvironment, planted } from './fixtures/read.ts'
import { decodePlan, encodePlan } from './format.ts'
import { parsePlan } from './parse.ts'
import { redact } from './redact.ts'

const plan = redact(parsePlan(fixtureText('change/plan.json.golden')), fromEnvironment)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('a stored plan is read as it was written, with the same digest and no secret', () => {
  const bytes = encodePlan(plan)
  const back = decodePlan(bytes, 'plan of vpc in prod')
  expect(encodePlan(back)).toEqual(bytes)
  expect(planDigest(digestInput(back))).toBe(planDigest(digestInput(plan)))
  for (const secret of planted) expect(text(bytes)).not.toContain(secret)
})

test('the first format ever written is still read', () => {
  const stored = new TextEncoder().encode(fixtureText('change/model-1.json.golden'))
  expect(planDigest(digestInput(decodePlan(stored, 'plan')))).toBe(planDigest(digestInput(plan)))
})

test.each<[string, (stored: Record<string, unknown>) => unknown, string]>([
  ['a newer one', (it) => ({ ...it, format: 2 }), 'plan-model-newer'],
  [
    'one that was not redacted',
    (it) => ({ ...it, plan: { ...(it.plan as object), redacted: false } }),
    'plan-model-unreadable',
  ],
  [
    'one with a list missing',
    (it) => ({ ...it, plan: { ...(it.plan as object), outputs: 'none' } }),
    'plan-model-unreadable',
  ],
  [
    'one with a value of no kind',
    (it) => ({ ...it, plan: { ...(it.plan as object), outputs: [{ name: 'a', after: { kind: 'x' } }] } }),
    'plan-model-unreadable',
  ],
  ['one without a format', () => [], 'plan-model-unreadable'],
])('%s is refused', (_, patch, code) => {
  const stored = exactJson(text(encodePlan(plan))) as Record<string, unknown>
  const bytes = new TextEncoder().encode(canonicalJson(patch(stored)))
  expect(() => decodePlan(bytes, 'plan of vpc in prod')).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining('the stored plan of vpc in prod') }),
  )
})

test('a truncated one is refused', () => {
  const bytes = encodePlan(plan)
  expect(() => decodePlan(bytes.slice(0, 100), 'plan')).toThrow(
    expect.objectContaining({ code: 'plan-model-unreadable' }),
  )
})
