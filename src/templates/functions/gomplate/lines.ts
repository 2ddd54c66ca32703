import { bytesOf, textOfBytes } from '../../bytes.ts'
import { GoError } from '../../value.ts'

const space = 32

/**
 * Lines of at most so many bytes, cut at spaces and never within a word. What is a line break already does not count as
 * one, as in goutils, which gomplate uses.
 */
export function wrapped(text: string, width: number, mark: string): string {
  const bytes = Buffer.from(bytesOf(text))
  const length = Math.max(width, 1)
  const parts: Uint8Array[] = []
  const lineBreak = Buffer.from(bytesOf(mark))
  let at = 0
  while (bytes.length - at > length) {
    if (bytes[at] === space) {
      at++
      continue
    }
    const before = bytes.subarray(at, at + length + 1).lastIndexOf(space)
    const cut = before >= 0 ? at + before : bytes.indexOf(space, at + length)
    if (cut < 0) break
    parts.push(bytes.subarray(at, cut), lineBreak)
    at = cut + 1
  }
  return textOfBytes(Buffer.concat([...parts, bytes.subarray(at)]))
}

/** Text cut to so many bytes with `...` where something is missing; an offset cuts the beginning too. */
export function abbreviated(text: string, width: number, offset = 0): string {
  const bytes = bytesOf(text)
  if (bytes.length <= width) return text
  if (width < 4) throw new GoError('stringutils illegal argument: Minimum abbreviation width is 4')
  const start = Math.min(offset, bytes.length)
  const room = width - 3
  const from = bytes.length - start < room ? bytes.length - room : start
  if (from <= 4) return `${textOfBytes(bytes.subarray(0, room))}...`
  if (width < 7) throw new GoError('stringutils illegal argument: Minimum abbreviation width with offset is 7')
  if (from + room < bytes.length) return `...${abbreviated(textOfBytes(bytes.subarray(from)), room)}`
  return `...${textOfBytes(bytes.subarray(bytes.length - room))}`
}

/** Every line that is not empty with something before it; a mark with a line break in it changes nothing. */
export function indented(text: string, count: number, mark: string): string {
  if (count <= 0 || mark.includes('\n')) return text
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : mark.repeat(count) + line))
    .join('\n')
}
