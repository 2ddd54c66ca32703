import type { AnswerMemory } from '../github/memory.ts'
import { encodeAnswer, parseAnswer } from '../records/answer.ts'
import { answerKey } from '../records/keys.ts'
import type { Store } from '../store/store.ts'

/**
 * Remembers GitHub's answers in the store, one object an address. It only saves requests: what is damaged, or may not be read or
 * written (a role from before there were answers), is as if it were not there, and a job that met that leaves it at that.
 */
export function storedAnswers(store: Pick<Store, 'get' | 'put'>): AnswerMemory {
  const etags = new Map<string, string>()
  let isClosed = false
  return {
    async recall(url) {
      if (isClosed) return undefined
      const key = answerKey(url)
      const stored = await store.get(key).catch(() => {
        isClosed = true
      })
      if (!stored) return undefined
      etags.set(key, stored.etag)
      try {
        return parseAnswer(url, stored.bytes, key)
      } catch {
        return undefined
      }
    },
    async keep(url, body) {
      if (isClosed) return
      const key = answerKey(url)
      const etag = etags.get(key)
      const condition = etag === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'match', etag } as const)
      // Another job that was quicker knows as much.
      const put = await store.put(key, encodeAnswer(url, body), condition).catch(() => {
        isClosed = true
      })
      if (put?.kind === 'written') etags.set(key, put.etag)
    },
  }
}
