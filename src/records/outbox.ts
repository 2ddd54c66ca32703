import type { StateAddress } from './address.ts'
import { addressId } from './address.ts'
import type { RecordEvent } from './document.ts'
import { encodeRecord } from './format.ts'
import { type Journal, lastDocument, transact } from './journal.ts'
import { eventKey } from './keys.ts'

/** An event as an object of its own: the audit log, the dashboard's history, the source of notices. */
export type StoredEvent = RecordEvent & { readonly format: 1; readonly address: StateAddress }

/**
 * Stores the events of a document's outbox as objects and then takes them out of it. At least once: an event stored by
 * somebody else is left as it is, since its name says which one it is.
 * @returns the events that were in the outbox
 */
export async function flush(journal: Journal, address: StateAddress): Promise<readonly RecordEvent[]> {
  const { outbox, rev } = await lastDocument(journal.store, address)
  if (outbox.length === 0) return []
  for (const event of outbox) {
    const stored: StoredEvent = { format: 1, address, ...event }
    await journal.store.put(eventKey(addressId(address), event.id), encodeRecord(stored), { kind: 'absent' })
  }
  await transact(journal, address, { kind: 'flushed', rev })
  return outbox
}
