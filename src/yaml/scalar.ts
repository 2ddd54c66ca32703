import {
  atDocumentMark,
  type Cursor,
  invalid,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  type Mark,
  mark,
  takeBreak,
} from './cursor.ts'

/** Reads a plain scalar; the cursor stands on its first character. */
export function plainScalar(c: Cursor): string {
  const { text } = c
  const indent = c.indent + 1
  let value = ''
  let joint = ''
  let broken = false
  for (;;) {
    if (atDocumentMark(c) || text.charCodeAt(c.pos) === 35) break
    const start = c.pos
    plainRun(c)
    if (c.pos > start) {
      value += joint + text.slice(start, c.pos)
      broken = false
    }
    if (!isBlank(text.charCodeAt(c.pos)) && !isBreak(text.charCodeAt(c.pos))) break
    const blanks = blanksAndBreaks(c, indent)
    joint = blanks.joint
    broken = blanks.broken
    if (c.flowLevel === 0 && c.pos - c.lineStart < indent) break
  }
  if (broken) c.simpleKeyAllowed = true
  return value
}

/** Goes to the end of the characters that a plain scalar may hold on one line without blanks. */
function plainRun(c: Cursor): void {
  const { text } = c
  const flow = c.flowLevel > 0
  let pos = c.pos
  for (;;) {
    const code = text.charCodeAt(pos)
    if (code <= 32 ? isBlankOrEnd(code) : code >= 0x85 && isBreak(code)) break
    if (code === 58 && isBlankOrEnd(text.charCodeAt(pos + 1))) break
    if (flow && (code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125)) break
    pos++
  }
  c.pos = pos
}

function blanksAndBreaks(c: Cursor, indent: number): { joint: string; broken: boolean } {
  const { text } = c
  const start = c.pos
  while (text.charCodeAt(c.pos) === 32) c.pos++
  let first: string | undefined
  let rest = ''
  for (;;) {
    const code = text.charCodeAt(c.pos)
    if (isBlank(code)) {
      if (first !== undefined && code === 9 && c.pos - c.lineStart < indent)
        invalid(c, 'a tab is used for indentation', mark(c), 'indent with spaces')
      c.pos++
    } else if (isBreak(code)) {
      if (first === undefined) first = takeBreak(c)
      else rest += takeBreak(c)
    } else break
  }
  if (first === undefined) return { joint: text.slice(start, c.pos), broken: false }
  return { joint: folded(first, rest), broken: true }
}

function folded(first: string, rest: string): string {
  return first === '\n' ? (rest === '' ? ' ' : rest) : first + rest
}

/** Reads a quoted scalar; the cursor stands on the opening quote. */
export function quotedScalar(c: Cursor): string {
  const { text } = c
  const start = mark(c)
  const quote = text.charCodeAt(c.pos++)
  let value = ''
  for (;;) {
    if (atDocumentMark(c))
      invalid(c, 'a document mark stands inside a quoted text', mark(c), 'close the quote before it')
    let run = c.pos
    let code = text.charCodeAt(c.pos)
    let escapedBreak = false
    while (!isBlankOrEnd(code)) {
      if (code === quote) {
        if (code !== 39 || text.charCodeAt(c.pos + 1) !== 39) break
        value += text.slice(run, c.pos + 1)
        run = c.pos += 2
      } else if (code === 92 && quote === 34) {
        value += text.slice(run, c.pos)
        if (isBreak(text.charCodeAt(c.pos + 1))) {
          c.pos++
          takeBreak(c)
          escapedBreak = true
          run = c.pos
          break
        }
        value += escapeSequence(c)
        run = c.pos
      } else c.pos++
      code = text.charCodeAt(c.pos)
    }
    value += text.slice(run, c.pos)
    if (!escapedBreak && code === quote) break
    if (c.pos >= c.end)
      invalid(c, 'a quoted text is never closed', start, `add the closing ${String.fromCharCode(quote)}`)
    value += escapedBreak ? afterEscapedBreak(c) : blanksAndBreaks(c, 0).joint
  }
  c.pos++
  return value
}

function afterEscapedBreak(c: Cursor): string {
  let breaks = ''
  for (;;) {
    const code = c.text.charCodeAt(c.pos)
    if (isBlank(code)) c.pos++
    else if (isBreak(code)) breaks += takeBreak(c)
    else return breaks
  }
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
}
const hexLength: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function escapeSequence(c: Cursor): string {
  const at = mark(c)
  const letter = c.text.charAt(c.pos + 1)
  const simple = escapes[letter]
  c.pos += 2
  if (simple !== undefined) return simple
  const length = hexLength[letter]
  if (length === undefined)
    invalid(c, `unknown escape \\${letter} in a double-quoted text`, at, 'double the backslash, or use single quotes')
  const digits = c.text.slice(c.pos, c.pos + length)
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits))
    invalid(c, `\\${letter} needs ${length} hexadecimal digits`, at, 'double the backslash, or use single quotes')
  const code = Number.parseInt(digits, 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) invalid(c, `\\${letter}${digits} is no character`, at)
  c.pos += length
  return String.fromCodePoint(code)
}

/** Reads a literal or folded block scalar; the cursor stands on `|` or `>`. */
export function blockScalar(c: Cursor): string {
  const { text } = c
  const start = mark(c)
  const literal = text.charCodeAt(c.pos) === 124
  const { chomping, increment } = blockHeader(c)
  let indent = increment === 0 ? 0 : Math.max(c.indent, 0) + increment
  const lead = blockBreaks(c, indent, start)
  indent = lead.indent
  let breaks = lead.breaks
  let value = ''
  let lastBreak = ''
  let wasBlank = false
  while (c.pos - c.lineStart === indent && c.pos < c.end) {
    const blank = isBlank(text.charCodeAt(c.pos))
    if (!literal && lastBreak === '\n' && !wasBlank && !blank) {
      if (breaks === '') value += ' '
    } else value += lastBreak
    value += breaks
    wasBlank = blank
    const from = c.pos
    while (!isBreakOrEnd(text.charCodeAt(c.pos))) c.pos++
    value += text.slice(from, c.pos)
    lastBreak = c.pos < c.end ? takeBreak(c) : ''
    breaks = blockBreaks(c, indent, start).breaks
  }
  if (chomping !== 'strip') value += lastBreak
  if (chomping === 'keep') value += breaks
  return value
}

function blockHeader(c: Cursor): { chomping: 'clip' | 'strip' | 'keep'; increment: number } {
  const { text } = c
  let chomping: 'clip' | 'strip' | 'keep' = 'clip'
  let increment = 0
  c.pos++
  for (let part = 0; part < 2; part++) {
    const code = text.charCodeAt(c.pos)
    if ((code === 43 || code === 45) && chomping === 'clip') chomping = code === 43 ? 'keep' : 'strip'
    else if (code >= 48 && code <= 57 && increment === 0) {
      if (code === 48) invalid(c, 'a block text cannot be indented by 0', mark(c), 'use a digit from 1 to 9, or none')
      increment = code - 48
    } else break
    c.pos++
  }
  while (isBlank(text.charCodeAt(c.pos))) c.pos++
  if (text.charCodeAt(c.pos) === 35) while (!isBreakOrEnd(text.charCodeAt(c.pos))) c.pos++
  if (!isBreakOrEnd(text.charCodeAt(c.pos)))
    invalid(c, 'text follows the mark of a block text on its line', mark(c), 'start the text on the next line')
  if (c.pos < c.end) takeBreak(c)
  return { chomping, increment }
}

/** Goes over indentation and empty lines; finds out the indentation when `indent` is 0. */
function blockBreaks(c: Cursor, indent: number, start: Mark): { indent: number; breaks: string } {
  const { text } = c
  let deepest = 0
  let breaks = ''
  for (;;) {
    while ((indent === 0 || c.pos - c.lineStart < indent) && text.charCodeAt(c.pos) === 32) c.pos++
    const column = c.pos - c.lineStart
    if (column > deepest) deepest = column
    const code = text.charCodeAt(c.pos)
    if (code === 9 && (indent === 0 || column < indent))
      invalid(
        c,
        `a tab is used for indentation in the block text of line ${start.line + 1}`,
        mark(c),
        'indent with spaces',
      )
    if (!isBreak(code)) break
    breaks += takeBreak(c)
  }
  return { indent: indent === 0 ? Math.max(deepest, c.indent + 1, 1) : indent, breaks }
}
