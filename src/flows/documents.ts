import type { Subjects } from '../affected/subject.ts'
import { place, UserError } from '../error.ts'
import { type AddressId, addressId, type StateAddress, stateAddress } from '../records/address.ts'
import { type Copies, type Copy, encodeCopies, parseCopies } from '../records/copies.ts'
import { type AddressDocument, emptyDocument } from '../records/document.ts'
import { encodeRecord, parseDocument } from '../records/format.ts'
import { readDocument } from '../records/journal.ts'
import { addressOfDocument, copiesKey, documentsPrefix } from '../records/keys.ts'
import { look, remember, type Seen, seenIn } from '../records/seen.ts'
import type { Instance } from '../stacks/instance.ts'
import { stateRef } from './fill-in.ts'
import type { World } from './world.ts'

/** So many objects of the store are asked for at once. */
export const atOnce = 32

/** Documents of these instances alone; empty ones where nothing was ever written. */
export async function documentsAmong(
  { store }: Pick<World, 'store'>,
  instances: readonly Instance[],
): Promise<ReadonlyMap<Instance, AddressDocument>> {
  const found = new Map<Instance, AddressDocument>()
  for (let start = 0; start < instances.length; start += atOnce)
    await Promise.all(
      instances.slice(start, start + atOnce).map(async (it) => found.set(it, await readDocument(store, addressOf(it)))),
    )
  return found
}

/**
 * Every document of the store, by the id of its address. Where a list tells versions, a document is read only if this process
 * has not seen that version, and no copy is of it. @throws UserError `record-newer`, `record-unreadable`
 */
export async function allDocuments({ store }: Pick<World, 'store'>): Promise<ReadonlyMap<AddressId, AddressDocument>> {
  const versions = await store.versions?.(documentsPrefix)
  const keys = versions ? [...versions.keys()].sort() : await store.list(documentsPrefix)
  const copies = versions && unseen(store, versions).length > fewDocuments ? await readCopies(store) : undefined
  const readOne = async (key: string) => {
    const etag = versions?.get(key)
    const [known, copy] = [seenIn(store).get(key), copies?.record.get(key)]
    if (known !== undefined && known.etag === etag) return known as Seen<AddressDocument>
    return etag !== undefined && copy?.etag === etag
      ? remember(store, key, etag, parseDocument(encodeRecord(copy.document), key))
      : look(store, key, parseDocument)
  }
  const read = new Map<AddressId, AddressDocument>()
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

/** Fewer documents than this are read one by one. */
const fewDocuments = 16

function unseen(store: World['store'], versions: ReadonlyMap<string, string>): string[] {
  return [...versions].flatMap(([key, etag]) => (seenIn(store).get(key)?.etag === etag ? [] : [key]))
}

/**
 * Keeps copies of all documents in one object, for those who come next: at the end of a job that read or wrote many. Two that
 * keep them at once, or a role that may not, do no harm: what a copy does not tell is read.
 */
export async function keepCopies({ store }: Pick<World, 'store'>): Promise<void> {
  const versions = await store.versions?.(documentsPrefix)
  if (versions === undefined || versions.size <= fewDocuments) return
  const before = await readCopies(store)
  const now = [...versions].flatMap(([key, etag]): [string, Copy][] => {
    const [copy, seen] = [before?.record.get(key), seenIn(store).get(key) as Seen<AddressDocument> | undefined]
    if (copy?.etag === etag) return [[key, copy]]
    return seen?.etag === etag ? [[key, { etag, document: seen.record }]] : []
  })
  const fresh = now.filter(([key, { etag }]) => before?.record.get(key)?.etag !== etag)
  if (fresh.length <= fewDocuments) return
  const condition = before ? ({ kind: 'match', etag: before.etag } as const) : ({ kind: 'absent' } as const)
  await unlessRefused(store.put(copiesKey, encodeCopies(new Map(now)), condition))
}

function readCopies(store: World['store']): Promise<Seen<Copies> | undefined> {
  return unlessRefused(look(store, copiesKey, parseCopies))
}

/** What only saves work stops nobody: roles that were made before there were copies may not touch them. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
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
