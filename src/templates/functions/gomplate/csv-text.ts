import { GoError } from '../../value.ts'

/**
 * The records of a text, as Go's encoding/csv reads them: of equal length, empty lines left out.
 * @throws GoError `parse error on line 1, column 2: bare " in non-quoted-field`
 */
export function parsedCsv(text: string, separator: string): string[][] {
  if (/["\r\n\ufffd]/.test(separator)) throw new GoError('csv: invalid field or comment delimiter')
  const reader = { lines: text.replace(/\r\n/g, '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [], at: 0 }
  const records: string[][] = []
  while (reader.at < reader.lines.length) {
    const first = reader.at
    const line = reader.lines[reader.at++]!
    if (line === '\n') continue
    const record = recordOf(
      reader,
      line.replace(/\r?$/, (end) => (line.endsWith('\n') ? end : '')),
      separator,
    )
    if (records[0] && records[0].length !== record.length)
      throw new GoError(`record on line ${first + 1}: wrong number of fields`)
    records.push(record)
  }
  return records
}

interface Reader {
  readonly lines: readonly string[]
  at: number
}

function recordOf(reader: Reader, start: string, separator: string): string[] {
  const startLine = reader.at
  const fields: string[] = []
  let line = start
  let at = 0
  for (;;) {
    if (line[at] !== '"') {
      const end = line.indexOf(separator, at)
      const field = end < 0 ? line.slice(at).replace(/\n$/, '') : line.slice(at, end)
      const quote = field.indexOf('"')
      if (quote >= 0) throw problem(reader.at, columnOf(line, at + quote), 'bare " in non-quoted-field')
      fields.push(field)
      if (end < 0) return fields
      at = end + 1
      continue
    }
    let field = ''
    at++
    for (;;) {
      const quote = line.indexOf('"', at)
      if (quote < 0) {
        field += line.slice(at)
        const next = reader.lines[reader.at]
        if (next === undefined) throw unclosed(reader.at, line, startLine)
        reader.at++
        line = next
        at = 0
        continue
      }
      field += line.slice(at, quote)
      at = quote + 1
      if (line[at] === '"') {
        field += '"'
        at++
      } else break
    }
    fields.push(field)
    if (at >= line.length || line.slice(at) === '\n') return fields
    if (!line.startsWith(separator, at))
      throw problem(reader.at, columnOf(line, at - 1), 'extraneous or missing " in quoted-field')
    at++
  }
}

function unclosed(lineNumber: number, line: string, startLine: number): GoError {
  const column = columnOf(line, line.length)
  const where =
    startLine === lineNumber
      ? `parse error on line ${lineNumber}`
      : `record on line ${startLine}; parse error on line ${lineNumber}`
  return new GoError(`${where}, column ${column}: extraneous or missing " in quoted-field`)
}

function problem(lineNumber: number, column: number, what: string): GoError {
  return new GoError(`parse error on line ${lineNumber}, column ${column}: ${what}`)
}

/** Columns are counted in bytes, from 1. */
function columnOf(line: string, at: number): number {
  return Buffer.byteLength(line.slice(0, at)) + 1
}

/** Records as Go's encoding/csv writes them, lines ended by CR and LF. */
export function csvText(records: readonly (readonly string[])[], separator: string): string {
  return records.map((record) => `${record.map((field) => fieldText(field, separator)).join(separator)}\r\n`).join('')
}

function fieldText(field: string, separator: string): string {
  if (!needsQuotes(field, separator)) return field
  return `"${field.replaceAll('"', '""').replaceAll('\r', '').replaceAll('\n', '\r\n')}"`
}

function needsQuotes(field: string, separator: string): boolean {
  if (field === '') return false
  return field === '\\.' || field.includes(separator) || /["\r\n]/.test(field) || /^[\s\u0085]/u.test(field)
}
