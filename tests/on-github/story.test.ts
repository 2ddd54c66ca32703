import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house } from './house.ts'
import { recordsOf } from './records.ts'
import { costs, overBudget } from './spent.ts'
import { placesOf } from './told.ts'

// The main story of the demo, as workflows: the three components of two stacks, from the first apply to drift.

const secret = 'planted-7d41c9e2b8'
const changed = 'planted-0f52aa61d3'
const dev = 'stacks/mixins/stage/dev.yaml'
const catalog = 'stacks/catalog/app/defaults.yaml'
let at: House
let number: number
let shown: string

beforeAll(async () => {
  at = await house({
    estate: 'quickstart',
    approval: 'none',
    files: (files) => {
      for (const path of Object.keys(files)) if (/plat\/(staging|prod)\//.test(path)) delete files[path]
      files['components/terraform/app/secret.tf'] = [
        'variable "token" {\n  type      = string\n  sensitive = true\n}',
        'resource "terraform_data" "token" {\n  input = var.token\n}\n',
      ].join('\n\n')
      files[catalog] += `        token: ${secret}\n`
    },
  })
}, 400_000)
afterAll(() => at?.close())

const tip = () => at.github.commit(at.repository, 'main')
const applied = async () => {
  const commit = await tip()
  return [...recordsOf(at)].flatMap(([id, { ledger }]) => (ledger?.commit === commit ? [id] : [])).sort()
}
const inCloud = async (kind: string, name: string) =>
  JSON.parse(await readFile(join(at.cloud, kind, `${name}.json`), 'utf8')) as Record<string, unknown>
const replies = () => at.github.comments(at.repository, number).filter(({ body }) => !body.includes('<!-- airlock'))
const digestOf = (id: string) => /[0-9a-f]{8}/.exec(recordsOf(at).get(id)!.plans.at(-1)!.digest.split(':')[1]!)![0]

test('everything is applied, what is read before what reads it, and nobody had to be asked', async () => {
  await at.dispatch({ task: 'sweep' })
  expect(at.failures()).toBe('')
  const all = ['app', 'cluster', 'vpc'].flatMap((it) => [`${it}@plat-ue1-dev`, `${it}@plat-ue2-dev`])
  expect(await applied()).toEqual(all)
  const waves = at.told(at.runsOf('workflow_dispatch')[0]).filter((line) => line.startsWith('apply-'))
  expect(waves).toEqual(['apply-1 vpc · dev: success', 'apply-2 cluster · dev: success', 'apply-3 app · dev: success'])
}, 400_000)

test('settings that only say who approves bring nothing in flight', async () => {
  const files = { [dev]: `${await at.file(dev)}\nsettings:\n  airlock:\n    approval: review\n` }
  await at.github.push(at.repository, { branch: 'main', files, by: 'ann', message: 'Ask reviewers' })
  await at.idle()
  expect(
    at.told(at.runsOf('push').at(-1)).filter((line) => /^(plan|apply)/.test(line) && !/skipped/.test(line)),
  ).toEqual([])
}, 400_000)

test('a pull request gets a job for each component, one comment that shows what its merge would do, and a gate', async () => {
  const files = {
    [dev]: (await at.file(dev)).replace('10.16.0.0/12', '10.64.0.0/12'),
    [catalog]: (await at.file(catalog)).replace(secret, changed),
  }
  number = await at.open('wider-dev', files, 'Move dev to its own address range')
  await at.idle()
  expect(at.failures()).toBe('')
  const run = at.runsOf('pull_request').at(-1)
  expect(at.told(run).filter((line) => line.startsWith('plan'))).toEqual(
    ['app', 'cluster', 'vpc'].map((name) => `plan ${name}: success`),
  )
  shown = at.comment(number)
  // The job of cluster knows what the plan of vpc, made by another job, will give.
  const [vpc, cluster] = [recordsOf(at).get('vpc@plat-ue2-dev')!, recordsOf(at).get('cluster@plat-ue2-dev')!]
  expect(vpc.plans.at(-1)).toMatchObject({ pullRequest: number, status: { kind: 'open' } })
  expect(cluster.plans.at(-1)).toMatchObject({
    provisional: false,
    changes: { change: 1 },
    reads: [{ source: 'plan' }],
  })
  expect(shown).toContain('10.66.0.0/16')
}, 400_000)

test('a reviewer agrees, it is squash-merged, and exactly what was approved is applied; what came out otherwise waits', async () => {
  const approved = new Map([...recordsOf(at)].map(([id, { plans }]) => [id, plans.at(-1)!.digest]))
  await at.github.review(at.repository, number, { by: 'bob', event: 'APPROVE' })
  await at.idle()
  await at.github.merge(at.repository, number, { by: 'ann', method: 'squash' })
  await at.idle()
  const done = await applied()
  expect(done).toEqual([
    'app@plat-ue1-dev',
    'cluster@plat-ue1-dev',
    'cluster@plat-ue2-dev',
    'vpc@plat-ue1-dev',
    'vpc@plat-ue2-dev',
  ])
  for (const id of done.filter((it) => !it.startsWith('app')))
    expect([id, recordsOf(at).get(id)!.ledger!.digest]).toEqual([id, approved.get(id)])
  expect(await inCloud('network', 'plat-ue2-dev')).toMatchObject({ cidr: '10.66.0.0/16' })
  expect(await inCloud('app', 'plat-ue2-dev')).not.toMatchObject({ allow_from: ['10.66.0.0/16'] })
}, 400_000)

test('a comment with its digest approves the plan that came out otherwise, and it is applied', async () => {
  const digest = digestOf('app@plat-ue2-dev')
  await at.github.comment(at.repository, number, `/airlock approve ${digest}`, 'bob')
  await at.idle()
  expect(await applied()).toHaveLength(6)
  expect(await inCloud('app', 'plat-ue2-dev')).toMatchObject({ allow_from: ['10.66.0.0/16'] })
  expect(replies().at(-1)?.body).toContain('Approved by bob')
}, 400_000)

test('commands in comments are answered, each once', async () => {
  const before = replies().length
  const said = [
    'help',
    'explain vpc -s plat-ue2-dev vars.address_range',
    'unlock vpc -s plat-ue2-dev it hangs',
    'reject 00000000 no',
  ]
  for (const command of said) await at.github.comment(at.repository, number, `/airlock ${command}`, 'ann')
  await at.idle()
  const answers = replies()
    .slice(before)
    .map(({ body }) => body)
    .filter((it) => !it.startsWith('/airlock'))
  expect(answers).toHaveLength(4)
  expect(answers.join('\n')).toContain('`vars.address_range` = `10.64.0.0/12`')
  expect(answers.join('\n')).toContain('nobody holds vpc in plat-ue2-dev')
  expect(answers.join('\n')).toContain('no plan with digest 00000000 waits')
}, 400_000)

test('a look finds what somebody changed outside, and the dashboard is written', async () => {
  const file = join(at.cloud, 'network/plat-ue2-dev.json')
  await writeFile(file, JSON.stringify({ ...(await inCloud('network', 'plat-ue2-dev')), cidr: '10.99.0.0/16' }))
  await at.dispatch({ task: 'drift' })
  const run = at.runsOf('workflow_dispatch').at(-1)!
  expect(recordsOf(at).get('vpc@plat-ue2-dev')!.drift?.found?.class).toBe('out-of-band')
  expect([...at.github.artifacts(run).keys()]).toEqual(['airlock-dashboard'])
}, 400_000)

test('a secret stands nowhere in the clear, and no event costs more of the API than it may', async () => {
  // Terraform's own states have it: else nothing would be tried here.
  const states = [...at.s3.buckets.get('states')!.objects.values()].flat()
  expect(states.some(({ bytes }) => Buffer.from(bytes).includes(changed))).toBe(true)
  for (const text of [secret, changed]) expect(await placesOf(text, at, [number])).toEqual([])
  expect(overBudget(at)).toEqual([])
  // The comment of what was merged is written once a run, and jobs ask again for nothing what others were told.
  for (const { calls } of costs(at))
    expect(calls.filter((it) => it.startsWith('PATCH /issues/comments')).length).toBeLessThanOrEqual(1)
  const merge = costs(at).findLast(({ run, calls }) => run.event === 'push' && calls.includes('POST /deployments'))
  expect(merge?.free).toContain('GET /pulls/{pull_number}/reviews')
}, 400_000)
