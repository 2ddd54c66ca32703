import { quoted } from './quote.ts'

/** What a token is; keywords are kinds of their own. */
export type TokenKind =
  | 'error'
  | 'eof'
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | '='
  | ':='
  | '|'
  | '('
  | ')'
  | 'char'
  | 'bool'
  | 'character'
  | 'number'
  | 'complex'
  | 'string'
  | 'raw'
  | 'field'
  | 'variable'
  | 'identifier'
  | Keyword

/** A word that means something to the language itself. */
export type Keyword = (typeof KEYWORDS)[number] | 'dot'

const KEYWORDS = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'nil',
  'template',
  'with',
] as const

/** A piece of a template's text; for an error its text is the message. */
export interface Token {
  readonly kind: TokenKind
  readonly at: number
  readonly text: string
}

/** What actions stand between. */
export type Delimiters = readonly [left: string, right: string]

const keywords: ReadonlySet<string> = new Set(KEYWORDS)
const SPACE = /[ \t\r\n]/
const SPACES = /[ \t\r\n]+/y
const WORD = /[_\p{L}\p{Nd}]+/uy
const LEFT_TRIM = /-[ \t\r\n]/y
const RIGHT_TRIM = /[ \t\r\n]-/y
const PRINTABLE_ASCII = /[\x20-\x7e]/

interface Lexer {
  readonly text: string
  readonly left: string
  readonly right: string
  readonly tokens: Token[]
  at: number
  depth: number
}

/** The tokens of a template's text; where it is not understood the last one is an error, else the end. */
export function tokensOf(text: string, [left, right]: Delimiters): Token[] {
  const lexer: Lexer = { text, left, right, tokens: [], at: 0, depth: 0 }
  let more = true
  while (more) more = textUpToAction(lexer) && insideAction(lexer)
  return lexer.tokens
}

function emit(lexer: Lexer, kind: TokenKind, end: number): true {
  lexer.tokens.push({ kind, at: lexer.at, text: lexer.text.slice(lexer.at, end) })
  lexer.at = end
  return true
}

function fail(lexer: Lexer, message: string, at = lexer.at): false {
  lexer.tokens.push({ kind: 'error', at, text: message })
  return false
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}

/** Text and comments up to the next action, and its left delimiter. */
function textUpToAction(lexer: Lexer): boolean {
  const { text, left } = lexer
  for (;;) {
    const begin = text.indexOf(left, lexer.at)
    if (begin < 0) {
      if (lexer.at < text.length) emit(lexer, 'text', text.length)
      emit(lexer, 'eof', text.length)
      return false
    }
    const inner = begin + left.length
    const trims = matches(LEFT_TRIM, text, inner)
    const end = trims ? lexer.at + trimmedEnd(text.slice(lexer.at, begin)) : begin
    if (end > lexer.at) emit(lexer, 'text', end)
    lexer.at = begin
    const start = inner + (trims ? 2 : 0)
    if (!text.startsWith('/*', start)) {
      emit(lexer, 'left', inner)
      lexer.at = start
      lexer.depth = 0
      return true
    }
    if (!comment(lexer, start)) return false
  }
}

function trimmedEnd(text: string): number {
  let end = text.length
  while (end > 0 && SPACE.test(text[end - 1]!)) end--
  return end
}

function comment(lexer: Lexer, start: number): boolean {
  const { text } = lexer
  const end = text.indexOf('*/', start + 2)
  if (end < 0) return fail(lexer, 'unclosed comment', start)
  const after = rightDelimiter(lexer, end + 2)
  if (after === undefined) return fail(lexer, 'comment ends before closing delimiter', start)
  lexer.at = after
  return true
}

/** Where the text goes on behind a right delimiter that begins here, its trim mark obeyed. */
function rightDelimiter({ text, right }: Lexer, at: number): number | undefined {
  if (matches(RIGHT_TRIM, text, at) && text.startsWith(right, at + 2)) {
    const end = at + 2 + right.length
    return matches(SPACES, text, end) ? SPACES.lastIndex : end
  }
  return text.startsWith(right, at) ? at + right.length : undefined
}

/** Tokens up to the right delimiter, and that. */
function insideAction(lexer: Lexer): boolean {
  const { text } = lexer
  for (;;) {
    const end = rightDelimiter(lexer, lexer.at)
    if (end !== undefined) {
      if (lexer.depth !== 0) return fail(lexer, 'unclosed left paren')
      // Its token begins behind a trim mark.
      const trims = matches(RIGHT_TRIM, text, lexer.at) && text.startsWith(lexer.right, lexer.at + 2)
      const at = lexer.at + (trims ? 2 : 0)
      lexer.tokens.push({ kind: 'right', at, text: lexer.right })
      lexer.at = end
      return true
    }
    if (!token(lexer)) return false
  }
}

function token(lexer: Lexer): boolean {
  const { text, at } = lexer
  const character = text[at]
  if (character === undefined) return fail(lexer, 'unclosed action')
  if (SPACE.test(character)) return space(lexer)
  switch (character) {
    case '=':
    case '|':
      return emit(lexer, character, at + 1)
    case ':':
      return text[at + 1] === '=' ? emit(lexer, ':=', at + 2) : fail(lexer, 'expected :=')
    case '"':
      return quotedString(lexer)
    case '`': {
      const end = text.indexOf('`', at + 1)
      return end < 0 ? fail(lexer, 'unterminated raw quoted string') : emit(lexer, 'raw', end + 1)
    }
    case "'":
      return characterConstant(lexer)
    case '$':
      return name(lexer, 'variable')
    case '(':
      lexer.depth++
      return emit(lexer, '(', at + 1)
    case ')':
      return --lexer.depth < 0 ? fail(lexer, 'unexpected right paren') : emit(lexer, ')', at + 1)
    case '.':
      if (at + 1 < text.length && !/[0-9]/.test(text[at + 1]!)) return name(lexer, 'field')
      return number(lexer)
  }
  if (/[-+0-9]/.test(character)) return number(lexer)
  if (matches(WORD, text, at)) return identifier(lexer)
  if (PRINTABLE_ASCII.test(character)) return emit(lexer, 'char', at + 1)
  return fail(lexer, `unrecognized character in action: ${codeName(text, at)}`)
}

function space(lexer: Lexer): true {
  const { text, right } = lexer
  SPACES.lastIndex = lexer.at
  SPACES.test(text)
  let end = SPACES.lastIndex
  // The last space belongs to a trim mark; there is no other, or insideAction would have seen it.
  if (text[end] === '-' && text.startsWith(right, end + 1)) end--
  return end > lexer.at ? emit(lexer, 'space', end) : true
}

function identifier(lexer: Lexer): boolean {
  const { text, at } = lexer
  const end = WORD.lastIndex
  const word = text.slice(at, end)
  if (!isTerminator(lexer, end)) return fail(lexer, `bad character ${codeName(text, end)}`)
  if (keywords.has(word)) return emit(lexer, word as Keyword, end)
  return emit(lexer, word === 'true' || word === 'false' ? 'bool' : 'identifier', end)
}

function name(lexer: Lexer, kind: 'field' | 'variable'): boolean {
  const { text, at } = lexer
  if (isTerminator(lexer, at + 1)) return emit(lexer, kind === 'field' ? 'dot' : kind, at + 1)
  const end = matches(WORD, text, at + 1) ? WORD.lastIndex : at + 1
  if (!isTerminator(lexer, end)) return fail(lexer, `bad character ${codeName(text, end)}`)
  return emit(lexer, kind, end)
}

/** Whether a name may end here. */
function isTerminator({ text, right }: Lexer, at: number): boolean {
  const character = text[at]
  return character === undefined || /[ \t\r\n.,|:)(]/.test(character) || text.startsWith(right, at)
}

function quotedString(lexer: Lexer): boolean {
  const end = closing(lexer, '"')
  return end === undefined ? fail(lexer, 'unterminated quoted string') : emit(lexer, 'string', end)
}

function characterConstant(lexer: Lexer): boolean {
  const end = closing(lexer, "'")
  return end === undefined ? fail(lexer, 'unterminated character constant') : emit(lexer, 'character', end)
}

function closing({ text, at }: Lexer, quote: string): number | undefined {
  for (let here = at + 1; here < text.length; here++) {
    const character = text[here]
    if (character === quote) return here + 1
    if (character === '\n') return undefined
    if (character === '\\' && text[++here] === '\n') return undefined
  }
  return undefined
}

const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y

function number(lexer: Lexer): boolean {
  const end = numberEnd(lexer, lexer.at)
  if (typeof end === 'string') return fail(lexer, end)
  const sign = lexer.text[end]
  if (sign !== '+' && sign !== '-') return emit(lexer, 'number', end)
  const other = numberEnd(lexer, end)
  if (typeof other === 'string') return fail(lexer, other)
  if (lexer.text[other - 1] !== 'i') return fail(lexer, badNumber(lexer, other))
  return emit(lexer, 'complex', other)
}

/** Where a number ends, or what is wrong with it. */
function numberEnd(lexer: Lexer, from: number): number | string {
  const { text } = lexer
  NUMBER.lastIndex = from
  NUMBER.test(text)
  const end = NUMBER.lastIndex
  if (!matches(WORD, text, end)) return end
  return badNumber(lexer, end + (text.codePointAt(end)! > 0xffff ? 2 : 1))
}

function badNumber({ text, at }: Lexer, end: number): string {
  return `bad number syntax: ${quoted(text.slice(at, end))}`
}

/** A character as Go names it in its errors: `U+002D '-'`. */
function codeName(text: string, at: number): string {
  const code = text.codePointAt(at)
  if (code === undefined) return 'U+FFFFFFFFFFFFFFFF'
  const shown = code >= 0xdc80 && code <= 0xdcff ? 0xfffd : code
  const digits = shown.toString(16).toUpperCase().padStart(4, '0')
  return /\p{C}|\p{Zl}|\p{Zp}/u.test(String.fromCodePoint(shown))
    ? `U+${digits}`
    : `U+${digits} '${String.fromCodePoint(shown)}'`
}
