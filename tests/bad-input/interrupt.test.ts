import { expect, test } from 'vitest'
import { status } from '../../src/flows/status.ts'
import type { World } from '../../src/flows/world.ts'
import { applies, apply, approve, lab, plan } from './lab.ts'

/** A world whose Terraform is told to end before it has prepared the working copy. */
function interrupted(world: World): World {
  const ran = { exitCode: 130, output: 'Interrupted before it began; nothing was started.\n', durationMs: 0 }
  const { terraform } = world
  const open: typeof terraform.open = async (...args) => ({
    ...(await terraform.open(...args)),
    plan: async () => ({ kind: 'failed', step: 'init', ran }),
    show: async () => ({ kind: 'failed', step: 'init', ran }),
  })
  return { ...world, terraform: { ...terraform, open } }
}

test('an apply that is interrupted before Terraform ran leaves the sealed plan and the approval as they are', async () => {
  const it = lab()
  await plan(it.world())
  await approve(it.world())
  expect((await apply(interrupted(it.world()))).items).toMatchObject([
    {
      kind: 'failed',
      step: 'preparation',
      output: `the sealed plan of vpc in dev could not be checked: terraform init ended with 130
Interrupted before it began; nothing was started.
nothing was applied, and the plan stays as it is; run again: airlock apply vpc -s dev`,
    },
  ])
  const [item] = (await status(it.world())).items
  expect(item).toMatchObject({ kind: 'in-flight', waitsFor: { kind: 'apply' } })
  expect(item?.document).not.toHaveProperty('claim')
  expect((await apply(it.world())).items).toMatchObject([{ kind: 'applied' }])
  expect(applies(it)).toBe(1)
})

test('a plan that is interrupted before Terraform ran says so, and stores nothing', async () => {
  const it = lab()
  expect((await plan(interrupted(it.world()))).items).toMatchObject([
    { kind: 'failed', step: 'init', output: expect.stringContaining('Interrupted before it began') },
  ])
  const { store } = it.world()
  expect([await store.list('plans/'), await store.list('inbox/'), await store.list('documents/')]).toEqual([[], [], []])
})
