import { expect, test } from 'vitest'
import { statusText } from '../cli/status.ts'
import { paint } from '../cli/style.ts'
import { addressId } from '../records/address.ts'
import { encodeDocument } from '../records/format.ts'
import { documentKey } from '../records/keys.ts'
import { type FlowLab, flowLab, type LabOptions, labFiles } from '../testkit/flow-lab.ts'
import { adopt } from './adopt.ts'
import { dashboard } from './dashboard.ts'
import { showInstance } from './show.ts'
import { isOpen, status } from './status.ts'

const events = { begin: () => {}, doing: () => {}, finished: () => {} }
const dev = (body: string) => labFiles([], { dev: `components:\n  terraform:\n${body}` }) as Record<string, string>
const of = (name: string, size = 1, more = '') => `    ${name}:\n      vars: { size: ${size} }\n${more}`
const reads = (of: string) => `    late:\n      vars:\n        size: !terraform.state ${of} size\n`
const three = of('app') + of('db') + of('vpc')
const files = (body: string) => ({ ...labFiles(['vpc', 'db', 'app', 'late'], {}), ...dev(body) })

/** An estate that was applied without Airlock: it has states, and no records. */
async function estate(options?: LabOptions, body = three): Promise<FlowLab> {
  const lab = flowLab(files(body), options)
  await lab.plan()
  await lab.approve()
  await lab.apply()
  await lab.forget()
  return lab
}

test('an estate that is as it should be: nothing is in flight after adoption, and nothing was applied or sealed', async () => {
  const lab = await estate()
  expect(await lab.status()).toHaveLength(3)
  const before = lab.terraform.ran.length
  expect(await lab.adopt()).toEqual(['app@dev applied', 'db@dev applied', 'vpc@dev applied'])
  expect(await lab.status()).toEqual([])
  expect(lab.terraform.ran.slice(before).filter((it) => it.startsWith('apply'))).toEqual([])
  expect(await lab.store.list('')).toEqual(['baseline.json'])
})

test("what drifted, was never applied, or cannot be planned is unknown: listed, and in nobody's way", async () => {
  const fails: LabOptions['fails'] = (step, { key }) =>
    step === 'plan' && broken && key.endsWith('vpc@dev') ? 'Error: no such host\n\nmore\n' : undefined
  let broken = false
  const lab = await estate({ fails })
  broken = true
  lab.commit(dev(three + of('late')))
  await lab.drift('db@dev', 'thing.this', { size: 7, stage: 'dev', version: 1, steady: 'steady' })
  expect(await lab.adopt()).toEqual([
    'app@dev applied',
    'db@dev drifted',
    'late@dev never-applied',
    'vpc@dev plan-failed',
  ])
  const now = await status(lab.world)
  expect(now.items.some(isOpen)).toBe(false)
  const text = statusText(now, paint(false))
  expect(text).toMatch(/^Nothing is in flight: 1 of 4 instances are as main@/)
  expect(text).toContain('Unknown since adoption: 3')
  expect(text).toMatch(/db +-s dev +drifted: 1 to change/)
  expect(text).toMatch(/late +-s dev +never applied: 1 to add/)
  expect(text).toMatch(/vpc +-s dev +could not be planned: plan: Error: no such host/)
  const { instances, baseline } = await dashboard(lab.world)
  expect(instances.map(({ id, says }) => `${id}: ${says}`)).toEqual([
    'app@dev: applied and clean',
    'db@dev: unknown since adoption: drifted: 1 to change',
    'late@dev: unknown since adoption: never applied: 1 to add',
    'vpc@dev: unknown since adoption: could not be planned: plan: Error: no such host',
  ])
  expect(baseline).toMatchObject({ by: expect.stringMatching(/^Ann, run local-/) })
})

test('the plan of what had drifted is kept to look at', async () => {
  const lab = await estate()
  await lab.drift('db@dev', 'thing.this', { size: 7, stage: 'dev', version: 1, steady: 'steady' })
  await lab.adopt()
  const { model, adopted, plan } = await showInstance(lab.world, { component: 'db', stack: 'dev' })
  expect(plan).toBeUndefined()
  expect(adopted?.standing).toMatchObject({ why: 'drifted', changes: { change: 1 } })
  expect(model?.drift.map(({ address }) => address)).toEqual(['thing.this'])
})

test('a change after adoption is in flight as always; planned, approved and applied it is known', async () => {
  const lab = await estate()
  await lab.drift('db@dev', 'thing.this', { size: 7, stage: 'dev', version: 1, steady: 'steady' })
  await lab.adopt()
  lab.commit(dev(of('app', 2) + of('db', 2) + of('vpc')))
  expect(await lab.status()).toEqual(['app@dev changed: plan', 'db@dev changed: plan'])
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual(['app@dev applied', 'db@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('what was never applied is planned by name, approved, and applied', async () => {
  const lab = await estate()
  lab.commit(dev(three + of('late')))
  await lab.adopt()
  expect(await lab.apply()).toEqual([])
  expect(await lab.plan({ component: 'late', stack: 'dev' })).toEqual(['late@dev planned'])
  expect(await lab.status()).toEqual(['late@dev unknown: never-applied'])
  expect(await lab.approve()).toEqual(['late@dev'])
  expect(await lab.apply()).toEqual(['late@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('what waits for an upstream that was never applied was never applied either', async () => {
  const lab = await estate({}, of('app'))
  lab.commit(dev(of('app') + of('db') + reads('db')))
  expect(await lab.adopt()).toEqual(['app@dev applied', 'db@dev never-applied', 'late@dev never-applied'])
})

test('what was adopted and reads a value that an apply moves comes in flight, and is not forgotten', async () => {
  const lab = await estate({}, of('db') + reads('db'))
  expect(await lab.adopt()).toEqual(['db@dev applied', 'late@dev applied'])
  lab.commit(dev(of('db', 2) + reads('db')))
  await lab.plan({ component: 'db', stack: 'dev' })
  await lab.approve()
  await lab.apply({ component: 'db', stack: 'dev' })
  expect(await lab.status()).toEqual(['late@dev read-moved: plan'])
})

test('adopted at an earlier commit, what was merged since is in flight', async () => {
  const lab = await estate()
  const first = await lab.world.repo.resolve('main')
  lab.commit(dev(of('app', 5) + of('db') + of('vpc')))
  expect(await lab.adopt({ at: first! })).toEqual(['app@dev applied', 'db@dev applied', 'vpc@dev applied'])
  expect(await lab.status()).toEqual(['app@dev changed: plan'])
})

test('adoption is done once; again it says what is another now, and takes the place of the first', async () => {
  const lab = await estate()
  await lab.adopt()
  await expect(lab.adopt()).rejects.toMatchObject({ code: 'adopted-already', exit: 3 })
  await lab.drift('db@dev', 'thing.this', { size: 7, stage: 'dev', version: 1, steady: 'steady' })
  const { changes } = await adopt(lab.world, { again: true }, events)
  expect(changes?.map(({ name }) => name)).toEqual(['db@dev'])
  expect(await lab.status()).toEqual(['db@dev unknown: drifted'])
})

test('an adoption that is interrupted writes nothing', async () => {
  const stop = { aborted: false }
  let adopting = false
  const lab = await estate({
    fails: (step) => {
      if (step !== 'plan' || !adopting) return undefined
      stop.aborted = true
      return 'Error: operation canceled\n'
    },
  })
  adopting = true
  await expect(lab.adopt({ stop })).rejects.toMatchObject({ code: 'interrupted', exit: 1 })
  expect(await lab.store.list('')).toEqual([])
})

test('of two adoptions at once one is written, and the other is told so', async () => {
  const lab = await estate()
  const both = await Promise.allSettled([lab.adopt(), lab.adopt()])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(both.find((it) => it.status === 'rejected')).toMatchObject({ reason: { code: 'adopted-already' } })
})

test('only a commit of the protected branch can be adopted', async () => {
  const lab = await estate()
  lab.commit(dev(of('app', 9)), { branch: 'wild' })
  await expect(lab.adopt({ at: 'wild' })).rejects.toMatchObject({ code: 'commit-not-on-branch' })
})

test('what has a ledger keeps it, and is not looked at', async () => {
  const lab = await estate()
  await lab.plan({ component: 'app', stack: 'dev' })
  await lab.apply({ component: 'app', stack: 'dev' })
  const { items, recorded } = await adopt(lab.world, {}, events)
  await lab.drift('db@dev', 'thing.this', { size: 7, stage: 'dev', version: 1, steady: 'steady' })
  await lab.plan({ component: 'vpc', stack: 'dev' })
  await lab.apply({ component: 'vpc', stack: 'dev' })
  const again = await adopt(lab.world, { again: true }, events)
  expect(again.changes?.map(({ name, after }) => `${name} ${after?.standing.kind}`)).toEqual(['db@dev unknown'])
  expect(items.map(({ id }) => id)).toEqual(['db@dev', 'vpc@dev'])
  expect(recorded).toEqual(['app@dev'])
})

test('what was adopted and is then removed by name is destroyed, from the commit that was adopted', async () => {
  const lab = await estate()
  await lab.adopt()
  lab.commit(dev(of('db') + of('vpc')))
  expect(await lab.status()).toEqual(['app@dev gone: plan'])
  expect(await lab.plan()).toEqual(['app@dev planned'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['app@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('a ledger of another fingerprint version is computed anew from its commit: nothing looks changed', async () => {
  const lab = await estate()
  await lab.plan()
  await lab.approve()
  await lab.apply()
  const app = await lab.document('app@dev')
  const old = { ...app, ledger: { ...app.ledger!, fingerprint: 'fp0:0123' } }
  await lab.store.put(documentKey(addressId(app.address)), encodeDocument(old), { kind: 'any' })
  expect(await lab.status()).toEqual([])
  lab.commit(dev(of('app', 2) + of('db') + of('vpc')))
  expect(await lab.status()).toEqual(['app@dev changed: plan'])
})
