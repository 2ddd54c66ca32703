import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakeRun } from '../fakes/github/hub.ts'
import type { House } from './house.ts'
import { cidrOf, networks, renumbered } from './networks.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

const id = 'vpc@plat-ue1-dev'

describe.skipIf(!thorough)('an environment whose reviewers approve', () => {
  let at: House
  let see: Seen
  let first: number

  const waiting = () => at.runner.runs().filter(({ status }) => status === 'waiting')
  const told = (run: FakeRun) => at.told(run).filter((line) => !line.endsWith('skipped'))
  const cidr = async () => (await see.object('network/plat-ue1-dev'))?.cidr
  const merged = async (branch: string, size: number) => {
    const number = await at.open(branch, await renumbered(at, 'ue1', size))
    await at.idle()
    await at.github.merge(at.repository, number, { by: 'ann', method: 'squash' })
    await at.idle()
    return number
  }

  beforeAll(async () => {
    at = await networks(() => {}, 'environment')
    at.github.user('carl', { [at.repository]: 'write' })
    at.github.protect(at.repository, 'dev', { reviewers: ['bob'], branches: ['main'] })
    see = seen(at)
    await see.newPlans()
    await see.newAttempts()
  }, 600_000)
  afterAll(() => at?.close())

  it('waits for them without a runner, and nothing is applied', async () => {
    first = await merged('first', 3)
    expect(at.failures()).toBe('')
    expect(waiting().map(told)).toEqual([['affected: success', 'report: success', 'approve approve · dev: waiting']])
    expect(await see.newAttempts()).toEqual([])
    expect(await cidr()).toBe(cidrOf(1))
    expect(at.comment(first)).toContain('waits for approval')
  }, 300_000)

  it('is spoken for by nobody else: neither another who may write, nor a run that says so', async () => {
    const [run] = waiting()
    for (const login of ['carl', 'eve'])
      expect(() => at.runner.approve(run!, 'dev', login)).toThrow(`${login} is no reviewer of dev`)
    await at.dispatch({ task: 'apply', approval_run: String(run!.id), environment: 'dev' }, 'carl')
    expect(await see.newAttempts()).toEqual([])
    expect((await see.document(id)).approvals).toEqual([])
    expect(waiting()).toEqual([run])
  }, 300_000)

  it('is heard when one of them agrees: what they were asked is applied, and nothing else', async () => {
    const asked = (await see.document(id)).plans.findLast(({ status }) => status.kind === 'open')!
    await see.newPlans()
    at.runner.approve(waiting()[0]!, 'dev', 'bob', 'go on')
    await at.idle()
    expect(at.failures()).toBe('')
    expect(waiting()).toEqual([])
    expect(await see.newPlans()).toEqual([])
    expect(await see.newAttempts()).toEqual([`${id} done`])
    const { ledger, claim } = await see.document(id)
    expect(ledger).toMatchObject({ digest: asked.digest, fingerprint: asked.fingerprint })
    expect(claim).toBeUndefined()
    expect(await cidr()).toBe(cidrOf(3))
    expect(at.comment(first)).toContain('### Airlock: applied')
  }, 300_000)

  it('is asked anew when another change came meanwhile: the yes to the earlier one is none to it', async () => {
    await merged('second', 4)
    const [asked] = waiting()
    await merged('third', 5)
    at.runner.approve(asked!, 'dev', 'bob')
    await at.idle()
    expect(await see.newAttempts()).toEqual([])
    expect(await cidr()).toBe(cidrOf(3))
    expect(waiting()).toHaveLength(1)
    at.runner.approve(waiting()[0]!, 'dev', 'bob')
    await at.idle()
    expect(await see.newAttempts()).toEqual([`${id} done`])
    expect(await cidr()).toBe(cidrOf(5))
    expect(at.failures()).toBe('')
  }, 300_000)

  it('is not asked again after a no, which is told with its reason', async () => {
    const number = await merged('fourth', 6)
    at.runner.reject(waiting()[0]!, 'dev', 'bob', 'not on a Friday')
    await at.idle()
    await at.github.tick(at.repository, '17 * * * *')
    await at.idle()
    expect(await see.newAttempts()).toEqual([`${id} rejected`])
    expect((await see.document(id)).attempts.at(-1)).toMatchObject({ by: 'bob', note: 'not on a Friday' })
    expect(await cidr()).toBe(cidrOf(5))
    expect(at.comment(number)).toContain('rejected')
    await at.github.tick(at.repository, '17 * * * *')
    await at.idle()
    expect(waiting()).toEqual([])
  }, 300_000)

  it('asks little of GitHub', () => {
    expect(overBudget(at)).toEqual([])
  })
})
