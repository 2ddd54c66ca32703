import { expect, test } from 'vitest'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'

const vpc = (size: number, more = '') => `components:
  terraform:
    vpc:
      vars: { size: ${size} }
${more}`
const dev = (body: string) => labFiles([], { dev: body }) as Record<string, string>
const names = { component: 'vpc', stack: 'dev' }

async function settled(...[files, options]: Parameters<typeof flowLab>) {
  const lab = flowLab(files, options)
  await lab.plan()
  await lab.approve()
  await lab.apply()
  expect(await lab.status()).toEqual([])
  return lab
}

test('several merges come to one plan at the tip', async () => {
  const lab = await settled(labFiles(['vpc'], { dev: vpc(1) }))
  for (const size of [2, 3]) {
    lab.commit(dev(vpc(size)))
    await lab.plan()
    await lab.approve()
  }
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  expect(
    (await lab.document('vpc@dev')).plans.map(({ status }) => ('why' in status ? status.why : status.kind)),
  ).toEqual(['applied', 'change-moved', 'applied'])
})

test('what was approved on a branch is nothing when the squash merge makes something else of it', async () => {
  const lab = await settled(labFiles(['vpc'], { dev: vpc(1) }))
  lab.commit(dev(vpc(2)), { branch: 'wider', parents: [(await lab.repo.resolve('main'))!] })
  await lab.plan()
  await lab.approve()
  lab.repo.checkout('main')
  expect(await lab.status()).toEqual([])
  lab.commit(dev(vpc(3)))
  expect(await lab.apply()).toEqual(['vpc@dev waits for plan'])
  expect(await lab.apply({ planMissing: true })).toEqual(['vpc@dev waits for approval'])
})

test('a plan whose state was moved by somebody is refused, and never counts again', async () => {
  const lab = await settled(labFiles(['vpc'], { dev: vpc(1) }))
  lab.commit(dev(vpc(2)))
  await lab.plan()
  await lab.approve()
  await lab.moveState('vpc@dev')
  expect((await lab.apply())[0]).toMatch(/^vpc@dev refused: the state of vpc in dev has moved since its plan was made/)
  expect(await lab.status()).toEqual(['vpc@dev changed: re-plan'])
  await lab.plan()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})

test('a sealed plan of which one byte changed is refused, and never counts again', async () => {
  const lab = await settled(labFiles(['vpc'], { dev: vpc(1) }))
  lab.commit(dev(vpc(2)))
  await lab.plan()
  await lab.approve()
  const { blob } = (await lab.document('vpc@dev')).plans.at(-1)!
  const { bytes } = (await lab.store.get(blob))!
  bytes[40]! ^= 1
  await lab.store.put(blob, bytes, { kind: 'any' })
  expect(await lab.apply()).toEqual(['vpc@dev refused: the sealed plan of vpc in dev was changed after it was sealed.'])
  expect(await lab.status()).toEqual(['vpc@dev changed: re-plan'])
})

test('a locked instance is planned and approved, but not applied', async () => {
  const lab = flowLab(labFiles(['vpc'], { dev: vpc(1, '      metadata: { locked: true }\n') }))
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  await lab.approve()
  expect(await lab.apply()).toEqual([
    'vpc@dev refused: vpc in dev is locked (metadata.locked: true): it may be planned, not changed',
  ])
  expect(await lab.status()).toEqual(['vpc@dev never-applied: apply'])
})

test('without approval: a plan is applied as soon as it is made, and a plan made again needs nobody either', async () => {
  const settings = '      settings: { airlock: { approval: none } }\n'
  const body = (size: number) => `${vpc(size, settings)}    app:
      vars: { network: !terraform.state vpc version }
${settings}`
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: body(1) }))
  await lab.plan()
  expect(await lab.apply()).toEqual(['vpc@dev applied', 'app@dev applied, planned again: unasked'])
  lab.commit(dev(body(2)))
  await lab.plan()
  expect(await lab.apply()).toEqual(['vpc@dev applied', 'app@dev applied, planned again: unasked'])
  expect(await lab.status()).toEqual([])
})

test('a failed apply stops what depends on it, and nothing else', async () => {
  const body = `${vpc(1)}    app:
      vars: { network: !terraform.state vpc size }
    db:
      vars: { size: 1 }
`
  const lab = flowLab(labFiles(['vpc', 'app', 'db'], { dev: body }), {
    fails: (step, { folder }) => (step === 'apply' && folder.endsWith('vpc') ? 'Error: no\n' : undefined),
  })
  await lab.plan()
  await lab.approve()
  expect((await lab.apply()).sort()).toEqual([
    'app@dev blocked by vpc@dev',
    'db@dev applied',
    'vpc@dev failed at apply, failed',
  ])
  expect(await lab.status()).toEqual([
    'vpc@dev never-applied, attempt-not-done: apply',
    'app@dev never-applied: upstream',
  ])
})

test('two instances with one state address are refused by name and place', async () => {
  const same = `components:
  terraform:
    vpc:
      metadata: { terraform_workspace: shared }
      vars: { size: 1 }
    vpc-too:
      metadata: { component: vpc, terraform_workspace: shared }
      vars: { size: 2 }
`
  const lab = flowLab(labFiles(['vpc'], { dev: same }))
  const refusal = {
    code: 'state-shared',
    message: expect.stringMatching(
      /^vpc-too@dev \(stacks\/dev\.yaml:\d+:\d+\) and vpc@dev \(stacks\/dev\.yaml:\d+:\d+\) have one state/,
    ),
  }
  await expect(lab.plan()).rejects.toMatchObject(refusal)
  await expect(lab.status()).rejects.toMatchObject(refusal)
  await expect(lab.apply()).rejects.toMatchObject(refusal)
})

test('instances in one folder with local states of their own are told apart', async () => {
  const body = `components:
  terraform:
    a:
      metadata: { component: vpc, terraform_workspace: default }
      backend: { local: { path: a.tfstate } }
      vars: { size: 1 }
    b:
      metadata: { component: vpc, terraform_workspace: default }
      backend: { local: { path: b.tfstate } }
      vars: { size: 2 }
    app:
      vars: { a: !terraform.state a size, b: !terraform.state b size }
`
  const lab = await settled(labFiles(['vpc', 'app'], { dev: body }))
  expect((await lab.document('app@dev')).ledger?.reads.length).toBe(2)
})

test('instances that depend on each other are refused, each dependency with its place', async () => {
  const body = `components:
  terraform:
    vpc:
      vars: { app: !terraform.state app size }
    app:
      vars: { vpc: !terraform.state vpc size }
`
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: body }))
  await expect(lab.plan()).rejects.toMatchObject({
    code: 'dependency-cycle',
    message: expect.stringMatching(/app@dev depends on vpc@dev: .*stacks\/dev\.yaml:\d+:\d+/),
  })
})

test('an instance is not applied before what it depends on, not even when it alone is named', async () => {
  const body = (size: number) => `${vpc(size)}    app:
      settings: { depends_on: { 1: { component: vpc } } }
      vars: { size: ${size} }
`
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: body(1) }))
  await lab.plan()
  await lab.approve()
  expect(await lab.apply({ component: 'app', stack: 'dev' })).toEqual(['app@dev waits for vpc@dev'])
  expect(await lab.apply(names)).toEqual(['vpc@dev applied'])
  expect(await lab.apply({ component: 'app', stack: 'dev' })).toEqual(['app@dev applied'])
})

test('an upstream that is applied alone leaves its readers visibly in flight', async () => {
  const body = (size: number) => `${vpc(size)}    app:
      vars: { network: !terraform.state vpc size }
`
  const lab = flowLab(labFiles(['vpc', 'app'], { dev: body(1) }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  lab.commit(dev(body(2)))
  await lab.plan(names)
  await lab.approve()
  expect(await lab.apply(names)).toEqual(['vpc@dev applied'])
  expect(await lab.status()).toEqual(['app@dev read-moved: plan'])
  expect(await lab.plan()).toEqual(['app@dev planned'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['app@dev applied'])
})

test('an apply of one stack leaves the readers in other stacks alone', async () => {
  const stacks = (size: number) => ({
    dev: vpc(size),
    prod: `components:\n  terraform:\n    app:\n      vars: { network: !terraform.state vpc dev size }\n`,
  })
  const lab = flowLab(labFiles(['vpc', 'app'], stacks(1)))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  lab.commit(labFiles([], stacks(2)) as Record<string, string>)
  await lab.plan()
  await lab.approve()
  expect(await lab.apply({ stack: 'dev' })).toEqual(['vpc@dev applied'])
  expect(await lab.status()).toEqual(['app@prod read-moved: apply'])
})

test('a run does not go on from a commit that is the tip no more', async () => {
  const lab = flowLab(labFiles(['vpc', 'db'], { dev: `${vpc(1)}    db:\n      vars: { size: 1 }\n` }), {
    fails: (step, { folder }) => {
      if (step === 'apply' && folder.endsWith('db')) lab.commit(dev(vpc(2)))
      return undefined
    },
  })
  await lab.plan()
  await lab.approve()
  expect(await lab.apply({ parallel: 1 })).toEqual([
    'db@dev applied',
    expect.stringMatching(/^vpc@dev refused: main moved from [0-9a-f]{7} to [0-9a-f]{7} during this run/),
  ])
})

test.each([
  ['disabled', '{ enabled: false }'],
  ['abstract', '{ type: abstract }'],
])('an instance that became %s is reported, and nothing is destroyed', async (why, metadata) => {
  const lab = await settled(labFiles(['vpc'], { dev: vpc(1) }))
  lab.commit(dev(vpc(1, `      metadata: ${metadata}\n`)))
  expect(await lab.status()).toEqual([`vpc@dev absent: ${why}`])
  expect(await lab.apply()).toEqual([])
})
