import { expect, test } from 'vitest'
import { memoryStore } from '../store/drivers/memory.ts'
import { storedAnswers } from './answers.ts'

const url = 'https://api.github.com/repos/acme/infra/pulls/7'
const answer = '{"number":7}'

test('what one job was answered another recalls, until it is answered something else', async () => {
  const store = memoryStore()
  expect(await storedAnswers(store).recall(url)).toBeUndefined()
  await storedAnswers(store).keep(url, answer)
  const second = storedAnswers(store)
  expect(await second.recall(url)).toEqual(answer)
  await second.keep(url, '{}')
  expect(await storedAnswers(store).recall(url)).toEqual('{}')
  expect(await storedAnswers(store).recall(`${url}/reviews`)).toBeUndefined()
})

test('what is damaged, or lies at the place of another question, is not recalled', async () => {
  const store = memoryStore()
  await storedAnswers(store).keep(url, answer)
  const [key = ''] = await store.list('answers/')
  const { bytes } = (await store.get(key))!
  const other = new TextDecoder().decode(bytes).replace('pulls/7', 'pulls/8')
  for (const damaged of [other, '{', '{"format":9}']) {
    await store.put(key, new TextEncoder().encode(damaged), { kind: 'any' })
    expect(await storedAnswers(store).recall(url)).toBeUndefined()
  }
})

test('a store that lets nobody remember is asked once, and keeps nobody from asking GitHub', async () => {
  let asked = 0
  const refuse = async () => {
    asked++
    throw new Error('AccessDenied')
  }
  const closed = storedAnswers({ get: refuse, put: refuse })
  expect(await closed.recall(url)).toBeUndefined()
  await closed.keep(url, answer)
  expect(await closed.recall(url)).toBeUndefined()
  expect(asked).toBe(1)
})
