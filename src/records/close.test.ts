import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { GONE } from './document.ts'
import {
  applying,
  approving,
  carriedOut,
  claiming,
  conditions,
  day,
  done,
  empty,
  planned,
  refusal,
  storing,
  T0,
} from './fixtures/sample.ts'

const closing = { kind: 'close', name: 'vpc@plat-ue2-prod', commit: 'c0ffee', by: 'ann' } as const
const gone = planned('p1', { fingerprint: GONE })
const destroying = (destroys?: number) => conditions(gone, destroys === undefined ? {} : { destroys })

test('what is not there any more is closed: the ledger says gone, and open plans end', () => {
  const applied = carriedOut(applying(), {
    kind: 'conclude',
    fence: 1,
    attempt: 'apply-1',
    outcome: 'done',
    state: { lineage: 'lineage-1', serial: 4 },
    reads: [],
  })
  const next = planned('p2', { fingerprint: 'fp1:bbbb', state: { lineage: 'lineage-1', serial: 4 } })
  const { document } = done(decide(carriedOut(applied, storing(next)), closing, T0 + day))
  expect(document.ledger).toMatchObject({ fingerprint: GONE, commit: 'c0ffee', by: 'ann', atMs: T0 + day })
  expect(document.ledger?.state).toBeUndefined()
  expect(document.plans.at(-1)?.status).toMatchObject({ kind: 'superseded', why: 'change-gone' })
  expect(done(decide(document, closing, T0 + day)).document).toBe(document)
})

test('an adopted address, of which nothing was recorded yet, is closed by its name', () => {
  const { document } = done(decide(empty, closing, T0))
  expect(document).toMatchObject({ names: ['vpc@plat-ue2-prod'], ledger: { fingerprint: GONE } })
})

test('nothing is closed under somebody who works on it', () => {
  expect(refusal(decide(applying(), closing, T0 + day))).toMatchObject({ kind: 'claimed' })
})

test('one of many removals is claimed only under an approval that names their number', () => {
  const claim = (document: typeof empty, destroys?: number) =>
    decide(document, claiming('4411', { apply: destroying(destroys) }), T0 + day)
  const named = carriedOut(empty, storing(gone), { ...approving(gone), destroys: 4 } as ReturnType<typeof approving>)
  expect(refusal(claim(named, 5))).toMatchObject({ kind: 'destroys-unnamed', count: 5, others: [{ destroys: 4 }] })
  expect(claim(named, 4).kind).toBe('done')
  expect(claim(named).kind).toBe('done')
  const unnamed = carriedOut(empty, storing(gone), approving(gone))
  expect(refusal(claim(unnamed, 4))).toMatchObject({ kind: 'destroys-unnamed' })
})

test('the same yes with another number is another yes', () => {
  const yes = (destroys: number) => ({ ...approving(gone), destroys }) as ReturnType<typeof approving>
  const { approvals } = carriedOut(empty, storing(gone), yes(4), yes(5))
  expect(approvals.map(({ destroys }) => destroys)).toEqual([5])
})
