import { bytesOf } from '../bytes.ts'
import { byteSlice } from './letters.ts'

const space = 0x20

/** A text cut to so many bytes, three of them dots; from an offset on, with dots before it too. */
export function abbreviated(text: string, offset: number, width: number): string {
  const bytes = bytesOf(text)
  if (bytes.length <= width) return text
  const start = Math.min(offset, bytes.length - (width - 3), bytes.length)
  if (start <= 4) return `${byteSlice(bytes, 0, width - 3)}...`
  if (width < 7) return ''
  if (start + width - 3 < bytes.length) return `...${abbreviated(byteSlice(bytes, start), 0, width - 3)}`
  return `...${byteSlice(bytes, bytes.length - (width - 3))}`
}

/** A text in lines of so many bytes, broken at spaces; `longWords`: and inside of words that are longer. */
export function wrapped(text: string, width: bigint, newLine: string, longWords: boolean): string {
  const bytes = bytesOf(text)
  const length = Number(width < 1n ? 1n : width)
  let result = ''
  let at = 0
  while (bytes.length - at > length) {
    if (bytes[at] === space) {
      at++
      continue
    }
    const before = bytes.subarray(at, at + length + 1).lastIndexOf(space)
    let end = at + length
    let next = end
    if (before >= 0) {
      end = at + before
      next = end + 1
    } else if (!longWords) {
      const after = bytes.indexOf(space, at + length)
      if (after < 0) return result + byteSlice(bytes, at)
      end = after
      next = end + 1
    }
    result += byteSlice(bytes, at, end) + newLine
    at = next
  }
  return result + byteSlice(bytes, at)
}
