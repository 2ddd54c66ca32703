import { UserError } from '../error.ts'
import type { Store } from '../store/store.ts'
import { addressId, type StateAddress } from './address.ts'
import type { Command } from './commands.ts'
import { type Decision, decide } from './decide.ts'
import { type AddressDocument, emptyDocument } from './document.ts'
import { encodeDocument, parseDocument } from './format.ts'
import { documentKey } from './keys.ts'

/** What a transaction needs besides the store: chance and time, which are handed in. */
export interface Journal {
  readonly store: Store
  /** A new text that nobody else has. */
  nonce(): string
  pause(ms: number): Promise<void>
  /** From 0 to 1. */
  chance(): number
}

/** Marks of this many last writes are kept: as many others may write between a lost answer and the look back. */
const keptNonces = 32
const tries = 40

/**
 * Carries out a command on the document of an address: reads it, decides, writes it back only if nobody else did, and
 * tries again when somebody did. Each transaction has one nonce; after a write whose answer is doubtful the document is
 * read back, and the nonce there means that the write was made.
 * @throws UserError `record-newer`, `record-unreadable`, `record-contended`, and whatever the store throws
 */
export async function transact(journal: Journal, address: StateAddress, command: Command): Promise<Decision> {
  const { store } = journal
  const key = documentKey(addressId(address))
  const nonce = journal.nonce()
  let doubtful: Extract<Decision, { kind: 'done' }> | undefined
  for (let i = 0; i < tries; i++) {
    const found = await store.get(key)
    const document = found === undefined ? emptyDocument(address) : parseDocument(found.bytes, key)
    if (doubtful !== undefined && document.nonces.includes(nonce)) return doubtful
    const decision = decide(document, command, await store.now())
    if (decision.kind === 'refused' || decision.document === document) return decision
    const marked: AddressDocument = { ...decision.document, nonces: [nonce, ...document.nonces].slice(0, keptNonces) }
    const done = { ...decision, document: marked }
    const condition =
      found === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'match', etag: found.etag } as const)
    try {
      const put = await store.put(key, encodeDocument(marked), condition)
      if (put.kind === 'written') return done
      doubtful = done
    } catch (error) {
      // The write may have been made all the same, now or in a moment. What is there then decides.
      const now = await store.get(key).catch(() => undefined)
      if (now !== undefined && parseDocument(now.bytes, key).nonces.includes(nonce)) return done
      if (error instanceof UserError || i >= 3) throw error
      doubtful = done
    }
    await journal.pause(Math.min(5 * 2 ** i, 500) * (0.5 + journal.chance()))
  }
  throw new UserError({
    code: 'record-contended',
    message: `${key} was changed by others at each of ${tries} tries to write it`,
    fix: 'run again when fewer runs work on this address',
    exit: 1,
  })
}

/** The document of an address as it is now, an empty one where nothing was ever written. */
export async function readDocument(store: Store, address: StateAddress): Promise<AddressDocument> {
  const key = documentKey(addressId(address))
  const found = await store.get(key)
  return found === undefined ? emptyDocument(address) : parseDocument(found.bytes, key)
}
