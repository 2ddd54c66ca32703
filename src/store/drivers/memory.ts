import { storeTime } from '../clock.ts'
import { validKey } from '../key.ts'
import type { Condition, Store, Stored } from '../store.ts'

/** A store that lives and dies with this process; `clock` is the machine's time in milliseconds. */
export function memoryStore(options: { readonly clock?: () => number } = {}): Store {
  const objects = new Map<string, Stored>()
  const clock = options.clock ?? Date.now
  let writes = 0
  let mark = storeTime(clock(), undefined)

  const holds = (condition: Condition, found: Stored | undefined): boolean =>
    condition.kind === 'any' || (condition.kind === 'absent' ? found === undefined : found?.etag === condition.etag)

  return {
    url: 'memory:',
    async get(key) {
      const found = objects.get(validKey(key))
      return found && { etag: found.etag, bytes: found.bytes.slice() }
    },
    async put(key, bytes, condition) {
      if (!holds(condition, objects.get(validKey(key)))) return { kind: 'conflict' }
      writes += 1
      const etag = `w${writes}`
      objects.set(key, { bytes: bytes.slice(), etag })
      return { kind: 'written', etag }
    },
    async delete(key, condition) {
      const found = objects.get(validKey(key))
      if (found === undefined) return { kind: 'absent' }
      if (!holds(condition, found)) return { kind: 'conflict' }
      objects.delete(key)
      return { kind: 'deleted' }
    },
    async list(prefix) {
      return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()
    },
    async versions(prefix) {
      return new Map([...objects].flatMap(([key, { etag }]) => (key.startsWith(prefix) ? [[key, etag] as const] : [])))
    },
    async now() {
      mark = storeTime(clock(), mark)
      return mark.highMs
    },
  }
}
