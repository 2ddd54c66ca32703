import { expect, test } from 'vitest'
import { CutShort, type ScriptedComponent } from '../terraform/drivers/scripted.ts'
import { knownAfterApply, type Objects } from '../terraform/drivers/scripted-plan.ts'
import { type FlowLab, flowLab, labFiles } from '../testkit/flow-lab.ts'
import { unlockInstance } from './unlock.ts'

const vpc = (size: number, more = '') => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
${more}`
const dev = (body: string) => labFiles([], { dev: body }) as Record<string, string>
const names = { component: 'vpc', stack: 'dev' }
const leaseMs = 15 * 60_000

/** How the next apply of `vpc` ends after `made` of its three objects. */
interface End {
  readonly how: 'failed' | 'killed'
  readonly made: number
  readonly stored?: boolean
}

/** A lab whose `vpc` holds three objects, made one after another; `end` cuts the next apply short. */
function lab(body = vpc(1), outputs = false): FlowLab & { end?: End | undefined } {
  const three: ScriptedComponent = (vars, prior, phase) => {
    const object = (name: string) => {
      const { id, ...old } = prior[name] ?? {}
      const later = phase === 'plan' ? knownAfterApply : `${name} ${vars.size}`
      return { ...vars, id: JSON.stringify(old) === JSON.stringify(vars) ? id : later }
    }
    const wanted: Objects = { 'thing.a': object('thing.a'), 'thing.b': object('thing.b'), 'thing.c': object('thing.c') }
    const end = phase === 'apply' ? it.end : undefined
    it.end = phase === 'apply' ? undefined : it.end
    if (end === undefined) return { objects: wanted, outputs: outputs ? { size: vars.size } : {} }
    const made = Object.fromEntries(Object.entries(wanted).slice(0, end.made))
    throw new CutShort(end.how, { ...prior, ...made }, end)
  }
  const names = [...body.matchAll(/^ {4}(\w+):$/gm)].map(([, name]) => name!)
  const it: FlowLab & { end?: End | undefined } = flowLab(labFiles(names, { dev: body }), {
    components: { vpc: three },
  })
  return it
}

/** Applies, is killed, and goes on as another process once the lease has ended. */
async function killed(it: ReturnType<typeof lab>, end: Omit<End, 'how'>): Promise<void> {
  it.end = { how: 'killed', ...end }
  await expect(it.apply()).rejects.toThrow('killed')
  it.restart()
}

const attempts = async (it: FlowLab) =>
  (await it.document('vpc@dev')).attempts.map(({ outcome, found }) => [outcome, found?.what, found?.is])

test('what a killed apply has left goes on without a new approval, once the lease has ended', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  await killed(it, { made: 1 })
  expect(await it.status()).toEqual(['vpc@dev never-applied, attempt-not-done: running'])
  expect((await it.apply())[0]).toMatch(/^vpc@dev refused: vpc in dev was left by Ann, .* whose process is gone/)
  it.time.nowMs += leaseMs
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect(await it.status()).toEqual([])
  const { outbox: _, attempts: all, ...document } = await it.document('vpc@dev')
  expect(all).toMatchObject([
    {
      outcome: 'partial',
      found: {
        what: 'partial',
        is: 'residual',
        mayExist: [
          { address: 'thing.b', type: 'thing' },
          { address: 'thing.c', type: 'thing' },
        ],
      },
    },
    { outcome: 'done' },
  ])
  expect(document).not.toHaveProperty('claim')
  expect(document.plans.at(-1)).toMatchObject({ status: { kind: 'applied' }, changes: { create: 2 } })
})

test('a person who unlocks need not wait for the lease', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  await killed(it, { made: 2 })
  await unlockInstance(it.world, { ...names, reason: 'it was killed' })
  expect(await it.status()).toEqual(['vpc@dev never-applied, attempt-not-done: finish'])
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect(await attempts(it)).toEqual([
    ['partial', 'partial', 'residual'],
    ['done', undefined, undefined],
  ])
})

test('an apply that had done all of it when it was killed is done: the ledger advances', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  await it.apply()
  it.commit(dev(vpc(2)))
  await it.plan()
  await it.approve()
  await killed(it, { made: 3 })
  it.time.nowMs += leaseMs
  expect(await it.apply()).toEqual(['vpc@dev advanced'])
  expect((await attempts(it))[1]).toEqual(['done', 'done', 'residual'])
  expect(await it.status()).toEqual([])
})

test('outputs that were not stored yet are what was left', async () => {
  const it = lab(vpc(1), true)
  await it.plan()
  await it.approve()
  await killed(it, { made: 3 })
  it.time.nowMs += leaseMs
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect(await it.status()).toEqual([])
})

test('of a killed apply of which nothing can be seen, updates were not done; creations may be there', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  await killed(it, { made: 1, stored: false })
  it.time.nowMs += leaseMs
  await it.apply()
  expect((await attempts(it))[0]).toEqual(['unknown', 'unknown', 'residual'])
  it.commit(dev(vpc(2)))
  await it.plan()
  await it.approve()
  await killed(it, { made: 0 })
  it.time.nowMs += leaseMs
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: same'])
  expect((await attempts(it))[2]).toEqual(['failed', 'never-started', 'residual'])
})

test('killed twice, the rest of the rest is still what was approved', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  for (const made of [1, 2]) {
    await killed(it, { made })
    it.time.nowMs += leaseMs
  }
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: residual'])
  expect((await it.document('vpc@dev')).approvals).toEqual([])
})

test('an apply that failed half-way is finished by the next one without a new approval', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  it.end = { how: 'failed', made: 1 }
  expect(await it.apply()).toEqual(['vpc@dev failed at apply, partial'])
  expect(await it.status()).toEqual(['vpc@dev never-applied, attempt-not-done: finish'])
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: residual'])
})

test('what is left may be planned and looked at first, and needs no approval then either', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  it.end = { how: 'failed', made: 1 }
  await it.apply()
  expect(await it.plan()).toEqual(['vpc@dev planned'])
  expect(await it.status()).toEqual(['vpc@dev never-applied, attempt-not-done: finish'])
  expect(await it.apply()).toEqual(['vpc@dev applied, planned again: residual'])
})

test('another change of reality meanwhile asks again, and shows the difference', async () => {
  const it = lab()
  await it.plan()
  await it.approve()
  await it.apply()
  it.commit(dev(vpc(2)))
  await it.plan()
  await it.approve()
  it.end = { how: 'failed', made: 1 }
  await it.apply()
  // Somebody deletes an object: to create it was approved by nobody.
  await it.drift('vpc@dev', 'thing.b', undefined)
  expect(await it.apply()).toEqual(['vpc@dev waits for approval, another plan than approved'])
  expect(await it.status()).toEqual(['vpc@dev changed, attempt-not-done: approval'])
  expect((await attempts(it))[1]).toEqual(['partial', 'partial', 'different'])
  await it.approve()
  expect(await it.apply()).toEqual(['vpc@dev applied'])
})
