import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type House, house } from './house.ts'
import { until } from './networks.ts'
import { allAtRest, cloudObject, documentOf, networksOnly, nothingLeft, recordsOf, tagged } from './records.ts'

const ue1 = 'stacks/orgs/plat/dev/ue1.yaml'
const catalog = 'stacks/catalog/vpc/defaults.yaml'
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

let home: House

beforeAll(async () => {
  home = await house({ approval: 'none', files: (all) => networksOnly(all, ['ue1', 'ue2']) })
  await home.dispatch({ task: 'sweep' })
})
afterAll(async () => await home?.close())

async function tags(name: string): Promise<unknown> {
  return (await cloudObject(home, `network/${name}`))?.tags
}

/** Attempts that did something, all instances together. */
function tries(): number {
  return [...recordsOf(home).values()].flatMap(({ attempts }) => attempts).length
}

it('applies two merges within a second, once each where they meet', async () => {
  const one = await home.open('one', { [ue1]: tagged(await home.file(ue1), 'one', 'x') })
  const both = await home.open('both', {
    [catalog]: (await home.file(catalog)).replace('managed_by', 'both: y\n          managed_by'),
  })
  await home.idle()
  const before = new Map([...recordsOf(home)].map(([id, { rev }]) => [id, rev]))
  await home.github.merge(home.repository, one, { by: 'ann' })
  await home.github.merge(home.repository, both, { by: 'ann' })
  await home.idle()
  console.log(home.runsOf('push').map(home.told), home.failures().slice(-3000))
  const tip = await home.github.commit(home.repository, 'main')

  expect(await tags('plat-ue1-dev')).toEqual({ managed_by: 'airlock', one: 'x', both: 'y' })
  expect(await tags('plat-ue2-dev')).toEqual({ managed_by: 'airlock', both: 'y' })
  for (const id of ['vpc@plat-ue1-dev', 'vpc@plat-ue2-dev']) {
    const since = documentOf(home, id).attempts.filter(({ rev }) => rev > before.get(id)!)
    // What the first run took before the second merge was there is another target; the same is never applied twice.
    expect(since.map(({ outcome }) => outcome)).toEqual(since.map(() => 'done'))
    expect(new Set(since.map(({ fingerprint }) => fingerprint)).size).toBe(since.length)
  }
  expect(documentOf(home, 'vpc@plat-ue2-dev').ledger!.commit).toBe(tip)
  for (const number of [one, both]) expect(home.comment(number)).toMatch(/applied/)
  allAtRest(home)
  await nothingLeft(home)
})

it('applies nothing old when a run of the past is run again', async () => {
  const before = tries()
  home.runner.rerun(home.runsOf('push')[0]!)
  await home.idle()
  expect(tries()).toBe(before)
  expect(await tags('plat-ue1-dev')).toEqual({ managed_by: 'airlock', one: 'x', both: 'y' })
  expect(home.runsOf('push')[0]!.conclusion).toBe('success')
  allAtRest(home)
})

it('waits where GitHub asks to slow down, and tells once', async () => {
  const number = await home.open('slow', { [ue1]: tagged(await home.file(ue1), 'slow', 'z') })
  await until('a report', () => {
    const run = home.runsOf('pull_request').at(-1)!
    return run.jobs.some(({ key, status }) => key === 'report' && status === 'in_progress')
  })
  home.github.slowDown(2, 1)
  await home.idle()
  expect(home.runsOf('pull_request').at(-1)!.conclusion).toBe('success')
  expect(home.comment(number)).toContain('1 change')
  expect(home.github.calls.filter(({ status }) => status === 403).length).toBeGreaterThan(0)
})

it('says until when GitHub takes nothing more, and the next run makes up for it', async () => {
  home.github.useUp(home.repository)
  const commit = await home.github.push(home.repository, {
    branch: 'slow',
    files: { [ue1]: tagged(await home.file(ue1), 'slow', 'zz') },
    by: 'ann',
    onto: 'slow',
  })
  await home.idle()
  const run = home.runsOf('pull_request').at(-1)!
  expect(run.conclusion).toBe('failure')
  expect(run.jobs.map(({ log }) => log).join()).toMatch(/GitHub takes no more requests .* until /)
  expect(await home.gate(commit)).toBeUndefined()

  home.later(3_600_000)
  home.runner.rerun(run)
  await home.idle()
  expect(run.conclusion).toBe('success')
  expect((await home.gate(commit))?.state).toBe('success')
})
