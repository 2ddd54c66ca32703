import { type Cursor, invalid, isBlankOrEnd, isBreakOrEnd, isWord, mark, takeBreak } from './cursor.ts'
import type { Token } from './token.ts'

/** Reads `&name` or `*name`. */
export function anchor(c: Cursor): Token {
  const at = mark(c)
  const kind = c.text.charCodeAt(c.pos) === 42 ? 'alias' : 'anchor'
  const start = ++c.pos
  while (isWord(c.text.charCodeAt(c.pos))) c.pos++
  const name = c.text.slice(start, c.pos)
  const after = c.text.charCodeAt(c.pos)
  if (name === '' || !(isBlankOrEnd(after) || '?:,]}%@`'.includes(String.fromCharCode(after))))
    invalid(
      c,
      `the name after ${kind === 'alias' ? '*' : '&'} may only have letters, digits, - and _`,
      at,
      `quote the value if it is a text that starts with ${kind === 'alias' ? '*' : '&'}`,
    )
  return { kind, at, name }
}

/** Reads `!tag`, `!!tag`, `!handle!tag` or `!<uri>`. */
export function tag(c: Cursor): Token {
  const at = mark(c)
  let handle: string
  let suffix: string
  if (c.text.charCodeAt(c.pos + 1) === 60) {
    c.pos += 2
    handle = ''
    suffix = uri(c)
    if (c.text.charCodeAt(c.pos) !== 62) invalid(c, 'a tag that starts with !< must end with >', at)
    c.pos++
  } else {
    const start = c.pos++
    while (isWord(c.text.charCodeAt(c.pos))) c.pos++
    if (c.text.charCodeAt(c.pos) === 33 && c.pos > start) {
      handle = c.text.slice(start, ++c.pos)
      suffix = uri(c)
      if (suffix === '') invalid(c, `no name follows ${handle}`, at)
    } else {
      handle = '!'
      suffix = c.text.slice(start + 1, c.pos) + uri(c)
      if (suffix === '') [handle, suffix] = ['', '!']
    }
  }
  if (!isBlankOrEnd(c.text.charCodeAt(c.pos)))
    invalid(c, 'a blank must follow a tag', mark(c), 'quote the value if it is a text that starts with !')
  return { kind: 'tag', at, handle, suffix }
}

const uriCharacters = ";/?:@&=+$,.!~*'()[]%"

function uri(c: Cursor): string {
  const start = c.pos
  for (;;) {
    const code = c.text.charCodeAt(c.pos)
    if (!isWord(code) && !(code > 32 && uriCharacters.includes(String.fromCharCode(code)))) break
    c.pos++
  }
  const raw = c.text.slice(start, c.pos)
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return invalid(c, `${raw} has a broken % escape`, mark(c))
  }
}

/** Reads a `%YAML` or `%TAG` line. */
export function directive(c: Cursor): Token {
  const at = mark(c)
  const start = c.pos
  while (!isBreakOrEnd(c.text.charCodeAt(c.pos))) c.pos++
  const line = c.text.slice(start, c.pos)
  if (c.pos < c.end) takeBreak(c)
  const version = /^%YAML[ \t]+(\d{1,9})\.(\d{1,9})[ \t]*(?:#.*)?$/.exec(line)
  if (version) return { kind: 'version', at, major: Number(version[1]), minor: Number(version[2]) }
  const named = /^%TAG[ \t]+(!|![\w-]*!)[ \t]+(\S+)[ \t]*(?:#.*)?$/.exec(line)
  if (named) return { kind: 'tag-directive', at, handle: named[1] ?? '', prefix: named[2] ?? '' }
  return invalid(c, `${line} is no directive of YAML`, at, 'quote it if it is a text that starts with %')
}

/** Goes over blanks, comments and line breaks to where the next token starts. */
export function skipToToken(c: Cursor): void {
  const { text } = c
  for (;;) {
    let code = text.charCodeAt(c.pos)
    while (code === 32 || (code === 9 && (c.flowLevel > 0 || !c.simpleKeyAllowed))) code = text.charCodeAt(++c.pos)
    if (code === 35) {
      do code = text.charCodeAt(++c.pos)
      while (!isBreakOrEnd(code) || (code === 0 && c.pos < c.end))
    }
    if (!isBreakOrEnd(code) || c.pos >= c.end) return
    takeBreak(c)
    if (c.flowLevel === 0) c.simpleKeyAllowed = true
  }
}
