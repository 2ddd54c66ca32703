import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryStore } from '../store/drivers/memory.ts'
import type { Store } from '../store/store.ts'
import {
  approving,
  ben,
  claiming,
  conditions,
  done,
  inboxed,
  minute,
  planned,
  refusal,
  storing,
  T0,
  vpc,
  vpcId,
} from './fixtures/sample.ts'
import { fold } from './fold.ts'
import { encodeRecord, parseEvents } from './format.ts'
import { inboxObject, received } from './inbox.ts'
import { type Journal, readDocument, transact } from './journal.ts'
import { documentKey, eventsPrefix, inboxKey } from './keys.ts'
import { flush } from './outbox.ts'

const clock = () => T0
let nonces = 0
const journal = (store: Store): Journal => ({
  store,
  nonce: () => `nonce-${++nonces}`,
  pause: async () => {},
  chance: () => 0.5,
})
const key = documentKey(vpcId)
const events = async (store: Store) => (await readDocument(store, vpc)).outbox.map(({ kind }) => kind)

/** What a store may do to one write: carry it out and lose the answer, lose the write, or say conflict though it was made. */
type Mishap = 'fine' | 'answer-lost' | 'write-lost' | 'false-conflict'

/** A store whose writes of documents go wrong as told, in order; then all is well. `between` runs after each mishap. */
function unlucky(store: Store, mishaps: readonly Mishap[], between: () => Promise<void> = async () => {}): Store {
  const left = [...mishaps]
  return {
    ...store,
    async put(to, bytes, condition) {
      const mishap = to === key ? (left.shift() ?? 'fine') : 'fine'
      const result = mishap === 'write-lost' ? undefined : await store.put(to, bytes, condition)
      if (mishap === 'fine' && result !== undefined) return result
      if (result?.kind !== 'conflict') await between()
      if (mishap === 'false-conflict') return { kind: 'conflict' }
      throw new Error('connection reset')
    },
  }
}

describe('a transaction', () => {
  test('writes what was decided, and nothing for a refusal', async () => {
    const store = memoryStore({ clock })
    const { document } = done(await transact(journal(store), vpc, claiming('1')))
    expect(await readDocument(store, vpc)).toEqual(document)
    expect(refusal(await transact(journal(store), vpc, claiming('2'))).kind).toBe('claimed')
    expect((await readDocument(store, vpc)).rev).toBe(1)
  })

  test('takes effect once, whatever is lost and whoever writes meanwhile', async () => {
    const mishap = fc.constantFrom<Mishap>('fine', 'answer-lost', 'write-lost', 'false-conflict')
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { maxLength: 3 }), fc.boolean(), async (mishaps, crowded) => {
        const store = memoryStore({ clock })
        let others = 0
        const between = async () => {
          if (!crowded) return
          others += 1
          await transact(
            journal(store),
            vpc,
            storing(planned(`other-${others}`, { fingerprint: `fp1:${others}`, branch: `b${others}` })),
          )
        }
        const result = await transact(journal(unlucky(store, mishaps, between)), vpc, claiming('1'))
        expect(done(result).document.claim).toMatchObject({ fence: 1, holder: { run: '1' } })
        expect((await events(store)).filter((kind) => kind === 'claimed')).toEqual(['claimed'])
        expect((await readDocument(store, vpc)).plans.length).toBe(others)
      }),
      { numRuns: 200 },
    )
  })

  test('does not begin under a claim that was taken while the answer was late', async () => {
    const store = memoryStore({ clock })
    const plan = planned('p')
    for (const command of [storing(plan), approving(plan), claiming('1', { apply: conditions(plan) })])
      await transact(journal(store), vpc, command)
    const between = async () => {
      await transact(journal(store), vpc, { kind: 'unlock', by: 'ann', reason: 'cut off', holder: 'over' })
    }
    const intent = {
      kind: 'intend',
      fence: 1,
      attempt: 'apply-1',
      action: 'apply',
      commit: 'c0ffee',
      apply: conditions(plan),
    } as const
    for (const mishap of ['answer-lost', 'false-conflict'] as const) {
      const late = await transact(journal(unlucky(store, [mishap], between)), vpc, intent)
      expect(refusal(late)).toMatchObject({ kind: 'claim-lost', fence: 1 })
    }
  })

  test('gives up on a store that answers nothing, having changed nothing', async () => {
    const store = memoryStore({ clock })
    const broken = unlucky(store, Array<Mishap>(50).fill('write-lost'))
    await expect(transact(journal(broken), vpc, claiming('1'))).rejects.toThrow('connection reset')
    expect(await store.get(key)).toBeUndefined()
  })

  test('says so when others never let it through', async () => {
    const store = memoryStore({ clock })
    await store.put(
      key,
      encodeRecord(done(await transact(journal(memoryStore({ clock })), vpc, storing(planned('p')))).document),
      { kind: 'any' },
    )
    const crowded: Store = { ...store, put: async () => ({ kind: 'conflict' }) }
    await expect(transact(journal(crowded), vpc, claiming('1'))).rejects.toMatchObject({ code: 'record-contended' })
  })

  test('is one of many: of racing claims one wins, of racing approvals all', async () => {
    const store = memoryStore({ clock })
    const p1 = planned('p1')
    await transact(journal(store), vpc, storing(p1))
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => transact(journal(store), vpc, claiming(`run ${i}`))),
    )
    expect(claims.filter(({ kind }) => kind === 'done').length).toBe(1)
    const people = Array.from({ length: 10 }, (_, i) => ({ ...ben, email: `${i}@acme.test` }))
    await Promise.all(people.map((by) => transact(journal(store), vpc, approving(p1, by))))
    expect((await readDocument(store, vpc)).approvals.length).toBe(10)
  })

  test('never writes over a document that it cannot read', async () => {
    const store = memoryStore({ clock })
    for (const content of ['{"format":2}', '{"format":1,', '']) {
      await store.put(key, new TextEncoder().encode(content), { kind: 'any' })
      await expect(transact(journal(store), vpc, claiming('1'))).rejects.toMatchObject({ code: /^record-/ })
      expect(new TextDecoder().decode((await store.get(key))?.bytes)).toBe(content)
    }
  })
})

describe('the inbox', () => {
  const maxAgeMs = 14 * 24 * 60 * minute
  const leave = async (store: Store, plan = planned('p1'), sealed = true) => {
    const { key: at, bytes } = inboxObject(inboxed(plan))
    if (sealed) await store.put(plan.blob, new Uint8Array([1]), { kind: 'any' })
    await store.put(at, bytes, { kind: 'absent' })
    return at
  }

  test('is folded into documents once, however often', async () => {
    const store = memoryStore({ clock })
    await leave(store)
    await leave(store, planned('p2', { fingerprint: 'fp1:bbbb', branch: 'b', run: '4500' }))
    expect((await fold(journal(store), { run: '4410', maxAgeMs })).plans.map(({ plan }) => plan.id)).toEqual(['p1'])
    const both = await Promise.all([fold(journal(store), { maxAgeMs }), fold(journal(store), { maxAgeMs })])
    expect(both.flatMap(({ plans }) => plans).length).toBeGreaterThan(0)
    await leave(store)
    await fold(journal(store), { maxAgeMs })
    const document = await readDocument(store, vpc)
    expect(document.plans.map(({ id, status }) => [id, status.kind])).toEqual([
      ['p1', 'open'],
      ['p2', 'open'],
    ])
    expect(document.names).toEqual(['vpc@plat-ue2-prod'])
    expect(await store.list('inbox/')).toEqual([])
  })

  test('leaves alone what speaks of another run, another address, or a plan that is not there', async () => {
    const store = memoryStore({ clock })
    const { bytes } = inboxObject(inboxed(planned('p1')))
    const forged = [
      inboxKey('9999', vpcId, planned('p1').id),
      inboxKey('4410', `${vpcId}0` as typeof vpcId, planned('p1').id),
      inboxKey('4410', vpcId, planned('p9').id),
    ]
    for (const at of forged) await store.put(at, bytes, { kind: 'absent' })
    await leave(store, planned('p3'), false)
    await leave(store, planned('p4', { blob: 'documents/other.json' }))
    const { plans, foreign } = await fold(journal(store), { maxAgeMs })
    expect(plans).toEqual([])
    expect(foreign.length).toBe(5)
    expect((await readDocument(store, vpc)).rev).toBe(0)
  })

  test('takes in a plan whose sealed archive was not handed on, where nothing is ever applied', async () => {
    const store = memoryStore({ clock })
    await leave(store, planned('p1'), false)
    const { plans } = await fold(journal(store), { maxAgeMs, sealed: 'elsewhere' })
    expect(plans.map(({ plan }) => plan.id)).toEqual(['p1'])
  })

  test('cuts down a plan that wants to last for ever', () => {
    const { key: at, bytes } = inboxObject(inboxed(planned('p1', { expiresMs: T0 * 2 })))
    expect(received(at, bytes, minute)).toMatchObject({ of: { plan: { expiresMs: T0 + minute } } })
  })
})

describe('what this process saw last', () => {
  /** A store of its own, so that nothing was seen in it, over what another holds; `reads` counts. */
  const counting = (store: Store) => {
    const counts = { reads: 0 }
    const counted: Store = {
      ...store,
      async get(at) {
        counts.reads++
        return store.get(at)
      },
    }
    return { counts, counted }
  }

  test('is what a transaction begins with: one after another reads once', async () => {
    const { counts, counted } = counting(memoryStore({ clock }))
    await transact(journal(counted), vpc, storing(planned('p1')))
    await transact(journal(counted), vpc, claiming('1'))
    await flush(journal(counted), vpc)
    await transact(journal(counted), vpc, { kind: 'release', fence: 1 })
    expect(counts.reads).toBe(1)
  })

  test('decides no write where somebody else wrote since', async () => {
    const store = memoryStore({ clock })
    const { counts, counted } = counting(store)
    await transact(journal(counted), vpc, storing(planned('p1')))
    await transact(journal(store), vpc, claiming('1'))
    expect(await transact(journal(counted), vpc, claiming('2'))).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'claimed', claim: { holder: { run: '1' } } },
    })
    expect(counts.reads).toBe(2)
    expect((await readDocument(store, vpc)).claim?.holder.run).toBe('1')
  })

  test('refuses nothing by itself: what was in the way may be gone', async () => {
    const store = memoryStore({ clock })
    const { counted } = counting(store)
    const { document } = done(await transact(journal(counted), vpc, claiming('1')))
    await transact(journal(store), vpc, { kind: 'release', fence: document.fence })
    expect(done(await transact(journal(counted), vpc, claiming('2'))).document.claim?.holder.run).toBe('2')
  })
})

describe('the outbox', () => {
  test('becomes objects, in order, once; then it is empty', async () => {
    const store = memoryStore({ clock })
    await transact(journal(store), vpc, storing(planned('p1')))
    await transact(journal(store), vpc, claiming('1'))
    await Promise.all([flush(journal(store), vpc), flush(journal(store), vpc)])
    await transact(journal(store), vpc, { kind: 'release', fence: 1 })
    await flush(journal(store), vpc)
    expect(await flush(journal(store), vpc)).toEqual([])
    const stored = await Promise.all((await store.list(eventsPrefix(vpcId))).map(async (at) => store.get(at)))
    const kinds = stored.flatMap((it) => parseEvents(it!.bytes, 'events')).map(({ kind }) => kind)
    expect(stored).toHaveLength(2)
    expect(kinds).toEqual(['plan-stored', 'claimed', 'released'])
    expect((await readDocument(store, vpc)).outbox).toEqual([])
  })

  test('is read as it was stored before, an object an event', () => {
    const event = { id: '000000001-000', atMs: T0, kind: 'released', fence: 1 }
    const bytes = encodeRecord({ format: 1, address: vpc, ...event })
    expect(parseEvents(bytes, 'events/a/000000001-000.json')).toMatchObject([event])
  })

  test('keeps what happened while it was being stored', async () => {
    const store = memoryStore({ clock })
    await transact(journal(store), vpc, storing(planned('p1')))
    const busy: Store = {
      ...store,
      async put(at, bytes, condition) {
        if (at.startsWith('events/')) await transact(journal(store), vpc, claiming('1'))
        return store.put(at, bytes, condition)
      },
    }
    await flush(journal(busy), vpc)
    expect(await events(store)).toEqual(['claimed'])
  })
})
