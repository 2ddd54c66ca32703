import { GoError, GoMap, GoSlice, type GoValue } from '../value.ts'

/** How deep encoding/json reads. */
const deepest = 10_000

/** What may come next: a value, a value or the end of an empty list, a key, and so on. */
type Expected = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'after'

interface Reading {
  readonly text: string
  at: number
}

interface Open {
  readonly into: GoSlice | GoMap
  key: string
}

/**
 * What encoding/json reads into an `interface {}`: numbers are float64, objects map[string]interface {}.
 * @throws GoError in Go's words: `invalid character 'x' looking for beginning of value`
 */
export function parsedJson(text: string): GoValue {
  const reading: Reading = { text, at: 0 }
  const open: Open[] = []
  let expected: Expected = 'value'
  let whole: GoValue = null
  const put = (value: GoValue): void => {
    const parent = open.at(-1)
    if (!parent) whole = value
    else if (parent.into instanceof GoMap) parent.into.entries.set(parent.key, value)
    else parent.into.items.push(value)
  }
  while (true) {
    skipBlank(reading)
    const next = text[reading.at]
    if (next === undefined) {
      if (open.length === 0 && expected === 'after') return whole
      throw new GoError('unexpected end of JSON input')
    }
    const parent = open.at(-1)
    if (expected === 'after') {
      if (!parent) throw invalid(reading, 'after top-level value')
      const map = parent.into instanceof GoMap
      reading.at++
      if (next === ',') expected = map ? 'key' : 'value'
      else if (next === (map ? '}' : ']')) open.pop()
      else throw invalidAt(text, reading.at - 1, map ? 'after object key:value pair' : 'after array element')
    } else if (expected === 'colon') {
      if (next !== ':') throw invalid(reading, 'after object key')
      reading.at++
      expected = 'value'
    } else if (expected === 'key' || expected === 'first key') {
      if (next === '}' && expected === 'first key') {
        reading.at++
        open.pop()
        expected = 'after'
      } else if (next === '"') {
        parent!.key = string(reading)
        expected = 'colon'
      } else throw invalid(reading, 'looking for beginning of object key string')
    } else if (next === ']' && expected === 'first item') {
      reading.at++
      open.pop()
      expected = 'after'
    } else if (next === '{' || next === '[') {
      const into = next === '{' ? new GoMap(new Map()) : new GoSlice([])
      put(into)
      open.push({ into, key: '' })
      if (open.length > deepest) throw new GoError('exceeded max depth')
      reading.at++
      expected = next === '{' ? 'first key' : 'first item'
    } else {
      put(scalar(reading))
      expected = 'after'
    }
  }
}

function skipBlank(reading: Reading): void {
  while (/[ \t\r\n]/.test(reading.text[reading.at] ?? '')) reading.at++
}

function scalar(reading: Reading): GoValue {
  const next = reading.text[reading.at]!
  if (next === '"') return string(reading)
  if (/[-0-9]/.test(next)) return number(reading)
  const word = { t: 'true', f: 'false', n: 'null' }[next]
  if (word === undefined) throw invalid(reading, 'looking for beginning of value')
  for (const letter of word) {
    if (reading.text[reading.at] !== letter) throw invalid(reading, `in literal ${word} (expecting '${letter}')`)
    reading.at++
  }
  return word === 'null' ? null : word === 'true'
}

const plainEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function string(reading: Reading): string {
  const { text } = reading
  let result = ''
  for (reading.at++; ; reading.at++) {
    const next = text[reading.at]
    if (next === '"') break
    if (next === undefined || next < ' ') throw invalid(reading, 'in string literal')
    if (next !== '\\') result += next
    else {
      const code = text[++reading.at]
      if (code === 'u') result += String.fromCharCode(hexEscape(reading))
      else if (code !== undefined && '"\\/'.includes(code)) result += code
      else if (code !== undefined && Object.hasOwn(plainEscapes, code)) result += plainEscapes[code]
      else throw invalid(reading, 'in string escape code')
    }
  }
  reading.at++
  return result.replace(/\p{Cs}/gu, '\ufffd')
}

function hexEscape(reading: Reading): number {
  for (let index = 0; index < 4; index++) {
    reading.at++
    if (!/[0-9a-f]/i.test(reading.text[reading.at] ?? '')) throw invalid(reading, 'in \\u hexadecimal character escape')
  }
  return Number.parseInt(reading.text.slice(reading.at - 3, reading.at + 1), 16)
}

function number(reading: Reading): number {
  const start = reading.at
  if (reading.text[reading.at] === '-') reading.at++
  if (reading.text[reading.at] === '0') reading.at++
  else digits(reading, 'in numeric literal')
  if (reading.text[reading.at] === '.') {
    reading.at++
    digits(reading, 'after decimal point in numeric literal')
  }
  if (/e/i.test(reading.text[reading.at] ?? '')) {
    reading.at++
    if (/[+-]/.test(reading.text[reading.at] ?? '')) reading.at++
    digits(reading, 'in exponent of numeric literal')
  }
  const written = reading.text.slice(start, reading.at)
  const value = Number(written)
  if (Number.isFinite(value)) return value
  throw new GoError(`json: cannot unmarshal number ${written} into Go value of type float64`)
}

function digits(reading: Reading, where: string): void {
  if (reading.text[reading.at] === undefined) throw new GoError(`invalid character ' ' ${where}`)
  if (!/[0-9]/.test(reading.text[reading.at]!)) throw invalid(reading, where)
  while (/[0-9]/.test(reading.text[reading.at] ?? '')) reading.at++
}

function invalid({ text, at }: Reading, where: string): GoError {
  return invalidAt(text, at, where)
}

function invalidAt(text: string, at: number, where: string): GoError {
  const code = text.codePointAt(at)
  if (code === undefined) return new GoError('unexpected end of JSON input')
  return new GoError(`invalid character ${quoted(Buffer.from(String.fromCodePoint(code))[0]!)} ${where}`)
}

/** One byte between single quotes, as encoding/json names it. */
function quoted(byte: number): string {
  const named: Readonly<Record<number, string>> = {
    7: '\\a',
    8: '\\b',
    9: '\\t',
    10: '\\n',
    11: '\\v',
    12: '\\f',
    13: '\\r',
    39: "\\'",
    92: '\\\\',
  }
  if (named[byte]) return `'${named[byte]}'`
  if (byte >= 0x20 && byte < 0x7f) return `'${String.fromCharCode(byte)}'`
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, '0')}'`
  return byte < 0xa1 || byte === 0xad ? `'\\u${byte.toString(16).padStart(4, '0')}'` : `'${String.fromCharCode(byte)}'`
}
