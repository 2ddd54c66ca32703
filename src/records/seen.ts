import type { Store } from '../store/store.ts'

/** A record, and the version as which it was read or written. */
export interface Seen<D> {
  readonly etag: string
  readonly record: D
}

/**
 * The records that this process read or wrote last, by key. Somebody else may have written since: what is decided from them
 * counts only where a write proves that nobody did, or where a list of the store tells the same version.
 */
export function seenIn(store: Store): Map<string, Seen<unknown>> {
  const known = seen.get(store) ?? new Map<string, Seen<unknown>>()
  seen.set(store, known)
  return known
}

const seen = new WeakMap<Store, Map<string, Seen<unknown>>>()

/** Reads a record; undefined where nothing was ever written. What is still the version that was seen last is not parsed again. */
export async function look<D>(
  store: Store,
  key: string,
  parse: (bytes: Uint8Array, key: string) => D,
): Promise<Seen<D> | undefined> {
  const found = await store.get(key)
  if (found === undefined) return undefined
  const before = seenIn(store).get(key)
  if (before?.etag === found.etag) return before as Seen<D>
  return remember(store, key, found.etag, parse(found.bytes, key))
}

/** Notes what was read or written. */
export function remember<D>(store: Store, key: string, etag: string, record: D): Seen<D> {
  const now = { etag, record }
  seenIn(store).set(key, now)
  return now
}
