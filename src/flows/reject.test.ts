import { expect, test } from 'vitest'
import { CutShort } from '../terraform/drivers/scripted.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { approvePlans } from './approve.ts'
import { rejectPlans } from './reject.ts'
import { status } from './status.ts'

const body = (size: number) => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
    db:
      vars: { size: 7 }
`
const vpc = { component: 'vpc', stack: 'dev' }
const no = { ...vpc, reason: 'not before the freeze ends' }

async function planned() {
  const lab = flowLab(labFiles(['vpc', 'db'], { dev: body(1) }))
  await lab.plan()
  return lab
}

test('a no is in the name of Git’s user, keeps only its own plan, and is taken back by a yes', async () => {
  const lab = await planned()
  await lab.approve()
  const { by, rejected } = await rejectPlans(lab.world, no)
  expect([by.name, rejected.map(({ id }) => id)]).toEqual(['Ann', ['vpc@dev']])
  expect(await lab.status()).toEqual(['db@dev never-applied: apply', 'vpc@dev never-applied: rejected'])
  expect((await lab.apply()).sort()).toEqual([
    'db@dev applied',
    'vpc@dev refused: the plan of vpc in dev was rejected by Ann at 09:00 UTC: not before the freeze ends',
  ])
  // All that waits does not bring back what was rejected; its name does.
  expect(await lab.approve()).toEqual([])
  expect(await lab.approve(vpc)).toEqual(['vpc@dev'])
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})

test('a rejected change is freed by another change', async () => {
  const lab = await planned()
  await rejectPlans(lab.world, no)
  lab.commit(labFiles([], { dev: body(2) }) as Record<string, string>)
  await lab.plan()
  expect(await lab.status()).toContain('vpc@dev never-applied: approval')
})

test('of several plans one must be named, by instance or digest; what nobody can find is refused', async () => {
  const lab = await planned()
  const { rejected, waiting } = await rejectPlans(lab.world, { reason: 'no' })
  expect([rejected, waiting.map(({ id }) => id)]).toEqual([[], ['db@dev', 'vpc@dev']])
  await expect(rejectPlans(lab.world, { reason: 'no', digest: 'ffff0000' })).rejects.toMatchObject({
    code: 'nothing-to-reject',
    fix: 'there are: db -s dev, vpc -s dev',
  })
  const { digest } = (await lab.document('db@dev')).plans[0]!
  expect((await rejectPlans(lab.world, { reason: 'no', digest: digest.slice(4, 12) })).rejected).toMatchObject([
    { id: 'db@dev' },
  ])
  await expect(rejectPlans(lab.world, { ...no, component: 'vcp' })).rejects.toMatchObject({
    code: 'component-unknown',
  })
})

test('what an interrupted apply has left can be rejected: it does not go on by the yes to the whole', async () => {
  let fails = true
  const lab = flowLab(labFiles(['vpc'], { dev: body(1).replace(/ {4}db:[\s\S]*/, '') }), {
    components: {
      vpc: ({ size }, prior, phase) => {
        if (phase === 'apply' && fails) throw new CutShort('failed', { ...prior, 'thing.a': { size } })
        return { objects: { 'thing.a': { size }, 'thing.b': { size } }, outputs: {} }
      },
    },
  })
  await lab.plan()
  await lab.approve()
  await lab.apply()
  expect(await lab.status()).toEqual(['vpc@dev never-applied, attempt-not-done: finish'])
  await rejectPlans(lab.world, no)
  expect(await lab.status()).toEqual(['vpc@dev never-applied, attempt-not-done: rejected'])
  fails = false
  expect(await lab.apply()).toEqual(['vpc@dev waits for plan'])
  await lab.plan()
  expect(await lab.apply()).toEqual(['vpc@dev waits for approval'])
  await approvePlans(lab.world, { all: false, ...vpc })
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  expect((await status(lab.world)).items).toEqual([])
})
