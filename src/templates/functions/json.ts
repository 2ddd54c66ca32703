import { bytesOf, textOfBytes } from '../bytes.ts'
import { GoError, GoMap, GoNumber, type GoObject, GoSlice, type GoValue } from '../value.ts'

/** How encoding/json writes: `<`, `>` and `&` as escapes unless told otherwise, and with `indent` a line an element. */
export interface JsonStyle {
  readonly escapeHtml?: boolean
  readonly indent?: string
  /** What every line but the first begins with. */
  readonly prefix?: string
}

/**
 * A value as encoding/json writes it: keys sorted, bytes in base64, floats as Go's JSON has them.
 * @throws GoError `json: unsupported type: map[interface {}]interface {}`, `json: unsupported value: NaN`
 */
export function goJson(value: GoValue, { escapeHtml = true, indent, prefix = '' }: JsonStyle = {}): string {
  return written(value, { escapeHtml, indent, line: `\n${prefix}` })
}

interface Writing {
  readonly escapeHtml: boolean
  readonly indent: string | undefined
  /** What a new line at this depth begins with. */
  readonly line: string
}

function written(value: GoValue, writing: Writing): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return jsonFloat(value)
  if (typeof value === 'string') return jsonString(value, writing.escapeHtml)
  if (value instanceof GoNumber)
    return typeof value.value === 'number' ? jsonFloat(value.value, shortest32) : String(value.value)
  if (value instanceof GoSlice) return ofSlice(value, writing)
  if (value instanceof GoMap) return ofMap(value, writing)
  return ofObject(value, writing)
}

function ofSlice({ type, items, isNil }: GoSlice, writing: Writing): string {
  if (isNil) return 'null'
  if (type === '[]uint8') return `"${Buffer.from(items.map(byteOf)).toString('base64')}"`
  return enclosed('[', ']', items, writing, (item, inner) => written(item, inner))
}

function byteOf(item: GoValue): number {
  return Number(item instanceof GoNumber ? item.value : (item as bigint))
}

function ofMap({ type, entries, isNil }: GoMap, writing: Writing): string {
  if (type.startsWith('map[interface {}]') || type.startsWith('map[bool]') || type.startsWith('map[float'))
    throw new GoError(`json: unsupported type: ${type}`)
  if (isNil) return 'null'
  const named = [...entries].map(([key, item]) => [keyText(key), item] as const)
  named.sort(([one], [other]) => Buffer.compare(bytesOf(one), bytesOf(other)))
  return members(named, writing)
}

function keyText(key: GoValue): string {
  if (typeof key === 'string') return key
  return String(key instanceof GoNumber ? key.value : key)
}

function members(named: readonly (readonly [string, GoValue])[], writing: Writing): string {
  const colon = writing.indent === undefined ? ':' : ': '
  return enclosed(
    '{',
    '}',
    named,
    writing,
    ([key, item], inner) => `${jsonString(key, writing.escapeHtml)}${colon}${written(item, inner)}`,
  )
}

function enclosed<T>(
  open: string,
  close: string,
  items: readonly T[],
  writing: Writing,
  write: (item: T, inner: Writing) => string,
): string {
  if (items.length === 0) return open + close
  if (writing.indent === undefined) return `${open}${items.map((item) => write(item, writing)).join(',')}${close}`
  const inner = { ...writing, line: writing.line + writing.indent }
  return `${open}${items.map((item) => inner.line + write(item, inner)).join(',')}${writing.line}${close}`
}

function ofObject(value: GoObject, writing: Writing): string {
  if (value.methods.MarshalJSON) return called(value, 'MarshalJSON')
  if (value.methods.MarshalText) return jsonString(called(value, 'MarshalText'), writing.escapeHtml)
  return members(Object.entries(value.fields ?? {}), writing)
}

function called(value: GoObject, method: 'MarshalJSON' | 'MarshalText'): string {
  try {
    const bytes = value.methods[method]!.call()
    return bytes instanceof GoSlice ? textOfBytes(Uint8Array.from(bytes.items, byteOf)) : ''
  } catch (cause) {
    if (!(cause instanceof GoError)) throw cause
    throw new GoError(`json: error calling ${method} for type ${value.type}: ${cause.message}`)
  }
}

/** A float as encoding/json writes it: shortest, with an exponent below 1e-6 and from 1e21. */
function jsonFloat(value: number, digits: (value: number) => string = String): string {
  if (!Number.isFinite(value))
    throw new GoError(`json: unsupported value: ${value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'}`)
  if (Object.is(value, -0)) return '-0'
  return digits(value)
}

/** The fewest digits that name a float32. */
function shortest32(value: number): string {
  for (let precision = 1; precision < 10; precision++) {
    const text = Number(value.toPrecision(precision))
    if (Math.fround(text) === value) return String(text)
  }
  return String(value)
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** A string as encoding/json writes it; a byte that is no UTF-8 becomes U+FFFD. */
export function jsonString(text: string, escapeHtml = true): string {
  const special = escapeHtml ? /["\\<>&\p{Cc}\u2028\u2029]/gu : /["\\\p{Cc}\u2028\u2029]/gu
  return `"${text.replace(special, escaped).replace(/\p{Cs}/gu, '\\ufffd')}"`
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  if (code >= 0x7f && code < 0x100) return character
  return escapes[character] ?? `\\u${code.toString(16).padStart(4, '0')}`
}
