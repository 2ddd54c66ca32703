import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { House } from './house.ts'
import { cidrOf, networks, renumbered } from './networks.ts'
import { asPerson, demandTheGate, shownDigest } from './people.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

const id = 'vpc@plat-ue1-dev'
const minutes = 300_000

describe.skipIf(!thorough)('what came to the protected branch past the gate', () => {
  let at: House
  let see: Seen
  /** How often the role was taken that writes states. */
  const acted = () => at.sts.sessions.filter(({ subject }) => subject.endsWith(':dev-apply')).length
  let before: number

  const cidr = async () => (await see.object('network/plat-ue1-dev'))?.cidr
  const replies = (number: number) =>
    at.github.comments(at.repository, number).filter(({ body }) => !body.includes('<!-- airlock'))
  const say = async (number: number, body: string, by: string) => {
    const comment = await at.github.comment(at.repository, number, body, by)
    await at.idle()
    return comment
  }
  const review = async (number: number, by: string) => {
    const made = await at.github.review(at.repository, number, { by, event: 'APPROVE' })
    await at.idle()
    return made
  }
  const merge = async (number: number, by: string) => {
    await at.github.merge(at.repository, number, { by, method: 'squash' })
    await at.idle()
  }
  const digest = async () => shownDigest((await see.document(id)).plans.at(-1)!.digest)
  const reported = (event: string) => {
    const report = at
      .runsOf(event)
      .at(-1)
      ?.jobs.find(({ key }) => key === 'report')
    return report?.log ?? ''
  }

  beforeAll(async () => {
    at = await networks()
    at.github.user('carl', { [at.repository]: 'write' })
    await demandTheGate(at)
    see = seen(at)
    await see.newAttempts()
    before = acted()
  }, 600_000)
  afterAll(() => at?.close())

  let forged: number
  it(
    'with a forged green gate and the review of somebody without rights is not applied, and says what it waits for',
    async () => {
      const files = (await renumbered(at, 'ue1', 3)) as Record<string, string>
      const head = await at.github.push(at.repository, { branch: 'forged', files, by: 'bob', onto: 'main' })
      await asPerson(at, 'bob', 'POST', `/statuses/${head}`, { context: 'airlock/gate', state: 'success' })
      forged = await at.github.openPull(at.repository, { head: 'forged', by: 'bob' })
      await at.idle()
      await review(forged, 'eve')
      await merge(forged, 'bob')
      expect(at.failures()).toBe('')
      expect(await see.newAttempts()).toEqual([])
      expect(acted()).toBe(before)
      expect(await cidr()).toBe(cidrOf(1))
      expect(at.comment(forged)).toMatch(/\*\*In flight\*\*[\s\S]*waits for approval/)
    },
    minutes,
  )

  it(
    'is held back by the rule when the gate is not green; merged by an administrator all the same, it waits',
    async () => {
      const number = await at.open('red', await renumbered(at, 'ue1', 4))
      await at.idle()
      expect((await at.gate(at.github.pull(at.repository, number).headSha))?.state).toBe('pending')
      await expect(merge(number, 'bob')).rejects.toThrow('airlock/gate')
      await merge(number, 'ann')
      expect(at.failures()).toBe('')
      expect(await see.newAttempts()).toEqual([])
      expect(acted()).toBe(before)
      expect(at.comment(number)).toContain('waits for approval')
      expect(reported('push')).toContain('1 instance is in flight')

      // Whoever wrote any part of it is not the one to agree to it.
      await say(number, `/airlock approve ${await digest()}`, 'bob')
      expect(replies(number).at(-1)?.body).toMatch(/bob wrote .*somebody else must agree/)
      expect(await see.newAttempts()).toEqual([])
      await say(number, `/airlock approve ${await digest()}`, 'carl')
      expect(await see.newAttempts()).toEqual([`${id} done`])
      expect(await cidr()).toBe(cidrOf(4))
      before = acted()
    },
    minutes,
  )

  it(
    'by a direct push takes the word of somebody who maintains the repository',
    async () => {
      const files = (await renumbered(at, 'ue1', 5)) as Record<string, string>
      await at.github.push(at.repository, { branch: 'main', files, by: 'ann', message: 'Straight' })
      await at.idle()
      expect(await see.newAttempts()).toEqual([])
      expect(acted()).toBe(before)
      // Nobody reviews the environment, so that its job passes, and proves nothing.
      await at.github.tick(at.repository, '17 * * * *')
      await at.idle()
      expect(await see.newAttempts()).toEqual([])

      await say(forged, `/airlock approve ${await digest()}`, 'carl')
      expect(replies(forged).at(-1)?.body).toContain('past any pull request')
      expect(await see.newAttempts()).toEqual([])
      at.github.user('mia', { [at.repository]: 'maintain' })
      await say(forged, `/airlock approve ${await digest()}`, 'mia')
      expect(await see.newAttempts()).toEqual([`${id} done`])
      expect(await cidr()).toBe(cidrOf(5))
      before = acted()
    },
    minutes,
  )

  it(
    'is not approved by a review that is dismissed between merge and apply',
    async () => {
      const number = await at.open('dismissed', await renumbered(at, 'ue1', 6))
      await at.idle()
      const made = await review(number, 'bob')
      await at.github.merge(at.repository, number, { by: 'ann', method: 'squash' })
      await asPerson(at, 'ann', 'PUT', `/pulls/${number}/reviews/${made}/dismissals`, { message: 'Too early' })
      await at.idle()
      expect(at.failures()).toBe('')
      expect(await see.newAttempts()).toEqual([])
      expect(await cidr()).toBe(cidrOf(5))
      expect(acted()).toBe(before)
      expect(at.comment(number)).toContain('waits for approval')
    },
    minutes,
  )

  it(
    'is not approved by a comment that was edited after it was written, and a new one is',
    async () => {
      const number = await at.open('edited', await renumbered(at, 'ue1', 7))
      await at.idle()
      const comment = await say(number, `/airlock approve ${await digest()}`, 'carl')
      expect(replies(number).at(-1)?.body).toContain('Approved by carl')
      const { approvals } = await see.document(id)
      expect(approvals.at(-1)).toMatchObject({ how: 'comment', by: { name: 'carl' }, from: { comment } })
      await asPerson(at, 'carl', 'PATCH', `/issues/comments/${comment}`, {
        body: `/airlock approve ${await digest()} not`,
      })
      await at.idle()
      await merge(number, 'ann')
      expect(await see.newAttempts()).toEqual([])
      expect(acted()).toBe(before)
      expect((await see.document(id)).approvals.filter(({ from }) => from?.comment === comment)).toEqual([])
      await say(number, `/airlock approve ${await digest()}`, 'carl')
      expect(await see.newAttempts()).toEqual([`${id} done`])
      expect(await cidr()).toBe(cidrOf(7))
      expect(at.failures()).toBe('')
    },
    minutes,
  )

  it('asks little of GitHub', () => {
    expect(overBudget(at)).toEqual([])
  })
})
