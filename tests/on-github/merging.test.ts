import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { House } from './house.ts'
import { cidrOf, networks, renumbered } from './networks.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

describe.skipIf(!thorough)('a merge', () => {
  let at: House
  let see: Seen

  beforeAll(async () => {
    at = await networks()
    see = seen(at)
    expect(await see.newPlans()).toHaveLength(2)
    expect((await see.newAttempts()).toSorted()).toEqual(['vpc@plat-ue1-dev done', 'vpc@plat-ue2-dev done'])
  }, 600_000)
  afterAll(() => at?.close())

  it.each([
    ['squash', 3],
    ['merge', 4],
    ['rebase', 5],
  ] as const)(
    '(%s) applies what was planned before it, once',
    async (method, size) => {
      const { github, repository } = at
      const number = await at.open(`by-${method}`, await renumbered(at, 'ue1', size))
      await at.idle()
      const head = github.pull(repository, number).headSha
      expect(await see.newPlans()).toEqual(['vpc@plat-ue1-dev'])
      expect(await at.gate(head)).toMatchObject({ state: 'success' })
      expect(at.comment(number)).toContain(head.slice(0, 7))
      await github.review(repository, number, { by: 'bob', event: 'APPROVE' })
      await at.idle()
      const commit = await github.merge(repository, number, { by: 'ann', method })
      await at.idle()
      expect(at.failures()).toBe('')
      expect(await see.newPlans()).toEqual([])
      expect(await see.newAttempts()).toEqual(['vpc@plat-ue1-dev done'])
      const { ledger, claim } = await see.document('vpc@plat-ue1-dev')
      expect(ledger).toMatchObject({ commit })
      expect(claim).toBeUndefined()
      expect(await see.object('network/plat-ue1-dev')).toMatchObject({ cidr: cidrOf(size) })
      expect((await see.pull(number)).state).toMatchObject({ kind: 'merged', commit })
      expect(at.comment(number)).toContain(commit.slice(0, 7))
    },
    300_000,
  )

  it('by a queue is judged on the commit that the queue made, and applied', async () => {
    const { github, repository } = at
    await demandTheGate(at)
    const number = await at.open('queued', await renumbered(at, 'ue2', 7))
    await at.idle()
    await github.review(repository, number, { by: 'bob', event: 'APPROVE' })
    await at.idle()
    await github.enqueue(repository, number, 'ann')
    await at.idle()
    expect(at.failures()).toBe('')
    const [run] = at.runsOf('merge_group')
    expect(run).toMatchObject({ conclusion: 'success' })
    expect(await at.gate(run!.sha)).toMatchObject({ state: 'success' })
    expect(github.pull(repository, number).state).toBe('closed')
    const tip = await github.commit(repository, 'main')
    expect((await see.pull(number)).state).toMatchObject({ kind: 'merged', commit: tip })
    expect(await see.newAttempts()).toEqual(['vpc@plat-ue2-dev done'])
    expect((await see.document('vpc@plat-ue2-dev')).ledger).toMatchObject({ commit: tip })
    expect(await see.object('network/plat-ue2-dev')).toMatchObject({ cidr: cidrOf(7) })
  }, 300_000)

  it('asks little of GitHub, however it was made', () => {
    expect(overBudget(at)).toEqual([])
  })
})

/** A ruleset that asks for the gate, and lets a queue merge. */
async function demandTheGate({ github, repository }: House): Promise<void> {
  const queue = {
    check_response_timeout_minutes: 60,
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    merge_method: 'SQUASH',
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
  }
  const checks = {
    strict_required_status_checks_policy: false,
    required_status_checks: [{ context: 'airlock/gate' }],
  }
  const answer = await fetch(`${github.apiUrl}/repos/${repository}/rulesets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${github.userToken('ann')}` },
    body: JSON.stringify({
      name: 'airlock',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      bypass_actors: [],
      rules: [
        { type: 'required_status_checks', parameters: checks },
        { type: 'merge_queue', parameters: queue },
      ],
    }),
  })
  expect(answer.status).toBe(201)
}
