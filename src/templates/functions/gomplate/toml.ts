import { GoError, GoMap, GoSlice, type GoValue } from '../../value.ts'
import { goTime } from '../go-time.ts'
import { fixedZone } from '../go-zone.ts'
import { parsedTime } from '../time-parsing.ts'

interface Reader {
  readonly text: string
  at: number
  /** The key that was read last, for errors. */
  lastKey: string
}

type Table = Map<GoValue, GoValue>

/**
 * A TOML document as gomplate reads it: maps with text keys, integers as int64, tables of a list as
 * `[]map[string]interface {}`.
 * @throws GoError `Near line 1 (last key parsed ''): …`
 */
export function readToml(text: string): GoValue {
  const reader: Reader = { text: text.replace(/\r\n/g, '\n'), at: 0, lastKey: '' }
  const root: Table = new Map()
  const closed = new Set<Table>()
  const named = new Set<Table>()
  let table = root
  let prefix: string[] = []
  for (;;) {
    skipBlank(reader)
    if (reader.at >= reader.text.length) return new GoMap(root)
    if (reader.text[reader.at] === '[') {
      const isList = reader.text.startsWith('[[', reader.at)
      reader.at += isList ? 2 : 1
      prefix = keyPath(reader)
      expect(reader, isList ? ']]' : ']', 'table')
      table = isList ? listTable(reader, root, prefix, closed) : ownTable(reader, root, prefix, closed, named)
    } else {
      const path = keyPath(reader)
      reader.lastKey = [...prefix, ...path].join('.')
      if (reader.text[reader.at] !== '=') fail(reader, `expected key separator '='`, true)
      reader.at++
      skipSpace(reader)
      put(reader, table, path, value(reader, closed), closed)
    }
    endOfLine(reader)
  }
}

function fail(reader: Reader, expected: string, mayEnd = false): never {
  const line = reader.text.slice(0, reader.at).split('\n').length
  const where = `Near line ${line} (last key parsed '${reader.lastKey}')`
  const ended = mayEnd && reader.at >= reader.text.length
  throw new GoError(`${where}: ${ended ? `unexpected EOF; ${expected}` : expected}`)
}

function skipSpace(reader: Reader): void {
  while (reader.text[reader.at] === ' ' || reader.text[reader.at] === '\t') reader.at++
}

/** Space, line breaks and comments. */
function skipBlank(reader: Reader): void {
  const blank = /(?:[ \t\n]|#[^\n]*)*/y
  blank.lastIndex = reader.at
  blank.test(reader.text)
  reader.at = blank.lastIndex
}

function endOfLine(reader: Reader): void {
  skipSpace(reader)
  if (reader.text[reader.at] === '#')
    while (reader.at < reader.text.length && reader.text[reader.at] !== '\n') reader.at++
  if (reader.at < reader.text.length && reader.text[reader.at] !== '\n') fail(reader, 'expected a line break')
}

function expect(reader: Reader, mark: string, what: string): void {
  skipSpace(reader)
  if (!reader.text.startsWith(mark, reader.at)) fail(reader, `expected ${mark} after the name of a ${what}`)
  reader.at += mark.length
}

/** A key, or several with dots between them. */
function keyPath(reader: Reader): string[] {
  const path: string[] = []
  do {
    if (path.length > 0) reader.at++
    skipSpace(reader)
    path.push(key(reader))
    skipSpace(reader)
  } while (reader.text[reader.at] === '.')
  return path
}

function key(reader: Reader): string {
  const quote = reader.text[reader.at]
  if (quote === '"' || quote === "'") return quotedText(reader, quote)
  const bare = /[A-Za-z0-9_-]+/y
  bare.lastIndex = reader.at
  const name = bare.exec(reader.text)?.[0]
  if (name === undefined) fail(reader, 'expected a key')
  reader.at += name.length
  return name
}

function put(reader: Reader, table: Table, path: readonly string[], held: GoValue, closed: Set<Table>): void {
  let at = table
  for (const name of path.slice(0, -1)) at = below(reader, at, name, closed)
  const name = path.at(-1)!
  if (at.has(name)) fail(reader, `Key '${reader.lastKey}' has already been defined.`)
  at.set(name, held)
}

/** The table under a name, made where there is none; of a list of tables, the last. */
function below(reader: Reader, table: Table, name: string, closed: Set<Table>): Table {
  const held = table.get(name)
  if (held === undefined) {
    const fresh: Table = new Map()
    table.set(name, new GoMap(fresh))
    return fresh
  }
  const inner = held instanceof GoSlice && held.type === '[]map[string]interface {}' ? held.items.at(-1)! : held
  if (!(inner instanceof GoMap) || closed.has(inner.entries)) fail(reader, `Key '${name}' has already been defined.`)
  return inner.entries
}

function ownTable(reader: Reader, root: Table, path: readonly string[], closed: Set<Table>, named: Set<Table>): Table {
  reader.lastKey = path.join('.')
  const held = path.reduce((table, name) => below(reader, table, name, closed), root)
  if (named.has(held)) fail(reader, `Key '${reader.lastKey}' has already been defined.`)
  named.add(held)
  return held
}

function listTable(reader: Reader, root: Table, path: readonly string[], closed: Set<Table>): Table {
  reader.lastKey = path.join('.')
  const holder = path.slice(0, -1).reduce((table, name) => below(reader, table, name, closed), root)
  const name = path.at(-1)!
  const held = holder.get(name)
  const fresh: Table = new Map()
  if (held === undefined) holder.set(name, new GoSlice([new GoMap(fresh)], '[]map[string]interface {}'))
  else if (held instanceof GoSlice && held.type === '[]map[string]interface {}') held.items.push(new GoMap(fresh))
  else fail(reader, `Key '${reader.lastKey}' has already been defined.`)
  return fresh
}

function value(reader: Reader, closed: Set<Table>): GoValue {
  const { text, at } = reader
  const first = text[at]
  if (first === '"' || first === "'") return anyText(reader, first)
  if (first === '[') return list(reader, closed)
  if (first === '{') return inlineTable(reader, closed)
  const word = /(?:\d{4}-\d\d-\d\d [0-9]|[^\s,\]}#])[^\s,\]}#]*/y
  word.lastIndex = at
  const found = word.exec(text)?.[0]
  if (found === undefined) fail(reader, 'expected value', true)
  const scalar = scalarOf(found)
  if (scalar === undefined) fail(reader, `expected value but found '${found}' instead`)
  reader.at += found.length
  return scalar
}

function scalarOf(word: string): GoValue | undefined {
  if (word === 'true' || word === 'false') return word === 'true'
  if (/^[+-]?(0|[1-9](_?\d)*)$/.test(word)) return integer(BigInt(word.replace(/[_+]/g, '')))
  if (/^0x[0-9a-f](_?[0-9a-f])*$|^0o[0-7](_?[0-7])*$|^0b[01](_?[01])*$/i.test(word))
    return integer(BigInt(word.replaceAll('_', '')))
  if (/^[+-]?(0|[1-9](_?\d)*)(\.\d(_?\d)*)?(e[+-]?\d(_?\d)*)?$/i.test(word)) return Number(word.replaceAll('_', ''))
  const special = /^([+-]?)(inf|nan)$/.exec(word)
  if (special) return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity
  return time(word)
}

function integer(value: bigint): GoValue | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** Dates and times; those without a zone are in one that is named for what is missing. */
function time(word: string): GoValue | undefined {
  const match = /^(\d{4}-\d\d-\d\d)?(?:[Tt ](?=\d))?(\d\d:\d\d:\d\d(?:\.\d+)?)?(Z|z|[+-]\d\d:\d\d)?$/.exec(word)
  const [, date, clock, zone] = match ?? []
  if (!match || (date === undefined && clock === undefined) || (zone !== undefined && !(date && clock)))
    return undefined
  const local = zone !== undefined ? undefined : date && clock ? 'datetime-local' : date ? 'date-local' : 'time-local'
  try {
    const moment = parsedTime(
      '2006-01-02T15:04:05Z07:00',
      `${date ?? '0000-01-01'}T${clock ?? '00:00:00'}${zone?.toUpperCase() ?? 'Z'}`,
    )
    return goTime(local ? { ns: moment.ns, zone: fixedZone(local, 0) } : moment)
  } catch {
    return undefined
  }
}

function list(reader: Reader, closed: Set<Table>): GoValue {
  const items: GoValue[] = []
  reader.at++
  for (;;) {
    skipBlank(reader)
    if (reader.text[reader.at] === ']') break
    items.push(value(reader, closed))
    skipBlank(reader)
    if (reader.text[reader.at] === ',') reader.at++
    else if (reader.text[reader.at] !== ']') fail(reader, "expected a comma or array terminator ']'", true)
  }
  reader.at++
  return new GoSlice(items)
}

function inlineTable(reader: Reader, closed: Set<Table>): GoValue {
  const table: Table = new Map()
  reader.at++
  skipSpace(reader)
  while (reader.text[reader.at] !== '}') {
    const path = keyPath(reader)
    if (reader.text[reader.at] !== '=') fail(reader, "expected key separator '='", true)
    reader.at++
    skipSpace(reader)
    put(reader, table, path, value(reader, closed), closed)
    skipSpace(reader)
    if (reader.text[reader.at] === ',') {
      reader.at++
      skipSpace(reader)
      if (reader.text[reader.at] === '}') fail(reader, 'trailing comma not allowed in inline tables')
    } else if (reader.text[reader.at] !== '}') fail(reader, "expected a comma or an inline table terminator '}'", true)
  }
  reader.at++
  closed.add(table)
  return new GoMap(table)
}

/** A text on one line, or on several between three quotes. */
function anyText(reader: Reader, quote: '"' | "'"): string {
  if (!reader.text.startsWith(quote.repeat(3), reader.at)) return quotedText(reader, quote)
  const start = reader.at + 3
  const end = closingQuotes(reader, quote, start)
  const raw = reader.text.slice(start, end).replace(/^\n/, '')
  reader.at = end + 3
  return quote === "'" ? raw : unescaped(reader, raw.replace(/(?<!\\)((?:\\\\)*)\\[ \t]*\n[ \t\n]*/g, '$1'))
}

/** Where the three quotes begin that end a text; quotes right before them belong to the text. */
function closingQuotes(reader: Reader, quote: string, start: number): number {
  for (let at = start; at < reader.text.length; at++) {
    if (reader.text[at] === '\\' && quote === '"') at++
    else if (reader.text.startsWith(quote.repeat(3), at)) {
      while (reader.text[at + 3] === quote) at++
      return at
    }
  }
  reader.at = reader.text.length
  return fail(reader, `unexpected EOF; expected ${quote.repeat(3)}`)
}

function quotedText(reader: Reader, quote: '"' | "'"): string {
  const shape = quote === '"' ? /"((?:[^"\\\n]|\\.)*)"/y : /'([^'\n]*)'/y
  shape.lastIndex = reader.at
  const match = shape.exec(reader.text)
  if (!match) return fail(reader, `strings cannot contain newlines, and end with ${quote}`)
  reader.at += match[0].length
  return quote === "'" ? match[1]! : unescaped(reader, match[1]!)
}

const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' }

function unescaped(reader: Reader, raw: string): string {
  return raw.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs,
    (all, short?: string, long?: string, one = '') => {
      const code = Number.parseInt(short ?? long ?? '', 16)
      if (one !== '') return escapes[one] ?? fail(reader, `invalid escape character '${one}'`)
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) fail(reader, `${all} is no character`)
      return String.fromCodePoint(code)
    },
  )
}
