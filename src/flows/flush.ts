import { UserError } from '../error.ts'
import type { StateAddress } from '../records/address.ts'
import type { Journal } from '../records/journal.ts'
import { flush } from '../records/outbox.ts'

/**
 * Stores the events of a document that was just written. Where the store cannot be written now they stay in the document
 * and go with the next ones: what they tell of is done, and must not be reported as failed.
 */
export async function flushSoon(journal: Journal, address: StateAddress): Promise<void> {
  try {
    await flush(journal, address)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
}
