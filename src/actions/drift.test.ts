import { expect, test } from 'vitest'
import { type DriftItem, findDrift } from '../flows/drift.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { driftNotes } from './drift.ts'

const events = { begin: () => {}, doing: () => {}, finished: () => {} }

async function drifted() {
  const lab = flowLab(labFiles(['vpc', 'db'], { dev: 'components:\n  terraform:\n    vpc: {}\n    db: {}\n' }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  await lab.drift('vpc@dev', 'thing.this', { size: 7, stage: 'dev', version: 1, steady: 'steady' })
  return findDrift(lab.world, {}, events)
}

test('what has drifted is noted where the instance is written, and only a look that failed is a failure', async () => {
  const outcome = await drifted()
  const where = { path: 'stacks/dev.yaml', line: expect.any(Number) }
  expect(driftNotes(outcome)).toEqual([
    {
      ...where,
      level: 'warning',
      title: 'vpc -s dev was changed outside',
      message: '1 to change to be as it was applied. The summary of this job says what differs.',
    },
  ])
  const db = { id: 'db@dev', component: 'db', stack: 'dev' } as const
  const items: DriftItem[] = [{ ...db, kind: 'failed', why: 'no credentials', output: '' }]
  expect(driftNotes({ ...outcome, items })).toEqual([
    { ...where, level: 'failure', title: 'db -s dev: the look failed', message: 'no credentials' },
  ])
})

test('of many notes the last says how many are missing', async () => {
  const outcome = await drifted()
  const [vpc] = outcome.items.filter(({ kind }) => kind === 'drifted')
  const notes = driftNotes({ ...outcome, items: Array.from({ length: 12 }, () => vpc!) })
  expect(notes).toHaveLength(10)
  expect(notes.at(-1)).toEqual({ level: 'warning', message: 'and 3 more: the summary of this job names them' })
})
