import type { Subjects } from '../affected/subject.ts'
import { place, UserError } from '../error.ts'
import { type AddressId, addressId, type StateAddress, stateAddress } from '../records/address.ts'
import { type AddressDocument, emptyDocument } from '../records/document.ts'
import { parseDocument } from '../records/format.ts'
import { addressOfDocument, documentsPrefix } from '../records/keys.ts'
import { look, type Seen, seenIn } from '../records/seen.ts'
import type { Instance } from '../stacks/instance.ts'
import { stateRef } from './fill-in.ts'
import type { World } from './world.ts'

/** So many objects of the store are asked for at once. */
export const atOnce = 32

/**
 * Every document of the store, by the id of its address. Where a list tells versions, a document is read again only when it
 * is another one than was read last. @throws UserError `record-newer`, `record-unreadable`
 */
export async function allDocuments({ store }: Pick<World, 'store'>): Promise<ReadonlyMap<AddressId, AddressDocument>> {
  const versions = await store.versions?.(documentsPrefix)
  const keys = versions ? [...versions.keys()].sort() : await store.list(documentsPrefix)
  const read = new Map<AddressId, AddressDocument>()
  const readOne = async (key: string) => {
    const known = seenIn(store).get(key) as Seen<AddressDocument> | undefined
    const isNow = known !== undefined && known.etag === versions?.get(key)
    return isNow ? known : look(store, key, parseDocument)
  }
  for (let start = 0; start < keys.length; start += atOnce) {
    const some = keys.slice(start, start + atOnce)
    const found = await Promise.all(some.map(readOne))
    for (const [i, key] of some.entries()) {
      const [id, document] = [addressOfDocument(key), found[i]?.record]
      if (id && document) read.set(id, document)
    }
  }
  return read
}

/** The state address of an instance. */
export function addressOf(instance: Instance): StateAddress {
  return stateAddress({ ...stateRef(instance, ''), folder: instance.folder })
}

/** Names the state of an instance: equal states, equal names. */
export function addressName(instance: Instance): AddressId {
  const known = names.get(instance) ?? addressId(addressOf(instance))
  names.set(instance, known)
  return known
}

/** Instances never change, and commits share them. */
const names = new WeakMap<Instance, AddressId>()

/** Refuses instances that would overwrite each other's state. @throws UserError `state-shared` */
export function mustBeApart(subjects: Subjects): void {
  const first = new Map<AddressId, Instance>()
  for (const { instance } of subjects.values()) {
    const address = addressOf(instance)
    const id = addressId(address)
    const other = first.get(id)
    if (other === undefined) {
      first.set(id, instance)
      continue
    }
    const where = [...Object.entries(address.settings).map((it) => it.join(' ')), `workspace ${address.workspace}`]
    throw new UserError({
      code: 'state-shared',
      message: `${other.id} (${place(other.at)}) and ${instance.id} (${place(instance.at)}) have one state: ${address.backend}, ${where.join(', ')}`,
      fix: 'give one of them another workspace (metadata.terraform_workspace) or another backend key, or make it abstract',
      at: instance.at,
      exit: 2,
    })
  }
}

/** The document of an instance's address among those that were read. */
export function documentOf(documents: ReadonlyMap<AddressId, AddressDocument>, instance: Instance): AddressDocument {
  const address = addressOf(instance)
  return documents.get(addressId(address)) ?? emptyDocument(address)
}
