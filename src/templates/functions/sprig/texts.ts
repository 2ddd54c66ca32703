import { textOfBytes } from '../../bytes.ts'
import { printed } from '../../print.ts'
import { kindOf } from '../../types.ts'
import { GoNumber, GoPanic, GoSlice, type GoValue } from '../../value.ts'

/** What a template may make of a text at most; Go would go on until its memory ends. */
const longestText = 64 * 1024 * 1024

/** A value as text: bytes as they are, whatever prints itself its own way, all else as `%v`. */
export function textOf(value: GoValue): string {
  if (value instanceof GoSlice && value.type === '[]uint8')
    return textOfBytes(Uint8Array.from(value.items, (item) => Number(item instanceof GoNumber ? item.value : item)))
  return printed(value)
}

/** A list of texts: a list's items without nil, a single value as a list of one, nil as none. */
export function textsOf(value: GoValue): string[] {
  if (value instanceof GoSlice) return value.items.filter((item) => item !== null).map(textOf)
  return kindOf(value) === 'nil' ? [] : [textOf(value)]
}

/** A []string. */
export function stringSlice(items: readonly string[], isNil = false): GoSlice {
  return new GoSlice([...items], '[]string', isNil)
}

/**
 * A text so many times.
 * @throws GoPanic for less than no time, and where the result has no place in memory
 */
export function repeated(text: string, count: bigint): string {
  if (count < 0n) throw new GoPanic('strings: negative Repeat count')
  if (BigInt(text.length) * count > longestText) throw new GoPanic('strings: Repeat output length overflow')
  return text.repeat(Number(count))
}

/** Where a text is cut, as Go's strings.SplitN does; without a separator, into characters. */
export function split(text: string, separator: string, limit = -1): string[] {
  if (limit === 0) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  if (limit < 0 || parts.length <= limit) return parts
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]
}

/** Every occurrence replaced; of nothing, there is one before each character and one at the end. */
export function replacedAll(text: string, old: string, by: string): string {
  if (old === '') return by + [...text].map((character) => character + by).join('')
  return text.split(old).join(by)
}
