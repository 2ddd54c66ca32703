import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { carriedOut, day, done, empty, minute, planned, storing, T0 } from './fixtures/sample.ts'

test('a plan whose change went away counts again when it is back, unless something came in between', () => {
  const plan = planned('p1', { pullRequest: 7, createdMs: T0 - minute })
  const ready = carriedOut(empty, storing(plan))
  const gone = carriedOut(ready, { kind: 'supersede', plans: [plan.id], why: 'change-gone' })
  const back = (document = gone, nowMs = T0 + minute) =>
    done(decide(document, { kind: 'restore', plans: [plan.id] }, nowMs))
  const kinds = ({ document }: ReturnType<typeof back>) => document.plans.map(({ id, status }) => [id, status.kind])
  expect(kinds(back())).toEqual([['p1', 'open']])
  expect(back().events).toMatchObject([{ kind: 'plan-restored', plan: 'p1', pullRequest: 7 }])
  expect(kinds(back(carriedOut(gone, storing(planned('p2')))))).toEqual([
    ['p1', 'superseded'],
    ['p2', 'open'],
  ])
  expect(kinds(back(gone, T0 + 400 * day))).toEqual([['p1', 'superseded']])
  const moved = carriedOut(ready, { kind: 'supersede', plans: [plan.id], why: 'state-moved' })
  expect(kinds(back(moved))).toEqual([['p1', 'superseded']])
})
