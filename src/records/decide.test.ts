import { describe, expect, test } from 'vitest'
import { rejectionOf } from './approval.ts'
import type { Command } from './commands.ts'
import { decide } from './decide.ts'
import {
  ann,
  applying,
  approving,
  ben,
  carriedOut,
  claiming,
  conditions,
  day,
  done,
  empty,
  minute,
  planned,
  refusal,
  storing,
  T0,
} from './fixtures/sample.ts'
import { planFor } from './plans.ts'

const p1 = planned('p1')
const conclude = (given: Partial<Extract<Command, { kind: 'conclude' }>> = {}): Command => ({
  kind: 'conclude',
  fence: 1,
  attempt: 'apply-1',
  outcome: 'done',
  state: { lineage: 'lineage-1', serial: 4 },
  reads: [],
  ...given,
})
const statusOf = (document: typeof empty, id: string) => document.plans.find((it) => it.id === id)?.status

describe('the way of one plan', () => {
  test('stored, approved, claimed, begun, concluded: the ledger says what was applied', () => {
    const reads = [{ call: '!terraform.state x .id', source: 'state', hash: 'h' } as const]
    const document = carriedOut(applying(), conclude({ reads }))
    expect(document.ledger).toEqual({
      fingerprint: 'fp1:aaaa',
      commit: 'c0ffee',
      atMs: T0 + 3 * minute,
      by: 'ann, run 4411',
      digest: p1.digest,
      state: { lineage: 'lineage-1', serial: 4 },
      reads,
      rev: 5,
    })
    expect(document.claim).toBeUndefined()
    expect(statusOf(document, 'p1')).toMatchObject({ kind: 'applied' })
    expect(document.outbox.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      '000000001-000 plan-stored',
      '000000002-000 approved',
      '000000003-000 claimed',
      '000000004-000 attempt-started',
      '000000005-000 attempt-ended',
    ])
  })

  test('a command that has nothing to do gives the very same document back', () => {
    const document = carriedOut(empty, storing(p1), approving(p1))
    for (const command of [storing(p1), approving(p1), { kind: 'rename', to: 'vpc@plat-ue2-prod' } as const])
      expect(done(decide(document, command, T0)).document).toBe(document)
  })

  test('a failure leaves the ledger, and supersedes plans of a state that moved', () => {
    const document = carriedOut(applying(), conclude({ outcome: 'partial', note: 'quota' }))
    expect(document.ledger).toBeUndefined()
    expect(document.attempts.at(-1)).toMatchObject({ outcome: 'partial', note: 'quota' })
    expect(statusOf(document, 'p1')).toMatchObject({ kind: 'superseded', why: 'state-moved' })
    const unmoved = carriedOut(applying(), conclude({ outcome: 'failed', state: p1.state }))
    expect(statusOf(unmoved, 'p1')).toEqual({ kind: 'open' })
  })
})

describe('plans', () => {
  test('a newer plan of the same change takes the place of the older, whichever comes in first', () => {
    const old = planned('p1', { createdMs: T0 - minute })
    const p2 = planned('p2')
    for (const order of [
      [old, p2],
      [p2, old],
    ] as const) {
      const document = carriedOut(empty, ...order.map(storing))
      expect(statusOf(document, 'p1')).toMatchObject({ kind: 'superseded', why: 'newer-plan' })
      expect(planFor(document, 'fp1:aaaa', T0)?.id).toBe('p2')
    }
  })

  test('a branch that asks something else takes its own older plan back, and no other', () => {
    const other = planned('other', { branch: 'b', fingerprint: 'fp1:cccc' })
    const moved = planned('moved', { fingerprint: 'fp1:bbbb', createdMs: T0 + 1 })
    const document = carriedOut(empty, storing(p1), storing(other), storing(moved))
    expect(statusOf(document, 'p1')).toMatchObject({ why: 'change-moved' })
    expect(statusOf(document, 'other')).toEqual({ kind: 'open' })
  })

  test('an apply supersedes only the plans whose state moved', () => {
    const elsewhere = planned('elsewhere', { branch: 'b', fingerprint: 'fp1:bbbb' })
    const document = carriedOut(carriedOut(applying(), storing(elsewhere)), conclude())
    expect(statusOf(document, 'elsewhere')).toMatchObject({ kind: 'superseded', why: 'state-moved' })
    const kept = carriedOut(carriedOut(applying(), storing(elsewhere)), conclude({ state: p1.state }))
    expect(statusOf(kept, 'elsewhere')).toEqual({ kind: 'open' })
  })

  test('a plan made on an older state than the ledger comes in superseded', () => {
    const document = carriedOut(applying(), conclude())
    const late = planned('late', { fingerprint: 'fp1:bbbb', state: { lineage: 'lineage-1', serial: 3 } })
    expect(statusOf(carriedOut(document, storing(late)), 'late')).toMatchObject({ why: 'state-moved' })
    const other = planned('other', { fingerprint: 'fp1:bbbb', state: { lineage: 'lineage-2', serial: 9 } })
    expect(statusOf(carriedOut(document, storing(other)), 'other')).toMatchObject({ why: 'state-moved' })
    const since = { fingerprint: 'fp1:bbbb', createdMs: document.ledger!.atMs + 1 }
    const { state: _, ...stateless } = planned('found', since)
    for (const found of [stateless, { ...stateless, state: { lineage: 'lineage-2', serial: 1 } }])
      expect(statusOf(carriedOut(document, storing(found)), 'found')).toMatchObject({ kind: 'open' })
  })

  test('a plan from a job whose clock is ahead does not count as newer for ever', () => {
    const ahead = planned('ahead', { createdMs: T0 + 30 * day })
    const document = carriedOut(empty, storing(ahead), storing(planned('p2', { createdMs: T0 + minute })))
    expect(planFor(document, 'fp1:aaaa', T0)?.id).toBe('p2')
  })
})

test('a plan of another name for the address, from a branch, does not rename it; a rename does', () => {
  const branch: Command = { kind: 'store-plan', name: 'network@plat-ue2-prod', plan: planned('p2', { branch: 'b' }) }
  const document = carriedOut(empty, storing(p1), branch)
  expect(document.names).toEqual(['vpc@plat-ue2-prod', 'network@plat-ue2-prod'])
  const renamed = carriedOut(document, { kind: 'rename', to: 'network@plat-ue2-prod' })
  expect(renamed.names).toEqual(['network@plat-ue2-prod', 'vpc@plat-ue2-prod'])
  expect(renamed.outbox.at(-1)).toMatchObject({ kind: 'renamed', from: 'vpc@plat-ue2-prod' })
})

describe('what stands in the way of a claim', () => {
  const apply = conditions(p1)
  const ready = carriedOut(empty, storing(p1), approving(p1))
  const tryOn = (document: typeof empty, given: Partial<typeof apply>, nowMs = T0 + 5 * minute) =>
    refusal(decide(document, claiming('4411', { apply: { ...apply, ...given } }), nowMs)).kind

  test('is told one by one', () => {
    expect(tryOn(carriedOut(empty, storing(p1)), {})).toBe('approval-missing')
    expect(tryOn(ready, { target: 'fp1:bbbb' })).toBe('target-moved')
    expect(tryOn(ready, { state: { lineage: 'lineage-1', serial: 4 } })).toBe('state-moved')
    expect(tryOn(ready, { state: { lineage: 'lineage-2', serial: 3 } })).toBe('state-moved')
    expect(tryOn(ready, { state: undefined })).toBe('state-moved')
    expect(tryOn(ready, { movedReads: [{ call: 'c', source: 'state', hash: 'h' }] })).toBe('read-moved')
    expect(tryOn(ready, {}, T0 + 15 * day)).toBe('plan-expired')
    expect(tryOn(empty, {})).toBe('plan-unknown')
    expect(tryOn(carriedOut(ready, storing(planned('p2', { createdMs: T0 + 1 }))), {})).toBe('plan-superseded')
    expect(tryOn(carriedOut(ready, claiming('4000')), {})).toBe('claimed')
  })

  test('an approval holds for the digest that was seen, and for a plan that only fills it in', () => {
    const fresh = planned('fresh', { digest: 'pd1:other', createdMs: T0 + 1 })
    const document = carriedOut(ready, storing(fresh))
    const claim = (coveredBy?: string) =>
      decide(document, claiming('1', { apply: conditions(fresh, { ...(coveredBy && { coveredBy }) }) }), T0)
    expect(refusal(claim())).toMatchObject({ kind: 'approval-missing', others: [{ digest: p1.digest, by: ann }] })
    expect(refusal(claim('pd1:nobody approved this'))).toMatchObject({ kind: 'approval-missing' })
    expect(claim(p1.digest).kind).toBe('done')
  })

  test('a plan that changes nothing, or a stack without approvals, needs nobody', () => {
    const idle = planned('idle', { change: 0 })
    const claim = (plan: typeof idle, approval: 'needed' | 'none') =>
      decide(carriedOut(empty, storing(plan)), claiming('1', { apply: conditions(plan, { approval }) }), T0).kind
    expect(claim(idle, 'needed')).toBe('done')
    expect(claim(p1, 'none')).toBe('done')
  })
})

describe('approvals', () => {
  test('a digest that nobody was shown cannot be approved', () => {
    const unseen = { ...approving(p1), digest: 'pd1:unseen' } as Command
    expect(refusal(decide(carriedOut(empty, storing(p1)), unseen, T0)).kind).toBe('plan-unknown')
    const gone = carriedOut(empty, storing(p1), storing(planned('p2', { digest: 'pd1:x', createdMs: T0 + 1 })))
    expect(refusal(decide(gone, approving(p1), T0))).toMatchObject({ kind: 'plan-superseded', why: 'newer-plan' })
  })

  test('a yes is spent by the apply: the same change after a revert asks again', () => {
    const there = carriedOut(applying(), conclude())
    const back = planned('back', {
      branch: 'revert',
      fingerprint: 'fp1:0000',
      digest: 'pd1:back',
      state: { lineage: 'lineage-1', serial: 4 },
    })
    const again = planned('again', { state: { lineage: 'lineage-1', serial: 4 }, createdMs: T0 + minute })
    const document = carriedOut(there, storing(back), approving(back), storing(again))
    expect(refusal(decide(document, claiming('1', { apply: conditions(again) }), T0)).kind).toBe('approval-missing')
    expect(decide(document, claiming('1', { apply: conditions(back) }), T0).kind).toBe('done')
  })

  test('a no takes back every yes, names who said it, and a later yes takes it back', () => {
    const no: Command = { kind: 'reject', fingerprint: p1.fingerprint, digest: p1.digest, by: ben, reason: 'too wide' }
    const document = carriedOut(empty, storing(p1), approving(p1), no)
    const claim = claiming('1', { apply: conditions(p1) })
    expect(refusal(decide(document, claim, T0))).toMatchObject({
      kind: 'rejected',
      rejection: { by: 'Ben', note: 'too wide', outcome: 'rejected' },
    })
    expect(document.approvals).toEqual([])
    const again = carriedOut(document, approving(p1, ben))
    expect(rejectionOf(again, p1.fingerprint, p1.digest)).toBeUndefined()
    expect(decide(again, claim, T0).kind).toBe('done')
  })
})

describe('claims', () => {
  const held = carriedOut(empty, claiming('4411'))
  const over = (fence: number) => ({ holderState: { fence, is: 'over' as const } })

  test('are taken over only when the lease ended and the run is known to be over', () => {
    const later = T0 + 16 * minute
    const take = (given: object, nowMs: number) => decide(held, claiming('4412', given), nowMs)
    expect(refusal(take(over(1), T0 + 14 * minute))).toMatchObject({ kind: 'claimed', holder: 'over' })
    expect(refusal(take({}, later))).toMatchObject({ kind: 'claimed', holder: 'unknown' })
    expect(refusal(take({ holderState: { fence: 1, is: 'running' } }, later)).kind).toBe('claimed')
    expect(refusal(take(over(7), later))).toMatchObject({ kind: 'claimed', holder: 'unknown' })
    const { document, events } = done(take(over(1), later))
    expect(document.claim).toMatchObject({ fence: 2, holder: { run: '4412' } })
    expect(events.map(({ kind }) => kind)).toEqual(['taken-over', 'claimed'])
  })

  test('a takeover leaves the attempt that was under way unknown', () => {
    const { document } = done(decide(applying(), claiming('4412', over(1)), T0 + 60 * minute))
    expect(document.attempts).toMatchObject([{ id: 'apply-1', outcome: 'unknown' }])
  })

  test('the old holder can do nothing any more, but may still say how its attempt ended', () => {
    const taken = done(decide(applying(), claiming('4412', over(1)), T0 + 60 * minute)).document
    for (const command of [
      { kind: 'renew', fence: 1, leaseMs: minute },
      { kind: 'release', fence: 1 },
      { kind: 'intend', fence: 1, attempt: 'x', action: 'apply', commit: 'c', apply: conditions(p1) },
    ] satisfies Command[])
      expect(refusal(decide(taken, command, T0))).toMatchObject({ kind: 'claim-lost', fence: 1, claim: { fence: 2 } })
    const told = done(decide(taken, conclude(), T0)).document
    expect(told.ledger?.digest).toBe(p1.digest)
    expect(told.claim?.fence).toBe(2)
    const overtaken = carriedOut(taken, {
      kind: 'intend',
      fence: 2,
      attempt: 'y',
      action: 'apply',
      commit: 'c',
      apply: conditions(p1),
    })
    expect(refusal(decide(overtaken, conclude(), T0)).kind).toBe('claim-lost')
  })

  test('last as long as they are renewed, and nothing is begun after two thirds of the lease', () => {
    const document = carriedOut(empty, storing(p1), approving(p1), claiming('4411'))
    const intend: Command = {
      kind: 'intend',
      fence: 1,
      attempt: 'a',
      action: 'apply',
      commit: 'c',
      apply: conditions(p1),
    }
    const begun = T0 + 2 * minute
    expect(decide(document, intend, begun + 9 * minute).kind).toBe('done')
    expect(refusal(decide(document, intend, begun + 10 * minute)).kind).toBe('lease-ends')
    const renewed = done(
      decide(document, { kind: 'renew', fence: 1, leaseMs: 15 * minute }, begun + 10 * minute),
    ).document
    expect(decide(renewed, intend, begun + 19 * minute).kind).toBe('done')
  })

  test('a clock that goes backwards neither shortens nor lengthens them', () => {
    const back = T0 - 60 * minute
    const again = done(decide(held, { kind: 'renew', fence: 1, leaseMs: 15 * minute }, back)).document
    expect(again.claim?.untilMs).toBe(T0 + 15 * minute)
    expect(again.atMs).toBe(T0)
  })

  test('are unlocked when the process is gone, and otherwise not', () => {
    const unlock = (given: Partial<Extract<Command, { kind: 'unlock' }>>): Command => ({
      kind: 'unlock',
      by: 'Ann',
      reason: 'laptop died',
      holder: 'over',
      ...given,
    })
    expect(refusal(decide(empty, unlock({}), T0)).kind).toBe('not-claimed')
    expect(refusal(decide(held, unlock({ holder: 'running' }), T0)).kind).toBe('holder-alive')
    expect(refusal(decide(held, unlock({ holder: 'unknown' }), T0)).kind).toBe('holder-unknown')
    expect(refusal(decide(held, unlock({ fence: 9 }), T0)).kind).toBe('claimed')
    const { document } = done(decide(applying(), unlock({ fence: 1 }), T0))
    expect(document.claim).toBeUndefined()
    expect(document.attempts).toMatchObject([{ outcome: 'unknown' }])
    expect(decide(document, claiming('next'), T0).kind).toBe('done')
  })

  test('a hold has no end, keeps everybody out, and anybody may lift it who says why', () => {
    const hold = carriedOut(empty, claiming('1', { purpose: 'hold', reason: 'incident' }))
    expect(refusal(decide(hold, claiming('2', over(1)), T0 + 365 * day)).kind).toBe('claimed')
    expect(decide(hold, { kind: 'unlock', by: 'Ben', reason: 'over', holder: 'running' }, T0).kind).toBe('done')
  })

  test('fencing numbers are never given twice', () => {
    const document = carriedOut(
      held,
      { kind: 'release', fence: 1 },
      claiming('b'),
      { kind: 'release', fence: 2 },
      claiming('c'),
    )
    expect(document.claim?.fence).toBe(3)
  })
})

describe('advance', () => {
  const idle = planned('idle', { change: 0 })
  const advance = (given: Partial<Extract<Command, { kind: 'advance' }>> = {}): Command => ({
    kind: 'advance',
    plan: idle.id,
    target: idle.fingerprint,
    commit: 'c0ffee',
    by: 'run 9',
    state: idle.state,
    movedReads: [],
    fence: undefined,
    ...given,
  })
  const document = carriedOut(empty, storing(idle))

  test('moves the ledger when a plan of the target found nothing to do', () => {
    const next = carriedOut(document, advance())
    expect(next.ledger).toMatchObject({ fingerprint: 'fp1:aaaa', commit: 'c0ffee', digest: idle.digest })
    expect(next.attempts).toEqual([])
  })

  test('is refused for a plan that does something, is not of the target, or is not of this state', () => {
    const busy = carriedOut(empty, storing(p1))
    expect(refusal(decide(busy, advance({ plan: p1.id }), T0)).kind).toBe('changes-something')
    expect(refusal(decide(document, advance({ target: 'fp1:bbbb' }), T0)).kind).toBe('target-moved')
    expect(refusal(decide(document, advance({ state: undefined }), T0)).kind).toBe('state-moved')
  })

  test('waits for whoever works on the address', () => {
    const claimed = carriedOut(document, claiming('4411'))
    expect(refusal(decide(claimed, advance(), T0)).kind).toBe('claimed')
    expect(decide(claimed, advance({ fence: 1 }), T0).kind).toBe('done')
  })
})
