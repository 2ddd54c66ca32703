import { bytesOf, textOfBytes } from '../../bytes.ts'
import { GoError } from '../../value.ts'

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
