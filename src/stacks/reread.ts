import { UserError } from '../error.ts'
import { type Plain, plain } from './value.ts'
import { parseValue } from './yaml/manifest.ts'

/**
 * A value that a function gave, as Atmos uses it: a text is read again as YAML, so `"0755"` becomes 493 and `"true"` a
 * boolean. Texts inside of lists and maps stay as they are. A text that is no YAML stays too.
 */
export function rereadText(value: Plain): Plain {
  if (typeof value !== 'string') return value
  try {
    const read = parseValue(value, 'value')
    return read === undefined ? null : plain(read)
  } catch (error) {
    if (error instanceof UserError) return value
    throw error
  }
}
