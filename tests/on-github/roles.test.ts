import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, house } from './house.ts'
import { thorough } from './thorough.ts'

describe.skipIf(!thorough)('a team whose machines have no keys of their own', () => {
  let it: House
  beforeAll(async () => {
    it = await house({ approval: 'none' })
  }, 100_000)
  afterAll(() => it?.close())

  /** Roles that were given since `from`, each once, by their short names. */
  const given = (from: number) =>
    [
      ...new Set(
        it.sts.sessions.slice(from).map(({ role, subject }) => `${role.split('/')[1]} to ${subject.split(':').at(-1)}`),
      ),
    ].sort()
  const refused = () => [
    ...it.sts.asked.filter(({ result }) => result !== 'given'),
    ...it.s3.requests
      // Whoever only creates may ask for the time, and is told nothing else.
      .filter(({ status, method, key }) => status === 403 && !(method === 'HEAD' && key === ''))
      .map(({ by, method, bucket, key }) => ({ by, method, bucket, key })),
  ]

  test('applies what is in flight, each job with the role of its environment', async () => {
    await it.dispatch({ task: 'sweep' })
    expect(it.failures()).toBe('')
    expect((await readdir(join(it.cloud, 'network'))).length).toBe(2)
    expect(given(0)).toEqual([
      'airlock-apply to dev-apply',
      'airlock-fold to airlock-fold',
      'airlock-plan to airlock-plan',
      'terraform-apply to dev-apply',
      'terraform-plan to airlock-plan',
    ])
    expect(refused()).toEqual([])
  }, 200_000)

  test('plans a pull request, merges it, and applies it', async () => {
    const from = it.sts.sessions.length
    const path = 'stacks/mixins/stage/dev.yaml'
    const number = await it.open('range', { [path]: (await it.file(path)).replace('10.16.0.0/12', '10.32.0.0/12') })
    await it.idle()
    expect(it.failures()).toBe('')
    expect(given(from)).not.toContain('airlock-apply to dev-apply')
    await it.github.merge(it.repository, number, { by: 'ann', method: 'squash' })
    await it.idle()
    expect(it.failures()).toBe('')
    const folder = join(it.cloud, 'network')
    const networks = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
    expect(networks.filter((text) => /10\.3[34]\.0\.0\/16/.test(text))).toHaveLength(2)
    expect(refused()).toEqual([])
  }, 200_000)

  test('looks for drift, and writes the dashboard with a role that only reads', async () => {
    const from = it.sts.sessions.length
    await it.dispatch({ task: 'drift' })
    expect(it.failures()).toBe('')
    expect(it.told(it.runsOf('workflow_dispatch').at(-1)).filter((line) => !line.endsWith('skipped'))).toEqual([
      'drift: success',
      'dashboard: success',
    ])
    expect(given(from)).toEqual([
      'airlock-fold to airlock-drift',
      'airlock-read to airlock-read',
      'terraform-plan to airlock-drift',
    ])
    expect(refused()).toEqual([])
  }, 200_000)
})
