import { createHash } from 'node:crypto'
import type { AddressId } from './address.ts'
import type { PlanId } from './document.ts'

/** Where the document of an address is. */
export function documentKey(address: AddressId): string {
  return `${documentsPrefix}${address}.json`
}

/** Below this are the documents of all addresses. */
export const documentsPrefix = 'documents/'

/** Where copies of many documents are, in one object. */
export const copiesKey = 'documents.json'

/** Where what adoption found is. */
export const baselineKey = 'baseline.json'

/** The address whose document a key names; undefined for any other key. */
export function addressOfDocument(key: string): AddressId | undefined {
  return /^documents\/([A-Za-z0-9._-]+)\.json$/.exec(key)?.[1] as AddressId | undefined
}

/** Where the record of a pull request is. */
export function pullRequestKey(number: number): string {
  return `pulls/${number}.json`
}

/** Below this are the records of all pull requests. */
export const pullRequestsPrefix = 'pulls/'

/** The pull request whose record a key names; undefined for any other key. */
export function numberOfPullRequest(key: string): number | undefined {
  const number = /^pulls\/([1-9]\d*)\.json$/.exec(key)?.[1]
  return number === undefined ? undefined : Number(number)
}

/** Where a sealed, encrypted plan is, named by its seal. Written before the record that names it. */
export function planBlobKey(seal: string): string {
  return `plans/${segment(seal)}`
}

/** Where the redacted model of a plan is, in the clear. */
export function planModelKey(seal: string): string {
  return `models/${segment(seal)}.json`
}

/** Where the state is kept, encrypted, that an apply could not store in its backend. */
export function erroredStateKey(address: AddressId, attempt: string): string {
  return `errored/${address}/${segment(attempt)}`
}

/** Where a plan job leaves what it made: it may only create objects. */
export function inboxKey(run: string, address: AddressId, plan: PlanId): string {
  return `${inboxPrefix(run)}${address}/${segment(plan)}.json`
}

/** Below this is what one run left, or, without a run, what all did. */
export function inboxPrefix(run?: string): string {
  return run === undefined ? 'inbox/' : `inbox/${segment(run)}/`
}

/** What an inbox key says of its object; undefined for any other key. */
export function inboxParts(
  key: string,
): { readonly run: string; readonly address: AddressId; readonly plan: PlanId } | undefined {
  const [, run, address, plan] = /^inbox\/([^/]+)\/([^/]+)\/([^/]+)\.json$/.exec(key) ?? []
  if (run === undefined || address === undefined || plan === undefined) return undefined
  return { run, address: address as AddressId, plan: plan as PlanId }
}

/** Where it is remembered what GitHub answered at an address of its API. */
export function answerKey(url: string): string {
  return `answers/${createHash('sha256').update(url).digest('hex').slice(0, 32)}.json`
}

/** Where events that were stored together are for good, named by the first and the last. */
export function eventsKey(address: AddressId, first: string, last: string): string {
  return `${eventsPrefix(address)}${segment(first === last ? first : `${first}_${last}`)}.json`
}

/** Below this are the events of an address, in order. */
export function eventsPrefix(address: AddressId): string {
  return `events/${address}/`
}

function segment(text: string): string {
  if (!/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$/.test(text)) throw new Error(`not a part of a key: ${text}`)
  return text
}
