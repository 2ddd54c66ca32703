import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { knownAfterApply } from '../terraform/drivers/scripted-plan.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { status } from './status.ts'

const chain = (size: number, reads: string) => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
    app:
      vars: { network: !terraform.state vpc ${reads} }
`
const dev = (body: string) => labFiles([], { dev: body }) as Record<string, string>

/** A lab in which everything is applied. */
async function settled(...[files, options]: Parameters<typeof flowLab>) {
  const lab = flowLab(files, options)
  for (let round = 0; (await lab.status()).length > 0; round++) {
    if (round > 3) throw new Error(`does not settle: ${(await lab.status()).join('; ')}`)
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
  return lab
}

test('a reader of an upstream that was never applied is deferred, planned during apply, and then approved', async () => {
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: chain(1, 'version') }))
  expect(await lab.plan()).toEqual(['app@dev deferred, waits for vpc@dev', 'vpc@dev planned'])
  expect(await lab.approve()).toEqual(['vpc@dev'])
  expect(await lab.apply()).toEqual(['vpc@dev applied', 'app@dev waits for approval'])
  expect(await lab.approve()).toEqual(['app@dev'])
  expect(await lab.apply()).toEqual(['app@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('a provisional plan that comes out as approved goes on alone', async () => {
  const lab = await settled(labFiles(['vpc', 'app'], { dev: chain(1, 'steady') }))
  lab.commit(dev(chain(2, 'steady')))
  expect(await lab.plan()).toEqual(['app@dev planned provisionally on vpc@dev', 'vpc@dev planned'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied', 'app@dev advanced'])
  expect(await lab.status()).toEqual([])
})

test('a provisional plan that comes out otherwise waits for another approval', async () => {
  const lab = await settled(labFiles(['vpc', 'app'], { dev: chain(1, 'version') }))
  lab.commit(dev(chain(2, 'version')))
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied', 'app@dev waits for approval, another plan than approved'])
  expect(await lab.status()).toEqual(['app@dev read-moved: approval'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['app@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('a value that moved keeps its reader in flight for a job that may not look at states', async () => {
  const lab = await settled(labFiles(['vpc', 'app'], { dev: chain(1, 'version') }))
  lab.commit(dev(chain(2, 'version')))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  const read = async () => {
    throw new UserError({ code: 'role-refused', message: 'no role that reads states' })
  }
  const blind = async () => (await status({ ...lab.world, states: { read } })).items
  expect(await blind()).toMatchObject([
    { id: 'app@dev', why: [{ kind: 'read-moved' }], waitsFor: { kind: 'approval' } },
  ])
  await lab.approve()
  expect(await blind()).toMatchObject([{ id: 'app@dev', waitsFor: { kind: 'apply' } }])
  await lab.apply()
  expect(await blind()).toEqual([])
})

test('values that were unknown and are known now are covered by the approval, even if the run was killed in between', async () => {
  // The object's zone is something that only the cloud can tell, once the network is there.
  const options: NonNullable<Parameters<typeof flowLab>[1]> = {
    components: {
      app: (vars, prior, phase) => {
        const zone = lab?.cloud.get('zone') ?? (phase === 'apply' ? 'a' : knownAfterApply)
        return { objects: { 'app.this': { ...vars, zone: prior['app.this']?.zone === 'b' ? 'b' : zone } }, outputs: {} }
      },
    },
  }
  let lab: Awaited<ReturnType<typeof settled>> | undefined
  const app = (label: string) =>
    chain(label === 'one' ? 1 : 2, `steady }, label: !template ${label}`)
      .replace(' }, label', '\n        label')
      .replace('{ network', '\n        network')
      .replace(/ }\n$/, '\n')
  lab = await settled(labFiles(['vpc', 'app'], { dev: app('one') }), options)
  lab.commit(dev(app('two')))
  expect(await lab.plan()).toEqual(['app@dev planned provisionally on vpc@dev', 'vpc@dev planned'])
  await lab.approve()
  lab.cloud.set('zone', 'b')
  expect(await lab.apply()).toEqual(['vpc@dev applied', 'app@dev applied, planned again: filled'])
})
