import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type House, house } from './house.ts'
import { shownDigest } from './people.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

// A change of all stages: dev is approved by review, staging by comments, prod by the reviewers of its environment.

const catalog = 'stacks/catalog/cluster/defaults.yaml'
const ways = { dev: 'review', staging: 'comment', prod: 'environment' } as const
const stages = ['dev', 'prod', 'staging'] as const
const minutes = 540_000

describe.skipIf(!thorough)('a change of all stages', () => {
  let at: House
  let see: Seen
  let number: number

  const idOf = (component: string, stage: string) => `${component}@plat-ue1-${stage}`
  const digestOf = async (id: string) => shownDigest((await see.document(id)).plans.at(-1)!.digest)
  const waiting = () =>
    at.runner
      .runs()
      .filter(({ status }) => status === 'waiting')
      .map((run) => ({ run, jobs: run.jobs.filter(({ status }) => status === 'waiting').map(({ name }) => name) }))
  const waves = (event: string) =>
    at.told(at.runsOf(event).at(-1)).filter((line) => line.startsWith('apply-') && !line.endsWith('skipped'))
  const say = async (body: string) => {
    await at.github.comment(at.repository, number, body, 'bob')
    await at.idle()
  }

  beforeAll(async () => {
    at = await house({
      estate: 'quickstart',
      approval: 'none',
      files: (files) => {
        for (const path of Object.keys(files)) if (/plat\/\w+\/ue2\.yaml$/.test(path)) delete files[path]
      },
    })
    at.github.protect(at.repository, 'prod', { reviewers: ['bob'], branches: ['main'] })
    see = seen(at)
  }, minutes)
  afterAll(() => at?.close())

  it(
    'is applied in three waves where nobody has to be asked, a job for each component in an environment',
    async () => {
      await at.dispatch({ task: 'sweep' })
      expect(at.failures()).toBe('')
      const jobs = ['vpc', 'cluster', 'app'].flatMap((component, index) =>
        stages.map((stage) => `apply-${index + 1} ${component} · ${stage}: success`),
      )
      expect(waves('workflow_dispatch')).toEqual(jobs)
      const all = ['app', 'cluster', 'vpc'].flatMap((component) =>
        stages.map((stage) => `${idOf(component, stage)} done`),
      )
      expect((await see.newAttempts()).toSorted()).toEqual(all)
    },
    minutes,
  )

  it(
    'says what is equal once, and that nothing is in its way',
    async () => {
      const files: Record<string, string> = {}
      for (const [stage, way] of Object.entries(ways)) {
        const path = `stacks/mixins/stage/${stage}.yaml`
        files[path] = `${await at.file(path)}\nsettings:\n  airlock:\n    approval: ${way}\n`
      }
      await at.github.push(at.repository, { branch: 'main', files, by: 'ann', message: 'Who approves [skip ci]' })
      number = await at.open('upgrade', { [catalog]: (await at.file(catalog)).replace('"1.31"', '"1.32"') })
      await at.idle()
      expect(at.failures()).toBe('')
      expect(at.comment(number).match(/^\| (cluster|app) \|/gm)).toEqual(['| app |', '| cluster |'])
      expect(at.comment(number).length).toBeLessThan(65_536)
      expect(await at.gate(await at.github.commit(at.repository, 'upgrade'))).toMatchObject({ state: 'success' })
    },
    minutes,
  )

  it(
    'goes on where its stage agreed; prod waits for people without a runner, and so does what came out otherwise',
    async () => {
      await say(`/airlock approve ${await digestOf(idOf('cluster', 'staging'))}`)
      await at.github.review(at.repository, number, { by: 'bob', event: 'APPROVE' })
      await at.idle()
      await at.github.merge(at.repository, number, { by: 'ann', method: 'squash' })
      await at.idle()
      expect((await see.newAttempts()).toSorted()).toEqual([
        `${idOf('cluster', 'dev')} done`,
        `${idOf('cluster', 'staging')} done`,
      ])
      expect(waiting().map(({ jobs }) => jobs)).toEqual([['approve · prod']])
      // The address of a cluster is another now, so that what reads it is to be changed too.
      const comment = at.comment(number)
      expect(comment).toContain('`app` in plat-ue1-dev')
      expect(comment).toMatch(/`cluster` in plat-ue1-prod.*waits for approval/)
      for (const stage of ['dev', 'staging'])
        expect((await see.document(idOf('app', stage))).plans.at(-1)).toMatchObject({
          status: { kind: 'open' },
          changes: { change: 1 },
        })
    },
    minutes,
  )

  it(
    'is applied in prod when a reviewer agrees, who is asked again for what came out otherwise',
    async () => {
      const asked = (await see.document(idOf('cluster', 'prod'))).plans.at(-1)!
      at.runner.approve(waiting()[0]!.run, 'prod', 'bob')
      await at.idle()
      expect(await see.newAttempts()).toEqual([`${idOf('cluster', 'prod')} done`])
      expect((await see.document(idOf('cluster', 'prod'))).ledger).toMatchObject({ digest: asked.digest })
      expect(waiting().map(({ jobs }) => jobs)).toEqual([['approve · prod']])
      at.runner.approve(waiting()[0]!.run, 'prod', 'bob')
      await at.idle()
      expect(await see.newAttempts()).toEqual([`${idOf('app', 'prod')} done`])
      expect(waiting()).toEqual([])
    },
    minutes,
  )

  it(
    'ends when the rest is approved in a comment, and its own comment says that all is applied',
    async () => {
      for (const stage of ['dev', 'staging']) await say(`/airlock approve ${await digestOf(idOf('app', stage))}`)
      expect((await see.newAttempts()).toSorted()).toEqual([
        `${idOf('app', 'dev')} done`,
        `${idOf('app', 'staging')} done`,
      ])
      expect(at.comment(number)).toContain('### Airlock: applied')
      for (const [id, { claim, attempts }] of await see.documents())
        expect([id, claim, attempts.filter(({ outcome }) => outcome !== 'done')]).toEqual([id, undefined, []])
    },
    minutes,
  )

  it('asks little of GitHub, whatever it brings', () => {
    expect(overBudget(at)).toEqual([])
  })
})
