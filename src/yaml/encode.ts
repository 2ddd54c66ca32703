import { isBreak } from './cursor.ts'
import { formatFloat } from './float.ts'
import { sortedKeys } from './sort.ts'
import { isPrintable, styleOf } from './style.ts'

/** A scalar that is written as it is, without quotes: what our plain values have no type for, such as a float of `1e+06`. */
export interface Verbatim {
  readonly [verbatim]: string
}
const verbatim = Symbol('verbatim')

/** What can be written as YAML: JSON data, big integers, and scalars that are written as they are. */
export type Encodable =
  | string
  | boolean
  | null
  | number
  | bigint
  | Verbatim
  | readonly Encodable[]
  | { readonly [key: string]: Encodable }
  | ReadonlyMap<Key, Encodable>

/** A map whose keys are not all texts is a `Map`. */
type Key = string | number | boolean | null

interface EncodeOptions {
  /** Spaces a level, 2 to 9; others count as 2. */
  readonly indent?: number
  /** Template delimiters: one with `'` in it forces double quotes on every scalar with `'`. */
  readonly delims?: readonly [string, string]
  /** Texts of more bytes than this, without a line break, are folded. */
  readonly wrap?: number
}

/** A value as yaml.v3 behind Atmos 1.227 writes it; ends with a line break. */
export function encode(value: Encodable, options: EncodeOptions = {}): string {
  const { indent = 2, delims, wrap } = options
  const writer: Writer = {
    step: indent >= 2 && indent <= 9 ? indent : 2,
    quote: delims?.some((delimiter) => delimiter.includes("'")) ?? false,
    wrap: wrap ?? Number.POSITIVE_INFINITY,
    text: '',
    lineStart: 0,
    fresh: true,
  }
  node(writer, value, -1, 'root')
  startLine(writer, 0)
  return writer.text
}

/** A scalar that is written as it is. */
export function asIs(text: string): Verbatim {
  return { [verbatim]: text }
}

/** A float as YAML has it: `.inf` and `.nan` beside Go's digits. */
export function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  return formatFloat(value)
}

interface Writer {
  readonly step: number
  readonly quote: boolean
  readonly wrap: number
  text: string
  lineStart: number
  /** Whether the line holds nothing yet but indentation and the marks `-`, `?` and `:` of what is written next. */
  fresh: boolean
}

type Holder = 'root' | 'map' | 'key' | 'list'

function isVerbatim(value: object): value is Verbatim {
  return verbatim in value
}

function node(writer: Writer, value: Encodable, indent: number, holder: Holder): void {
  if (typeof value === 'string') text(writer, value, indent, holder, false)
  else if (typeof value !== 'object' || value === null) put(writer, holder, scalarText(value))
  else if (isVerbatim(value)) put(writer, holder, value[verbatim])
  else if (Array.isArray(value)) list(writer, value as readonly Encodable[], indent, holder)
  else map(writer, value instanceof Map ? value : new Map(Object.entries(value)), indent, holder)
}

function scalarText(value: boolean | null | number | bigint): string {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? yamlFloat(value) : String(value)
}

/** Where what stands inside of a holder is indented. */
function inside(writer: Writer, indent: number, holder: Holder, scalar = false): number {
  if (indent < 0) return scalar ? writer.step : 0
  if (holder === 'list') return indent + 2
  return writer.step * Math.floor((indent + writer.step) / writer.step)
}

function list(writer: Writer, items: readonly Encodable[], indent: number, holder: Holder): void {
  if (items.length === 0) put(writer, holder, '[]')
  const inner = inside(writer, indent, holder)
  for (const item of items) {
    startLine(writer, inner)
    writer.text += '-'
    node(writer, item, inner, 'list')
  }
}

function map(writer: Writer, entries: ReadonlyMap<Key, Encodable>, indent: number, holder: Holder): void {
  if (entries.size === 0) put(writer, holder, '{}')
  const inner = inside(writer, indent, holder)
  for (const key of sortedKeys([...entries.keys()])) {
    if (isItemOfSibling(key, entries)) continue
    startLine(writer, inner)
    if (typeof key !== 'string') put(writer, 'key', scalarText(key))
    else if (isSimpleKey(key)) text(writer, key, inner, 'key', true)
    else {
      writer.text += '?'
      text(writer, key, inner, 'map', false)
      startLine(writer, inner)
    }
    writer.text += ':'
    node(writer, entries.get(key) ?? null, inner, 'map')
  }
}

/** Atmos leaves out a key `x[0]` beside a list `x`. */
function isItemOfSibling(key: Key, entries: ReadonlyMap<Key, Encodable>): boolean {
  const name = typeof key === 'string' ? /^(.+)\[\d+\]$/s.exec(key)?.[1] : undefined
  return name !== undefined && Array.isArray(entries.get(name))
}

/** A key that is longer, or has line breaks, needs `? `. */
function isSimpleKey(key: string): boolean {
  return !Array.from(key).some((character) => isBreak(character.charCodeAt(0))) && Buffer.byteLength(key) <= 128
}

/** Writes on the line where the holder's mark stands. */
function put(writer: Writer, holder: Holder, text: string): void {
  writer.text += holder === 'root' || holder === 'key' || text === '' ? text : ` ${text}`
  writer.fresh = false
}

/** Goes to a column, on a new line unless this one is free up to there. */
function startLine(writer: Writer, indent: number): void {
  const used = writer.text.length - writer.lineStart
  if (!writer.fresh || used > indent || (used === indent && /[-?:]$/.test(writer.text.slice(-1)))) breakLine(writer)
  const column = writer.text.length - writer.lineStart
  if (column < indent) writer.text += ' '.repeat(indent - column)
}

function breakLine(writer: Writer, mark = '\n'): void {
  writer.text += mark
  writer.lineStart = writer.text.length
  writer.fresh = true
}

function text(writer: Writer, value: string, indent: number, holder: Holder, simpleKey: boolean): void {
  const inner = inside(writer, indent, holder, true)
  const fold = !simpleKey && Buffer.byteLength(value) > writer.wrap
  const style = styleOf(value, { simpleKey, quote: writer.quote, fold })
  if (style === 'literal') block(writer, value, inner, holder, '|')
  else if (style === 'folded') block(writer, value, inner, holder, '>')
  else if (style === 'plain') put(writer, holder, value)
  else if (style === 'double') put(writer, holder, doubleQuoted(value))
  else singleQuoted(writer, value, inner, holder)
}

function singleQuoted(writer: Writer, value: string, indent: number, holder: Holder): void {
  put(writer, holder, "'")
  lines(writer, value.replaceAll("'", "''"), indent)
  writer.text += "'"
  writer.fresh = false
}

function block(writer: Writer, value: string, indent: number, holder: Holder, mark: '|' | '>'): void {
  const lead = value.charCodeAt(0)
  const hint = lead === 32 || isBreak(lead) ? String(writer.step) : ''
  const last = value.length - 1
  const chomp = !isBreak(value.charCodeAt(last)) ? '-' : last === 0 || isBreak(value.charCodeAt(last - 1)) ? '+' : ''
  put(writer, holder, `${mark}${hint}${chomp}`)
  lines(writer, value, indent, true)
}

/** Writes text line by line, each indented, empty lines not. */
function lines(writer: Writer, value: string, indent: number, onNewLine = false): void {
  let atStart = onNewLine
  let from = 0
  for (let i = 0; i <= value.length; i++) {
    const code = value.charCodeAt(i)
    if (i < value.length && !isBreak(code)) continue
    if (i > from) {
      if (atStart) startLine(writer, indent)
      writer.text += value.slice(from, i)
      writer.fresh = false
    }
    if (i < value.length) {
      breakLine(writer, code === 10 ? '\n' : value.charAt(i))
      atStart = true
    }
    from = i + 1
  }
}

const escapes: ReadonlyMap<number, string> = new Map([
  [0, '0'],
  [7, 'a'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [11, 'v'],
  [12, 'f'],
  [13, 'r'],
  [27, 'e'],
  [34, '"'],
  [92, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

function doubleQuoted(value: string): string {
  return `"${Array.from(value, (character) => escaped(character, character.codePointAt(0) ?? 0)).join('')}"`
}

function escaped(character: string, code: number): string {
  if (isPrintable(code) && !isBreak(code) && code !== 34 && code !== 92) return character
  const simple = escapes.get(code)
  if (simple !== undefined) return `\\${simple}`
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
