import { compareStrings } from '../../types.ts'
import { GoMap, GoNumber, type GoObject, GoSlice, type GoValue } from '../../value.ts'
import { jsonString } from '../json.ts'
import { bytesOfSlice } from './bytes.ts'
import { textOf } from './values.ts'

/**
 * A value as gomplate's toJSON writes it: keys sorted, `<` as an escape, and whole floats with `.0`.
 * @param indent with it, a line for every element
 */
export function writtenJson(value: GoValue, indent?: string): string {
  return node(value, indent, '\n')
}

function node(value: GoValue, indent: string | undefined, line: string): string {
  switch (typeof value) {
    case 'string':
      return jsonString(value)
    case 'number':
      return float(value)
    case 'boolean':
    case 'bigint':
      return String(value)
  }
  if (value === null) return 'null'
  if (value instanceof GoNumber) return typeof value.value === 'number' ? float(value.value) : String(value.value)
  if (value instanceof GoSlice) return list(value, indent, line)
  return members(value instanceof GoMap ? pairs(value) : fields(value), indent, line, value)
}

/** Digits only between 1e-6 and 1e21, as JavaScript has it, but exponents of two digits, and `.0` below 2^52. */
function float(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  const text = Object.is(value, -0) ? '-0' : String(value)
  if (!text.includes('e')) return text.includes('.') || Math.abs(value) >= 2 ** 52 ? text : `${text}.0`
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

function list(value: GoSlice, indent: string | undefined, line: string): string {
  if (value.type === '[]uint8') return `"${Buffer.from(bytesOfSlice(value)).toString('base64')}"`
  if (value.items.length === 0) return '[]'
  if (indent === undefined) return `[${value.items.map((item) => node(item, indent, line)).join(',')}]`
  const inner = line + indent
  return `[${value.items.map((item) => inner + node(item, indent, inner)).join(',')}${line}]`
}

type Pairs = readonly (readonly [string, GoValue])[]

function pairs({ entries }: GoMap): Pairs {
  return sorted([...entries].map(([key, value]) => [textOf(key), value] as const))
}

function fields({ fields = {} }: GoObject): Pairs {
  return sorted(Object.entries(fields))
}

function sorted(all: Pairs): Pairs {
  return [...all].sort(([one], [other]) => compareStrings(one, other))
}

function members(all: Pairs, indent: string | undefined, line: string, value: GoValue): string {
  const text = asText(value)
  if (text !== undefined) return jsonString(text)
  if (all.length === 0) return '{}'
  if (indent === undefined)
    return `{${all.map(([key, it]) => `${jsonString(key)}:${node(it, indent, line)}`).join(',')}}`
  const inner = line + indent
  return `{${all.map(([key, it]) => `${inner}${jsonString(key)}: ${node(it, indent, inner)}`).join(',')}${line}}`
}

/** What an object says that it is as text: times, addresses, UUIDs. */
export function asText(value: GoValue): string | undefined {
  if (value === null || typeof value !== 'object' || !('methods' in value)) return undefined
  const method = value.methods.MarshalText
  if (!method) return undefined
  const bytes = method.call()
  return bytes instanceof GoSlice ? Buffer.from(bytesOfSlice(bytes)).toString('utf8') : undefined
}
