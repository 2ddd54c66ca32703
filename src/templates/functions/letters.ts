import { textOfBytes } from '../bytes.ts'

/** Greek letters with an iota below: their simple upper case is one letter, where the full one is two. */
function iotaBelow(code: number): number | undefined {
  if (code >= 0x1f80 && code <= 0x1faf) return code | 8
  return { 8115: 0x1fbc, 8131: 0x1fcc, 8179: 0x1ffc }[code]
}

/** One character in upper case, as unicode.ToUpper has it: always one character. */
export function upperLetter(character: string): string {
  const iota = iotaBelow(character.codePointAt(0)!)
  if (iota !== undefined) return String.fromCodePoint(iota)
  const upper = character.toUpperCase()
  return [...upper].length === 1 ? upper : character
}

/** One character in lower case, as unicode.ToLower has it. */
export function lowerLetter(character: string): string {
  return [...character.toLowerCase()][0] ?? character
}

/** Letters of two, whose title case is neither upper nor lower. */
const pairs: Readonly<Record<string, string>> = {
  Ǆ: 'ǅ',
  ǅ: 'ǅ',
  ǆ: 'ǅ',
  Ǉ: 'ǈ',
  ǈ: 'ǈ',
  ǉ: 'ǈ',
  Ǌ: 'ǋ',
  ǋ: 'ǋ',
  ǌ: 'ǋ',
  Ǳ: 'ǲ',
  ǲ: 'ǲ',
  ǳ: 'ǲ',
}

/** One character in title case, as unicode.ToTitle has it. */
export function titleLetter(character: string): string {
  if (/[\u10d0-\u10ff]/.test(character)) return character
  return pairs[character] ?? upperLetter(character)
}

/** Text in upper case, character by character, as strings.ToUpper does. */
export function upper(text: string): string {
  return Array.from(text, upperLetter).join('')
}

/** Text in lower case, character by character: a sigma is never a final one. */
export function lower(text: string): string {
  return Array.from(text, lowerLetter).join('')
}

/** Text whose words begin with a letter in title case, as strings.Title does; the rest of a word stays as it is. */
export function title(text: string): string {
  let separated = true
  return Array.from(text, (character) => {
    const result = separated ? titleLetter(character) : character
    separated = separates(character)
    return result
  }).join('')
}

/** Whether a word ends here: for ASCII all but letters, digits and underscore, beyond only white space. */
function separates(character: string): boolean {
  if (character <= '\x7f') return !/[A-Za-z0-9_]/.test(character)
  return isSpace(character)
}

/** Whether a character is white space as unicode.IsSpace has it. */
export function isSpace(character: string): boolean {
  return /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(character)
}

/** A byte taken for a character of its own, as some functions do to UTF-8. */
export function byteCharacter(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!)
}

/** Some of a text's bytes, as Go slices strings. */
export function byteSlice(bytes: Uint8Array, from: number, to: number = bytes.length): string {
  return textOfBytes(bytes.subarray(from, to))
}
