import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from './house.ts'

const stage = 'stacks/mixins/stage/dev.yaml'
const slow = 200_000

describe('what came to the protected branch past the gate', () => {
  let it: House
  beforeAll(async () => {
    it = await house({ adopts: true, protects: true, reviewers: { dev: ['ann'] } })
  }, slow)
  afterAll(() => it?.close())

  const applied = async () => (await readdir(join(it.cloud, 'network')).catch(() => [])).length
  const rangeAs = async (range: string) => ({ [stage]: (await it.file(stage)).replace(/10\.\d+\.0\.0\/12/, range) })
  const reportOf = (event: string) =>
    it
      .runsOf(event)
      .at(-1)
      ?.jobs.find(({ key }) => key === 'report')?.log ?? ''

  test(
    'a forged green gate and the review of somebody without rights get a merge, and no apply',
    async () => {
      await it.github.push(it.repository, {
        branch: 'range',
        files: await rangeAs('10.32.0.0/12'),
        by: 'bob',
        onto: 'main',
      })
      const number = await it.github.openPull(it.repository, { head: 'range', by: 'bob' })
      await it.idle()
      expect(it.failures()).toBe('')
      await it.github.review(it.repository, number, { by: 'eve', event: 'APPROVE' })
      await it.idle()
      const head = await it.github.commit(it.repository, 'range')
      const forged = await fetch(`${it.github.apiUrl}/repos/${it.repository}/statuses/${head}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${it.github.userToken('bob')}` },
        body: JSON.stringify({ context: 'airlock/gate', state: 'success', description: 'all fine' }),
      })
      expect(forged.status).toBe(201)
      await it.github.merge(it.repository, number, { by: 'bob', method: 'squash' })
      await it.idle()
      expect(it.failures()).toBe('')
      expect(
        it.told(it.runsOf('push').at(-1)).filter((line) => line.startsWith('apply') && !line.endsWith('skipped')),
      ).toEqual([])
      expect(await applied()).toBe(0)
      expect(it.comment(number)).toContain('**In flight**')
      expect(it.sts.sessions.filter(({ subject }) => subject.endsWith(':dev-apply'))).toEqual([])
    },
    slow,
  )

  test(
    'a direct push is unreviewed, and waits until somebody who may approves it',
    async () => {
      await it.github.push(it.repository, {
        branch: 'main',
        files: await rangeAs('10.48.0.0/12'),
        by: 'bob',
        message: 'Straight',
      })
      await it.idle()
      expect(it.failures()).toBe('')
      expect(await applied()).toBe(0)
      expect(reportOf('push')).toMatch(/in flight/)
      const [waiting] = it.runner
        .runs()
        .filter(({ status }) => status === 'waiting')
        .slice(-1)
      expect(it.told(waiting)).toContain('approve approve · dev: waiting')
      expect(it.sts.sessions.filter(({ subject }) => subject.endsWith(':dev-apply'))).toEqual([])
    },
    slow,
  )
})
