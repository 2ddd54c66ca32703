import {
  atDocumentMark,
  type Cursor,
  cursor,
  invalid,
  isBlank,
  isBlankOrEnd,
  type Mark,
  mark,
  templateFix,
} from './cursor.ts'
import { anchor, directive, skipToToken, tag } from './property.ts'
import { blockScalar, plainScalar, quotedScalar } from './scalar.ts'
import type { Token } from './token.ts'

/** Collections nested deeper than this are refused (yaml.v3 has 10,000; reading and merging here is recursive). */
const maxDepth = 1000
/** A key without `?` must be followed by its `:` within so many characters, on one line. */
const maxKeyLength = 1024

/** The tokens of a text, made as they are asked for: what follows the first document is not read. */
export interface Scanner {
  readonly cursor: Cursor
  peek(): Token
  next(): Token
}

interface SimpleKey {
  readonly token: number
  readonly at: Mark
  readonly required: boolean
}

/**
 * Splits a text into tokens as libyaml does, which yaml.v3 (and so Atmos 1.227) is a translation of: what it accepts and
 * what it refuses is what Atmos accepts and refuses.
 */
export function scanner(source: string, file: string): Scanner {
  const c = cursor(source, file)
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/.exec(source)
  if (control) invalid(c, `the control character ${named(control[0])} is not allowed`, markOf(source, control.index))

  let queue: Token[] = []
  let head = 0
  let taken = 0
  const indents: number[] = []
  const keys: (SimpleKey | undefined)[] = [undefined]

  const add = (token: Token) => queue.push(token)
  const insert = (number: number, token: Token) => queue.splice(head + number - taken, 0, token)

  function peek(): Token {
    fill()
    return queue[head] as Token
  }

  function next(): Token {
    const token = peek()
    head++
    taken++
    if (head > 256) {
      queue = queue.slice(head)
      head = 0
    }
    return token
  }

  /** Two tokens of look-ahead, more while the first may turn out to be a key. */
  function fill(): void {
    for (;;) {
      if (head < queue.length - 2 && !mayBeKey()) return
      fetch()
    }
  }

  /** Whether the first token may turn out to be a key, before which others then come. */
  function mayBeKey(): boolean {
    for (const key of keys) if (key !== undefined && key.token === taken) return stillKey(key)
    return false
  }

  function stillKey(key: SimpleKey): boolean {
    if (key.at.line === c.line && key.at.pos + maxKeyLength >= c.pos) return true
    if (key.required) missingColon(key)
    keys[keys.indexOf(key)] = undefined
    return false
  }

  function missingColon(key: SimpleKey): never {
    const text = c.text.slice(key.at.pos, c.end).split(/[\r\n]/, 1)[0] ?? ''
    const fix = templateFix(text) ?? 'add the ":", or indent the text if it belongs to the value before it'
    return invalid(c, `"${text.trim()}" is neither a key nor part of a value: a ":" is missing`, key.at, fix)
  }

  function saveKey(): void {
    if (!c.simpleKeyAllowed) return
    dropKey()
    const at = mark(c)
    const token = taken + queue.length - head
    keys[keys.length - 1] = { token, at, required: c.flowLevel === 0 && c.indent === at.column }
  }

  function dropKey(): void {
    const key = keys.at(-1)
    if (key?.required) missingColon(key)
    keys[keys.length - 1] = undefined
  }

  function indentTo(column: number, kind: 'block-sequence' | 'block-mapping', at: Mark, number?: number): void {
    if (c.flowLevel > 0 || c.indent >= column) return
    indents.push(c.indent)
    if (indents.length > maxDepth) invalid(c, `nested deeper than ${maxDepth}`, at)
    c.indent = column
    if (number === undefined) add({ kind, at })
    else insert(number, { kind, at })
  }

  function unindentTo(column: number): void {
    if (c.flowLevel > 0) return
    while (c.indent > column) {
      add({ kind: 'block-end', at: mark(c) })
      c.indent = indents.pop() ?? -1
    }
  }

  /** A one- or three-character token; returns where it stands. */
  function punctuation(
    kind: Exclude<Token['kind'], 'version' | 'tag-directive' | 'alias' | 'anchor' | 'tag' | 'scalar'>,
    length = 1,
  ): void {
    add({ kind, at: mark(c) })
    c.pos += length
  }

  function fetch(): void {
    skipToToken(c)
    const column = c.pos - c.lineStart
    unindentTo(column)
    const code = c.text.charCodeAt(c.pos)
    if (c.pos >= c.end) streamEnd()
    else if (column === 0 && code === 37) {
      outermost()
      add(directive(c))
    } else if (atDocumentMark(c)) {
      outermost()
      punctuation(code === 45 ? 'document-start' : 'document-end', 3)
    } else if (!indicator(code)) plain(code)
  }

  /** Reads a token that its first character tells; false when the character tells none here. */
  function indicator(code: number): boolean {
    const spaced = isBlankOrEnd(c.text.charCodeAt(c.pos + 1))
    switch (code) {
      case 91:
        flowStart('flow-sequence')
        return true
      case 123:
        flowStart('flow-mapping')
        return true
      case 93:
        flowEnd('flow-sequence-end')
        return true
      case 125:
        flowEnd('flow-mapping-end')
        return true
      case 44:
        flowEntry()
        return true
      case 45:
        if (!spaced) return false
        blockEntry()
        return true
      case 63:
        if (c.flowLevel === 0 && !spaced) return false
        explicitKey()
        return true
      case 58:
        if (c.flowLevel === 0 && !spaced) return false
        value()
        return true
      case 42:
      case 38:
        property(anchor)
        return true
      case 33:
        property(tag)
        return true
      case 124:
      case 62:
        if (c.flowLevel > 0) return false
        dropKey()
        c.simpleKeyAllowed = true
        scalar(code === 124 ? 'literal' : 'folded', blockScalar)
        return true
      case 39:
      case 34:
        saveKey()
        c.simpleKeyAllowed = false
        scalar(code === 39 ? 'single' : 'double', quotedScalar)
        return true
      default:
        return false
    }
  }

  function plain(code: number): void {
    const following = c.text.charCodeAt(c.pos + 1)
    if (!startsPlain(code, following)) invalid(c, `${shown(code)} cannot start a value`, mark(c), startFix(code))
    saveKey()
    c.simpleKeyAllowed = false
    scalar('plain', plainScalar)
  }

  function startsPlain(code: number, following: number): boolean {
    if (code === 45) return !isBlank(following)
    if (code === 63 || code === 58) return c.flowLevel === 0
    return !isBlankOrEnd(code) && !'#|>%@`'.includes(String.fromCharCode(code))
  }

  function scalar(style: Extract<Token, { kind: 'scalar' }>['style'], read: (c: Cursor) => string): void {
    const at = mark(c)
    add({ kind: 'scalar', at, style, value: read(c) })
  }

  function property(read: (c: Cursor) => Token): void {
    saveKey()
    c.simpleKeyAllowed = false
    add(read(c))
  }

  function streamEnd(): void {
    outermost()
    // brackets that are still open: what stands before them cannot become a key any more
    keys.fill(undefined)
    add({ kind: 'stream-end', at: mark(c) })
  }

  function outermost(): void {
    unindentTo(-1)
    dropKey()
    c.simpleKeyAllowed = false
  }

  function flowEntry(): void {
    dropKey()
    c.simpleKeyAllowed = true
    punctuation('flow-entry')
  }

  function flowStart(kind: 'flow-sequence' | 'flow-mapping'): void {
    saveKey()
    keys.push(undefined)
    c.flowLevel++
    if (c.flowLevel > maxDepth) invalid(c, `nested deeper than ${maxDepth}`, mark(c))
    c.simpleKeyAllowed = true
    punctuation(kind)
  }

  function flowEnd(kind: 'flow-sequence-end' | 'flow-mapping-end'): void {
    dropKey()
    if (c.flowLevel > 0) {
      c.flowLevel--
      keys.pop()
    }
    c.simpleKeyAllowed = false
    punctuation(kind)
  }

  function blockEntry(): void {
    if (c.flowLevel === 0) {
      if (!c.simpleKeyAllowed)
        invalid(c, 'a list item cannot start here', mark(c), 'start the list on a new line, or quote the text')
      indentTo(c.pos - c.lineStart, 'block-sequence', mark(c))
    }
    dropKey()
    c.simpleKeyAllowed = true
    punctuation('block-entry')
  }

  function explicitKey(): void {
    if (c.flowLevel === 0) {
      if (!c.simpleKeyAllowed) invalid(c, 'a key cannot start here', mark(c), 'quote the text if it starts with "? "')
      indentTo(c.pos - c.lineStart, 'block-mapping', mark(c))
    }
    dropKey()
    c.simpleKeyAllowed = c.flowLevel === 0
    punctuation('key')
  }

  function value(): void {
    const key = keys.at(-1)
    if (key && stillKey(key)) {
      insert(key.token, { kind: 'key', at: key.at })
      indentTo(key.at.column, 'block-mapping', key.at, key.token)
      keys[keys.length - 1] = undefined
      c.simpleKeyAllowed = false
    } else {
      if (c.flowLevel === 0) {
        if (!c.simpleKeyAllowed)
          invalid(
            c,
            'a ":" that would start a value cannot stand here',
            mark(c),
            'quote the text if it holds ": ", or check the indentation',
          )
        indentTo(c.pos - c.lineStart, 'block-mapping', mark(c))
      }
      c.simpleKeyAllowed = c.flowLevel === 0
    }
    punctuation('value')
  }

  return { cursor: c, peek, next }
}

function shown(code: number): string {
  return code === 9 ? 'a tab' : String.fromCharCode(code)
}

function startFix(code: number): string {
  return code === 9 ? 'indent with spaces' : 'quote the text'
}

function named(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

function markOf(source: string, pos: number): Mark {
  const before = source.slice(0, pos).split(/\r\n?|\n/)
  return { pos, line: before.length - 1, column: (before.at(-1) ?? '').length }
}
