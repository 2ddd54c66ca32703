import { UserError } from '../error.ts'

/**
 * Where the scanner stands in a text, and what of its state the scanners of single tokens need. The text ends with a NUL,
 * so that looking ahead never leaves it. A scanner is the one place where we change values in place.
 */
export interface Cursor {
  readonly file: string
  readonly text: string
  readonly end: number
  /** Whether columns must be counted in code points, because the text has characters beyond the BMP. */
  readonly wide: boolean
  pos: number
  line: number
  lineStart: number
  /** Column of the block collection we are in, from 0; -1 outside of any. */
  indent: number
  flowLevel: number
  simpleKeyAllowed: boolean
}

/** A place in the text: line and column from 0, offset in UTF-16 units. */
export interface Mark {
  readonly pos: number
  readonly line: number
  readonly column: number
}

export function cursor(source: string, file: string): Cursor {
  const bom = source.charCodeAt(0) === 0xfeff ? 1 : 0
  return {
    file,
    text: `${source}\0`,
    end: source.length,
    wide: /[\ud800-\udbff]/.test(source),
    pos: bom,
    line: 0,
    lineStart: bom,
    indent: -1,
    flowLevel: 0,
    simpleKeyAllowed: true,
  }
}

export function mark(c: Cursor): Mark {
  return { pos: c.pos, line: c.line, column: c.pos - c.lineStart }
}

/** Stops with `yaml-invalid` at a place in the text. */
export function invalid(c: Cursor, message: string, at: Mark, fix?: string): never {
  throw new UserError({
    code: 'yaml-invalid',
    message,
    exit: 2,
    at: { file: c.file, line: at.line + 1, column: at.column + 1 },
    ...(fix === undefined ? {} : { fix }),
  })
}

export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** Blank, line break, or the end of the text. */
export function isBlankOrEnd(code: number): boolean {
  return code === 32 || code === 10 || code === 0 || code === 9 || code === 13 || (code >= 0x85 && isBreak(code))
}

export function isBreakOrEnd(code: number): boolean {
  return code === 10 || code === 0 || code === 13 || (code >= 0x85 && isBreak(code))
}

/** Letters, digits, `_` and `-`: what anchors and tag handles are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  )
}

/** Goes over one line break and returns how a scalar holds it: `\n`, or the Unicode separators as they are. */
export function takeBreak(c: Cursor): string {
  const code = c.text.charCodeAt(c.pos)
  c.pos += code === 13 && c.text.charCodeAt(c.pos + 1) === 10 ? 2 : 1
  c.line++
  c.lineStart = c.pos
  return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n'
}

/** Whether `---` or `...` stands here at the start of a line. */
export function atDocumentMark(c: Cursor): boolean {
  if (c.pos !== c.lineStart) return false
  const code = c.text.charCodeAt(c.pos)
  if (code !== 45 && code !== 46) return false
  return (
    c.text.charCodeAt(c.pos + 1) === code &&
    c.text.charCodeAt(c.pos + 2) === code &&
    isBlankOrEnd(c.text.charCodeAt(c.pos + 3))
  )
}

/** What to do about a template that is not quoted, if the line of an error holds one. */
export function templateFix(line: string): string | undefined {
  if (/^\s*\{\{.*\}\}\s*$/.test(line))
    return 'rename the file so that it ends in .yaml.tmpl, if templates make its lines'
  return line.includes('{{') ? 'quote the template: "{{ … }}"' : undefined
}
