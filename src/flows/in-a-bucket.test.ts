import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Policy } from '../../tests/fakes/s3/policy.ts'
import { type FakeS3, type Fault, startS3 } from '../../tests/fakes/s3/s3.ts'
import { fold } from '../records/fold.ts'
import { keepingTags } from '../records/keeping.ts'
import type { StoreRole } from '../settings.ts'
import { s3Store } from '../store/drivers/s3.ts'
import { branchesOf } from '../testkit/branches.ts'
import { type FlowLab, flowLab, labFiles } from '../testkit/flow-lab.ts'
import { applyInFlight } from './apply.ts'
import { dashboard } from './dashboard.ts'
import { affectedJobs } from './jobs.ts'
import { planJob } from './plan-jobs.ts'
import { roleDesigns } from './provision-roles.ts'
import { status } from './status.ts'
import type { World } from './world.ts'

const open: FakeS3[] = []
let s3: FakeS3
beforeEach(async () => {
  s3 = await startS3({ buckets: ['acme-airlock'] })
  open.push(s3)
})
afterAll(async () => {
  await Promise.all(open.map((it) => it.close()))
})

const roles = roleDesigns({
  bucket: 'acme-airlock',
  prefix: 'infra',
  region: 'us-east-1',
  repository: 'acme/infra',
  ids: undefined,
  environments: ['dev'],
  provider: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
  account: 'arn:aws:iam::111122223333:root',
})

/** The lab's world with records in the bucket, as a job with a role has it. */
function as(lab: FlowLab, role: StoreRole, by: string = role): World {
  const keys = s3.credentials(by, roles.find((it) => it.role === role)!.policy as Policy)
  const store = s3Store({
    url: 's3://acme-airlock/infra',
    endpoint: s3.url,
    credentials: async () => keys,
    tags: keepingTags,
    pause: async () => {},
  })
  return { ...lab.world, store, journal: { ...lab.world.journal, store } }
}

const silent = { begin: () => {}, doing: () => {}, finished: () => {} }
const estate = (size: number) => `settings: { airlock: { approval: none } }
components:
  terraform:
    app: { vars: { size: 1, network: !terraform.state vpc version } }
    vpc: { vars: { size: ${size} } }
`
const files = labFiles(['vpc', 'app'], { dev: estate(1) })
const standing = async (world: World) =>
  (await status(world)).items.map((item) => `${item.id} ${'waitsFor' in item ? item.waitsFor.kind : item.kind}`)

/** Plans what is in flight, folds and applies, each step with the role of its job, until nothing is left. */
async function settle(lab: FlowLab): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const { file } = await affectedJobs(as(lab, 'fold'), { kind: 'tip' })
    for (const job of file.jobs) await planJob(as(lab, 'plan'), file, job, silent)
    await fold(as(lab, 'fold').journal, { maxAgeMs: 1e9 })
    await applyInFlight(as(lab, 'apply'), {}, silent)
    if ((await standing(as(lab, 'read'))).length === 0) return
  }
  throw new Error(`not settled: ${await standing(as(lab, 'read'))}`)
}

test('from a merge to the ledger each job does its part with its own role, and no role is short of a right', async () => {
  const lab = flowLab(files)
  await settle(lab)
  const { branch, open: opened, merge } = branchesOf(lab, files)
  await branch('wider', { 'stacks/dev.yaml': labFiles([], { dev: estate(2) })['stacks/dev.yaml'] as string })
  await opened('wider')
  await merge(1, 'wider')
  expect(await standing(as(lab, 'read'))).toEqual(['vpc@dev plan'])
  await settle(lab)
  const refused = s3.requests.filter(({ status, method }) => status === 403 && method !== 'HEAD')
  expect(refused).toEqual([])
  expect((await dashboard(as(lab, 'read'))).instances.map(({ id }) => id)).toEqual(['app@dev', 'vpc@dev'])
  const tags = new Set([...s3.buckets.get('acme-airlock')!.objects.values()].flat().map(({ tags: it }) => it.airlock))
  expect([...tags].sort()).toEqual(['document', 'event', 'model', 'plan'])
})

/** A fault for every so many requests, of each kind in turn. */
function weather(every: number): (ask: { readonly method: string }) => Fault | undefined {
  const kinds: Fault[] = [
    { kind: 'lost' },
    { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' },
    { kind: 'after', status: 500, code: 'InternalError' },
    { kind: 'dropped' },
    { kind: 'refuse', status: 503, code: 'SlowDown' },
  ]
  let asked = 0
  return ({ method }) => {
    asked += 1
    if (asked % every !== 0) return undefined
    const fault = kinds[(asked / every) % kinds.length]!
    return method === 'PUT' || fault.kind !== 'refuse' || fault.status !== 409 ? fault : undefined
  }
}

test.each([2, 3, 7])('with every %i. request going wrong, all is applied once', async (every) => {
  const lab = flowLab(files)
  s3.faults = weather(every)
  await settle(lab)
  s3.faults = () => undefined
  expect(s3.requests.some(({ status: it }) => it === 'lost')).toBe(true)
  expect(await standing(as(lab, 'read'))).toEqual([])
  expect(applies(lab)).toEqual({ app: 1, vpc: 1 })
})

test('of two runs that apply at once, in bad weather, each change is applied by one', async () => {
  const lab = flowLab(files)
  const { file } = await affectedJobs(as(lab, 'fold'), { kind: 'tip' })
  for (const job of file.jobs) await planJob(as(lab, 'plan'), file, job, silent)
  await fold(as(lab, 'fold').journal, { maxAgeMs: 1e9 })
  s3.faults = weather(4)
  await Promise.all(['one', 'two', 'three'].map((by) => applyInFlight(as(lab, 'apply', by), {}, silent)))
  s3.faults = () => undefined
  await settle(lab)
  expect(applies(lab)).toEqual({ app: 1, vpc: 1 })
})

/** How often each component was applied. */
function applies(lab: FlowLab): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, name] of lab.terraform.ran.flatMap((it) => [/^apply .*\/(\w+)@/.exec(it) ?? []]))
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

test('what an apply asks of the store grows with what it applies alone, by a few requests each', async () => {
  const components = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`)
  const wide = (count: number) => `settings: { airlock: { approval: none } }
components:
  terraform:
${components(count)
  .map((name) => `    ${name}: { vars: { size: 1 } }\n`)
  .join('')}`
  const cost = async (count: number) => {
    const lab = flowLab(labFiles(components(count), { dev: wide(count) }))
    const by = (role: StoreRole) => as(lab, role, `${role}-${count}`)
    const { file } = await affectedJobs(by('fold'), { kind: 'tip' })
    for (const job of file.jobs) await planJob(by('plan'), file, job, silent)
    await fold(by('fold').journal, { maxAgeMs: 1e9 })
    const { items } = await applyInFlight(by('apply'), {}, silent)
    expect(items.map(({ kind }) => kind)).toEqual(items.map(() => 'applied'))
    expect(items).toHaveLength(count)
    const asked = s3.requests.filter((it) => it.by === `apply-${count}`)
    s3.buckets.get('acme-airlock')!.objects.clear()
    const named = (method: string) => asked.filter((it) => it.method === method && it.key !== '').length
    return { reads: named('GET'), writes: named('PUT') }
  }
  const [few, many] = [await cost(5), await cost(25)]
  expect((many.reads - few.reads) / 20).toBeLessThanOrEqual(8)
  expect((many.writes - few.writes) / 20).toBeLessThanOrEqual(6)
})
