import { UserError } from '../error.ts'
import { type Plain, plain, type Value } from './value.ts'
import { parseValue } from './yaml/manifest.ts'

/**
 * A value that a function gave, as Atmos uses it: a text is read again as YAML, so `"0755"` becomes 493 and `"true"` a
 * boolean; a date becomes its RFC 3339 text. Texts inside of lists and maps stay as they are, and so does a text that is
 * no YAML, or only a comment.
 */
export function rereadText(value: Plain): Plain {
  if (typeof value !== 'string') return value
  try {
    const read = parseValue(value, 'value')
    if (read === undefined) return value.trim() === '' ? null : value
    return plain(withTimes(read))
  } catch (error) {
    if (error instanceof UserError) return value
    throw error
  }
}

/** A date is an empty map in a manifest, and a text in what a function gave. */
function withTimes(value: Value): Value {
  if (value.kind === 'list') return { ...value, items: value.items.map(withTimes) }
  if (value.kind === 'scalar') return value
  if (value.time !== undefined) return { kind: 'scalar', at: value.at, value: value.time }
  return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, withTimes(item)])) }
}
