import { expect, test } from 'vitest'
import type { Checked, Command } from './commands.ts'
import { decide } from './decide.ts'
import type { AddressDocument, DriftFinding } from './document.ts'
import {
  applying,
  approving,
  carriedOut,
  conditions,
  day,
  done,
  empty,
  minute,
  planned,
  storing,
  T0,
} from './fixtures/sample.ts'

const state = { lineage: 'lineage-1', serial: 4 }
const applied = carriedOut(applying(), {
  kind: 'conclude',
  fence: 1,
  attempt: 'apply-1',
  outcome: 'done',
  state,
  reads: [],
})
const rev = applied.ledger?.rev
const finding: Omit<DriftFinding, 'firstMs' | 'lastMs'> = {
  class: 'out-of-band',
  digest: 'pd1:back',
  model: 'models/back.json',
  changes: planned('p').changes,
}
const look = (result: Checked['result']): Checked => ({
  kind: 'checked',
  name: 'vpc@plat-ue2-prod',
  fingerprint: 'fp1:aaaa',
  ledger: rev,
  result,
})
const found = (given: Partial<DriftFinding> = {}) => look({ kind: 'found', finding: { ...finding, ...given } })
const clean = look({ kind: 'clean' })
const failed = (why: string) => look({ kind: 'failed', why })
const after = (document: AddressDocument, command: Command, ms: number) => done(decide(document, command, ms))
const kinds = (document: AddressDocument, command: Command, ms = T0 + day) =>
  after(document, command, ms).events.map(({ kind }) => kind)

test('a finding that is found again keeps when it was first seen, and is told once', () => {
  const first = after(applied, found(), T0 + day)
  expect(first.events).toMatchObject([{ kind: 'drifted', class: 'out-of-band', digest: 'pd1:back' }])
  const again = after(first.document, found(), T0 + 2 * day)
  expect(again.events).toEqual([])
  expect(again.document.drift).toEqual({
    checkedMs: T0 + 2 * day,
    found: { ...finding, firstMs: T0 + day, lastMs: T0 + 2 * day },
  })
  const more = after(again.document, found({ digest: 'pd1:more' }), T0 + 3 * day)
  expect(more.events).toMatchObject([{ kind: 'drifted', digest: 'pd1:more' }])
  expect(more.document.drift?.found?.firstMs).toBe(T0 + day)
  const other = after(more.document, found({ class: 'external-data' }), T0 + 4 * day)
  expect(other.document.drift?.found?.firstMs).toBe(T0 + 4 * day)
})

test('a look that failed clears no finding, and is told once', () => {
  const drifted = after(applied, found(), T0 + day).document
  const once = after(drifted, failed('no network'), T0 + 2 * day)
  expect(once.events).toMatchObject([{ kind: 'drift-check-failed', why: 'no network' }])
  expect(once.document.drift?.found?.digest).toBe('pd1:back')
  const twice = after(once.document, failed('still none'), T0 + 3 * day)
  expect(twice.events).toEqual([])
  expect(twice.document.drift).toMatchObject({
    checkedMs: T0 + day,
    failed: { sinceMs: T0 + 2 * day, atMs: T0 + 3 * day, why: 'still none' },
  })
  expect(after(twice.document, found(), T0 + 4 * day).document.drift?.failed).toBeUndefined()
  expect(after(empty, { ...failed('x'), ledger: undefined }, T0).document.drift?.checkedMs).toBe(0)
})

test('clean again: the finding is gone, and so are the plan to put it back and its yes', () => {
  const plan = planned('back', { digest: 'pd1:back', state, createdMs: T0 + day })
  const waiting = [found(), storing(plan), approving(plan)].reduce(
    (it, command) => after(it, command, T0 + day).document,
    applied,
  )
  const healed = after(waiting, clean, T0 + 2 * day)
  expect(healed.events.map(({ kind }) => kind)).toEqual(['drift-gone', 'plan-superseded'])
  expect(healed.document.drift).toEqual({ checkedMs: T0 + 2 * day, cleanMs: T0 + 2 * day })
  expect(healed.document.approvals).toEqual([])
  expect(kinds(healed.document, clean, T0 + 3 * day)).toEqual([])
})

test('what a provider always reports is as it was applied: the last clean look goes on', () => {
  expect(after(applied, found({ class: 'provider-noise' }), T0 + day).document.drift?.cleanMs).toBe(T0 + day)
})

test('a look at what is not applied any more tells nothing, nor one while something is applied', () => {
  expect(kinds(applied, { ...found(), ledger: 1 })).toEqual([])
  expect(after(applied, { ...found(), ledger: undefined }, T0 + day).document).toBe(applied)
  const running = applying()
  expect(after(running, { ...clean, ledger: undefined }, T0 + day).document).toBe(running)
})

test('an apply that is done puts reality right', () => {
  const plan = planned('back', { digest: 'pd1:back', state, createdMs: T0 + day })
  const drifted = after(applied, found(), T0 + day).document
  const commands: Command[] = [
    storing(plan),
    approving(plan),
    {
      kind: 'claim',
      holder: { run: '2', by: 'ann' },
      purpose: 'remediate',
      leaseMs: 15 * minute,
      apply: conditions(plan),
    },
    { kind: 'intend', fence: 2, attempt: 'back-1', action: 'remediate', commit: 'c0ffee', apply: conditions(plan) },
    { kind: 'conclude', fence: 2, attempt: 'back-1', outcome: 'done', state: { ...state, serial: 5 }, reads: [] },
  ]
  let document = drifted
  for (const command of commands) document = after(document, command, T0 + day + minute).document
  expect(document.drift).toEqual({ checkedMs: T0 + day + minute, cleanMs: T0 + day + minute })
  expect(document.outbox.at(-1)).toMatchObject({ kind: 'drift-gone', class: 'out-of-band' })
  expect(document.ledger).toMatchObject({ fingerprint: 'fp1:aaaa', state: { serial: 5 } })
})
