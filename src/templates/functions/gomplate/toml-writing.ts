import { printed } from '../../print.ts'
import { compareStrings, typeOf } from '../../types.ts'
import { GoError, GoMap, GoNumber, GoPanic, GoSlice, type GoValue } from '../../value.ts'
import { formattedTime } from '../go-layout.ts'
import { timeOf } from '../go-time.ts'
import { asText } from './json.ts'
import { textOf } from './values.ts'

/** A map as gomplate's toTOML writes it: plain values first, then tables, each level indented. */
export function tomlText(value: GoValue): string {
  if (value === null) throw new GoPanic('reflect: call of reflect.Value.Interface on zero Value')
  if (!(value instanceof GoMap))
    throw new GoError(`Unable to marshal ${printed(value)}: toml: top-level values must be Go maps or structs`)
  const writer = { text: '' }
  table(writer, [], value)
  return writer.text
}

interface Writer {
  text: string
}

function table(writer: Writer, path: readonly string[], { entries }: GoMap): void {
  const sorted = [...entries]
    .map(([key, value]) => [textOf(key), value] as const)
    .filter(([, value]) => value !== null)
    .sort(([one], [other]) => compareStrings(one, other))
  const indent = '  '.repeat(Math.max(path.length - 1, 0))
  const inner = path.length === 0 ? '' : `${indent}  `
  for (const [key, value] of sorted) if (!isTable(value)) writer.text += `${inner}${keyText(key)} = ${inline(value)}\n`
  for (const [key, value] of sorted) {
    const below = [...path, key]
    const name = below.map(keyText).join('.')
    if (value instanceof GoMap) {
      heading(writer, inner, `[${name}]`, path.length === 0)
      table(writer, below, value)
    } else if (isTable(value))
      for (const item of (value as GoSlice).items) {
        if (!(item instanceof GoMap)) throw new GoError(`eTable: unhandled reflect.Value Kind: ${typeOf(item)}`)
        heading(writer, inner, `[[${name}]]`, true)
        table(writer, below, item)
      }
  }
}

function heading(writer: Writer, indent: string, text: string, apart: boolean): void {
  writer.text += `${apart && writer.text !== '' ? '\n' : ''}${indent}${text}\n`
}

/** A map, or a list of maps by its first item. */
function isTable(value: GoValue): boolean {
  return value instanceof GoMap || (value instanceof GoSlice && value.items[0] instanceof GoMap)
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : textString(key)
}

function inline(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return textString(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return float(value)
  }
  if (value === null) throw new GoError('toml: cannot encode array with nil element')
  if (value instanceof GoNumber) return typeof value.value === 'number' ? float(value.value) : String(value.value)
  if (value instanceof GoSlice) return `[${value.items.map(inline).join(', ')}]`
  if (value instanceof GoMap) return inlineTable(value)
  const time = timeOf(value)
  if (time) return formattedTime(time, '2006-01-02T15:04:05.999999999Z07:00')
  const text = asText(value)
  if (text === undefined) throw new GoError(`unsupported type: ${value.type}`)
  return textString(text)
}

function inlineTable({ entries }: GoMap): string {
  const pairs = [...entries].map(([key, value]) => `${keyText(textOf(key))} = ${inline(value)}`)
  return `{${pairs.sort(compareStrings).join(', ')}}`
}

/** Digits without an exponent, and always a point. */
function float(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf'
  const text = plainDigits(value)
  return text.includes('.') ? text : `${text}.0`
}

function plainDigits(value: number): string {
  const [mantissa = '', power] = String(value).split('e')
  if (power === undefined) return Object.is(value, -0) ? '-0' : mantissa
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(mantissa)!
  const digits = whole + fraction
  const point = whole.length + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return digits.length <= point
    ? sign + digits.padEnd(point, '0')
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

function textString(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (it) => {
    return escapes[it] ?? `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}
