import { expect, test } from 'vitest'
import { addressId } from '../records/address.ts'
import { fold } from '../records/fold.ts'
import { encodeDocument } from '../records/format.ts'
import { receivedOutcome } from '../records/inbox.ts'
import { transact } from '../records/journal.ts'
import { documentKey, inboxPrefix } from '../records/keys.ts'
import { branchesOf } from '../testkit/branches.ts'
import { flowLab, type LabOptions, labFiles } from '../testkit/flow-lab.ts'
import { affectedJobs } from './jobs.ts'
import { encodeJobsFile, jobOfFile, parseJobsFile } from './jobs-file.ts'
import { mergeResult } from './merge-result.ts'
import { planJob } from './plan-jobs.ts'
import { closePullRequest, followPull } from './pull-request.ts'

const silent = { begin: () => {}, doing: () => {}, finished: () => {} }
const estate = (vpc: number, more = '') => `components:
  terraform:
    app:
      vars: { size: 1, network: !terraform.state vpc version }
    vpc:
      vars: { size: ${vpc} }
${more}`
const files = labFiles(['vpc', 'app', 'db'], { dev: estate(1), prod: estate(1, '    db: { vars: { size: 1 } }\n') })
const manifest = (stage: string, vpc: number, more = '') =>
  labFiles([], { [stage]: estate(vpc, more) })[`stacks/${stage}.yaml`] as string

const failing = { now: false }

async function settled(options?: LabOptions) {
  const lab = flowLab(files, options)
  for (let round = 0; (await lab.status()).length > 0 && round < 5; round++) {
    await lab.plan()
    await lab.approve()
    await lab.apply()
  }
  return { ...lab, ...branchesOf(lab, files) }
}

async function changeOf({ world, repo }: Awaited<ReturnType<typeof settled>>) {
  const head = (await repo.resolve('HEAD'))!
  return { kind: 'change', head, result: await mergeResult(world, head, 'main'), pullRequest: 7, all: false } as const
}

test('a pull request is packed by component, what reads what changes and what is removed included', async () => {
  const lab = await settled()
  await lab.branch('wider', { 'stacks/dev.yaml': manifest('dev', 2), 'stacks/prod.yaml': manifest('prod', 2) })
  const { file } = await affectedJobs(lab.world, await changeOf(lab))
  expect(file.jobs).toEqual([
    { name: 'app', ids: ['app@dev', 'app@prod'] },
    { name: 'db', ids: ['db@prod'] },
    { name: 'vpc', ids: ['vpc@dev', 'vpc@prod'] },
  ])
  expect(file.removed).toEqual({ 'db@prod': { commit: file.base, name: 'db@prod' } })
  expect(parseJobsFile(encodeJobsFile(file))).toEqual(file)
  expect(() => jobOfFile(file, '3')).toThrow('the run has 3 plan jobs, and none is number 3')
})

test('a plan job creates plans and reads no record; folding takes them into the documents', async () => {
  const lab = await settled()
  await lab.branch('wider', { 'stacks/dev.yaml': manifest('dev', 2), 'stacks/prod.yaml': manifest('prod', 1) })
  const { file } = await affectedJobs(lab.world, await changeOf(lab))
  const asked: string[] = []
  const note = (what: string) => async (key: string) => {
    asked.push(`${what} ${key}`)
    throw new Error('a plan job may only create')
  }
  const store = { ...lab.world.store, get: note('get'), list: note('list'), delete: note('delete') }
  const before = await lab.store.list('')
  for (const job of file.jobs) {
    const { items } = await planJob({ ...lab.world, store }, file, job, silent)
    expect(items.map(({ kind }) => kind)).toEqual(job.ids.map(() => 'planned'))
  }
  expect(asked).toEqual([])
  const made = (await lab.store.list('')).filter((key) => !before.includes(key))
  expect(new Set(made.map((key) => key.split('/')[0]))).toEqual(new Set(['inbox', 'plans', 'models']))
  await fold(lab.world.journal, { maxAgeMs: 1e9 })
  expect((await lab.document('vpc@dev')).plans.at(-1)).toMatchObject({ pullRequest: 7, status: { kind: 'open' } })
  const gone = (await lab.document('db@prod')).plans.at(-1)
  expect(gone).toMatchObject({ fingerprint: 'gone', changes: { destroy: 1 } })
})

const reading = (vpc: number) =>
  labFiles([], { dev: estate(vpc).replace('vpc version', 'vpc size') })['stacks/dev.yaml'] as string

test('a plan that reads what another job plans has the value which that will give, and leaves that to the other', async () => {
  const lab = await settled()
  await lab.branch('wider', { 'stacks/dev.yaml': reading(2) })
  const { file } = await affectedJobs(lab.world, await changeOf(lab))
  const before = await lab.store.list('')
  const app = file.jobs.find(({ name }) => name === 'app')!
  const { items } = await planJob(lab.world, file, app, silent)
  expect(items).toMatchObject([{ kind: 'planned', provisional: [], record: { reads: [{ source: 'plan' }] } }])
  expect(JSON.stringify(items)).toContain('["network",{"kind":"known","value":2}]')
  expect((await lab.store.list('')).filter((key) => key.startsWith('inbox/') && !before.includes(key))).toHaveLength(1)
})

test('what cannot be foreseen leaves the reader with the value of now', async () => {
  const lab = await settled({
    fails: (step, { folder }) => (step === 'plan' && failing.now && folder.endsWith('vpc') ? 'no' : undefined),
  })
  failing.now = true
  await lab.branch('wider', { 'stacks/dev.yaml': reading(2) })
  const { file } = await affectedJobs(lab.world, await changeOf(lab))
  const { items } = await planJob(lab.world, file, file.jobs.find(({ name }) => name === 'app')!, silent)
  failing.now = false
  expect(items).toMatchObject([{ id: 'app@dev', kind: 'planned', provisional: ['vpc@dev'] }])
})

test('a plan that reads what only an apply tells has the value of now, and says that it may change', async () => {
  const lab = await settled()
  await lab.branch('wider', { 'stacks/dev.yaml': manifest('dev', 2) })
  const { file } = await affectedJobs(lab.world, await changeOf(lab))
  const app = file.jobs.find(({ name }) => name === 'app')!
  const { items } = await planJob(lab.world, file, app, silent)
  expect(items).toMatchObject([
    { id: 'app@dev', kind: 'planned', provisional: ['vpc@dev'], record: { provisional: true } },
  ])
})

test('a failure and a deferral leave word in the inbox, which stays there when the plans are folded', async () => {
  const lab = await settled({
    fails: (step, { folder }) =>
      step === 'plan' && failing.now && folder.endsWith('vpc') ? 'no such size' : undefined,
  })
  failing.now = true
  await lab.branch('wider', {
    'stacks/dev.yaml': manifest('dev', 2),
    'stacks/test.yaml': labFiles([], { test: estate(1) })['stacks/test.yaml'] as string,
  })
  const { file } = await affectedJobs(lab.world, await changeOf(lab))
  for (const job of file.jobs) await planJob(lab.world, file, job, silent)
  await fold(lab.world.journal, { maxAgeMs: 1e9 })
  const keys = await lab.store.list(inboxPrefix(file.run))
  const said = await Promise.all(keys.map(async (key) => receivedOutcome(key, (await lab.store.get(key))!.bytes)))
  expect(said.map((it) => [it?.name, it?.outcome.kind]).sort()).toEqual([
    ['app@test', 'deferred'],
    ['vpc@dev', 'failed'],
    ['vpc@test', 'failed'],
  ])
})

test('on the protected branch only what has no plan that counts is planned, and says which merge it brings', async () => {
  const lab = await settled()
  await lab.branch('wider', { 'stacks/dev.yaml': manifest('dev', 2) })
  await lab.open('wider')
  await lab.merge(1, 'wider')
  const first = await affectedJobs(lab.world, { kind: 'tip' })
  expect(first.file.jobs).toEqual([{ name: 'vpc', ids: ['vpc@dev'] }])
  expect(first.file.merged).toEqual({ 'vpc@dev': [1] })
  for (const job of first.file.jobs) await planJob(lab.world, first.file, job, silent)
  await fold(lab.world.journal, { maxAgeMs: 1e9 })
  expect((await lab.document('vpc@dev')).plans.at(-1)).toMatchObject({ merged: [1] })
  expect((await affectedJobs(lab.world, { kind: 'tip' })).file.jobs).toEqual([])
})

test('of very many instances one of each component is planned, and all when somebody asks', async () => {
  const lab = await settled()
  const few = `${files['atmos.yaml']}integrations: { airlock: { github: { plan_on_demand_above: 3 } } }\n`
  await lab.branch('wider', {
    'atmos.yaml': few,
    'stacks/dev.yaml': manifest('dev', 2),
    'stacks/prod.yaml': manifest('prod', 2, '    db: { vars: { size: 1 } }\n'),
  })
  const range = await changeOf(lab)
  const { file } = await affectedJobs(lab.world, range)
  expect(file.jobs.map(({ ids }) => ids)).toEqual([['app@dev'], ['vpc@dev']])
  expect(file.later).toEqual(['app@prod', 'vpc@prod'])
  expect((await affectedJobs(lab.world, { ...range, all: true })).file.later).toEqual([])
})

test('what took long to plan the last time is planned in a job of its own', async () => {
  const lab = await settled()
  const two = `${files['atmos.yaml']}integrations: { airlock: { github: { instances_per_job: 2 } } }\n`
  const four = { 'stacks/dev.yaml': manifest('dev', 2), 'stacks/prod.yaml': manifest('prod', 2) }
  await lab.branch('wider', { 'atmos.yaml': two, ...four })
  const range = await changeOf(lab)
  const jobsWhen = async (vpcInProdMs: number) => {
    for (const id of ['app@dev', 'app@prod', 'db@prod', 'vpc@dev', 'vpc@prod'])
      await took(lab, id, id === 'vpc@prod' ? vpcInProdMs : 1_000)
    return (await affectedJobs(lab.world, range)).file.jobs
  }
  expect(await jobsWhen(1_000)).toContainEqual({ name: 'vpc', ids: ['vpc@dev', 'vpc@prod'] })
  expect(await jobsWhen(900_000)).toContainEqual({ name: 'vpc (1/2)', ids: ['vpc@prod'] })
})

/** As if the last plan of an instance had taken so long. */
async function took(lab: Awaited<ReturnType<typeof settled>>, id: string, durationMs: number): Promise<void> {
  const document = await lab.document(id)
  const key = documentKey(addressId(document.address))
  const { etag } = (await lab.store.get(key))!
  const plans = document.plans.map((plan) => ({ ...plan, durationMs }))
  await lab.store.put(key, encodeDocument({ ...document, plans }), { kind: 'match', etag })
}

test('a pull request that is opened again is planned only where it has no plan of its head that counts', async () => {
  const lab = await settled()
  await lab.branch('wider', { 'stacks/dev.yaml': manifest('dev', 2), 'stacks/prod.yaml': manifest('prod', 1) })
  const opened = await lab.open('wider')
  const given = async () => ({ ...(await changeOf(lab)), pullRequest: opened.number! })
  const run = async () => {
    const { file } = await affectedJobs(lab.world, await given())
    for (const job of file.jobs) await planJob(lab.world, file, job, silent)
    await fold(lab.world.journal, { maxAgeMs: 3_600_000 })
    return { planned: file.jobs.flatMap(({ ids }) => ids), kept: file.kept }
  }
  const all = ['app@dev', 'db@prod', 'vpc@dev']
  expect(await run()).toEqual({ planned: all, kept: [] })
  // Its title was edited, or it was retargeted and came back.
  expect(await run()).toEqual({ planned: [], kept: all })
  await closePullRequest(lab.world, opened.number!)
  const status = async (id: string) => (await lab.document(id)).plans.at(-1)!.status.kind
  expect(await status('vpc@dev')).toBe('superseded')
  expect(await run()).toEqual({ planned: [], kept: all })
  const { number, title, head, base } = opened as typeof opened & { number: number; title: string }
  const pull = { number, title, author: 'ann', branch: 'wider', fork: false, head, into: base.name }
  await followPull(lab.world, { ...pull, state: 'open', merged: undefined })
  expect([await status('vpc@dev'), await status('app@dev'), await status('db@prod')]).toEqual(['open', 'open', 'open'])
  // Somebody asks for all of it; a plan that does not count any more takes what reads it with it.
  expect((await affectedJobs(lab.world, { ...(await given()), all: true })).file.kept).toEqual([])
  const { address, plans } = await lab.document('vpc@dev')
  await transact(lab.world.journal, address, { kind: 'supersede', plans: [plans.at(-1)!.id], why: 'state-moved' })
  expect(await run()).toEqual({ planned: ['app@dev', 'vpc@dev'], kept: ['db@prod'] })
})
