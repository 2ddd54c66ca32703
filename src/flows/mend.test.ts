import { expect, test } from 'vitest'
import { CutShort } from '../terraform/drivers/scripted.ts'
import { type FlowLab, flowLab, labFiles } from '../testkit/flow-lab.ts'

const body = (size: number) => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
    app:
      vars: { network: !terraform.state vpc size }
`
const dev = (size: number) => labFiles([], { dev: body(size) }) as Record<string, string>

/** `vpc` holds two objects; size 2 fails after the first. */
async function failed(): Promise<FlowLab> {
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: body(1) }), {
    components: {
      vpc: ({ size }, prior, phase) => {
        const made = { ...prior, 'thing.a': { size } }
        if (phase === 'apply' && size === 2) throw new CutShort('failed', made)
        return { objects: { 'thing.a': { size }, 'thing.b': { size } }, outputs: { size } }
      },
    },
  })
  await lab.plan()
  await lab.approve()
  await lab.apply()
  expect(await lab.status()).toEqual([])
  lab.commit(dev(2), { subject: 'Grow vpc (#1)' })
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev failed at apply, partial', 'app@dev blocked by vpc@dev'])
  return lab
}

test('the fix of a failed apply is planned, approved and applied as usual', async () => {
  const lab = await failed()
  lab.commit(dev(3), { subject: 'Mend vpc (#2)' })
  expect(await lab.status()).toContain('vpc@dev changed, attempt-not-done: plan')
  await lab.plan()
  expect(await lab.status()).toContain('vpc@dev changed, attempt-not-done: approval')
  await lab.approve()
  expect((await lab.apply())[0]).toBe('vpc@dev applied')
  await lab.approve()
  await lab.apply()
  expect(await lab.status()).toEqual([])
})

test('after a revert nothing looks clean until reality is: what was done half-way is planned back', async () => {
  const lab = await failed()
  lab.commit(dev(1), { subject: 'Revert "Grow vpc (#1)" (#3)' })
  expect(await lab.status()).toContain('vpc@dev attempt-not-done: plan')
  expect((await lab.apply())[0]).toBe('vpc@dev waits for plan')
  await lab.plan()
  // The yes to the same change was spent when it was applied: its undoing is asked again.
  expect(await lab.status()).toContain('vpc@dev attempt-not-done: approval')
  await lab.approve()
  expect((await lab.apply())[0]).toBe('vpc@dev applied')
  expect(await lab.status()).toEqual([])
})

test('a revert of what failed before it did anything is clean once a plan has found so, without an approval', async () => {
  let fails = false
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: body(1) }), {
    fails: (step, { folder }) => (fails && step === 'apply' && folder.endsWith('vpc') ? 'Error: no\n' : undefined),
  })
  await lab.plan()
  await lab.approve()
  await lab.apply()
  await lab.approve()
  await lab.apply()
  fails = true
  lab.commit(dev(2))
  await lab.plan()
  await lab.approve()
  expect((await lab.apply())[0]).toBe('vpc@dev failed at apply, failed')
  lab.commit(dev(1))
  expect(await lab.status()).toContain('vpc@dev attempt-not-done: plan')
  await lab.plan()
  expect((await lab.apply())[0]).toBe('vpc@dev advanced')
  expect(await lab.status()).toEqual([])
})
