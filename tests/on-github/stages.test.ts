import { appendFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house } from './house.ts'
import { recordsOf } from './records.ts'
import { costLine, costs, overBudget } from './spent.ts'

// A change for all stages of the quickstart's estate: dev approves by review, staging by comment, prod by the environment.

const t0 = Date.now()
const say = (x: string) => appendFileSync('/tmp/r2stages-out.log', `[${((Date.now() - t0) / 1000).toFixed(1)}] ${x}\n`)

const catalog = 'stacks/catalog/cluster/defaults.yaml'
const ways = { dev: 'review', staging: 'comment', prod: 'environment' } as const
let at: House
let number: number

beforeAll(async () => {
  at = await house({ estate: 'quickstart', approval: 'none' })
  at.github.protect(at.repository, 'prod', { reviewers: ['bob'] })
}, 600_000)
afterAll(() => at?.close())

const applied = async (component: string) => {
  const commit = await at.github.commit(at.repository, 'main')
  const all = [...recordsOf(at)].flatMap(([id, { ledger }]) => (ledger?.commit === commit ? [id] : []))
  return all.filter((id) => id.startsWith(`${component}@`)).sort()
}
const inStages = (component: string, ...stages: string[]) =>
  ['ue1', 'ue2'].flatMap((region) => stages.map((stage) => `${component}@plat-${region}-${stage}`)).sort()
const digestOf = (id: string) => recordsOf(at).get(id)!.plans.at(-1)!.digest.split(':')[1]!.slice(0, 8)
const waiting = () => at.runner.runs().filter(({ status }) => status === 'waiting')

test('18 instances are applied in three waves, a job for each component in an environment', async () => {
  await at.dispatch({ task: 'sweep' })
  expect(at.failures()).toBe('')
  for (const component of ['vpc', 'cluster', 'app'])
    expect(await applied(component)).toEqual(inStages(component, 'dev', 'prod', 'staging'))
  say(costs(at).map(costLine).join('\n'))
}, 600_000)

test('a pull request for 12 of them says what is equal once, and that nothing is in its way', async () => {
  const files: Record<string, string> = {}
  for (const [stage, way] of Object.entries(ways)) {
    const path = `stacks/mixins/stage/${stage}.yaml`
    files[path] = `${await at.file(path)}\nsettings:\n  airlock:\n    approval: ${way}\n`
  }
  await at.github.push(at.repository, { branch: 'main', files, by: 'ann', message: 'Say who approves' })
  number = await at.open(
    'upgrade',
    { [catalog]: (await at.file(catalog)).replace('"1.31"', '"1.32"') },
    'Upgrade all clusters',
  )
  await at.idle()
  expect(at.failures()).toBe('')
  const comment = at.comment(number)
  say(comment)
  say(
    at
      .runsOf('pull_request')
      .at(-1)!
      .jobs.map(({ name, summary }) => `== ${name}\n${summary}`)
      .join('\n'),
  )
  expect(comment.length).toBeLessThan(65_536)
  expect(comment.match(/^\| (cluster|app) \|/gm)).toEqual(['| app |', '| cluster |'])
  expect((await at.gate(await at.github.commit(at.repository, 'upgrade')))?.state).toBe('success')
  say(costs(at).map(costLine).join('\n'))
}, 600_000)

test('merged, dev goes on by its review, staging by comments, and prod waits for people without a runner', async () => {
  for (const id of inStages('cluster', 'staging'))
    await at.github.comment(at.repository, number, `/airlock approve ${digestOf(id)}`, 'bob')
  await at.github.review(at.repository, number, { by: 'bob', event: 'APPROVE' })
  await at.idle()
  await at.github.merge(at.repository, number, { by: 'ann', method: 'squash' })
  await at.idle()
  say(at.failures())
  for (const run of at.runner.runs().slice(-6)) say(`${run.event} ${run.status} ${at.told(run).join(', ')}`)
  say(at.comment(number))
  say(costs(at).map(costLine).join('\n'))
  expect(await applied('cluster')).toEqual(inStages('cluster', 'dev', 'staging'))
  expect(waiting().map((run) => run.jobs.filter(({ status }) => status === 'waiting').map(({ name }) => name))).toEqual(
    [['approve · prod']],
  )
}, 600_000)

test('a reviewer of the environment agrees, and what was asked of them is applied', async () => {
  at.runner.approve(waiting()[0]!, 'prod', 'bob', 'go on')
  await at.idle()
  say(at.failures())
  for (const run of at.runner.runs().slice(-4)) say(`${run.event} ${run.status} ${at.told(run).join(', ')}`)
  expect(await applied('cluster')).toEqual(inStages('cluster', 'dev', 'prod', 'staging'))
  expect(recordsOf(at).get('cluster@plat-ue1-prod')!.approvals.at(-1)).toMatchObject({
    how: 'environment',
    by: { name: 'bob' },
    from: { environment: 'prod' },
  })
  const answer = await fetch(`${at.github.apiUrl}/repos/${at.repository}/deployments?environment=prod&task=airlock`, {
    headers: { authorization: `Bearer ${at.github.userToken('ann')}` },
  })
  const deployments = (await answer.json()) as { sha: string; description: string }[]
  say(JSON.stringify(deployments))
  expect(deployments[0]).toMatchObject({
    sha: await at.github.commit(at.repository, 'main'),
    description: expect.stringContaining('cluster@plat-ue1-prod'),
  })
  say(costs(at).map(costLine).join('\n'))
}, 600_000)

test('no event costs more of the API than it may', () => {
  expect(overBudget(at)).toEqual([])
})
