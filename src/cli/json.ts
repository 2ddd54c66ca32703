import { byteOrder } from '../git/blob.ts'
import type { Plain } from '../stacks/value.ts'

interface JsonOptions {
  /** Writes `<`, `>` and `&` as Go does in files. */
  readonly escapeHtml?: boolean
  /** Go prints maps by the bytes of their keys, and records in the order of their fields: `items` are records whose `settings` are maps. */
  readonly order?: 'maps' | 'items'
}

/** JSON as Atmos prints it: two blanks a level, integers with all their digits. */
export function atmosJson(value: Plain, options: JsonOptions = {}): string {
  return writer(options).write(value, '', options.order !== 'items')
}

/** The same text in pieces that end with a line break, one a member of the outermost map: no need to hold all of it at once. */
export function* atmosJsonPieces(value: Plain, options: JsonOptions = {}): Generator<string> {
  const { write, name } = writer(options)
  const sorted = options.order !== 'items'
  const keys = sorted && isMap(value) ? Object.keys(value as object).sort(byteOrder) : []
  if (keys.length === 0) {
    yield `${write(value, '', sorted)}\n`
    return
  }
  yield '{\n'
  for (const [at, key] of keys.entries()) {
    const end = at < keys.length - 1 ? ',' : ''
    yield `  ${name(key)}: ${write((value as Record<string, Plain>)[key]!, '  ', sorted)}${end}\n`
  }
  yield '}\n'
}

function isMap(value: Plain): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Writes values; what is there many times is written once. */
function writer({ escapeHtml = false }: JsonOptions) {
  const text = (part: string) => {
    const json = JSON.stringify(part)
    const separated = SEPARATOR.test(json) ? json.replace(/[\u2028\u2029]/g, escaped) : json
    return escapeHtml ? separated.replace(/[<>&]/g, escaped) : separated
  }
  const names = new Map<string, string>()
  const name = (key: string) => {
    const known = names.get(key)
    if (known !== undefined) return known
    const written = text(key)
    names.set(key, written)
    return written
  }
  const before = new Map<string, Map<object, string>>()
  const writtenAt = (indent: string, sorted: boolean): Map<object, string> => {
    const key = sorted ? indent : `${indent}-`
    const known = before.get(key)
    if (known !== undefined) return known
    const written = new Map<object, string>()
    before.set(key, written)
    return written
  }
  const write = (it: Plain, indent: string, sorted: boolean): string => {
    if (typeof it === 'string') return text(it)
    if (Object.is(it, -0)) return '-0'
    if (it === null || typeof it !== 'object') return typeof it === 'bigint' ? it.toString() : JSON.stringify(it)
    const written = writtenAt(indent, sorted)
    const known = written.get(it)
    if (known) return known
    const result = block(it, indent, sorted)
    // Kept from the second time on: most is there once.
    written.set(it, known === undefined ? '' : result)
    return result
  }
  const block = (it: object, indent: string, sorted: boolean): string => {
    const inner = `${indent}  `
    const list = Array.isArray(it)
    const keys = list ? [] : Object.keys(it)
    const count = list ? it.length : keys.length
    if (count === 0) return list ? '[]' : '{}'
    if (sorted && !isInOrder(keys)) keys.sort(byteOrder)
    let result = list ? '[' : '{'
    for (let at = 0; at < count; at++) {
      result += at === 0 ? `\n${inner}` : `,\n${inner}`
      const key = keys[at]
      if (key === undefined) result += write((it as readonly Plain[])[at]!, inner, sorted)
      else result += `${name(key)}: ${write((it as Record<string, Plain>)[key]!, inner, sorted || key === 'settings')}`
    }
    return `${result}\n${indent}${list ? ']' : '}'}`
  }
  return { write, name }
}

/** What JavaScript writes as it is, and Go escapes. */
const SEPARATOR = /[\u2028\u2029]/

function isInOrder(keys: readonly string[]): boolean {
  return keys.every((key, at) => at === 0 || byteOrder(keys[at - 1]!, key) <= 0)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
