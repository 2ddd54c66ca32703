import { expect, test } from 'vitest'
import { parseEvents } from '../records/format.ts'
import { CutShort } from '../terraform/drivers/scripted.ts'
import { type FlowLab, flowLab, labFiles } from '../testkit/flow-lab.ts'
import { planChanges } from './plan.ts'
import { unlockInstance } from './unlock.ts'
import { unlockState } from './unlock-state.ts'

const vpc = (backend = 'local') => ({
  ...labFiles(['vpc'], { dev: `components:\n  terraform:\n    vpc:\n      vars: { size: 1 }\n` }),
  'stacks/dev.yaml': `vars: { stage: dev }
terraform:
  backend_type: ${backend}
  backend:
    ${backend}: {}
components:
  terraform:
    vpc:
      vars: { size: 1 }
`,
})
const names = { component: 'vpc', stack: 'dev' }
const lock = { operation: 'OperationTypeApply', who: 'bob@laptop', created: '2026-11-24T08:50:00Z' }
const locked =
  'the state of vpc in dev is locked by bob@laptop, since 08:50 UTC (apply, lock 7c0e), and that is no run of Airlock'

/** A lab whose first apply is killed half-way. */
async function killed(backend?: string): Promise<FlowLab> {
  let dies = true
  const lab = flowLab(vpc(backend), {
    components: {
      vpc: ({ size }, prior, phase) => {
        if (phase === 'apply' && dies) {
          dies = false
          throw new CutShort('killed', { ...prior, 'thing.a': { size } })
        }
        return { objects: { 'thing.a': { size }, 'thing.b': { size } }, outputs: {} }
      },
    },
  })
  await lab.plan()
  await lab.approve()
  await expect(lab.apply()).rejects.toThrow('killed')
  lab.restart()
  await unlockInstance(lab.world, { ...names, reason: 'it was killed' })
  return lab
}

async function events(lab: FlowLab): Promise<unknown[]> {
  const keys = await lab.store.list('events/')
  const stored = await Promise.all(keys.map(async (key) => parseEvents((await lab.store.get(key))!.bytes, key)))
  return stored.flat()
}

test('the lock that a killed apply has left is in its attempt, and is released for it', async () => {
  const lab = await killed()
  const [attempt] = (await lab.document('vpc@dev')).attempts
  expect(attempt).toMatchObject({ outcome: 'unknown', lock: 'lock-1' })
  expect(await lab.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect(await events(lab)).toContainEqual(
    expect.objectContaining({
      kind: 'lock-released',
      lock: 'lock-1',
      attempt: attempt!.id,
      by: expect.stringMatching(/^Ann, run /),
    }),
  )
  expect((await lab.document('vpc@dev')).attempts[0]).not.toHaveProperty('lock')
})

test('a lock that is not in the journal is another one’s: nothing is planned or applied, and it says whose', async () => {
  const lab = flowLab(vpc())
  await lab.plan()
  await lab.approve()
  await lab.hold('vpc@dev', { ...lock, id: '7c0e', visible: true })
  const { items } = await planChanges(lab.world, {}, { begin: () => {}, doing: () => {}, finished: () => {} })
  expect(items).toMatchObject([{ kind: 'failed', step: 'preparation', output: expect.stringContaining(locked) }])
  expect(await lab.apply()).toEqual([`vpc@dev refused: ${locked}`])
  expect(lab.terraform.ran.filter((it) => it.startsWith('apply'))).toEqual([])
  await lab.hold('vpc@dev', undefined)
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})

test('a lock that a plan has left beside a local state is no matter', async () => {
  const lab = flowLab(vpc())
  await lab.hold('vpc@dev', { ...lock, id: '7c0e', operation: 'OperationTypePlan', visible: true })
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})

test('where a lock cannot be looked at, Terraform’s own words tell whose it is', async () => {
  const lab = flowLab(vpc('s3'))
  await lab.plan()
  await lab.approve()
  await lab.hold('vpc@dev', { ...lock, id: '7c0e', visible: false })
  const { items } = await planChanges(lab.world, {}, { begin: () => {}, doing: () => {}, finished: () => {} })
  expect(items).toMatchObject([
    {
      kind: 'failed',
      step: 'plan',
      output: expect.stringMatching(/^Error: Error acquiring[\s\S]*locked by bob@laptop/),
    },
  ])
  expect(await lab.apply()).toEqual([`vpc@dev refused: ${locked}`])
  const document = await lab.document('vpc@dev')
  expect(document.attempts).toMatchObject([{ outcome: 'failed' }])
  expect(document).not.toHaveProperty('claim')
  await lab.hold('vpc@dev', undefined)
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})

test('a lock that a killed apply has left where it cannot be looked at is released by a person', async () => {
  const lab = await killed('s3')
  expect((await lab.document('vpc@dev')).attempts[0]).not.toHaveProperty('lock')
  expect((await lab.apply())[0]).toMatch(
    /^vpc@dev refused: the state of vpc in dev is locked by ann@lab, since 09:00 UTC/,
  )
  await expect(unlockState(lab.world, { ...names, lock: '7c0e', reason: 'why not' })).rejects.toMatchObject({
    code: 'lock-not-released',
  })
  await unlockState(lab.world, { ...names, lock: 'lock-1', reason: 'that laptop is gone' })
  expect(await lab.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect(await events(lab)).toContainEqual(
    expect.objectContaining({ kind: 'lock-released', lock: 'lock-1', by: 'Ann', reason: 'that laptop is gone' }),
  )
})

test('a person does not release the lock of an apply that is under way, nor one that is not there', async () => {
  const lab = flowLab(vpc())
  await expect(unlockState(lab.world, { ...names, lock: '7c0e', reason: 'why not' })).rejects.toMatchObject({
    code: 'lock-not-released',
    message: 'the state of vpc in dev has no lock 7c0e: it is not locked',
  })
  await lab.hold('vpc@dev', { ...lock, id: '7c0e', visible: true })
  await expect(unlockState(lab.world, { ...names, lock: 'ffff', reason: 'why not' })).rejects.toMatchObject({
    message: 'the state of vpc in dev has no lock ffff: its lock is 7c0e, of bob@laptop',
  })
  await unlockState(lab.world, { ...names, lock: '7c0e', reason: 'bob says so' })
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
})
