import { byteOrder } from '../git/blob.ts'
import type { Plain } from '../stacks/value.ts'

interface JsonOptions {
  /** Writes `<`, `>` and `&` as Go does in files. */
  readonly escapeHtml?: boolean
  /** Go prints maps by the bytes of their keys, and records in the order of their fields: `items` are records whose `settings` are maps. */
  readonly order?: 'maps' | 'items'
}

/** JSON as Atmos prints it: two blanks a level, integers with all their digits. */
export function atmosJson(value: Plain, { escapeHtml = false, order = 'maps' }: JsonOptions = {}): string {
  const text = (part: string) => {
    const json = JSON.stringify(part).replace(/[\u2028\u2029]/g, escaped)
    return escapeHtml ? json.replace(/[<>&]/g, escaped) : json
  }
  const write = (it: Plain, indent: string, sorted: boolean): string => {
    if (typeof it === 'string') return text(it)
    if (Object.is(it, -0)) return '-0'
    if (it === null || typeof it !== 'object') return typeof it === 'bigint' ? it.toString() : JSON.stringify(it)
    const inner = `${indent}  `
    const list = Array.isArray(it)
    const parts = list ? it.map((item: Plain) => write(item, inner, sorted)) : members(it, sorted, inner)
    const [open, close] = list ? ['[', ']'] : ['{', '}']
    return parts.length === 0 ? `${open}${close}` : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`
  }
  const members = (map: object, sorted: boolean, inner: string): string[] => {
    const entries: [string, Plain][] = Object.entries(map)
    if (sorted) entries.sort(([a], [b]) => byteOrder(a, b))
    return entries.map(([key, item]) => `${text(key)}: ${write(item, inner, sorted || key === 'settings')}`)
  }
  return write(value, '', order === 'maps')
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
