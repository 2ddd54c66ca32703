import { byteOrder } from '../git/blob.ts'
import type { Plain } from '../stacks/value.ts'

interface JsonOptions {
  /** Writes `<`, `>` and `&` as Go does in files. */
  readonly escapeHtml?: boolean
  /** Go prints maps by the bytes of their keys, and records in the order of their fields: `items` are records whose `settings` are maps. */
  readonly order?: 'maps' | 'items'
}

/** JSON as Atmos prints it: two blanks a level, integers with all their digits. What is there many times is written once. */
export function atmosJson(value: Plain, { escapeHtml = false, order = 'maps' }: JsonOptions = {}): string {
  const text = (part: string) => {
    const json = JSON.stringify(part)
    const separated = SEPARATOR.test(json) ? json.replace(/[\u2028\u2029]/g, escaped) : json
    return escapeHtml ? separated.replace(/[<>&]/g, escaped) : separated
  }
  const names = new Map<string, string>()
  const name = (key: string) => {
    const written = names.get(key) ?? text(key)
    names.set(key, written)
    return written
  }
  const before = new Map<string, WeakMap<object, string>>()
  const writtenAt = (indent: string, sorted: boolean): WeakMap<object, string> => {
    const key = sorted ? indent : `${indent}-`
    const written = before.get(key) ?? new WeakMap<object, string>()
    before.set(key, written)
    return written
  }
  const write = (it: Plain, indent: string, sorted: boolean): string => {
    if (typeof it === 'string') return text(it)
    if (Object.is(it, -0)) return '-0'
    if (it === null || typeof it !== 'object') return typeof it === 'bigint' ? it.toString() : JSON.stringify(it)
    const written = writtenAt(indent, sorted)
    const result = written.get(it) ?? block(it, indent, sorted)
    written.set(it, result)
    return result
  }
  const block = (it: object, indent: string, sorted: boolean): string => {
    const inner = `${indent}  `
    const list = Array.isArray(it)
    const parts = list ? it.map((item: Plain) => write(item, inner, sorted)) : members(it, sorted, inner)
    const [open, close] = list ? ['[', ']'] : ['{', '}']
    return parts.length === 0 ? `${open}${close}` : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`
  }
  const members = (map: object, sorted: boolean, inner: string): string[] => {
    const keys = Object.keys(map)
    if (sorted && !isInOrder(keys)) keys.sort(byteOrder)
    return keys.map(
      (key) => `${name(key)}: ${write((map as Record<string, Plain>)[key]!, inner, sorted || key === 'settings')}`,
    )
  }
  return write(value, '', order === 'maps')
}

/** What JavaScript writes as it is, and Go escapes. */
const SEPARATOR = /[\u2028\u2029]/

function isInOrder(keys: readonly string[]): boolean {
  return keys.every((key, at) => at === 0 || byteOrder(keys[at - 1]!, key) <= 0)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
