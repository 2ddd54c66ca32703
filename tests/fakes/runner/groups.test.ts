import { expect, it } from 'vitest'
import { concurrencyGroups, type Groups } from './groups.ts'

function asks(groups: Groups, more: Partial<Parameters<Groups['enter']>[0]> = {}) {
  const heard: string[] = []
  const answer = groups.enter({
    group: 'state',
    cancelInProgress: false,
    keepsAll: false,
    cancelled: new AbortController().signal,
    cancel: () => heard.push('cancel'),
    waits: () => heard.push('waits'),
    ...more,
  })
  return { heard, answer }
}

async function entered(of: ReturnType<typeof asks>): Promise<() => void> {
  const answer = await of.answer
  if (answer.kind !== 'entered') throw new Error('evicted')
  return answer.leave
}

it('lets one in, one wait, and puts a third into the place of the one that waits', async () => {
  const groups = concurrencyGroups()
  const [first, second, third] = [asks(groups), asks(groups), asks(groups)]
  const leave = await entered(first)
  expect(await second.answer).toEqual({ kind: 'evicted' })
  leave()
  await entered(third)
  expect([first, second, third].map(({ heard }) => heard)).toEqual([[], ['waits'], ['waits']])
})

it('keeps groups apart, whatever their case', async () => {
  const groups = concurrencyGroups()
  await entered(asks(groups))
  await entered(asks(groups, { group: 'other' }))
  expect(asks(groups, { group: 'STATE' }).heard).toEqual(['waits'])
})

it('lets all of a queue wait that is to keep them, in their order', async () => {
  const groups = concurrencyGroups()
  const all = [1, 2, 3].map(() => asks(groups, { keepsAll: true }))
  for (const it of all) (await entered(it))()
  expect(all.map(({ heard }) => heard.length)).toEqual([0, 1, 1])
})

it('asks the one that runs to stop where the next one says so, and lets it in when it has', async () => {
  const groups = concurrencyGroups()
  const first = asks(groups)
  const leave = await entered(first)
  const second = asks(groups, { cancelInProgress: true })
  expect(first.heard).toEqual(['cancel'])
  leave()
  await entered(second)
})

it('forgets one that was cancelled while it waited, or before', async () => {
  const groups = concurrencyGroups()
  const leave = await entered(asks(groups))
  const cancel = new AbortController()
  const waiting = asks(groups, { cancelled: cancel.signal })
  cancel.abort()
  expect(await waiting.answer).toEqual({ kind: 'evicted' })
  expect(await asks(groups, { cancelled: cancel.signal }).answer).toEqual({ kind: 'evicted' })
  leave()
  await entered(asks(groups))
})
