import type { StateAddress } from './address.ts'
import { addressId } from './address.ts'
import type { RecordEvent } from './document.ts'
import { encodeRecord } from './format.ts'
import { type Journal, lastDocument, transact } from './journal.ts'
import { eventsKey } from './keys.ts'

/** Events as an object of their own: the audit log, the dashboard's history, the source of notices. */
export interface StoredEvents {
  readonly format: 2
  readonly address: StateAddress
  readonly events: readonly RecordEvent[]
}

/**
 * Stores the events of a document's outbox as one object and then takes them out of it. At least once: what somebody else
 * stored under the same name is the same, and an event that is in two objects has one id.
 * @returns the events that were in the outbox
 */
export async function flush(journal: Journal, address: StateAddress): Promise<readonly RecordEvent[]> {
  const { outbox, rev } = await lastDocument(journal.store, address)
  const [first, last] = [outbox[0], outbox.at(-1)]
  if (first === undefined || last === undefined) return []
  const stored: StoredEvents = { format: 2, address, events: outbox }
  await journal.store.put(eventsKey(addressId(address), first.id, last.id), encodeRecord(stored), { kind: 'absent' })
  await transact(journal, address, { kind: 'flushed', rev })
  return outbox
}
