import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakeRun } from '../fakes/github/hub.ts'
import type { House } from './house.ts'
import { networks, renumbered, until } from './networks.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

describe.skipIf(!thorough)('a pull request', () => {
  let at: House
  let see: Seen
  let number: number

  const head = () => at.github.pull(at.repository, number).headSha
  const gate = () => at.gate(head())
  /** The jobs of a run that had something to do. */
  const done = (run: FakeRun | undefined) => at.told(run).filter((line) => !line.endsWith(': skipped'))
  const isPlanning = (run: FakeRun | undefined) =>
    run?.jobs.some(({ key, status }) => key === 'plan' && status === 'in_progress') === true
  const lastRun = () => at.runsOf('pull_request').at(-1)
  const openPlans = async (id: string) =>
    (await see.document(id)).plans.filter((it) => it.status.kind === 'open' && it.pullRequest === number)

  beforeAll(async () => {
    at = await networks()
    see = seen(at)
    await see.newPlans()
  }, 600_000)
  afterAll(() => at?.close())

  it('goes on being planned when its title is edited', async () => {
    number = await at.open('change', await renumbered(at, 'ue1', 3))
    await until('planning', () => isPlanning(lastRun()))
    const planning = lastRun()
    await edit(at, number, { title: 'A better title' })
    await at.idle()
    expect(planning).toMatchObject({ conclusion: 'success' })
    expect(lastRun()).not.toBe(planning)
    expect(done(lastRun())).toEqual([])
    expect(await see.newPlans()).toEqual(['vpc@plat-ue1-dev'])
    expect(await gate()).toMatchObject({ state: 'success' })
    expect(at.failures()).toBe('')
  }, 300_000)

  it('is planned at its new head when it is pushed to while it is planned', async () => {
    const { github, repository } = at
    const push = async (size: number) =>
      github.push(repository, {
        branch: 'change',
        files: await renumbered(at, 'ue1', size),
        by: 'ann',
        onto: 'main',
        force: true,
      })
    const before = lastRun()
    const given = await push(4)
    await until('planning', () => lastRun() !== before && isPlanning(lastRun()))
    const overtaken = lastRun()
    const commit = await push(5)
    await at.idle()
    expect(overtaken).toMatchObject({ conclusion: 'cancelled' })
    expect(lastRun()).toMatchObject({ conclusion: 'success' })
    expect((await openPlans('vpc@plat-ue1-dev')).map((it) => it.commit)).toEqual([commit])
    expect(await gate()).toMatchObject({ state: 'success' })
    expect(await at.gate(given)).toBeUndefined()
    expect(at.comment(number)).toContain(commit.slice(0, 7))
    expect(at.comment(number)).not.toContain(given.slice(0, 7))
  }, 300_000)

  it('has no plans that count once it is closed', async () => {
    await at.github.closePull(at.repository, number, 'ann')
    await at.idle()
    expect(done(lastRun())).toEqual(['gate: success'])
    expect((await see.pull(number)).state).toMatchObject({ kind: 'closed' })
    expect(await openPlans('vpc@plat-ue1-dev')).toEqual([])
  }, 300_000)

  it('is planned and judged again when it is opened again', async () => {
    await see.newPlans()
    await at.github.reopen(at.repository, number, 'ann')
    await at.idle()
    expect(await see.newPlans()).toEqual(['vpc@plat-ue1-dev'])
    expect((await see.pull(number)).state).toEqual({ kind: 'open' })
    expect(await openPlans('vpc@plat-ue1-dev')).toHaveLength(1)
    expect(await gate()).toMatchObject({ state: 'success' })
  }, 300_000)

  it('is planned for the branch that it is to be merged into now', async () => {
    const { github, repository } = at
    await github.push(repository, {
      branch: 'next',
      files: await renumbered(at, 'ue2', 6),
      by: 'ann',
      onto: 'main',
      message: 'A branch of its own [skip ci]',
    })
    await github.retarget(repository, number, 'next', 'ann')
    await at.idle()
    expect(lastRun()).toMatchObject({ conclusion: 'success' })
    expect((await see.pull(number)).base).toMatchObject({ branch: 'next' })
    expect(at.comment(number)).toContain('next')
    await github.retarget(repository, number, 'main', 'ann')
    await at.idle()
    expect((await see.pull(number)).base).toMatchObject({ branch: 'main' })
    expect(await gate()).toMatchObject({ state: 'success' })
    expect(at.failures()).toBe('')
  }, 300_000)

  it('says so when it does not merge any more', async () => {
    const { github, repository } = at
    const files = await renumbered(at, 'ue1', 9)
    await github.push(repository, { branch: 'main', files, by: 'ann', message: 'Past all gates' })
    await at.idle()
    expect(await gate()).toMatchObject({ state: 'failure', description: expect.stringContaining('conflict') })
    expect(at.failures()).toBe('')
  }, 300_000)

  it('that changes nothing is green, and nothing of it is planned', async () => {
    const path = 'stacks/mixins/region/ue2.yaml'
    await see.newPlans()
    number = await at.open('blank', { [path]: `${await at.file(path)}\n# Nothing.\n` })
    await at.idle()
    expect(await see.newPlans()).toEqual([])
    expect(await gate()).toMatchObject({ state: 'success', description: 'no instance changes' })
    expect(done(lastRun())).toEqual(['affected: success', 'report: success'])
  }, 300_000)

  it('asks little of GitHub, whatever happens to it', () => {
    expect(overBudget(at)).toEqual([])
  })
})

/** Edits a pull request as its author does in the browser. */
async function edit({ github, repository }: House, number: number, change: { readonly title: string }): Promise<void> {
  const answer = await fetch(`${github.apiUrl}/repos/${repository}/pulls/${number}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${github.userToken('ann')}` },
    body: JSON.stringify(change),
  })
  expect(answer.status).toBe(200)
}
