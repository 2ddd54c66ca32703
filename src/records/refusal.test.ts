import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import {
  ann,
  approving,
  ben,
  carriedOut,
  claiming,
  conditions,
  empty,
  minute,
  planned,
  refusal,
  storing,
  T0,
} from './fixtures/sample.ts'
import { type Refusal, refusalWords } from './refusal.ts'

const p1 = planned('p1')
const said = (it: Refusal) => {
  const { message, fix } = refusalWords(it, 'vpc@plat-ue2-prod', T0 + 7 * minute)
  return `${message}\n  ${fix}`
}

test('a claim says who, since when, until when, and what frees it', () => {
  const held = carriedOut(empty, claiming('4411'))
  expect(said(refusal(decide(held, claiming('4412'), T0)))).toBe(
    'vpc in plat-ue2-prod is being applied by ann, run 4411, since 10:00 UTC (lease until 10:15 UTC)\n' +
      '  it frees itself when run 4411 ends; if that run is dead: airlock unlock vpc -s plat-ue2-prod --reason "…"',
  )
  const unlock = { kind: 'unlock', by: 'Ann', reason: 'r', holder: 'running' } as const
  expect(said(refusal(decide(held, unlock, T0)))).toContain('stop it (process 4411 on laptop)')
})

test('a moved state says what was planned on and what was found', () => {
  const document = carriedOut(empty, storing(p1), approving(p1))
  const found = conditions(p1, { state: { lineage: 'lineage-1', serial: 7 } })
  expect(said(refusal(decide(document, claiming('1', { apply: found }), T0)))).toBe(
    'the state of vpc in plat-ue2-prod has moved since its plan was made at 10:00 UTC (run 4410): ' +
      'planned on serial 3 of lineage-, found serial 7 of lineage-\n' +
      '  somebody applied it without Airlock, or another run did; nothing was applied. ' +
      'Plan again: airlock plan vpc -s plat-ue2-prod',
  )
})

test('a missing approval names the digest, and the one that was approved instead', () => {
  const other = planned('p2', { digest: 'pd1:90b1aa3e00', createdMs: T0 + 1 })
  const document = carriedOut(empty, storing(p1), approving(p1, ben), storing(other))
  expect(said(refusal(decide(document, claiming('1', { apply: conditions(other) }), T0)))).toBe(
    'the plan of vpc in plat-ue2-prod with digest 90b1 aa3e is not approved; ' +
      'Ben approved another one (7c0e 51d2) at 10:01 UTC\n' +
      '  look at it: airlock show vpc -s plat-ue2-prod; then: airlock approve vpc -s plat-ue2-prod',
  )
})

test('every refusal names the instance and the next step', () => {
  const claim = carriedOut(empty, claiming('4411')).claim!
  const [plan] = carriedOut(empty, storing(p1)).plans
  const attempt = {
    id: 'a',
    action: 'apply',
    fingerprint: 'f',
    digest: 'd',
    commit: 'c',
    by: 'ann',
    fence: 1,
    startedMs: T0,
    rev: 1,
  } as const
  const all: readonly Refusal[] = [
    { kind: 'claimed', claim, holder: 'over' },
    { kind: 'claimed', claim: { ...claim, purpose: 'hold', reason: 'incident 7' }, holder: 'unknown' },
    { kind: 'not-claimed' },
    { kind: 'claim-lost', fence: 1 },
    { kind: 'claim-lost', fence: 1, claim },
    { kind: 'lease-ends', claim },
    { kind: 'holder-alive', claim },
    { kind: 'holder-unknown', claim },
    { kind: 'plan-unknown', what: 'digest 7c0e' },
    { kind: 'plan-superseded', plan: plan!, why: 'state-moved', atMs: T0 },
    { kind: 'plan-expired', plan: plan! },
    { kind: 'target-moved', plan: plan!, target: 'gone' },
    { kind: 'state-moved', plan: plan!, found: undefined },
    { kind: 'read-moved', plan: plan!, reads: [{ call: '!store x', source: 'store', hash: 'h' }] },
    { kind: 'approval-missing', plan: plan!, others: [] },
    { kind: 'destroys-unnamed', plan: plan!, count: 5, others: [] },
    {
      kind: 'destroys-unnamed',
      plan: plan!,
      count: 5,
      others: [{ fingerprint: 'gone', digest: plan!.digest, how: 'local', by: ann, atMs: T0, destroys: 4 }],
    },
    { kind: 'rejected', plan: plan!, rejection: { ...attempt, note: 'too wide' } },
    { kind: 'attempt-unknown', attempt: 'a' },
    { kind: 'attempt-ended', attempt, outcome: 'done' },
    { kind: 'attempt-running', attempt },
    { kind: 'changes-something', plan: plan! },
  ]
  for (const it of all) {
    const { message, fix } = refusalWords(it, 'vpc@plat-ue2-prod', T0)
    expect(message).toContain('vpc in plat-ue2-prod')
    expect(fix).toContain('airlock ')
    expect(`${message} ${fix}`).not.toMatch(/undefined|\[object|!$/)
  }
})
