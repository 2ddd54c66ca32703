import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { House } from './house.ts'
import { cidrOf, networks, renumbered, until } from './networks.ts'
import { type Seen, seen } from './seen.ts'
import { overBudget } from './spent.ts'
import { thorough } from './thorough.ts'

const stack = 'stacks/orgs/plat/dev/ue1.yaml'
const [ue1, ue2] = ['vpc@plat-ue1-dev', 'vpc@plat-ue2-dev'] as const
const minutes = 300_000

describe.skipIf(!thorough)('what comes together', () => {
  let at: House
  let see: Seen

  const merge = (number: number) => at.github.merge(at.repository, number, { by: 'ann', method: 'squash' })
  const inCloud = (name: string) => see.object(`network/${name}`)
  const tagged = async (tag: string) => {
    const text = await at.file(stack)
    const [inherits, tags] = ['          - vpc/defaults\n', '        tags:\n']
    const grown = text.includes(tags)
      ? text.replace(tags, `${tags}          ${tag}: here\n`)
      : text.replace(inherits, `${inherits}      vars:\n${tags}          ${tag}: here\n`)
    expect(grown).not.toBe(text)
    return { [stack]: grown }
  }
  /** Nobody is at work, and nothing was begun that has no end; a look at the tip finds nothing to do, and does nothing. */
  const atRest = async () => {
    for (const [id, { claim, attempts, outbox }] of await see.documents())
      expect([id, claim, attempts.filter(({ outcome }) => outcome === undefined), outbox]).toEqual([
        id,
        undefined,
        [],
        [],
      ])
    await see.newAttempts()
    await see.newPlans()
    await at.github.tick(at.repository, '17 * * * *')
    await at.idle()
    const report = at
      .runsOf('schedule')
      .at(-1)!
      .jobs.find(({ key }) => key === 'report')
    expect(report!.log).toContain('0 instances are in flight')
    expect([await see.newAttempts(), await see.newPlans()]).toEqual([[], []])
  }

  beforeAll(async () => {
    at = await networks(() => {}, 'none')
    see = seen(at)
    await see.newPlans()
    await see.newAttempts()
  }, 600_000)
  afterAll(() => at?.close())

  it(
    'two merges within a second of two instances are each applied once, by the plans of before',
    async () => {
      const numbers = [
        await at.open('one', await renumbered(at, 'ue1', 3)),
        await at.open('other', await renumbered(at, 'ue2', 4)),
      ]
      await at.idle()
      await see.newPlans()
      for (const number of numbers) await merge(number)
      await at.idle()
      expect(await see.newPlans()).toEqual([])
      expect((await see.newAttempts()).toSorted()).toEqual([`${ue1} done`, `${ue2} done`])
      expect(await inCloud('plat-ue1-dev')).toMatchObject({ cidr: cidrOf(3) })
      expect(await inCloud('plat-ue2-dev')).toMatchObject({ cidr: cidrOf(4) })
      for (const number of numbers) expect(at.comment(number)).toContain('### Airlock: applied')
      await atRest()
    },
    minutes,
  )

  it.each([
    ['the number first', false, 5],
    ['the tags first', true, 6],
  ] as const)(
    'two merges within a second of one instance (%s) leave what both ask for, and nothing is applied twice',
    async (_, tagsFirst, size) => {
      const tag = `with${size}`
      const numbers = [
        await at.open(`number${size}`, await renumbered(at, 'ue1', size)),
        await at.open(`tags${size}`, await tagged(tag)),
      ]
      await at.idle()
      const { rev, ledger: old } = await see.document(ue1)
      for (const number of tagsFirst ? numbers.toReversed() : numbers) await merge(number)
      await at.idle()
      const { attempts, ledger } = await see.document(ue1)
      const since = attempts.filter((it) => it.rev > rev)
      // What the first run took before the second merge was there is another target than that of both.
      expect(since.map(({ outcome }) => outcome)).toEqual(since.map(() => 'done'))
      expect(new Set(since.map(({ fingerprint }) => fingerprint)).size).toBe(since.length)
      expect(ledger!.commit).toBe(await at.github.commit(at.repository, 'main'))
      expect(ledger!.state!.serial - old!.state!.serial).toBe(since.length)
      expect(await inCloud('plat-ue1-dev')).toMatchObject({ cidr: cidrOf(size), tags: { [tag]: 'here' } })
      for (const number of numbers) expect(at.comment(number)).toContain('### Airlock: applied')
      await atRest()
    },
    minutes,
  )

  it(
    'a run of long ago that is run again applies nothing, and plans nothing',
    async () => {
      const [old] = at.runsOf('push')
      at.runner.rerun(old!)
      await at.idle()
      expect(old).toMatchObject({ attempt: 2, conclusion: 'success' })
      expect([await see.newAttempts(), await see.newPlans()]).toEqual([[], []])
      expect(await inCloud('plat-ue1-dev')).toMatchObject({ cidr: cidrOf(6) })
    },
    minutes,
  )

  it(
    'a force push during a plan leaves what is at the head now, and nothing speaks of what was',
    async () => {
      const number = await at.open('forced', await renumbered(at, 'ue1', 9))
      const old = at.github.pull(at.repository, number).headSha
      await until('a plan at work', () =>
        at
          .runsOf('pull_request')
          .some((run) =>
            run.jobs.some(({ key, status }) => run.sha !== '' && key === 'plan' && status === 'in_progress'),
          ),
      )
      const files = (await renumbered(at, 'ue2', 10)) as Record<string, string>
      const head = await at.github.push(at.repository, {
        branch: 'forced',
        files,
        by: 'ann',
        onto: 'main',
        force: true,
      })
      await at.idle()
      expect(await at.gate(head)).toMatchObject({ state: 'success' })
      expect((await at.gate(old))?.state).not.toBe('success')
      expect((await see.pull(number)).head).toBe(head)
      expect(at.comment(number)).toContain(head.slice(0, 7))
      expect(at.comment(number)).not.toContain(cidrOf(9))
      await merge(number)
      await at.idle()
      expect(await see.newAttempts()).toEqual([`${ue2} done`])
      expect(await inCloud('plat-ue1-dev')).toMatchObject({ cidr: cidrOf(6) })
      expect(await inCloud('plat-ue2-dev')).toMatchObject({ cidr: cidrOf(10) })
      await atRest()
    },
    minutes,
  )

  it('asks little of GitHub', () => {
    expect(overBudget(at)).toEqual([])
  })
})
