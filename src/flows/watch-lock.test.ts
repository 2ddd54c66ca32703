import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import type { StateLock } from '../terraform/state-lock.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { watchLock } from './watch-lock.ts'

const ref = { backendType: 's3', backend: {}, workspace: 'dev', folder: '/repo/vpc' }
const lock = (id: string, operation = 'OperationTypeApply'): StateLock => ({
  id,
  operation,
  who: 'ann@lab',
  created: '2026-11-24T09:00:00Z',
})

/** What is seen when the backend says this, look by look. */
async function seenOf(looks: readonly (StateLock | undefined | 'fails')[]): Promise<readonly string[]> {
  const { world } = flowLab(labFiles(['vpc'], { dev: 'components: {}\n' }))
  const [left, seen, ticks]: [(typeof looks)[number][], string[], (() => Promise<unknown>)[]] = [[...looks], [], []]
  const states = {
    ...world.states,
    lock: async () => {
      const found = left.shift()
      if (found === 'fails') throw new UserError({ code: 'state-unreadable', message: 'no answer' })
      return found
    },
  }
  const machine = {
    ...world.machine,
    every: (_: number, work: () => Promise<unknown>) => {
      ticks.push(work)
      return () => {}
    },
  }
  const stop = await watchLock({ states, machine }, ref, ({ id }) => seen.push(id))
  for (const _ of looks.slice(2)) await ticks[0]!().catch(() => undefined)
  stop()
  await ticks[0]!()
  return seen
}

test('the lock that comes while an apply runs is seen once, whatever looks fail before', async () => {
  expect(await seenOf([undefined, 'fails', undefined, lock('a'), lock('a'), lock('b'), undefined])).toEqual(['a'])
})

test('one that was there before is another one’s, and so is one of a plan', async () => {
  expect(await seenOf([lock('a'), lock('a'), lock('p', 'OperationTypePlan'), lock('c'), undefined])).toEqual(['c'])
})

test('nothing is seen once the apply is over', async () => {
  expect(await seenOf([undefined, lock('late')])).toEqual([])
})
