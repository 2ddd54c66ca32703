import { expect, test } from 'vitest'
import type { Command } from './commands.ts'
import { applying, approving, ben, carriedOut, claiming, day, empty, planned, storing, T0 } from './fixtures/sample.ts'
import { type FlightFacts, flightOf } from './in-flight.ts'

const p1 = planned('p1')
const concluded = (outcome: 'done' | 'failed' | 'partial' | 'unknown', serial = 4): Command => ({
  kind: 'conclude',
  fence: 1,
  attempt: 'apply-1',
  outcome,
  state: { lineage: 'lineage-1', serial },
  reads: [{ call: '!terraform.state x .id', source: 'state', hash: 'h1' }],
})
const flight = (given: Partial<FlightFacts>) =>
  flightOf({
    document: empty,
    target: 'fp1:aaaa',
    baseline: undefined,
    moved: () => false,
    upstreams: [],
    approval: 'needed',
    nowMs: T0,
    ...given,
  })
const words = (given: Partial<FlightFacts>) => {
  const it = flight(given)
  return it.kind === 'in-flight' ? `${it.why.map(({ kind }) => kind).join('+')} → ${it.waitsFor.kind}` : it.kind
}

test('what was never applied waits for a plan, an approval, then the apply, which runs, and is clean', () => {
  const stored = carriedOut(empty, storing(p1))
  const approved = carriedOut(stored, approving(p1))
  expect(words({})).toBe('never-applied → plan')
  expect(words({ document: stored })).toBe('never-applied → approval')
  expect(words({ document: stored, approval: 'none' })).toBe('never-applied → apply')
  expect(words({ document: approved })).toBe('never-applied → apply')
  expect(words({ document: carriedOut(approved, claiming('4411')) })).toBe('never-applied → running')
  expect(words({ document: applying() })).toBe('never-applied+attempt-not-done → running')
  expect(words({ document: carriedOut(applying(), concluded('done')) })).toBe('clean')
})

test('what adoption found applied is clean, until something else is asked', () => {
  expect(words({ baseline: 'fp1:aaaa' })).toBe('clean')
  expect(words({ baseline: 'fp1:0000' })).toBe('changed → plan')
})

test('another target puts it in flight again, and the old one back is clean', () => {
  const document = carriedOut(applying(), concluded('done'))
  expect(words({ document, target: 'fp1:bbbb' })).toBe('changed → plan')
  expect(words({ document, target: 'fp1:aaaa' })).toBe('clean')
})

test('a failed attempt keeps it in flight, even when the target goes back to what was applied', () => {
  const before = carriedOut(applying(), concluded('done'))
  const p2 = planned('p2', { fingerprint: 'fp1:bbbb', state: { lineage: 'lineage-1', serial: 4 } })
  for (const outcome of ['failed', 'partial', 'unknown'] as const) {
    const failed = carriedOut(
      before,
      storing(p2),
      claiming('4412'),
      {
        kind: 'intend',
        fence: 2,
        attempt: 'apply-2',
        action: 'apply',
        commit: 'c',
        apply: { plan: p2.id, target: p2.fingerprint, approval: 'none', state: p2.state, movedReads: [] },
      },
      { ...concluded(outcome, 5), fence: 2, attempt: 'apply-2' } as Command,
    )
    expect(flight({ document: failed })).toMatchObject({ why: [{ kind: 'attempt-not-done', outcome }] })
    expect(words({ document: failed, target: 'fp1:bbbb' })).toMatch(/^changed\+attempt-not-done → (re-)?plan|approval/)
    const idle = planned('idle', { change: 0, state: { lineage: 'lineage-1', serial: 5 }, createdMs: T0 + day })
    const mended = carriedOut(failed, storing(idle), {
      kind: 'advance',
      plan: idle.id,
      target: 'fp1:aaaa',
      commit: 'c',
      by: 'run 5',
      state: idle.state,
      movedReads: [],
      fence: undefined,
    })
    expect(words({ document: mended })).toBe('clean')
  }
})

test('a rejected change is in flight as long as it is asked for, and a revert frees it', () => {
  const rejected = carriedOut(empty, storing(p1), {
    kind: 'reject',
    fingerprint: p1.fingerprint,
    digest: p1.digest,
    by: ben,
    reason: 'no',
  })
  expect(words({ document: rejected, baseline: 'fp1:0000' })).toBe('changed → rejected')
  expect(words({ document: rejected, baseline: 'fp1:0000', target: 'fp1:0000' })).toBe('clean')
})

test('a read whose value moved puts it in flight', () => {
  const document = carriedOut(applying(), concluded('done'))
  expect(words({ document, moved: () => true })).toBe('read-moved → plan')
  expect(words({ document, moved: ({ hash }) => hash !== 'h1' })).toBe('clean')
})

test('a plan that does not count any more says why', () => {
  const plan = planned('p1', { reads: [{ call: 'c', source: 'state', hash: 'h' }] })
  const document = carriedOut(empty, storing(plan), approving(plan))
  expect(flight({ document, moved: () => true })).toMatchObject({ waitsFor: { kind: 're-plan', why: 'read-moved' } })
  expect(flight({ document, nowMs: T0 + 15 * day })).toMatchObject({ waitsFor: { kind: 're-plan', why: 'expired' } })
  const gone = carriedOut(document, { kind: 'supersede', plans: [plan.id], why: 'change-gone' })
  expect(flight({ document: gone })).toMatchObject({ waitsFor: { kind: 're-plan', why: 'change-gone' } })
})

test('what an upstream may still change waits for it; what is certain can be approved at once', () => {
  const upstreams = ['vpc@plat-ue2-prod'] as const
  const provisional = carriedOut(empty, storing(planned('p', { provisional: true })))
  const certain = carriedOut(empty, storing(p1))
  expect(words({ upstreams })).toBe('never-applied → upstream')
  expect(words({ document: provisional, upstreams })).toBe('never-applied → upstream')
  expect(words({ document: provisional })).toBe('never-applied → approval')
  expect(words({ document: certain, upstreams })).toBe('never-applied → approval')
  expect(words({ document: carriedOut(certain, approving(p1)), upstreams })).toBe('never-applied → upstream')
})

test('removed by name is a change like any other; merely not there is absent, and asks for nothing', () => {
  const document = carriedOut(applying(), concluded('done'))
  expect(words({ document, target: 'gone' })).toBe('gone → plan')
  expect(words({ document, target: undefined })).toBe('absent')
  expect(words({ target: 'gone' })).toBe('clean')
  expect(words({ document: applying(), target: undefined })).toBe('attempt-not-done → running')
})

test('a hold is told apart from work', () => {
  expect(words({ document: carriedOut(empty, claiming('1', { purpose: 'hold' })) })).toBe('never-applied → hold')
})
