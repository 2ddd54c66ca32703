import { createHash } from 'node:crypto'

/**
 * Canonical JSON (https://www.rfc-editor.org/rfc/rfc8785): keys sorted by UTF-16 code units, no white space, numbers as
 * JavaScript prints them; a `bigint` is printed as the integer it is. Maps are objects; undefined members are left out.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  const members = entries
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
  return `{${members.join(',')}}`
}

/** SHA-256 of text or bytes: 64 lower-case hex digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
