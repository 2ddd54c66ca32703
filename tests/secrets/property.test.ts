import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/json.ts'
import { digestInput } from '../../src/plan/digest.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import type { RedactedPlan } from '../../src/plan/plan.ts'
import { redact } from '../../src/plan/redact.ts'
import { renderComment } from '../../src/plan/render/comment.ts'
import { renderTerminal } from '../../src/plan/render/terminal.ts'

/** Secrets as people have them: no word that anybody would guess, no two of which one holds the other. */
const secret = fc
  .tuple(fc.constantFrom('K7q', 'x9-', 'Zz0/', 'p@5 '), fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }))
  .map(([start, rest]) => `${start}${rest}!e`)
  .filter((text) => !/\ufffd/.test(text))

type Wrap = (secret: string) => unknown

/** Ways in which programs write one text inside of another. */
const wraps: readonly Wrap[] = [
  (it) => it,
  (it) => `before ${it} after`,
  (it) => [it, { deep: [it] }],
  (it) => ({ [it]: 1 }),
  (it) => JSON.stringify({ it }),
  (it) => JSON.stringify({ a: JSON.stringify([it]) }),
  (it) => Buffer.from(it).toString('base64'),
  (it) => `x${Buffer.from(it).toString('base64url')}y`,
  (it) => `?q=${encodeURIComponent(it)}`,
  (it) => new URLSearchParams({ it }).toString(),
  (it) => `a\n  ${it}\nb`,
]

interface Place {
  readonly secret: number
  readonly wrap: number
  /** Whether Terraform marks the value here. */
  readonly marked: boolean
}

const place = fc.record({
  secret: fc.nat({ max: 2 }),
  wrap: fc.nat({ max: wraps.length - 1 }),
  marked: fc.boolean(),
})

function planOf(secrets: readonly string[], places: readonly Place[], markFirst: boolean): unknown {
  const put = (at: Place) => wraps[at.wrap]!(secrets[at.secret]!)
  const values = Object.fromEntries(places.map((at, index) => [`a${index}`, put(at)]))
  const marks = Object.fromEntries(places.flatMap((at, index) => (at.marked ? [[`a${index}`, true]] : [])))
  const change = (before: unknown, after: unknown) => ({
    actions: before ? ['update'] : ['create'],
    before,
    after,
    after_unknown: {},
    before_sensitive: before ? marks : false,
    after_sensitive: marks,
  })
  const about = { mode: 'managed', type: 'a', name: 'b', provider_name: 'p' }
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      { ...about, address: `a.b[${JSON.stringify(secrets[0])}]`, change: change(null, values) },
      { ...about, address: 'a.c', change: change(values, { ...values, a0: 'other' }) },
      // What Terraform marks anywhere is hidden everywhere.
      ...(markFirst
        ? [
            {
              ...about,
              address: 'a.marked',
              change: { ...change(null, { v: secrets }), after_sensitive: { v: true } },
            },
          ]
        : []),
    ],
    resource_drift: [{ ...about, address: 'a.c', change: change(values, values) }],
    output_changes: { out: { ...change(null, values), actions: ['create'] } },
    checks: [
      {
        address: { to_display: 'check.x' },
        status: 'fail',
        instances: [
          { address: { to_display: 'check.x' }, status: 'fail', problems: [{ message: `is ${secrets[1]}` }] },
        ],
      },
    ],
  }
}

/** Everything that is made of a plan for people and records. */
function seen(plan: RedactedPlan): string[] {
  const paint = { bold: same, dim: same, red: same, green: same, yellow: same }
  const outcome = {
    kind: 'planned' as const,
    plan,
    digest: 'pd1:00' as const,
    reads: [],
    provisional: [],
    uncertain: [],
  }
  const instance = { component: 'c', stack: 's', environment: 's', removed: false, reasons: [], outcome }
  return [
    canonicalJson(plan),
    canonicalJson(digestInput(plan)),
    renderTerminal(plan, { width: 100_000, paint }),
    renderComment({
      instances: [instance],
      passive: 0,
      head: '0000000',
      base: undefined,
      blobUrl: undefined,
      plansUrl: undefined,
      beforeMerge: [],
      blockedBy: [],
    }),
  ]
}

function same(text: string): string {
  return text
}

/** The middle of each secret in every form: what stands beside a secret may take its edges along. */
function holds(text: string, secret: string): boolean {
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    Buffer.from(secret).toString('base64').slice(0, -4),
    Buffer.from(secret).toString('base64url').slice(0, -4),
  ]
  return forms.some((form) => text.includes(form))
}

test('whatever plan, wherever a secret stands in it: neither redacted plan, digest, terminal nor comment shows it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(secret, { minLength: 3, maxLength: 3 }),
      fc.array(place, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (secrets, places, markFirst) => {
        const plan = parsePlan(planOf(secrets, places, markFirst))
        const known = markFirst ? [] : secrets
        for (const text of seen(redact(plan, known)))
          for (const it of secrets) if (holds(text, it)) throw new Error(`${it} in ${text}`)
      },
    ),
    { numRuns: 300 },
  )
})

test('the proof finds a leak where there is one: a secret that nobody knows of is seen', () => {
  const secrets = ['K7q-planted-1', 'K7q-planted-2', 'K7q-planted-3']
  const plan = parsePlan(planOf(secrets, [{ secret: 0, wrap: 1, marked: false }], false))
  const texts = seen(redact(plan, secrets.slice(1)))
  expect(texts.map((text) => holds(text, secrets[0]!))).toEqual([true, true, true, true])
  expect(texts.some((text) => holds(text, secrets[1]!))).toBe(false)
})
