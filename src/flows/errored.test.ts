import { expect, test } from 'vitest'
import { CutShort } from '../terraform/drivers/scripted.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { recoverState } from './recover.ts'

const names = { component: 'vpc', stack: 'dev' }

/** A lab whose first apply makes one of two objects, and cannot store its state. */
async function unstored() {
  let fails = true
  const lab = flowLab(labFiles(['vpc'], { dev: 'components:\n  terraform:\n    vpc:\n      vars: { size: 1 }\n' }), {
    components: {
      vpc: ({ size }, prior, phase) => {
        if (phase === 'apply' && fails)
          throw new CutShort('failed', { ...prior, 'thing.a': { size } }, { stored: false })
        return { objects: { 'thing.a': { size }, 'thing.b': { size } }, outputs: {} }
      },
    },
  })
  await lab.plan()
  await lab.approve()
  expect((await lab.apply())[0]).toMatch(/^vpc@dev failed at apply/)
  fails = false
  return lab
}

const refusal = /the apply of vpc in dev by Ann, run \S+, at 09:00 UTC, could not store its state/

test('a state that could not be stored is offered first: nothing is planned or applied before somebody decided', async () => {
  const lab = await unstored()
  expect(await lab.plan()).toEqual(['vpc@dev failed at preparation'])
  expect((await lab.apply())[0]).toMatch(refusal)
  const { state } = await recoverState(lab.world, { ...names, how: { kind: 'look' } })
  expect(JSON.parse(new TextDecoder().decode(state))).toMatchObject({ objects: { 'thing.a': { size: 1 } } })
  expect((await lab.apply())[0]).toMatch(refusal)
})

test('once it is pushed, what is left goes on, and nothing is made twice', async () => {
  const lab = await unstored()
  await recoverState(lab.world, { ...names, how: { kind: 'push' } })
  expect(await lab.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect((await lab.document('vpc@dev')).attempts[0]).toMatchObject({ errored: 'pushed' })
  await expect(recoverState(lab.world, { ...names, how: { kind: 'push' } })).rejects.toMatchObject({
    code: 'nothing-to-recover',
  })
})

test('a person may do without it, and says why', async () => {
  const lab = await unstored()
  await recoverState(lab.world, { ...names, how: { kind: 'drop', reason: 'I removed it by hand' } })
  expect((await lab.apply())[0]).toMatch(/^vpc@dev applied/)
  expect(await lab.status()).toEqual([])
})
