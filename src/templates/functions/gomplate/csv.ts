import { typeOf } from '../../types.ts'
import { GoError, type GoFunctions, GoMap, GoPanic, GoSlice, type GoValue, goFunction } from '../../value.ts'
import { csvText, parsedCsv } from './csv-text.ts'
import { textList, textOf } from './values.ts'

interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A table from a text, and before it a separator of one character, or a header, or both. */
function table(args: readonly string[]): Table {
  const [first = '', second = '', third = ''] = args
  if (args.length === 1) return withHeader(parsedCsv(first, ','))
  if (args.length === 3) return { header: headerOf(second, first), rows: parsedCsv(third, first[0] ?? ',') }
  if (args.length !== 2) return { header: [], rows: [] }
  if (first.length === 1) return withHeader(parsedCsv(second, first))
  const rows = parsedCsv(second, ',')
  return { header: first === '' ? columnNames(rows[0]?.length ?? 0) : headerOf(first, ','), rows }
}

function withHeader([header = [], ...rows]: readonly string[][]): Table {
  return { header, rows }
}

function headerOf(text: string, separator: string): string[] {
  return text.split(separator)
}

/** Columns as spreadsheets name them: A to Z, AA, BB, … */
function columnNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    String.fromCharCode(65 + (index % 26)).repeat(Math.floor(index / 26) + 1),
  )
}

function named(header: readonly string[], index: number): string {
  const name = header[index]
  if (name === undefined) throw new GoPanic(`runtime error: index out of range [${index}] with length ${header.length}`)
  return name
}

function all(...args: string[]): GoSlice {
  const { header, rows } = table(args)
  return new GoSlice([header, ...rows].map(textList), '[][]string')
}

function byRow(...args: string[]): GoSlice {
  const { header, rows } = table(args)
  const maps = rows.map((row) => {
    const entries = new Map<GoValue, GoValue>()
    for (const [index, cell] of row.entries()) entries.set(named(header, index), cell)
    return new GoMap(entries, 'map[string]string')
  })
  return new GoSlice(maps, '[]map[string]string')
}

function byColumn(...args: string[]): GoMap {
  const { header, rows } = table(args)
  const columns = new Map<string, string[]>()
  for (const row of rows)
    row.forEach((cell, index) => {
      const name = named(header, index)
      columns.set(name, [...(columns.get(name) ?? []), cell])
    })
  return new GoMap(new Map([...columns].map(([name, cells]) => [name, textList(cells)])), 'map[string][]string')
}

function toCsv(...args: GoValue[]): string {
  if (args.length < 1 || args.length > 2) return ''
  const [separator] = args.length === 2 ? args : [',']
  if (typeof separator !== 'string')
    throw new GoError(
      `Can't parse ToCSV delimiter (${textOf(separator!)}) - must be string (is a ${typeOf(separator!)})`,
    )
  return csvText(rowsOf(args.at(-1)!), separator[0] ?? ',')
}

function rowsOf(value: GoValue): string[][] {
  const rows = value instanceof GoSlice ? value.items : []
  const fits = value instanceof GoSlice && /^\[\](\[\]string|\[\]interface \{\}|interface \{\})$/.test(value.type)
  if (!fits || rows.some((row) => !(row instanceof GoSlice && /^\[\](string|interface \{\})$/.test(row.type))))
    throw new GoError(
      `Can't parse ToCSV input - must be a two-dimensional array (like [][]string or [][]interface{}) (was ${typeOf(value)})`,
    )
  return rows.map((row) => (row as GoSlice).items.map(textOf))
}

/** Reading and writing comma-separated values, by the names that they have in `data`. */
export const csvMethods: GoFunctions = {
  CSV: goFunction('func(...string) ([][]string, error)', all),
  CSVByColumn: goFunction('func(...string) (map[string][]string, error)', byColumn),
  CSVByRow: goFunction('func(...string) ([]map[string]string, error)', byRow),
  ToCSV: goFunction('func(...any) (string, error)', toCsv),
}
