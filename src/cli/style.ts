/** Paints a text for the terminal, or leaves it as it is where colours are not wanted. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

/** Paint that colours (`true`), or one that changes nothing. */
export function paint(color: boolean): Paint {
  const code = (open: number, close: number) => (text: string) =>
    color && text !== '' ? `\x1b[${open}m${text}\x1b[${close}m` : text
  return { bold: code(1, 22), dim: code(2, 22), red: code(31, 39), green: code(32, 39), yellow: code(33, 39) }
}

const escapes = /\x1b\[[0-9;?]*[A-Za-z]/g
const printable = /^[\x20-\x7e]*$/
const invisible = /^[\p{Mark}\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}]+$/u
const picture = /\p{Emoji_Presentation}|\ufe0f/u
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u

/** Columns that a text takes on a terminal: escapes take none, East Asian wide characters and emoji two. */
export function width(text: string): number {
  const bare = text.replace(escapes, '')
  if (printable.test(bare)) return bare.length
  let columns = 0
  for (const { segment } of graphemes(bare)) columns += columnsOf(segment)
  return columns
}

/** The text followed by blanks, up to `columns`. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}

/** The text cut to `columns`, with `…` for what is missing. A painted text that is cut loses its paint. */
export function fitted(text: string, columns: number): string {
  if (width(text) <= columns) return text
  let kept = ''
  let used = 1
  for (const { segment } of graphemes(text.replace(escapes, ''))) {
    used += columnsOf(segment)
    if (used > columns) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}

/** Rows with their columns aligned, three blanks between them; nothing follows the last cell of a row. */
export function table(rows: readonly (readonly string[])[], indent = '  ', gap = '   '): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      if (column < row.length - 1) widths[column] = Math.max(widths[column] ?? 0, width(cell))
    })
  return rows.map((row) => {
    const cells = row.map((cell, column) => (column < row.length - 1 ? padded(cell, widths[column]!) : cell))
    return (indent + cells.join(gap)).trimEnd()
  })
}

/** Lines of at most `columns`, broken at blanks; a longer word stands alone. Line breaks in the text are kept. */
export function wrapped(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && width(line) + 1 + width(word) > columns) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}

function graphemes(text: string): Iterable<{ segment: string }> {
  return new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)
}

function columnsOf(grapheme: string): number {
  if (invisible.test(grapheme)) return 0
  return picture.test(grapheme) || wide.test(grapheme) ? 2 : 1
}
