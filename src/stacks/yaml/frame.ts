import type { Position } from '../../error.ts'

/**
 * The line that an error is about, with the line before it, as `3 │ text` and a `^^^` below the place.
 * @returns '' where the text has no such line
 */
export function frame(text: string, { line, column }: Pick<Position, 'line' | 'column'>): string {
  const lines = text.split(/\r\n|\r|\n/)
  const source = lines[line - 1]
  if (source === undefined || line < 1) return ''
  const before = lines[line - 2]
  const width = String(line).length
  const row = (number: string, content: string) => `  ${number.padStart(width)} │ ${content}`.trimEnd()
  const characters = Array.from(source)
  const start = Math.min(column - 1, characters.length)
  // tabs stay tabs, so that the marks stand below what they mean
  const pad = characters
    .slice(0, start)
    .map((character) => (character === '\t' ? '\t' : ' '))
    .join('')
  const length = Math.max(1, Array.from(marked(characters.slice(start).join(''))).length)
  return [
    ...(before?.trim() ? [row(String(line - 1), before)] : []),
    row(String(line), source),
    row('', pad + '^'.repeat(length)),
  ].join('\n')
}

/** What the marks go under: a quoted text, else up to a comment, the end of the key, or the end of the line. */
function marked(rest: string): string {
  const quoted = /^"(?:[^"\\]|\\.)*"|^'(?:[^']|'')*'/.exec(rest)
  if (quoted) return quoted[0]
  return rest.replace(/\s+#.*$|:(?:\s.*)?$/, '').trimEnd()
}
