import { expect, test } from 'vitest'
import { transact } from '../records/journal.ts'
import { CutShort } from '../terraform/drivers/scripted.ts'
import { labFiles } from '../testkit/flow-lab.ts'
import { type GitHubLab, githubLab } from '../testkit/github-lab.ts'
import { afterRun, sweep } from './after-run.ts'
import { applyJob } from './apply-jobs.ts'
import { ledgerDifferences } from './deployments.ts'
import { applyJobs, type NextJobs } from './next-jobs.ts'
import { status } from './status.ts'

const events = { begin: () => {}, doing: () => {}, finished: () => {} }

/** A manifest of one stack: components with what they depend on. */
function manifest(stage: string, components: Readonly<Record<string, string>>, settings = 'none'): string {
  const body = Object.entries(components).map(
    ([name, vars]) => `    ${name}:\n      vars:\n${vars.replace(/^/gm, '        ')}\n`,
  )
  return `vars:\n  stage: ${stage}\nsettings:\n  airlock:\n    approval: ${settings}\nterraform:\n  backend_type: local\ncomponents:\n  terraform:\n${body.join('')}`
}

const reads = (name: string) => `from: !terraform.output ${name} size`

function lab(stages: Readonly<Record<string, Readonly<Record<string, string>>>>, atmos = ''): GitHubLab {
  const names = [...new Set(Object.values(stages).flatMap((it) => Object.keys(it)))]
  const files = labFiles(names, Object.fromEntries(Object.keys(stages).map((it) => [it, ''])))
  const it = githubLab({ ...files, 'atmos.yaml': `${files['atmos.yaml']}${atmos}` })
  it.commit(
    Object.fromEntries(Object.entries(stages).map(([stage, all]) => [`stacks/${stage}.yaml`, manifest(stage, all)])),
  )
  return it
}

const shape = ({ waves, more }: Pick<NextJobs, 'waves' | 'more'>) => ({
  waves: waves.map((wave) => wave.map(({ name }) => name).join(', ')),
  more,
})

test('a job is a component in an environment, and what reads another comes in a later wave', async () => {
  const it = lab({ dev: { vpc: 'size: 1', app: reads('vpc') }, prod: { vpc: 'size: 1', app: reads('vpc') } })
  await it.plan()
  expect(shape(await it.next())).toEqual({ waves: ['vpc · dev, vpc · prod', 'app · dev, app · prod'], more: false })
})

test('a job applies what it was given and no more, and the next wave goes on', async () => {
  const it = lab({ dev: { vpc: 'size: 1', app: reads('vpc') }, prod: { vpc: 'size: 1' } })
  await it.plan()
  const [first, second] = (await it.next()).waves
  for (const job of [...first!, ...second!]) {
    const { items, awaited, failed } = await applyJob(it.world, job, events)
    expect([items.map(({ id, kind }) => `${id} ${kind}`), awaited, failed]).toEqual([
      [`${job.component}@${job.environment} applied`],
      [],
      false,
    ])
  }
  expect(await it.status()).toEqual([])
})

test('what reads waits, and says so, where what it reads was not applied', async () => {
  const it = lab({ dev: { vpc: 'size: 1', app: reads('vpc') } })
  await it.plan()
  expect(await applyJob(it.world, { component: 'app', environment: 'dev' }, events)).toMatchObject({
    items: [{ kind: 'waits', for: 'upstream' }],
    awaited: [{ id: 'app@dev', waitsFor: { kind: 'upstream', of: ['vpc@dev'] } }],
    failed: false,
  })
})

test('an apply that failed ends its job as failed', async () => {
  const files = labFiles(['vpc'], { dev: '' })
  const it = githubLab(files, { fails: (step) => (step === 'apply' ? 'quota' : undefined) })
  it.commit({ 'stacks/dev.yaml': manifest('dev', { vpc: 'size: 1' }) })
  await it.plan()
  expect((await applyJob(it.world, { component: 'vpc', environment: 'dev' }, events)).failed).toBe(true)
})

test('a run declares three waves; the fourth is for the run after it', async () => {
  const it = lab({ dev: { a: 'size: 1', b: reads('a'), c: reads('b'), d: reads('c') } })
  await it.plan()
  expect(shape(await it.next())).toEqual({ waves: ['a · dev', 'b · dev', 'c · dev'], more: true })
})

test('a matrix has its limit, and nothing goes before what did not fit', async () => {
  const it = lab(
    { dev: { a: 'size: 1', b: 'size: 1', c: reads('b') } },
    'integrations:\n  airlock:\n    github:\n      max_jobs: 1\n',
  )
  await it.plan()
  expect(shape(await it.next())).toEqual({ waves: ['a · dev'], more: true })
})

test('once this run is over another goes on, at most once for a state of affairs', async () => {
  const it = lab({ dev: { a: 'size: 1', b: reads('a'), c: reads('b'), d: reads('c') } })
  await it.plan()
  for (const job of (await it.next()).waves.flat()) await applyJob(it.world, job, events)
  expect((await afterRun(it.world)).started).toBe(true)
  expect((await afterRun(it.world)).started).toBe(false)
  expect(it.github.has.dispatches).toEqual([{ workflow: 'airlock.yml', branch: 'main', inputs: { task: 'apply' } }])
  for (const job of (await it.next()).waves.flat()) await applyJob(it.world, job, events)
  expect(await afterRun(it.world)).toMatchObject({ started: false, open: false })
})

test('a run that gets nowhere starts no other again and again', async () => {
  const files = labFiles(['vpc'], { dev: '' })
  const it = githubLab(files, { fails: (step) => (step === 'apply' ? 'quota' : undefined) })
  it.commit({ 'stacks/dev.yaml': manifest('dev', { vpc: 'size: 1' }) })
  await it.plan()
  let started = 0
  for (let run = 0; run < 6; run++) {
    it.run.id += 1
    for (const job of (await sweep(it.world)).waves.flat()) await applyJob(it.world, job, events)
    if ((await afterRun(it.world)).started) started += 1
  }
  expect(started).toBeLessThanOrEqual(2)
})

test('a run that was run again finds everything applied, and applies nothing', async () => {
  const it = lab({ dev: { vpc: 'size: 1' } })
  await it.plan()
  const job = (await it.next()).waves.flat()[0]!
  expect((await applyJob(it.world, job, events)).items).toHaveLength(1)
  expect(await applyJob(it.world, job, events)).toMatchObject({ items: [], awaited: [], failed: false })
})

test('an old run applies the tip of now, not the commit that it began with', async () => {
  const it = lab({ dev: { vpc: 'size: 1' } })
  await it.plan()
  const job = (await it.next()).waves.flat()[0]!
  it.commit({ 'stacks/dev.yaml': manifest('dev', { vpc: 'size: 2' }) })
  const { items } = await applyJob(it.world, job, events)
  expect(items).toMatchObject([{ kind: 'applied', replanned: 'unasked' }])
  const { ledger } = await it.document('vpc@dev')
  expect(ledger?.commit).toBe(await it.repo.resolve('main'))
})

test('what is held by a run that goes on is left alone; of one that is over it is taken over when its lease has ended', async () => {
  const files = labFiles(['vpc'], { dev: '' })
  const it = githubLab(files)
  it.commit({ 'stacks/dev.yaml': manifest('dev', { vpc: 'size: 1' }) })
  await it.plan()
  const at = await status(it.world)
  const item = at.items[0]!
  const claim = (is: 'running' | 'over', untilMs: number) => ({
    ...at,
    items: [
      {
        ...item,
        holder: is,
        waitsFor: { kind: 'running', claim: { ...held, untilMs } },
        document: { ...item.document, claim: { ...held, untilMs } },
      } as typeof item,
    ],
  })
  const held = { purpose: 'apply', holder: { run: '1', by: 'ann' }, fence: 1, sinceMs: 1, leasedMs: 1 } as const
  expect(applyJobs(claim('running', 1)).waves).toEqual([])
  expect(applyJobs(claim('over', at.nowMs + 1)).waves).toEqual([])
  expect(applyJobs(claim('over', at.nowMs)).waves).toHaveLength(1)
})

test('GitHub is told what a run did, and tells it when the records are lost', async () => {
  const it = lab({ dev: { vpc: 'size: 1' }, prod: { vpc: 'size: 1' } })
  await it.plan()
  for (const job of (await it.next()).waves.flat()) await applyJob(it.world, job, events)
  const { deployments } = await afterRun(it.world)
  expect(deployments.map(({ environment, state, description }) => [environment, state, description])).toEqual([
    ['dev', 'success', 'applied: vpc@dev'],
    ['prod', 'success', 'applied: vpc@prod'],
  ])
  expect(it.github.has.deployments.map(({ is, states }) => [is.environment, is.task, states])).toEqual([
    ['dev', 'airlock', ['success']],
    ['prod', 'airlock', ['success']],
  ])
  expect(await ledgerDifferences(it.world, await status(it.world))).toEqual([])
  const { ledger } = await it.document('vpc@dev')
  await it.forget()
  expect(await ledgerDifferences(it.world, await status(it.world))).toMatchObject([
    { environment: 'dev', id: 'vpc@dev', deployed: { fingerprint: ledger!.fingerprint }, recorded: undefined },
    { environment: 'prod', id: 'vpc@prod' },
  ])
})

test('a run whose runner was taken away leaves nothing locked: another goes on once GitHub says that it is over', async () => {
  let evicted = true
  const it = githubLab(labFiles(['vpc'], { dev: '' }), {
    components: {
      vpc: (vars, prior, phase) => {
        const made = { 'thing.a': { ...vars } }
        if (phase === 'apply' && evicted) throw new CutShort('killed', made)
        return { objects: { ...made, 'thing.b': { ...vars, old: Object.keys(prior).length > 0 } }, outputs: {} }
      },
    },
  })
  it.commit({ 'stacks/dev.yaml': manifest('dev', { vpc: 'size: 1' }) })
  await it.plan()
  const first = it.run.id
  await expect(applyJob(it.world, { component: 'vpc', environment: 'dev' }, events)).rejects.toThrow('killed')
  evicted = false
  it.restart()
  it.run.id += 1
  runIs(it, it.run.id, 'in_progress')
  // The runner is gone, and GitHub has not noticed yet.
  runIs(it, first, 'in_progress')
  it.time.nowMs += 20 * 60_000
  expect(await it.next()).toMatchObject({ waves: [] })
  expect(await it.apply()).toEqual([expect.stringContaining('is being applied by')])
  runIs(it, first, 'completed')
  const job = (await it.next()).waves.flat()[0]!
  const { items, failed } = await applyJob(it.world, job, events)
  expect({ kinds: items.map(({ kind }) => kind), failed }).toEqual({ kinds: ['applied'], failed: false })
})

test('a claim of a run that is over is left alone until its lease has ended', async () => {
  const it = lab({ dev: { vpc: 'size: 1' } })
  await it.plan()
  const { address } = await it.document('vpc@dev')
  const holder = { run: '1', by: 'ann', process: { host: 'github:acme/infra', pid: 1, started: 'attempt 1' } }
  const claim = { kind: 'claim', holder, purpose: 'apply', leaseMs: 60_000 } as const
  await transact(it.world.journal, address, claim)
  runIs(it, 1, 'completed')
  expect((await it.next()).waves).toEqual([])
  it.time.nowMs += 60_000
  expect((await it.next()).waves).toHaveLength(1)
  expect(await it.apply()).toEqual(['vpc@dev applied'])
})

function runIs({ github }: GitHubLab, id: number, status: 'completed' | 'in_progress'): void {
  github.has.runs.set(id, {
    id,
    attempt: 1,
    event: 'push',
    headCommit: 'c'.repeat(40),
    status,
    conclusion: status === 'completed' ? 'failure' : undefined,
    workflow: '.github/workflows/airlock.yml',
    url: `https://github.com/acme/infra/actions/runs/${id}`,
  })
}
