import { expect, test } from 'vitest'
import { status } from '../../src/flows/status.ts'
import type { AddressDocument } from '../../src/records/document.ts'
import { readDocument, transact } from '../../src/records/journal.ts'
import { applies, apply, approve, lab, plan } from './lab.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const [minute, day] = [60_000, 86_400_000]

/** Every time in a document; how long something took is none. */
function times(document: AddressDocument): number[] {
  return [...JSON.stringify(document).matchAll(/"(?!duration)(?:\w+Ms)":(\d+)/g)].map((match) => Number(match[1]))
}

test('a clock that was set back by a day stops nothing, and no record is older than one before it', async () => {
  const it = lab()
  await plan(it.world({ clock: () => noon }))
  const yesterday = it.world({ clock: () => noon - day })
  const [item] = (await status(yesterday)).items
  if (item?.kind !== 'in-flight') throw new Error('it is in flight')
  expect(item.waitsFor.kind).toBe('approval')
  await approve(yesterday)
  await apply(it.world({ clock: () => noon - 2 * day }))
  const after = await status(it.world({ clock: () => noon - 2 * day }))
  expect([after.items, applies(it)]).toEqual([[], 1])
  const document = await readDocument(yesterday.store, item.document.address)
  expect(times(document).filter((time) => time < noon)).toEqual([])
  expect(document.ledger?.atMs).toBeGreaterThanOrEqual(document.plans[0]!.createdMs)
})

test('the lease of a run that is gone ends on a clock that was set back, and not before its time', async () => {
  const it = lab()
  const gone = it.world({ clock: () => noon })
  await plan(gone)
  await approve(gone)
  const address = (await status(gone)).items[0]!.document.address
  const holder = { run: 'local-1', by: 'Ann', process: gone.machine.self }
  await transact(gone.journal, address, { kind: 'claim', holder, purpose: 'apply', leaseMs: 15 * minute })
  let now = noon - day
  const early = await apply(it.world({ clock: () => now }))
  expect(early.items).toMatchObject([{ kind: 'refused', message: expect.stringContaining('whose process is gone') }])
  now += 14 * minute
  expect((await apply(it.world({ clock: () => now }))).items).toMatchObject([{ kind: 'refused' }])
  now += 2 * minute
  expect((await apply(it.world({ clock: () => now }))).items).toMatchObject([{ kind: 'applied' }])
  expect(applies(it)).toBe(1)
})
