import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { House } from './house.ts'
import { cidrOf, networks, regions, renumbered } from './networks.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

const stacks = { ue1: 'stacks/orgs/plat/dev/ue1.yaml', ue2: 'stacks/orgs/plat/dev/ue2.yaml' } as const

describe.skipIf(!thorough)('a protected branch that moves', () => {
  let at: House
  let see: Seen
  /** Pull requests: the network of ue1; that of ue2; the tags of the network of ue1. */
  let first: number
  let other: number
  let tagged: number

  const gate = (number: number) => at.gate(at.github.pull(at.repository, number).headSha)
  const runs = () => at.runner.runs().length
  const review = (number: number) =>
    at.github.review(at.repository, number, { by: 'bob', event: 'APPROVE' }).then(() => at.idle())
  const merge = (number: number) =>
    at.github.merge(at.repository, number, { by: 'ann', method: 'squash' }).then(() => at.idle())
  const say = (number: number, text: string) =>
    at.github.comment(at.repository, number, text, 'bob').then(() => at.idle())

  beforeAll(async () => {
    // Two removals at once are more than one may approve without saying how many.
    at = await networks((files) => {
      files['atmos.yaml'] = files['atmos.yaml']!.replace('  airlock:\n', '  airlock:\n    destroy:\n      max: 1\n')
    })
    see = seen(at)
    first = await at.open('first', await renumbered(at, 'ue1', 3))
    other = await at.open('other', await renumbered(at, 'ue2', 4))
    const text = (await at.file(stacks.ue1)).replace(
      '          - vpc/defaults\n',
      '          - vpc/defaults\n      vars:\n        tags:\n          team: net\n',
    )
    tagged = await at.open('tagged', { [stacks.ue1]: text })
    await at.idle()
    await see.newPlans()
    await see.newAttempts()
  }, 600_000)
  afterAll(() => at?.close())

  it('elsewhere leaves plans and verdicts as they are: nothing is planned again', async () => {
    await review(other)
    await merge(other)
    expect(await see.newPlans()).toEqual([])
    expect(await see.newAttempts()).toEqual(['vpc@plat-ue2-dev done'])
    const tip = await at.github.commit(at.repository, 'main')
    for (const number of [first, tagged]) {
      expect(await gate(number)).toMatchObject({ state: 'success' })
      expect((await see.pull(number)).base.commit).toBe(tip)
    }
    expect(at.runsOf('workflow_dispatch')).toHaveLength(1)
  }, 300_000)

  it('under a plan has it planned again, once, and says what is in the way', async () => {
    const before = runs()
    await merge(first)
    expect(await see.newPlans()).toEqual(['vpc@plat-ue1-dev'])
    const started = at.runner.runs().slice(before)
    expect(started.filter(({ event }) => event === 'workflow_dispatch')).toHaveLength(1)
    expect(await gate(tagged)).toMatchObject({
      state: 'pending',
      description: `waits: vpc in plat-ue1-dev is in flight since #${first} (waits for approval)`,
    })
    expect(at.comment(tagged)).toContain('10.19.0.0/16')
    const head = at.github.pull(at.repository, tagged).headSha
    const checks = at.github.calls.filter(({ route, method }) => method === 'POST' && route.endsWith('/check-runs'))
    expect(checks).toHaveLength(1)
    expect((await see.document('vpc@plat-ue1-dev')).plans.at(-1)).toMatchObject({ pullRequest: tagged, commit: head })
  }, 300_000)

  it('does not hold a revert back', async () => {
    const number = await at.open('revert', await renumbered(at, 'ue1', 1))
    await at.idle()
    expect(await gate(number)).toMatchObject({ state: 'success' })
    await at.github.closePull(at.repository, number, 'ann')
    await at.idle()
  }, 300_000)

  it('holds back nobody who says that it is overtaken', async () => {
    await say(tagged, `/airlock supersede #${first} both are in this one`)
    expect(await gate(tagged)).toMatchObject({ state: 'success' })
    expect((await see.pull(tagged)).supersedes).toMatchObject([{ pullRequest: first, by: { name: 'bob' } }])
  }, 300_000)

  it('has plans made again once what was in the way is applied, and its state has moved', async () => {
    await see.newPlans()
    await review(first)
    expect(await see.newAttempts()).toEqual(['vpc@plat-ue1-dev done'])
    expect(await see.object('network/plat-ue1-dev')).toMatchObject({ cidr: cidrOf(3) })
    expect(await see.newPlans()).toEqual(['vpc@plat-ue1-dev'])
    expect(await gate(tagged)).toMatchObject({ state: 'success' })
    expect(at.failures()).toBe('')
  }, 300_000)

  it('without an event is found by the clock', async () => {
    const number = await at.open('quiet', await renumbered(at, 'ue2', 9), 'Another network')
    await at.idle()
    await review(number)
    await see.newPlans()
    const { github, repository } = at
    const before = at.runsOf('push').length
    // A person may write this into the message of the merge.
    const answer = await fetch(`${github.apiUrl}/repos/${repository}/pulls/${number}/merge`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${github.userToken('ann')}` },
      body: JSON.stringify({ merge_method: 'squash', commit_title: 'Quietly [skip ci]' }),
    })
    expect(answer.status).toBe(200)
    await at.idle()
    expect(at.runsOf('push')).toHaveLength(before)
    expect(await see.newAttempts()).toEqual([])
    await github.tick(repository, '17 * * * *')
    await at.idle()
    expect(await see.newAttempts()).toEqual(['vpc@plat-ue2-dev done'])
    expect(await see.newPlans()).toEqual([])
    expect(await see.object('network/plat-ue2-dev')).toMatchObject({ cidr: cidrOf(9) })
  }, 300_000)

  it('by a removal destroys what was removed, once somebody has said how much that is', async () => {
    const files: Record<string, string> = {}
    for (const region of ['ue1', 'ue2'] as const) {
      const text = await at.file(stacks[region])
      files[stacks[region]] = text.replace(/\ncomponents:\n[\s\S]*/, '\n').replace('  - catalog/vpc/defaults\n', '')
      files[regions[region]] = (await at.file(regions[region])).replace(/\ncomponents:\n[\s\S]*/, '\n')
    }
    const stage = 'stacks/mixins/stage/dev.yaml'
    files[stage] = (await at.file(stage)).replace(/\ncomponents:\n[\s\S]*/, '\n')
    const number = await at.open('removal', files)
    await at.idle()
    expect(at.comment(number)).toContain('destroy')
    await review(number)
    await merge(number)
    // A review names no number.
    expect(await see.newAttempts()).toEqual([])
    const { digest } = (await see.document('vpc@plat-ue1-dev')).plans.at(-1)!
    const shown = digest.replace(/^.*:/, '').slice(0, 8)
    await say(number, `/airlock approve ${shown}`)
    expect(await see.newAttempts()).toEqual([])
    expect(at.github.comments(at.repository, number).at(-1)!.body).toContain('--destroy 2')
    for (const id of ['vpc@plat-ue1-dev', 'vpc@plat-ue2-dev']) {
      const plan = (await see.document(id)).plans.at(-1)!
      await say(number, `/airlock approve ${plan.digest.replace(/^.*:/, '').slice(0, 8)} --destroy 2`)
    }
    expect((await see.newAttempts()).toSorted()).toEqual([
      'vpc@plat-ue1-dev destroy done',
      'vpc@plat-ue2-dev destroy done',
    ])
    expect(await see.object('network/plat-ue1-dev')).toBeUndefined()
    expect(await see.object('network/plat-ue2-dev')).toBeUndefined()
  }, 300_000)

  it('asks little of GitHub, whatever it brings', () => {
    expect(overBudget(at)).toEqual([])
  })
})
