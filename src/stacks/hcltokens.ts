/** Where in a text: offset from 0, line and column from 1. */
export interface Spot {
  readonly line: number
  readonly column: number
}

/**
 * A piece of HCL. A `string` (or heredoc) has parts: literal text, or the tokens of a `${…}` or `%{…}`. `open` and
 * `close` are brackets of any kind; `end` is a line's end, but not directly inside of `(` or `[`.
 */
export type Token =
  | { readonly kind: 'word' | 'number' | 'sign' | 'open' | 'close'; readonly text: string; readonly at: Spot }
  | { readonly kind: 'string'; readonly parts: readonly (string | readonly Token[])[]; readonly at: Spot }
  | { readonly kind: 'end'; readonly at: Spot }

/** Tokens of a text, and the first thing in it that is no HCL. */
export interface Tokens {
  readonly tokens: readonly Token[]
  readonly problem: { readonly message: string; readonly at: Spot } | undefined
}

/** Cuts HCL into tokens. Comments are left out; nothing is thrown for a broken text. */
export function hclTokens(text: string): Tokens {
  const lines = lineStarts(text)
  let problem: { message: string; at: Spot } | undefined
  const spot = (offset: number): Spot => {
    let low = 0
    let high = lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (lines[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - lines[low]! + 1 }
  }
  const complain = (message: string, offset: number) => {
    problem ??= { message, at: spot(offset) }
  }

  let at = 0
  /** Tokens up to the text's end, or to the `}` that closes a template sequence. */
  const tokens = (inTemplate: boolean): Token[] => {
    const found: Token[] = []
    const brackets: { text: string; offset: number }[] = []
    while (at < text.length) {
      const start = at
      const char = text[at]!
      if (char === '\n') {
        at++
        if ((brackets.at(-1)?.text ?? '{') === '{' && !inTemplate) found.push({ kind: 'end', at: spot(start) })
      } else if (/\s/.test(char) || char === '\uFEFF') at++
      else if (char === '#' || text.startsWith('//', at)) at = endOf(text.indexOf('\n', at))
      else if (text.startsWith('/*', at)) {
        const end = text.indexOf('*/', at + 2)
        if (end < 0) complain('a comment is not closed', start)
        at = end < 0 ? text.length : end + 2
      } else if (char === '"') {
        at++
        found.push({ kind: 'string', parts: quoted(start), at: spot(start) })
      } else if (text.startsWith('<<', at) && /^<<-?[\p{L}_]/u.test(text.slice(at, at + 4))) {
        found.push({ kind: 'string', parts: heredoc(start), at: spot(start) })
      } else if (/[{[(]/.test(char)) {
        at++
        brackets.push({ text: char, offset: start })
        found.push({ kind: 'open', text: char, at: spot(start) })
      } else if (/[}\])]/.test(char)) {
        if (brackets.length === 0 && inTemplate && char === '}') return found
        at++
        const opened = brackets.pop()
        if (!opened || PAIRS[opened.text] !== char) complain(`"${char}" closes nothing that is open`, start)
        found.push({ kind: 'close', text: char, at: spot(start) })
      } else {
        const word = /^(?:[\p{L}_][\p{L}\p{N}_-]*|\d[\w.]*(?:[eE][+-]?\d+)?)/u.exec(text.slice(at, at + 200))?.[0]
        at += word ? word.length : 1
        found.push({
          kind: word ? (/^\d/.test(word) ? 'number' : 'word') : 'sign',
          text: word ?? char,
          at: spot(start),
        })
      }
    }
    const open = brackets.at(-1)
    if (open) complain(`"${open.text}" is not closed`, open.offset)
    else if (inTemplate) complain('a template sequence is not closed', text.length)
    return found
  }
  const endOf = (index: number) => (index < 0 ? text.length : index)

  /** Parts of a quoted string; `at` stands behind the opening quote. */
  const quoted = (start: number): (string | Token[])[] => {
    const parts: (string | Token[])[] = []
    let literal = ''
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\n') break
      if (text[at] === '\\') {
        if (!/[nrt"\\uU]/.test(text[at + 1] ?? '')) complain(`"\\${text[at + 1] ?? ''}" is no escape`, at)
        literal += unescaped(text.slice(at, at + 10))
        at += escapeLength(text.slice(at, at + 2))
      } else if (isSequence()) {
        if (literal) parts.push(literal)
        literal = ''
        parts.push(sequence())
      } else literal += taken()
    }
    if (text[at] === '"') at++
    else complain('a string is not closed', start)
    if (literal || parts.length === 0) parts.push(literal)
    return parts
  }

  const heredoc = (start: number): (string | Token[])[] => {
    const mark = /^<<-?([\p{L}_][\p{L}\p{N}_-]*)[^\n]*\n?/u.exec(text.slice(at))!
    at += mark[0].length
    const parts: (string | Token[])[] = []
    let literal = ''
    const closing = new RegExp(`^[ \\t]*${mark[1]}[ \\t]*\\r?(?:\\n|$)`)
    for (;;) {
      if (at >= text.length) {
        complain(`the heredoc ${mark[1]} is not closed`, start)
        break
      }
      const lineBegins = at === 0 || text[at - 1] === '\n'
      const end = lineBegins ? closing.exec(text.slice(at, endOf(text.indexOf('\n', at)) + 1)) : null
      if (end) {
        // The line's end behind the mark ends the attribute as well.
        at += end[0].replace(/\n$/, '').length
        break
      }
      if (isSequence()) {
        if (literal) parts.push(literal)
        literal = ''
        parts.push(sequence())
      } else literal += taken()
    }
    if (literal || parts.length === 0) parts.push(literal)
    return parts
  }

  const isSequence = () => (text[at] === '$' || text[at] === '%') && text[at + 1] === '{'
  const sequence = (): Token[] => {
    at += text[at + 2] === '~' ? 3 : 2
    const inner = tokens(true)
    at++
    return inner
  }
  /** One literal character; `$${` and `%%{` stand for `${` and `%{`. */
  const taken = (): string => {
    if (/^(?:\$\$|%%)\{/.test(text.slice(at, at + 3))) {
      const literal = text.slice(at + 1, at + 3)
      at += 3
      return literal
    }
    return text[at++]!
  }

  return { tokens: tokens(false), problem }
}

const PAIRS: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' }

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function escapeLength(start: string): number {
  return start[1] === 'u' ? 6 : start[1] === 'U' ? 10 : 2
}

function unescaped(text: string): string {
  const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
  const code = text[1]
  if (code === 'u' || code === 'U') {
    const number = Number.parseInt(text.slice(2, code === 'u' ? 6 : 10), 16)
    return number >= 0 && number <= 0x10ffff ? String.fromCodePoint(number) : ''
  }
  return simple[code ?? ''] ?? code ?? ''
}
