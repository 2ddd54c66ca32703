/** When a write is allowed: only if nothing is there, only over the version read before, or always. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'match'; readonly etag: string }
  | { readonly kind: 'any' }

/** A stored object as read. `etag` names this version of it, for the next conditional write. */
export interface Stored {
  readonly bytes: Uint8Array
  readonly etag: string
}

/**
 * What a write came to. `conflict`: the condition did not hold, nothing was written. A write whose answer was lost throws;
 * whoever wrote reads the object back and looks for its own nonce.
 */
export type PutResult = { readonly kind: 'written'; readonly etag: string } | { readonly kind: 'conflict' }

/**
 * Where records and sealed plans are kept. Keys are `/`-separated, of `[A-Za-z0-9._-]+` segments, and no key is
 * the folder of another. All operations are atomic per key; a reader sees a whole object or none. Contract: `store.contract.ts`.
 */
export interface Store {
  /** Names the store to people: `file:///repo/.git/airlock`. */
  readonly url: string
  /** The object, or undefined when there is none. */
  get(key: string): Promise<Stored | undefined>
  put(key: string, bytes: Uint8Array, condition: Condition): Promise<PutResult>
  /** `absent` when there was nothing to delete; `conflict` when the condition did not hold. */
  delete(key: string, condition: Condition): Promise<{ readonly kind: 'deleted' | 'absent' | 'conflict' }>
  /** Keys that start with `prefix`, in byte order. */
  list(prefix: string): Promise<string[]>
  /** The same with the version of each, where a list tells it: whoever read that version need not read it again. */
  versions?(prefix: string): Promise<ReadonlyMap<string, string>>
  /** The store's clock, milliseconds since 1970: leases are measured by it, not by the caller's. */
  now(): Promise<number>
}
