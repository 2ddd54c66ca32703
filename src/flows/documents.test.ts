import { expect, test } from 'vitest'
import { addressId, stateAddress } from '../records/address.ts'
import { emptyDocument } from '../records/document.ts'
import { encodeDocument } from '../records/format.ts'
import { copiesKey, documentKey } from '../records/keys.ts'
import { memoryStore } from '../store/drivers/memory.ts'
import type { Store } from '../store/store.ts'
import { allDocuments, keepCopies } from './documents.ts'

const addresses = Array.from({ length: 40 }, (_, index) =>
  stateAddress({
    backendType: 's3',
    backend: { bucket: 'states', key: `${index}.tfstate` },
    workspace: 'default',
    folder: 'components/terraform/vpc',
  }),
)
const keys = addresses.map((it) => documentKey(addressId(it)))

/** A store as another process opens it: nothing of it was seen there yet. */
function opened(store: Store): { readonly store: Store; readonly reads: string[] } {
  const reads: string[] = []
  return {
    reads,
    store: {
      ...store,
      async get(key) {
        reads.push(key)
        return store.get(key)
      },
    },
  }
}

async function filled(): Promise<Store> {
  const store = memoryStore()
  for (const [i, address] of addresses.entries())
    await store.put(keys[i]!, encodeDocument({ ...emptyDocument(address), rev: 1 }), { kind: 'any' })
  return store
}

test('who comes after copies were kept reads them, and only the documents that were written since', async () => {
  const store = await filled()
  await allDocuments({ store })
  await keepCopies({ store })
  const [address, key] = [addresses[3]!, keys[3]!]
  await store.put(key, encodeDocument({ ...emptyDocument(address), rev: 2 }), { kind: 'any' })
  const next = opened(store)
  const found = await allDocuments(next)
  expect(next.reads).toEqual([copiesKey, key])
  expect(found.size).toBe(40)
  expect(found.get(addressId(address))?.rev).toBe(2)
  next.reads.length = 0
  await allDocuments(next)
  expect(next.reads).toEqual([])
})

test.each([
  ['no JSON', 'not json'],
  ['no object', 'null'],
  ['of a later format', '{"format":2,"copies":{}}'],
  ['without copies', '{"format":1}'],
])('copies that are %s are read past', async (_, text) => {
  const store = await filled()
  await store.put(copiesKey, new TextEncoder().encode(text), { kind: 'absent' })
  const next = opened(store)
  expect((await allDocuments(next)).size).toBe(40)
  expect(next.reads).toHaveLength(41)
})

test('copies are written again only where many documents are others by now', async () => {
  const store = await filled()
  await allDocuments({ store })
  await keepCopies({ store })
  const before = await store.get(copiesKey)
  await store.put(keys[0]!, encodeDocument({ ...emptyDocument(addresses[0]!), rev: 2 }), { kind: 'any' })
  await allDocuments({ store })
  await keepCopies({ store })
  expect((await store.get(copiesKey))?.etag).toBe(before?.etag)
  for (const [i, address] of addresses.entries())
    await store.put(keys[i]!, encodeDocument({ ...emptyDocument(address), rev: 3 }), { kind: 'any' })
  await allDocuments({ store })
  await keepCopies({ store })
  expect((await store.get(copiesKey))?.etag).not.toBe(before?.etag)
})
