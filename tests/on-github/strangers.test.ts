import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { s3Store } from '../../src/store/drivers/s3.ts'
import { type House, house } from './house.ts'

const stage = 'stacks/mixins/stage/dev.yaml'
const slow = 200_000

describe('people who may not do what they try', () => {
  let it: House
  let fork: string
  beforeAll(async () => {
    it = await house({ adopts: true, reviewers: { dev: ['ann'] } })
    it.github.user('mallory')
    fork = await it.github.fork(it.repository, 'mallory')
  }, slow)
  afterAll(() => it?.close())

  const openFromFork = async (branch: string, files: Readonly<Record<string, string>>, title = branch) => {
    const head = await it.github.push(fork, { branch, files, by: 'mallory', message: title, onto: 'main' })
    const number = await it.github.openPull(it.repository, { head: `mallory:${branch}`, title, by: 'mallory' })
    await it.idle()
    return { number, head }
  }
  const say = async (number: number, body: string, by: string) => {
    await it.github.comment(it.repository, number, body, by)
    await it.idle()
  }
  const replies = (number: number) =>
    it.github
      .comments(it.repository, number)
      .filter(({ user, body }) => user.endsWith('[bot]') && !body.includes('<!-- airlock'))
      .map(({ body }) => body)
  const ran = (event: string) => it.told(it.runsOf(event).at(-1)).filter((line) => !line.endsWith('skipped'))
  const plannedBy = () => it.sts.sessions.filter(({ role }) => role.endsWith('/airlock-plan'))
  const nasty =
    '::error::boom %0A ##[error]x `$(touch pwned)` @acme/network <img src=x> ${{ secrets.AIRLOCK_READS_KEY }}'

  test(
    'a fork that changes documents turns green, and none of its code runs',
    async () => {
      const { head } = await openFromFork('docs', { 'README.md': 'Better.\n' })
      expect(it.failures()).toBe('')
      expect(await it.gate(head)).toMatchObject({ state: 'success' })
      expect(ran('pull_request_target')).toEqual(['fork: success'])
      expect(ran('pull_request')).toEqual([])
      expect(plannedBy()).toEqual([])
    },
    slow,
  )

  test(
    'a fork that changes stacks is planned only when somebody with write names its head',
    async () => {
      const range = (await it.file(stage)).replace('10.16.0.0/12', '10.32.0.0/12')
      const { number, head } = await openFromFork('range', { [stage]: range }, nasty)
      expect(it.failures()).toBe('')
      expect(await it.gate(head)).toMatchObject({ state: 'failure' })
      expect(it.comment(number)).toContain(`/airlock plan ${head}`)
      expect(plannedBy()).toEqual([])

      await say(number, `/airlock plan ${head}`, 'eve')
      await say(number, `/airlock plan ${head}`, 'mallory')
      expect(replies(number)).toEqual([
        expect.stringContaining('eve has the right `read` here'),
        expect.stringContaining('mallory has the right `none` here'),
      ])
      await say(number, '/airlock plan', 'bob')
      expect(replies(number).at(-1)).toContain('comes from a fork')
      const newer = await it.github.push(fork, {
        branch: 'range',
        files: { [stage]: `${range}        tags:\n          owner: ${JSON.stringify(nasty.split(' ${{')[0])}\n` },
        by: 'mallory',
        message: nasty,
      })
      await it.idle()
      await say(number, `/airlock plan ${head}`, 'bob')
      expect(replies(number)).toHaveLength(4)
      expect(replies(number).at(-1)).toContain(`its head is ${newer.slice(0, 7)}`)
      expect(it.runsOf('workflow_dispatch')).toEqual([])
      expect(plannedBy()).toEqual([])

      await say(number, `/airlock plan ${newer}`, 'bob')
      expect(it.failures()).toBe('')
      expect(ran('workflow_dispatch').sort()).toEqual([
        'affected: success',
        'plan cluster: success',
        'plan vpc: success',
        'report: success',
      ])
      expect(plannedBy().length).toBeGreaterThan(0)
    },
    slow,
  )

  test('what they write stays text: in logs, comments and shells', async () => {
    const jobs = it.runner.runs().flatMap((run) => run.jobs)
    const lines = jobs.flatMap(({ log }) => log.split('\n'))
    expect(lines.filter((line) => /^\s*(::|##\[)error(::|\])(boom|x)/.test(line))).toEqual([])
    const bodies = it.github.pull(it.repository, 2)
    const comment = it.comment(bodies.number)
    expect(comment).toContain('boom')
    expect(comment.replace(/`+[^`]*`+/g, '')).not.toMatch(/@acme\/network|<img/)
    await expect(access(join(process.cwd(), 'pwned'))).rejects.toThrow()
  })

  test('the keys of a plan job neither read nor change what is recorded, nor open plans', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = plannedBy()[0]!
    const store = s3Store({
      url: 's3://airlock/infra',
      region: it.s3.region,
      endpoint: it.s3.url,
      credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
      tags: () => ({ airlock: 'document' }),
    })
    const bytes = new TextEncoder().encode('{}')
    const forbidden = expect.objectContaining({ code: 'store-forbidden' })
    const document = [...it.s3.buckets.get('airlock')!.objects.keys()].find((key) => key.includes('/pulls/'))!
    const key = document.slice('infra/'.length)
    await expect(store.get(key)).rejects.toEqual(forbidden)
    await expect(store.put(key, bytes, { kind: 'absent' })).rejects.toEqual(forbidden)
    await expect(store.put('documents/mine.json', bytes, { kind: 'absent' })).rejects.toEqual(forbidden)
  })

  test(
    "Dependabot's pull requests go the way of forks",
    async () => {
      const branch = 'dependabot/terraform/range'
      const by = 'dependabot[bot]'
      const before = plannedBy().length
      const files = { [stage]: (await it.file(stage)).replace('10.16.0.0/12', '10.48.0.0/12') }
      const head = await it.github.push(it.repository, { branch, files, by, onto: 'main' })
      const number = await it.github.openPull(it.repository, { head: branch, by })
      await it.idle()
      expect(it.failures()).toBe('')
      expect(ran('pull_request_target')).toEqual(['fork: success'])
      expect(await it.gate(head)).toMatchObject({ state: 'failure' })
      expect(it.comment(number)).toContain(`/airlock plan ${head}`)
      expect(plannedBy()).toHaveLength(before)
    },
    slow,
  )

  test(
    'a pull request that names another store, or the role that applies, gets neither',
    async () => {
      const atmos = (await it.file('atmos.yaml'))
        .replace('s3://airlock/infra', 's3://elsewhere/infra')
        .replaceAll('role/airlock-', 'role/mine-')
      const path = 'stacks/orgs/plat/_defaults.yaml'
      const defaults = (await it.file(path)).replace('role/terraform-plan', 'role/terraform-apply')
      await it.open('elsewhere', { 'atmos.yaml': atmos, [path]: defaults })
      const before = it.sts.asked.length
      await it.idle()
      const asked = it.sts.asked.slice(before)
      expect(it.s3.requests.filter(({ bucket }) => bucket === 'elsewhere')).toEqual([])
      expect(asked.filter(({ role }) => role.includes('/mine-'))).toEqual([])
      expect(asked.filter(({ role }) => role.endsWith('/terraform-apply')).map(({ result }) => result)).not.toContain(
        'given',
      )
      expect(it.failures()).not.toContain('A bug of Airlock')
    },
    slow,
  )

  test(
    'a workflow of a branch cannot use an environment that applies',
    async () => {
      const workflow = `on: [push, pull_request]
permissions: { id-token: write }
jobs:
  steal:
    runs-on: ubuntu-latest
    environment: dev-apply
    steps:
      - run: echo stolen
`
      await it.open('workflow', { '.github/workflows/steal.yml': workflow })
      await it.idle()
      const stolen = it.runner.runs().filter(({ workflow: path }) => path.endsWith('steal.yml'))
      expect(stolen.map(({ event, conclusion }) => [event, conclusion]).sort()).toEqual([
        ['pull_request', 'failure'],
        ['push', 'failure'],
      ])
      expect(stolen.flatMap(({ jobs }) => jobs).filter(({ log }) => log.includes('stolen'))).toEqual([])
      expect(it.sts.sessions.filter(({ subject }) => subject.endsWith(':dev-apply'))).toEqual([])
    },
    slow,
  )
})
