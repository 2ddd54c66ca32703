import { expect, test } from 'vitest'
import type { Journal } from '../records/journal.ts'
import { knownAfterApply } from '../terraform/drivers/scripted-plan.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { applyInFlight } from './apply.ts'
import { approvePlans } from './approve.ts'
import { unlockInstance } from './unlock.ts'

const vpc = (size: number) => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
`
const dev = (body: string) => labFiles([], { dev: body }) as Record<string, string>
const events = { begin: () => {}, doing: () => {}, finished: () => {} }

test('two applies at once: one applies, the other is told so', async () => {
  const lab = flowLab(labFiles(['vpc'], { dev: vpc(1) }))
  await lab.plan()
  await lab.approve()
  const both = await Promise.all([lab.apply(), lab.apply()])
  const lines = both.flat().sort()
  expect(lines[0]).toBe('vpc@dev applied')
  expect(lines[1]).toMatch(/^vpc@dev refused: /)
  expect(lab.terraform.ran.filter((it) => it.startsWith('apply'))).toHaveLength(1)
  expect(await lab.status()).toEqual([])
})

test('an approval lives through a run that is killed after it planned again', async () => {
  let killed = false
  const dies: (journal: Journal) => Journal = (journal) => ({
    ...journal,
    store: {
      ...journal.store,
      // The plan made again is stored and folded; then nothing is written any more.
      async put(key, bytes, condition) {
        if (killed && new TextDecoder().decode(bytes).includes('"claim":')) throw new Error('killed')
        return journal.store.put(key, bytes, condition)
      },
    },
  })
  const body = (size: number) => `${vpc(size)}    app:
      vars: { network: !terraform.state vpc steady, size: ${size} }
`
  const lab: ReturnType<typeof flowLab> = flowLab(labFiles(['vpc', 'app'], { dev: body(1) }), {
    journal: dies,
    components: {
      app: (vars, prior, phase) => {
        const zone = lab.cloud.get('zone') ?? prior['app.this']?.zone ?? 'a'
        const shown = lab.cloud.get('zone') === undefined && phase === 'plan' ? knownAfterApply : zone
        return { objects: { 'app.this': { ...vars, zone: shown } }, outputs: {} }
      },
    },
  })
  await lab.plan()
  await lab.approve()
  await lab.apply()
  await lab.approve()
  await lab.apply()
  expect(await lab.status()).toEqual([])
  lab.commit(dev(body(2)))
  await lab.plan()
  await lab.approve()
  expect(await lab.apply({ component: 'vpc', stack: 'dev' })).toEqual(['vpc@dev applied'])
  lab.cloud.set('zone', 'b')
  killed = true
  await expect(lab.apply()).rejects.toThrow('killed')
  killed = false
  expect((await lab.document('app@dev')).plans.map(({ status: it }) => ('why' in it ? it.why : it.kind))).toEqual([
    'applied',
    'newer-plan',
    'open',
  ])
  expect(await lab.apply()).toEqual(['app@dev applied, planned again: filled'])
})

test('an approval of a plan that was superseded meanwhile is refused', async () => {
  const lab = flowLab(labFiles(['vpc'], { dev: vpc(1) }))
  await lab.plan()
  const document = await lab.document('vpc@dev')
  const { digest } = document.plans[0]!
  lab.commit(dev(vpc(2)))
  await lab.plan()
  await expect(approvePlans(lab.world, { all: false, digest })).rejects.toMatchObject({ code: 'nothing-to-approve' })
  expect((await lab.document('vpc@dev')).approvals).toEqual([])
})

test('what nobody holds cannot be unlocked, and what nobody was shown cannot be approved', async () => {
  const lab = flowLab(labFiles(['vpc'], { dev: vpc(1) }))
  await lab.plan()
  const before = await lab.document('vpc@dev')
  const names = { component: 'vpc', stack: 'dev' }
  await expect(unlockInstance(lab.world, { ...names, reason: 'just so' })).rejects.toMatchObject({
    code: 'unlock-refused',
    message: 'nobody holds vpc in dev',
    exit: 3,
  })
  await expect(approvePlans(lab.world, { all: false, ...names, digest: 'pd1:0123456789' })).rejects.toMatchObject({
    code: 'nothing-to-approve',
    exit: 3,
  })
  expect(await lab.document('vpc@dev')).toEqual(before)
})

test('what a killed plan run sealed is taken in by the next one', async () => {
  let killed = true
  const lab = flowLab(labFiles(['vpc', 'db'], { dev: `${vpc(1)}    db:\n      vars: { size: 1 }\n` }), {
    journal: (journal) => ({
      ...journal,
      store: {
        ...journal.store,
        put: (key, bytes, condition) =>
          killed ? Promise.reject(new Error('killed')) : journal.store.put(key, bytes, condition),
      },
    }),
  })
  await expect(lab.plan()).rejects.toThrow('killed')
  expect(await lab.store.list('inbox/')).toHaveLength(2)
  killed = false
  await lab.plan({ component: 'db', stack: 'dev' })
  expect(await lab.store.list('inbox/')).toEqual([])
  expect(await lab.approve()).toEqual(['db@dev', 'vpc@dev'])
})

test('plans of two detached heads do not replace each other', async () => {
  const lab = flowLab(labFiles(['vpc'], { dev: vpc(1) }))
  const main = (await lab.repo.resolve('main'))!
  await lab.plan()
  await lab.approve()
  await lab.apply()
  Object.defineProperty(lab.world.repo, 'branch', { get: () => undefined })
  for (const size of [2, 3]) {
    lab.commit(dev(vpc(size)), { branch: `pull-${size}`, parents: [main] })
    expect(await lab.plan()).toEqual(['vpc@dev planned'])
  }
  expect((await lab.document('vpc@dev')).plans.map(({ status: it }) => it.kind)).toEqual(['applied', 'open', 'open'])
})

test('a renamed instance keeps its records, and they take its new name when it is applied', async () => {
  const named = (name: string, size: number) => `components:
  terraform:
    ${name}:
      metadata: { component: vpc, terraform_workspace: net }
      vars: { size: ${size} }
`
  const lab = flowLab(labFiles(['vpc'], { dev: named('net', 1) }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  lab.commit(dev(named('network', 1)))
  expect(await lab.status()).toEqual(['network@dev moved from net@dev'])
  lab.commit(dev(named('network', 2)))
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual(['network@dev applied'])
  const { names, outbox } = await lab.document('network@dev')
  expect({ names, outbox }).toEqual({ names: ['network@dev', 'net@dev'], outbox: [] })
})

test('a rename on a branch is no removal', async () => {
  const named = (name: string) => `components:
  terraform:
    ${name}:
      metadata: { component: vpc, terraform_workspace: net }
      vars: { size: 1 }
`
  const lab = flowLab(labFiles(['vpc'], { dev: named('net') }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  lab.commit(dev(named('network')), { branch: 'rename', parents: [(await lab.repo.resolve('main'))!] })
  expect(await lab.plan()).toEqual(['network@dev planned'])
})

test('a claim that was left is released by name, on any branch and after the instance was removed', async () => {
  const lab = flowLab(labFiles(['vpc', 'db'], { dev: `${vpc(1)}    db:\n      vars: { size: 1 }\n` }), {
    fails: (step, { folder }) => {
      if (step === 'apply' && folder.endsWith('vpc')) throw new Error('killed')
      return undefined
    },
  })
  await lab.plan()
  await lab.approve()
  const { store } = lab.world
  const leaves = {
    ...lab.world,
    journal: {
      ...lab.world.journal,
      store: {
        ...store,
        put: (...args: Parameters<typeof store.put>) =>
          /"kind": ?"released"/.test(new TextDecoder().decode(args[1]))
            ? Promise.reject(new Error('killed'))
            : store.put(...args),
      },
    },
  }
  await expect(applyInFlight(leaves, { component: 'vpc', stack: 'dev' }, events)).rejects.toThrow('killed')
  expect(await lab.status()).toContain('vpc@dev never-applied, attempt-not-done: running')
  lab.commit(dev('components:\n  terraform:\n    db:\n      vars: { size: 1 }\n'))
  expect(await lab.status()).toContain('vpc@dev attempt-not-done: running')
  const gone = { ...lab.world, machine: { ...lab.world.machine, isRunning: () => false } }
  const released = await unlockInstance(gone, { component: 'vpc', stack: 'dev', reason: 'it was killed' })
  expect(released.holder.by).toBe('Ann')
  expect(await lab.status()).toContain('vpc@dev attempt-not-done: plan')
})
