/**
 * The bytes of a Go string: UTF-8, and U+DC80 to U+DCFF for bytes that are none.
 * Go's strings are bytes, and some functions cut them in the middle of a character; what is left must survive.
 */
export function bytesOf(text: string): Uint8Array {
  if (!BROKEN.test(text)) return Buffer.from(text, 'utf8')
  const parts = text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) - 0xdc00]) : Buffer.from(part))),
  )
}

/** A byte of a Go string that is no part of a character. A low surrogate after a high one is a character's half. */
const BROKEN = /(?<![\ud800-\udbff])[\udc80-\udcff]/

/** A Go string of these bytes. */
export function textOfBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8')
  if (!text.includes('\ufffd')) return text
  let result = ''
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    result +=
      length === 0
        ? String.fromCharCode(0xdc00 + bytes[at]!)
        : Buffer.from(bytes.subarray(at, at + length)).toString('utf8')
    at += length || 1
  }
  return result
}

/** How many bytes the character at `at` has; 0 where no valid one begins. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  if (length === 0 || first > 0xf4 || at + length > bytes.length) return 0
  for (let index = 1; index < length; index++) if ((bytes[at + index]! & 0xc0) !== 0x80) return 0
  const second = bytes[at + 1]!
  if (first === 0xe0 && second < 0xa0) return 0
  if (first === 0xed && second > 0x9f) return 0
  if (first === 0xf0 && second < 0x90) return 0
  if (first === 0xf4 && second > 0x8f) return 0
  return length
}
