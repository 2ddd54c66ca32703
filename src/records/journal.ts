import { UserError } from '../error.ts'
import type { Store } from '../store/store.ts'
import { addressId, type StateAddress } from './address.ts'
import type { Command } from './commands.ts'
import { type Decision, decide } from './decide.ts'
import {
  decidePullRequest,
  emptyPullRequest,
  type PullRequestCommand,
  type PullRequestDecision,
} from './decide-pull-request.ts'
import { type AddressDocument, emptyDocument } from './document.ts'
import { encodeRecord, parseDocument } from './format.ts'
import { documentKey, pullRequestKey } from './keys.ts'
import type { PullRequestDocument } from './pull-request.ts'
import { parsePullRequest } from './pull-request-format.ts'
import { look, remember, type Seen, seenIn } from './seen.ts'

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

/** A record that is written whole and only where nobody else wrote meanwhile. */
interface Rewritten<D> {
  readonly key: string
  /** What counts where nothing was ever written. */
  readonly empty: D
  parse(bytes: Uint8Array, key: string): D
}

/** What a rule makes of a record: the one to write (the very same where there is nothing to do), or a refusal. */
type Rewrite<D> = { readonly kind: 'done'; readonly document: D } | { readonly kind: 'refused' }

/**
 * Carries out a command on the document of an address: reads it, decides, writes it back only if nobody else did, and
 * tries again when somebody did. It begins with the document that this process saw last, which the condition of the write
 * proves to be the one of now; what would not be written is decided from the one of now. Each transaction has one nonce; after a write whose answer is doubtful the document is
 * read back, and the nonce there means that the write was made.
 * @throws UserError `record-newer`, `record-unreadable`, `record-contended`, and whatever the store throws
 */
export async function transact(journal: Journal, address: StateAddress, command: Command): Promise<Decision> {
  const record = { key: documentKey(addressId(address)), empty: emptyDocument(address), parse: parseDocument }
  const rule = (document: AddressDocument, nowMs: number) => decide(document, command, nowMs)
  // An intent is no better than the claim that it was made under: who was cut off from the store may have lost that.
  return rewrite<AddressDocument, Decision>(journal, record, rule, { asksAgain: command.kind === 'intend' })
}

/** The same for a pull request. @throws as `transact` */
export async function transactPullRequest(
  journal: Journal,
  number: number,
  command: PullRequestCommand,
): Promise<PullRequestDecision> {
  const record = { key: pullRequestKey(number), empty: emptyPullRequest(number), parse: parsePullRequest }
  const rule = (document: PullRequestDocument, nowMs: number) => decidePullRequest(document, command, nowMs)
  return rewrite<PullRequestDocument, PullRequestDecision>(journal, record, rule, { asksAgain: false })
}

/** @param asksAgain whether a write that was made, but whose answer was late, counts only if the rule still agrees */
async function rewrite<D extends { readonly nonces: readonly string[] }, R extends Rewrite<D>>(
  journal: Journal,
  { key, empty, parse }: Rewritten<D>,
  rule: (document: D, nowMs: number) => R,
  { asksAgain }: { readonly asksAgain: boolean },
): Promise<R> {
  const { store } = journal
  const nonce = journal.nonce()
  let doubtful: R | undefined
  for (let i = 0; i < tries; i++) {
    const seen = i === 0 ? (seenIn(store).get(key) as Seen<D> | undefined) : undefined
    const found = seen ?? (await look(store, key, parse))
    const document = found?.record ?? empty
    const nowMs = await store.now()
    if (doubtful !== undefined && document.nonces.includes(nonce)) return asksAgain ? rule(document, nowMs) : doubtful
    const decision = rule(document, nowMs)
    if (decision.kind === 'refused' || decision.document === document) {
      if (seen === undefined) return decision
      continue
    }
    const marked: D = { ...decision.document, nonces: [nonce, ...document.nonces].slice(0, keptNonces) }
    const done: R = { ...decision, document: marked }
    const condition =
      found === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'match', etag: found.etag } as const)
    try {
      const put = await store.put(key, encodeRecord(marked), condition)
      if (put.kind === 'written') {
        remember(store, key, put.etag, marked)
        return done
      }
      doubtful = done
    } catch (error) {
      // The write may have been made all the same, now or in a moment. What is there then decides.
      const there = (await look(store, key, parse).catch(() => undefined))?.record
      if (there?.nonces.includes(nonce)) return asksAgain ? rule(there, await store.now()) : done
      if (error instanceof UserError || i >= 3) throw error
      doubtful = done
    }
    await journal.pause(Math.min(5 * 2 ** i, 500) * (0.5 + journal.chance()))
  }
  throw new UserError({
    code: 'record-contended',
    message: `${key} was changed by others at each of ${tries} tries to write it`,
    fix: 'run again when fewer runs work on it',
    exit: 1,
  })
}

/** The document of an address as it is now, an empty one where nothing was ever written. */
export async function readDocument(store: Store, address: StateAddress): Promise<AddressDocument> {
  return (await look(store, documentKey(addressId(address)), parseDocument))?.record ?? emptyDocument(address)
}

/** The same as this process saw it last: for what is decided again in a write, or may come late. */
export async function lastDocument(store: Store, address: StateAddress): Promise<AddressDocument> {
  const seen = seenIn(store).get(documentKey(addressId(address))) as Seen<AddressDocument> | undefined
  return seen?.record ?? readDocument(store, address)
}
