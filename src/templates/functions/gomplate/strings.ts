import { bytesOf, textOfBytes } from '../../bytes.ts'
import { quoted } from '../../quote.ts'
import { typeOf } from '../../types.ts'
import { GoError, type GoFunction, type GoFunctions, GoPanic, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { wrapped } from '../wrapping.ts'
import { abbreviated, indented } from './lines.ts'
import { namespace } from './namespace.ts'
import { slug } from './slug.ts'
import { titled } from './title.ts'
import { integerOf, textList, textOf } from './values.ts'
import { camelCase, kebabCase, snakeCase, trimmedSpace } from './words.ts'

/** A function of one text. */
function ofText(change: (text: string) => string): GoFunction {
  return goFunction('func(any) string', (value: GoValue) => change(textOf(value)))
}

/** A function of one text that may fail. */
function ofTextOrError(change: (text: string) => string): GoFunction {
  return goFunction('func(any) (string, error)', (value: GoValue) => change(textOf(value)))
}

/** A function of a text, and of another before it. */
function ofTwo(signature: string, call: (one: string, other: string) => GoValue): GoFunction {
  return goFunction(signature, (one: string, other: GoValue) => call(one, textOf(other)))
}

/** Go's strings.SplitN: into characters where there is no separator; below 0 into all parts, 0 into none. */
function split(text: string, separator: string, limit: number): GoSlice {
  if (limit === 0) return textList([])
  const parts = separator === '' ? characters(text) : text.split(separator)
  if (limit < 0 || parts.length <= limit) return textList(parts)
  return textList([...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)])
}

/** The characters of a text; one byte that belongs to none is one. */
function characters(text: string): string[] {
  return [...text]
}

function replaceAll(old: string, fresh: string, text: string): string {
  if (old !== '') return text.replaceAll(old, () => fresh)
  return (
    fresh +
    characters(text)
      .map((character) => character + fresh)
      .join('')
  )
}

function trimmed(text: string, cutset: string): string {
  const set = new Set(cutset)
  const all = characters(text)
  let [start, end] = [0, all.length]
  while (start < end && set.has(all[start]!)) start++
  while (end > start && set.has(all[end - 1]!)) end--
  return all.slice(start, end).join('')
}

function trimmedStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text
}

function trimmedEnd(text: string, end: string): string {
  return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text
}

/** How long a repeated text may become. */
const longestBytes = 50_000_000

function repeated(count: bigint, text: string): string {
  if (count < 0n) throw new GoError(`negative count ${count}`)
  const size = count * BigInt(Buffer.byteLength(text))
  if (size >= 2n ** 63n) throw new GoError(`count ${count} too long: causes overflow`)
  if (size > longestBytes) throw new GoError(`strings.Repeat: ${size} bytes are more than ${longestBytes}`)
  return text.repeat(Number(count))
}

function truncated(length: bigint, text: string): string {
  const bytes = bytesOf(text)
  return length < 0n || length >= BigInt(bytes.length) ? text : textOfBytes(bytes.subarray(0, Number(length)))
}

function abbrev(...args: GoValue[]): string {
  if (args.length < 2) throw new GoError("abbrev requires a 'maxWidth' and 'input' argument")
  if (args.length > 3) return ''
  const [offset, width] = args.length === 2 ? [0n, integerOf(args[0]!)] : args.slice(0, 2).map(integerOf)
  return abbreviated(textOf(args.at(-1)!), Number(width), Number(offset))
}

function indent(...args: GoValue[]): string {
  if (args.length === 0) throw new GoPanic('runtime error: index out of range [-1]')
  const text = textOf(args.at(-1)!)
  const [first, second] = args
  const invalid = new GoError('indent: invalid arguments')
  if (args.length === 2) {
    if (typeof first === 'string') return indented(text, 1, first)
    if (typeof first === 'bigint') return indented(text, Number(first), ' ')
    throw invalid
  }
  if (args.length === 3) {
    if (typeof first !== 'bigint' || typeof second !== 'string') throw invalid
    return indented(text, Number(first), second)
  }
  return indented(text, 1, ' ')
}

function wordWrap(...args: GoValue[]): string {
  if (args.length < 1 || args.length > 3) throw new GoError(`expected 1, 2, or 3 args, got ${args.length}`)
  const [first, second] = args
  const isMark = args.length === 2 && typeof first === 'string'
  const width = args.length === 1 || isMark ? 0n : integerOf(first!)
  const mark = args.length === 3 ? textOf(second!) : isMark ? first : ''
  return wrapped(textOf(args.at(-1)!), width === 0n ? 80n : width, mark === '' ? '\n' : mark, false)
}

function sorted(value: GoValue): GoSlice {
  if (!(value instanceof GoSlice) || !(value.type === '[]string' || value.type === '[]interface {}'))
    throw new GoError(`wrong type for value; expected []string; got ${typeOf(value)}`)
  const texts = value.items.map(textOf)
  return textList(texts.sort((one, other) => Buffer.compare(bytesOf(one), bytesOf(other))))
}

/** A word of a POSIX shell, or one for each item of a list; gomplate shows only the type of items that are no text. */
function shellQuoted(value: GoValue): string {
  if (!(value instanceof GoSlice)) return shellWord(textOf(value))
  if (value.type === '[]string') return value.items.map((item) => shellWord(textOf(item))).join(' ')
  return value.items.map(() => shellWord(`<${value.type.slice(2)} Value>`)).join(' ')
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`
}

const methods: GoFunctions = {
  Abbrev: goFunction('func(...any) (string, error)', abbrev),
  CamelCase: ofTextOrError(camelCase),
  Contains: ofTwo('func(string, any) bool', (part, text) => text.includes(part)),
  HasPrefix: ofTwo('func(string, any) bool', (start, text) => text.startsWith(start)),
  HasSuffix: ofTwo('func(string, any) bool', (end, text) => text.endsWith(end)),
  Indent: goFunction('func(...any) (string, error)', indent),
  KebabCase: ofTextOrError(kebabCase),
  Quote: ofText(quoted),
  Repeat: goFunction('func(int, any) (string, error)', (count: bigint, text: GoValue) => repeated(count, textOf(text))),
  ReplaceAll: goFunction('func(string, string, any) string', (old: string, fresh: string, text: GoValue) =>
    replaceAll(old, fresh, textOf(text)),
  ),
  RuneCount: goFunction('func(...any) (int, error)', (...parts: GoValue[]) =>
    BigInt(characters(parts.map(textOf).join('')).length),
  ),
  ShellQuote: goFunction('func(any) string', shellQuoted),
  Slug: ofText(slug),
  SnakeCase: ofTextOrError(snakeCase),
  Sort: goFunction('func(any) ([]string, error)', sorted),
  Split: ofTwo('func(string, any) []string', (separator, text) => split(text, separator, -1)),
  SplitN: goFunction('func(string, int, any) []string', (separator: string, limit: bigint, text: GoValue) =>
    split(textOf(text), separator, Number(limit)),
  ),
  Squote: ofText((text) => `'${text.replaceAll("'", "''")}'`),
  Title: ofText(titled),
  ToLower: ofText((text) => text.toLowerCase()),
  ToUpper: ofText((text) => text.toUpperCase()),
  Trim: ofTwo('func(string, any) string', (cutset, text) => trimmed(text, cutset)),
  TrimPrefix: ofTwo('func(string, any) string', (start, text) => trimmedStart(text, start)),
  TrimSpace: ofText(trimmedSpace),
  TrimSuffix: ofTwo('func(string, any) string', (end, text) => trimmedEnd(text, end)),
  Trunc: goFunction('func(int, any) string', (length: bigint, text: GoValue) => truncated(length, textOf(text))),
  WordWrap: goFunction('func(...any) (string, error)', wordWrap),
}

/** The namespace `strings`, those of its methods that have a name of their own, and Go's functions in Go's order. */
export const stringsFunctions: GoFunctions = {
  strings: namespace('StringFuncs', methods, { print: () => '{{{}} {0 0 <nil>}}' }),
  contains: goFunction('func(string, string) bool', (text: string, part: string) => text.includes(part)),
  hasPrefix: goFunction('func(string, string) bool', (text: string, start: string) => text.startsWith(start)),
  hasSuffix: goFunction('func(string, string) bool', (text: string, end: string) => text.endsWith(end)),
  indent: methods.Indent!,
  quote: methods.Quote!,
  replaceAll: methods.ReplaceAll!,
  shellQuote: methods.ShellQuote!,
  split: goFunction('func(string, string) []string', (text: string, separator: string) => split(text, separator, -1)),
  splitN: goFunction('func(string, string, int) []string', (text: string, separator: string, limit: bigint) =>
    split(text, separator, Number(limit)),
  ),
  squote: methods.Squote!,
  title: methods.Title!,
  toLower: methods.ToLower!,
  toUpper: methods.ToUpper!,
  trim: goFunction('func(string, string) string', trimmed),
  trimSpace: methods.TrimSpace!,
}
