import { type AddressId, addressId, type StateAddress, stateAddress } from '../records/address.ts'
import { type AddressDocument, emptyDocument } from '../records/document.ts'
import { parseDocument } from '../records/format.ts'
import { addressOfDocument, documentsPrefix } from '../records/keys.ts'
import type { Instance } from '../stacks/instance.ts'
import { stateRef } from './fill-in.ts'
import type { World } from './world.ts'

/** Every document of the store, by the id of its address. @throws UserError `record-newer`, `record-unreadable` */
export async function allDocuments({ store }: Pick<World, 'store'>): Promise<ReadonlyMap<AddressId, AddressDocument>> {
  const keys = await store.list(documentsPrefix)
  const found = new Map<AddressId, AddressDocument>()
  const parallel = 32
  for (let start = 0; start < keys.length; start += parallel)
    await Promise.all(
      keys.slice(start, start + parallel).map(async (key) => {
        const [id, stored] = [addressOfDocument(key), await store.get(key)]
        if (id && stored) found.set(id, parseDocument(stored.bytes, key))
      }),
    )
  return found
}

/** The state address of an instance. */
export function addressOf(instance: Instance): StateAddress {
  return stateAddress({ ...stateRef(instance, ''), folder: instance.folder })
}

/** The document of an instance's address among those that were read. */
export function documentOf(documents: ReadonlyMap<AddressId, AddressDocument>, instance: Instance): AddressDocument {
  const address = addressOf(instance)
  return documents.get(addressId(address)) ?? emptyDocument(address)
}
