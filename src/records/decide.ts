import { approve, reject, withdraw } from './approval.ts'
import { advance, conclude, intend } from './attempts.ts'
import { makeClaim, release, renew, unlock } from './claims.ts'
import { close } from './close.ts'
import { type Command, type Step, same } from './commands.ts'
import type { AddressDocument, Attempt, RecordEvent } from './document.ts'
import { checked } from './drift.ts'
import { erroredState } from './errored-state.ts'
import { restore, storePlan, supersede, withName } from './plans.ts'
import type { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { lockReleased, noteLock } from './state-locks.ts'

/** Attempts that ended are kept for people to look at, this many. */
const keptAttempts = 20

/**
 * What a command comes to. `done`: the document to write and what happened, which is in its outbox too; the very same
 * document when there was nothing to do. `refused`: nothing changes.
 */
export type Decision =
  | { readonly kind: 'done'; readonly document: AddressDocument; readonly events: readonly RecordEvent[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/**
 * The next document of an address. Time never goes back within a document, whatever the clock says.
 * @param document as it was read; `emptyDocument` when there is none
 * @param nowMs the store's time
 */
export function decide(document: AddressDocument, command: Command, nowMs: number): Decision {
  const atMs = Math.max(nowMs, document.atMs)
  const result = step(document, command, atMs)
  if (result.kind === 'refused') return result
  if (result.kind === 'same') return { kind: 'done', document, events: [] }
  const rev = document.rev + 1
  const name = result.document.names[0]
  const events = result.events.map(
    (body, i): RecordEvent => ({ ...body, id: eventId(rev, i), atMs, ...(name !== undefined && { name }) }),
  )
  const outbox = [...result.document.outbox, ...events]
  const attempts = trimmed(result.document.attempts)
  return { kind: 'done', document: { ...result.document, attempts, outbox, rev, atMs }, events }
}

function step(document: AddressDocument, command: Command, nowMs: number): Step {
  switch (command.kind) {
    case 'store-plan':
      return storePlan(document, command, nowMs)
    case 'supersede':
      return supersede(document, command, nowMs)
    case 'restore':
      return restore(document, command, nowMs)
    case 'approve':
      return approve(document, command, nowMs)
    case 'withdraw':
      return withdraw(document, command)
    case 'reject':
      return reject(document, command, nowMs)
    case 'claim':
      return makeClaim(document, command, nowMs)
    case 'renew':
      return renew(document, command, nowMs)
    case 'intend':
      return intend(document, command, nowMs)
    case 'conclude':
      return conclude(document, command, nowMs)
    case 'errored-state':
      return erroredState(document, command)
    case 'note-lock':
      return noteLock(document, command)
    case 'lock-released':
      return lockReleased(document, command)
    case 'settle':
      return settle(document, command, nowMs)
    case 'advance':
      return advance(document, command, nowMs)
    case 'release':
      return release(document, command, nowMs)
    case 'unlock':
      return unlock(document, command, nowMs)
    case 'checked':
      return checked(document, command, nowMs)
    case 'close':
      return close(document, command, nowMs)
    case 'rename':
      return rename(document, command.to)
    case 'flushed':
      return flushed(document, command.rev)
  }
}

function rename(document: AddressDocument, to: AddressDocument['names'][number]): Step {
  const from = document.names[0]
  if (from === to) return same
  return {
    kind: 'changed',
    document: { ...document, names: withName(document.names, to) },
    events: from === undefined ? [] : [{ kind: 'renamed', from, to }],
  }
}

function flushed(document: AddressDocument, rev: number): Step {
  const outbox = document.outbox.filter(({ id }) => id >= eventId(rev + 1, 0))
  return outbox.length === document.outbox.length
    ? same
    : { kind: 'changed', document: { ...document, outbox }, events: [] }
}

/** Sorts as text in the order in which things happened. */
function eventId(rev: number, position: number): string {
  return `${String(rev).padStart(9, '0')}-${String(position).padStart(3, '0')}`
}

function trimmed(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.filter((it, i) => it.outcome === undefined || i >= attempts.length - keptAttempts)
}
