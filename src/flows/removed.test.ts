import { expect, test } from 'vitest'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { planChanges } from './plan.ts'
import { status } from './status.ts'

type Bodies = Readonly<Record<string, string>>

const body = (components: Bodies) =>
  Object.keys(components).length === 0
    ? 'components: { terraform: {} }\n'
    : `components:\n  terraform:\n${Object.entries(components)
        .map(([name, text]) => `    ${name}:\n      ${text}\n`)
        .join('')}`
const dev = (components: Bodies) => labFiles([], { dev: body(components) }) as Record<string, string>
const estate = (components: Bodies) => labFiles(['vpc', 'app', 'db'], { dev: body(components) })
const vpc = 'vars: { size: 1 }'
const app = 'vars: { network: !terraform.state vpc size }'
const db = 'vars: { size: 3 }'

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

test('a removed instance brings its destroy plan on the branch, and after the merge that very plan is applied', async () => {
  const lab = await settled(estate({ vpc, db }))
  const main = (await lab.repo.resolve('main'))!
  lab.commit(dev({ db }), { branch: 'remove', parents: [main] })
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  expect(await lab.approve()).toEqual(['vpc@dev'])
  lab.repo.checkout('main')
  lab.commit(dev({ db }))
  expect(await lab.status()).toEqual(['vpc@dev gone: apply'])
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  expect(await lab.status()).toEqual([])
  const { ledger, attempts } = await lab.document('vpc@dev')
  expect(ledger).toMatchObject({ fingerprint: 'gone', commit: await lab.repo.resolve('main') })
  expect(attempts.at(-1)).toMatchObject({ action: 'destroy', outcome: 'done' })
})

test('the destroy plan is made from the commit that was applied, not from what the files say now', async () => {
  const lab = await settled(estate({ vpc, db }))
  // Nobody applied the size of 9: the files of the component are gone as well, when it is destroyed.
  lab.commit(dev({ vpc: 'vars: { size: 9 }', db }))
  lab.commit({ ...dev({ db }), 'components/terraform/vpc/main.tf': undefined })
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('an instance that is declared again after its destroy was never applied', async () => {
  const lab = await settled(estate({ vpc, db }))
  lab.commit(dev({ db }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  lab.commit(dev({ vpc, db }))
  expect(await lab.status()).toEqual(['vpc@dev never-applied: plan'])
})

test('what was never applied needs no destroy, and its removal says so', async () => {
  const lab = await settled(estate({ db }))
  lab.commit(dev({ vpc, db }))
  lab.commit(dev({ db }), { branch: 'remove', parents: [(await lab.repo.resolve('main'))!] })
  expect(await lab.plan()).toEqual([
    'vpc@dev not planned: it was removed, and nothing was ever applied: there is nothing to destroy',
  ])
})

test('readers are destroyed first, and what they read after them', async () => {
  const lab = await settled(estate({ vpc, app, db }))
  lab.commit(dev({ db }))
  expect(await lab.plan()).toEqual(['app@dev planned', 'vpc@dev planned'])
  expect(await lab.status()).toEqual(['app@dev gone: approval', 'vpc@dev gone: approval'])
  await lab.approve({ component: 'vpc', stack: 'dev' })
  expect(await lab.apply()).toEqual(['app@dev waits for approval', 'vpc@dev blocked by app@dev'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['app@dev applied', 'vpc@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('an instance is not destroyed while another one reads it, and the refusal says who and where', async () => {
  const lab = await settled(estate({ vpc, app, db }))
  lab.commit(dev({ app, db }))
  expect(await lab.status()).toEqual(['vpc@dev gone: still-read'])
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual([
    'vpc@dev refused: vpc in dev was removed, and is not destroyed as long as others need it:',
  ])
  const [item] = (await status(lab.world)).items
  expect(item?.kind === 'in-flight' && item.refusal?.message).toMatch(/app in dev reads it {3}stacks\/dev\.yaml:8:24$/)
})

test('what says that it depends on an instance keeps it as well', async () => {
  const needs = 'settings: { depends_on: { 1: { component: vpc } } }'
  const lab = await settled(estate({ vpc, db: needs }))
  lab.commit(dev({ db: needs }))
  expect(await lab.status()).toEqual(['vpc@dev gone: still-read'])
})

test('what read it until now is applied before it is destroyed', async () => {
  const lab = await settled(estate({ vpc, app, db }))
  lab.commit(dev({ app: 'vars: { network: 7 }', db }))
  await lab.plan()
  await lab.approve({ component: 'vpc', stack: 'dev' })
  expect(await lab.apply()).toEqual(['app@dev waits for approval', 'vpc@dev blocked by app@dev'])
  await lab.approve()
  expect(await lab.apply()).toEqual(['app@dev applied', 'vpc@dev applied'])
})

test('a pattern of atmos.yaml that matches nothing any more destroys nothing', async () => {
  const stacks = Object.fromEntries(
    ['one', 'two', 'three', 'four'].map((stage) => [`orgs/${stage}`, body({ vpc, app, db }).concat(`# ${stage}\n`)]),
  )
  const files = labFiles(['vpc', 'app', 'db'], { dev: body({ db }), ...stacks }) as Record<string, string>
  const staged = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replace(/stage: orgs\//, 'stage: ')]),
  )
  const lab = await settled(staged)
  lab.commit({ 'atmos.yaml': staged['atmos.yaml']!.replace('"**/*"', '"dev*", "org/**"') })
  const lines = await lab.status()
  expect(lines).toHaveLength(12)
  expect(new Set(lines.map((line) => line.split(': ')[1]))).toEqual(new Set(['not-included']))
  expect(await lab.plan()).toEqual([])
  expect(await lab.apply()).toEqual([])
  expect(lab.terraform.ran.filter((it) => it.startsWith('apply'))).toHaveLength(13)
})

test.each([
  [
    'an import that was removed',
    'not-imported',
    { 'stacks/dev.yaml': labFiles([], { dev: body({ db }) })['stacks/dev.yaml'] },
  ],
  ['a stack with another name and another state', 'renamed', { 'stacks/mixin.yaml': 'vars: { stage: test }\n' }],
  [
    'a template that may declare it',
    'unclear',
    { 'stacks/catalog.yaml': 'components:\n  terraform: { "{{ .name }}": {} }\n' },
  ],
])('%s destroys nothing', async (_, why, change) => {
  const lab = await settled({
    ...labFiles(['vpc', 'db'], {}),
    'atmos.yaml': String(labFiles([], {})['atmos.yaml']).replace('"**/*"', '"dev*"'),
    'stacks/mixin.yaml': 'vars: { stage: dev }\n',
    'stacks/catalog.yaml': body({ vpc }),
    'stacks/dev.yaml': `import: [mixin, catalog]\nterraform: { backend_type: local }\n${body({ db })}`,
  })
  lab.commit(change as Record<string, string>)
  expect((await lab.status()).filter((line) => line.startsWith('vpc@dev'))).toEqual([`vpc@dev absent: ${why}`])
})

test('a manifest that was deleted removes what its stack was made of, what it imports as well', async () => {
  const lab = await settled({
    ...labFiles(['vpc', 'db'], { prod: body({ db }) }),
    'atmos.yaml': String(labFiles([], {})['atmos.yaml']).replace('"**/*"', '"dev*", "prod*"'),
    'stacks/catalog.yaml': body({ vpc }),
    'stacks/dev.yaml': `import: [catalog]\nvars: { stage: dev }\nterraform: { backend_type: local }\n${body({ db })}`,
  })
  lab.commit({ 'stacks/dev.yaml': undefined })
  expect(await lab.status()).toEqual(['db@dev gone: plan', 'vpc@dev gone: plan'])
})

test('a commit that is not in this clone any more is no reason to destroy', async () => {
  const lab = await settled(estate({ vpc, db }))
  const applied = (await lab.repo.resolve('main'))!
  lab.commit(dev({ db }))
  lab.repo.forget([applied])
  expect(await lab.status()).toEqual(['vpc@dev absent: unknown-commit'])
})

test('a locked instance is not destroyed', async () => {
  const locked = 'metadata: { locked: true }\n      vars: { size: 1 }'
  const lab = await settled(estate({ vpc, db }))
  lab.commit(dev({ vpc: locked, db }))
  lab.commit(dev({ db }))
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual([
    expect.stringMatching(/^vpc@dev refused: vpc in dev was locked \(metadata\.locked: true\) when it was removed/),
  ])
})

test('many removals are approved by their number, and by no other', async () => {
  const many = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [name, `metadata: { component: vpc }\n      ${vpc}`]),
  )
  const lab = await settled(estate({ ...many, db }))
  lab.commit(dev({ db }))
  await lab.plan()
  await expect(lab.approve()).rejects.toMatchObject({ code: 'destroys-uncounted' })
  await expect(lab.approve({ all: true, destroy: 3 })).rejects.toMatchObject({
    message: expect.stringMatching(/^4 instances are to be destroyed, more than destroy\.max, and not 3:/),
  })
  expect(await lab.approve({ all: true, destroy: 4 })).toEqual(['a@dev', 'b@dev', 'c@dev', 'd@dev'])
  lab.commit(dev({}))
  await lab.plan()
  await lab.approve({ all: true, destroy: 5 })
  expect(await lab.apply({ component: 'a', stack: 'dev' })).toEqual(['a@dev applied'])
  // The number stays as long as the tip does, whatever is done of it.
  expect(await lab.status()).toEqual(['b', 'c', 'd', 'db'].map((it) => `${it}@dev gone: apply`))
  expect(await lab.apply()).toEqual(['b', 'c', 'd', 'db'].map((it) => `${it}@dev applied`))
})

test('an approval that named another number does not count', async () => {
  const many = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [name, `metadata: { component: vpc }\n      ${vpc}`]),
  )
  const lab = await settled(estate({ ...many, db }))
  lab.commit(dev({ db }))
  await lab.plan()
  await lab.approve({ all: true, destroy: 4 })
  expect(await lab.status()).toEqual(['a', 'b', 'c', 'd'].map((it) => `${it}@dev gone: apply`))
  lab.commit(dev({}))
  expect(await lab.status()).toEqual([
    ...['a', 'b', 'c', 'd'].map((it) => `${it}@dev gone: approval`),
    'db@dev gone: plan',
  ])
})

test('a removal needs an approval even where nothing else does', async () => {
  const free = 'settings: { airlock: { approval: none } }\n      vars: { size: 1 }'
  const lab = await settled(estate({ vpc: free, db }))
  lab.commit(dev({ db }))
  await lab.plan()
  expect(await lab.apply()).toEqual(['vpc@dev waits for approval'])
})

test('a changed state address is refused while the old state is there, and the others are planned', async () => {
  const at = (workspace: string, size = 1) =>
    `metadata: { terraform_workspace: ${workspace} }\n      vars: { size: ${size} }`
  const lab = await settled(estate({ vpc: at('old'), db }))
  const main = (await lab.repo.resolve('main'))!
  const changed = dev({ vpc: at('new'), db: 'vars: { size: 4 }' })
  lab.commit(changed, { branch: 'rekey', parents: [main] })
  expect(await lab.plan()).toEqual(['db@dev planned', 'vpc@dev refused: state-left-behind'])
  lab.repo.checkout('main')
  lab.commit(changed)
  expect(await lab.status()).toEqual(['db@dev changed: approval', 'vpc@dev never-applied: state-left-behind'])
  expect(await lab.plan()).toEqual(['db@dev planned', 'vpc@dev refused: state-left-behind'])
  await lab.approve()
  expect((await lab.apply()).sort()).toEqual([
    'db@dev applied',
    expect.stringMatching(/^vpc@dev refused: vpc in dev asks for another state than the one it was applied to/),
  ])
  await lab.migrateState('vpc@dev', 'old')
  expect(await lab.status()).toEqual(['vpc@dev never-applied: plan', 'vpc@dev absent: closed'])
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  expect(await lab.apply()).toEqual(['vpc@dev advanced'])
  expect(await lab.status()).toEqual([])
})

test('a moved instance is told of until an apply has told the records', async () => {
  const named = (name: string) => ({
    [name]: 'metadata: { component: vpc, terraform_workspace: net }\n      vars: { size: 1 }',
  })
  const lab = await settled(estate({ ...named('net'), db }))
  lab.commit(dev({ ...named('network'), db }))
  expect(await lab.status()).toEqual(['network@dev moved from net@dev'])
  expect(await lab.apply()).toEqual([])
  expect(await lab.status()).toEqual([])
  expect((await lab.document('network@dev')).names).toEqual(['network@dev', 'net@dev'])
})

test('what was moved into an import and is imported no more destroys nothing, even if the move was never applied', async () => {
  const only = String(labFiles([], {})['atmos.yaml']).replace('"**/*"', '"dev*"')
  const lab = await settled({ ...estate({ vpc, db }), 'atmos.yaml': only })
  const head = 'vars:\n  stage: dev\nterraform:\n  backend_type: local\n'
  lab.commit({
    'stacks/catalog.yaml': body({ vpc }),
    'stacks/dev.yaml': `import: [catalog]\n${head}${body({ db })}`,
  })
  expect(await lab.status()).toEqual([])
  lab.commit({ 'stacks/dev.yaml': `${head}${body({ db })}` })
  expect(await lab.status()).toEqual(['vpc@dev absent: not-imported'])
})

test('an instance that was renamed and then removed is destroyed, though the rename was never recorded', async () => {
  const named = (name: string) => ({
    [name]: 'metadata: { component: vpc, terraform_workspace: net }\n      vars: { size: 1 }',
  })
  const lab = await settled(estate({ ...named('net'), db }))
  lab.commit(dev({ ...named('network'), db }))
  lab.commit(dev({ db }), { branch: 'remove', parents: [(await lab.repo.resolve('main'))!] })
  const [planned] = (await planChanges(lab.world, {}, { begin: () => {}, doing: () => {}, finished: () => {} })).items
  expect(planned).toMatchObject({ kind: 'planned', id: 'net@dev', change: { kind: 'destroy', id: 'network@dev' } })
  lab.repo.checkout('main')
  lab.commit(dev({ db: 'vars: { size: !terraform.state network size }' }))
  expect(await lab.status()).toEqual(['db@dev changed: plan', 'net@dev gone: still-read'])
  lab.commit(dev({ db }))
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual(['net@dev applied'])
  expect(await lab.status()).toEqual([])
})

test('what no import brings any more is removed by name in two steps: declared in its own stack, then removed there', async () => {
  const only = String(labFiles([], {})['atmos.yaml']).replace('"**/*"', '"dev*"')
  const head = 'vars:\n  stage: dev\nterraform:\n  backend_type: local\n'
  const lab = await settled({
    ...estate({}),
    'atmos.yaml': only,
    'stacks/catalog.yaml': body({ vpc }),
    'stacks/dev.yaml': `import: [catalog]\n${head}${body({ db })}`,
  })
  lab.commit({ 'stacks/dev.yaml': `${head}${body({ db })}` })
  expect(await lab.status()).toEqual(['vpc@dev absent: not-imported'])
  lab.commit({ 'stacks/dev.yaml': `${head}${body({ db, vpc })}` })
  expect(await lab.status()).toEqual([])
  lab.commit({ 'stacks/dev.yaml': `${head}${body({ db })}` })
  expect(await lab.status()).toEqual(['vpc@dev gone: plan'])
})

test('where a state cannot be read directly, Terraform is asked whether it was moved', async () => {
  const at = (workspace: string) =>
    `metadata: { terraform_workspace: ${workspace} }
      backend_type: s3
      backend: { s3: { bucket: states, key: vpc.tfstate, region: us-east-2 } }
      vars: { size: 1 }`
  const lab = await settled(estate({ vpc: at('old'), db }))
  lab.commit(dev({ vpc: at('new'), db }))
  expect(await lab.status()).toEqual(['vpc@dev never-applied: state-left-behind'])
  expect(await lab.plan()).toEqual(['vpc@dev refused: state-left-behind'])
  const [item] = (await status(lab.world)).items
  expect(item?.kind === 'in-flight' && item.refusal?.fix).toContain('state pull > ')
  const place = (workspace: string) => ({
    key: lab.terraform.ran[0]!.split(' ')[1]!.replace('db@', 'vpc@'),
    links: new Map(),
    workspace,
  })
  lab.terraform.transfer(place('old'), place('new'))
  expect(await lab.plan()).toEqual(['vpc@dev planned'])
  expect(await lab.apply()).toEqual(['vpc@dev advanced'])
  expect(await lab.status()).toEqual([])
})

test('a destroy that failed keeps the instance in flight, and what it reads undestroyed', async () => {
  let fails = false
  const lab = await settled(estate({ vpc, app, db }), {
    fails: (step, { folder }) => (fails && step === 'apply' && folder.endsWith('app') ? 'Error: no\n' : undefined),
  })
  lab.commit(dev({ db }))
  await lab.plan()
  await lab.approve()
  fails = true
  expect(await lab.apply()).toEqual(['app@dev failed at apply, failed', 'vpc@dev blocked by app@dev'])
  expect(await lab.status()).toEqual(['app@dev gone, attempt-not-done: apply', 'vpc@dev gone: upstream'])
  fails = false
  expect(await lab.apply()).toEqual(['app@dev applied', 'vpc@dev applied'])
})

test('a branch that knows nothing of what was made beside it removes nothing of it', async () => {
  const lab = await settled(estate({ db }))
  const fork = (await lab.repo.resolve('main'))!
  lab.commit(dev({ vpc, db }))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  lab.commit(dev({ db: 'vars: { size: 4 }' }), { branch: 'wider', parents: [fork] })
  expect(await lab.plan()).toEqual(['db@dev planned'])
  expect(await lab.approve()).toEqual(['db@dev'])
})

test('a removal that a branch planned is approved there, and counts after the merge', async () => {
  const lab = await settled(estate({ vpc, app, db }))
  lab.commit(dev({ db }), { branch: 'remove', parents: [(await lab.repo.resolve('main'))!] })
  await lab.plan()
  expect(await lab.approve()).toEqual(['app@dev', 'vpc@dev'])
  lab.repo.checkout('main')
  expect(await lab.status()).toEqual([])
  lab.commit(dev({ db }))
  expect(await lab.apply()).toEqual(['app@dev applied', 'vpc@dev applied'])
})

test('a changed address is refused no more when the change is undone', async () => {
  const at = (workspace: string) => `metadata: { terraform_workspace: ${workspace} }\n      vars: { size: 1 }`
  const lab = await settled(estate({ vpc: at('old'), db }))
  lab.commit(dev({ vpc: at('new'), db }))
  expect(await lab.status()).toEqual(['vpc@dev never-applied: state-left-behind'])
  lab.commit(dev({ vpc: at('old'), db }))
  expect(await lab.status()).toEqual([])
})

test('an instance whose address changed and that is removed then is destroyed where it was applied', async () => {
  const at = (workspace: string) => `metadata: { terraform_workspace: ${workspace} }\n      vars: { size: 1 }`
  const lab = await settled(estate({ vpc: at('old'), db }))
  lab.commit(dev({ vpc: at('new'), db }))
  lab.commit(dev({ db }))
  expect(await lab.status()).toEqual(['vpc@dev gone: plan'])
  await lab.plan()
  await lab.approve()
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
  expect(await lab.status()).toEqual([])
})
