import { type Cursor, invalid, type Mark, templateFix } from './cursor.ts'
import type { AliasNode, MappingNode, Node, Pair, SequenceNode } from './node.ts'
import { type Scanner, scanner } from './scan.ts'
import type { Token } from './token.ts'

type Kind = Token['kind']

interface Parser {
  readonly tokens: Scanner
  readonly c: Cursor
  readonly anchors: Map<string, Exclude<Node, AliasNode>>
  /** Anchored collections that are being read: an alias of one would hold itself. */
  readonly open: Set<Node>
  readonly handles: Map<string, string>
}

/** The first document of a text; undefined where there is none. */
export interface Document {
  readonly root: Node | undefined
  readonly cursor: Cursor
}

/** Parses the first document of a text. @throws UserError `yaml-invalid` */
export function parseDocument(source: string, file: string): Document {
  const tokens = scanner(source, file)
  const handles = new Map([
    ['!', '!'],
    ['!!', 'tag:yaml.org,2002:'],
  ])
  const parser: Parser = { tokens, c: tokens.cursor, anchors: new Map(), open: new Set(), handles }
  const first = tokens.peek().kind
  if (first === 'stream-end') return { root: undefined, cursor: tokens.cursor }
  if (first === 'version' || first === 'tag-directive' || first === 'document-start') startDocument(parser)
  const token = tokens.peek()
  const empty = first === 'document-start' && endsDocument(token.kind)
  const root = empty ? nothing(token.at) : node(parser, true, false)
  // only the next tokens must be right; even when they are no new document (` a: 1` before `b: 2`), nobody minds
  tokens.peek()
  return { root, cursor: tokens.cursor }
}

function startDocument(parser: Parser): void {
  const { tokens, c, handles } = parser
  let version = false
  for (;;) {
    const token = tokens.next()
    if (token.kind === 'version') {
      if (version) invalid(c, 'a second %YAML line', token.at, 'remove one of them')
      version = true
      if (token.major !== 1 || token.minor !== 1)
        invalid(
          c,
          `%YAML ${token.major}.${token.minor} is refused by Atmos, which reads 1.1 only`,
          token.at,
          'remove the line',
        )
    } else if (token.kind === 'tag-directive') handles.set(token.handle, token.prefix)
    else if (token.kind === 'document-start') return
    else unexpected(parser, token, '--- after a line that starts with %')
  }
}

function endsDocument(kind: Kind): boolean {
  return (
    kind === 'version' ||
    kind === 'tag-directive' ||
    kind === 'document-start' ||
    kind === 'document-end' ||
    kind === 'stream-end'
  )
}

/** Where an empty value stands: after the mark that announces it. */
function after({ pos, line, column }: Mark): Mark {
  return { pos: pos + 1, line, column: column + 1 }
}

function nothing(at: Mark, tag = ''): Node {
  return { kind: 'scalar', at, tag, style: 'plain', value: '' }
}

function node(parser: Parser, block: boolean, indentless: boolean): Node {
  const { tokens, c } = parser
  let token = tokens.peek()
  if (token.kind === 'alias') {
    tokens.next()
    const target = parser.anchors.get(token.name)
    if (!target)
      invalid(
        c,
        `*${token.name} refers to an anchor that this file does not have before it`,
        token.at,
        `write &${token.name} before the value it stands for (anchors work inside one file only)`,
      )
    if (parser.open.has(target))
      invalid(c, `*${token.name} holds itself`, token.at, 'an alias cannot stand inside the value it repeats')
    return { kind: 'alias', at: token.at, name: token.name, target }
  }
  const start = token.at
  let anchor: string | undefined
  let tag = ''
  for (let n = 0; n < 2; n++) {
    if (token.kind === 'anchor' && anchor === undefined) anchor = token.name
    else if (token.kind === 'tag' && tag === '') tag = shortTag(parser, token)
    else break
    tokens.next()
    token = tokens.peek()
  }
  const result = content(parser, token, { at: start, tag, anchor }, block, indentless)
  if (result) return result
  if (anchor === undefined && tag === '') unexpected(parser, token, 'a value')
  return named(parser, anchor, nothing(start, tag))
}

/** What stands before a node's content; `at` is where the first of it stands, or else the content. */
interface Properties {
  readonly at: Mark
  readonly tag: string
  readonly anchor: string | undefined
}

function content(
  parser: Parser,
  token: Token,
  properties: Properties,
  block: boolean,
  indentless: boolean,
): Node | undefined {
  const { at, tag, anchor } = properties
  switch (token.kind) {
    case 'scalar':
      parser.tokens.next()
      return named(parser, anchor, { kind: 'scalar', at, tag, style: token.style, value: token.value })
    case 'block-entry':
      return indentless ? sequence(parser, properties, indentlessItems) : undefined
    case 'flow-sequence':
      return sequence(parser, properties, flowItems)
    case 'flow-mapping':
      return mapping(parser, properties, true, flowPairs)
    case 'block-sequence':
      return block ? sequence(parser, properties, blockItems) : undefined
    case 'block-mapping':
      return block ? mapping(parser, properties, false, blockPairs) : undefined
    default:
      return undefined
  }
}

function named<T extends Node>(parser: Parser, anchor: string | undefined, node: T): T {
  if (anchor !== undefined && node.kind !== 'alias') parser.anchors.set(anchor, node)
  return node
}

/** A collection is known by its anchor before it is filled, so that an alias of itself is noticed. */
function opened<T extends SequenceNode | MappingNode>(parser: Parser, anchor: string | undefined, node: T): T {
  if (anchor !== undefined) parser.open.add(named(parser, anchor, node))
  return node
}

function sequence(
  parser: Parser,
  { at, tag, anchor }: Properties,
  fill: (parser: Parser, items: Node[]) => void,
): SequenceNode {
  const items: Node[] = []
  const result = opened<SequenceNode>(parser, anchor, { kind: 'sequence', at, tag, items })
  fill(parser, items)
  parser.open.delete(result)
  return result
}

function mapping(
  parser: Parser,
  { at, tag, anchor }: Properties,
  flow: boolean,
  fill: (parser: Parser, pairs: Pair[]) => void,
): MappingNode {
  const pairs: Pair[] = []
  const result = opened<MappingNode>(parser, anchor, { kind: 'mapping', at, tag, flow, pairs })
  fill(parser, pairs)
  parser.open.delete(result)
  return result
}

function blockItems(parser: Parser, items: Node[]): void {
  const { tokens } = parser
  const start = tokens.next()
  while (tokens.peek().kind === 'block-entry') {
    const { at } = tokens.next()
    const { kind } = tokens.peek()
    items.push(kind === 'block-entry' || kind === 'block-end' ? nothing(after(at)) : node(parser, true, false))
  }
  const token = tokens.peek()
  if (token.kind !== 'block-end') misplaced(parser, token, start.at, 'items')
  tokens.next()
}

function indentlessItems(parser: Parser, items: Node[]): void {
  const { tokens } = parser
  while (tokens.peek().kind === 'block-entry') {
    const { at } = tokens.next()
    const { kind } = tokens.peek()
    const empty = kind === 'block-entry' || kind === 'key' || kind === 'value' || kind === 'block-end'
    items.push(empty ? nothing(after(at)) : node(parser, true, false))
  }
}

function blockPairs(parser: Parser, pairs: Pair[]): void {
  const { tokens } = parser
  const start = tokens.next()
  while (tokens.peek().kind === 'key') {
    const { at } = tokens.next()
    const key = endsBlockPart(tokens.peek().kind) ? nothing(after(at)) : node(parser, true, true)
    const value = tokens.peek()
    if (value.kind === 'value') {
      tokens.next()
      pairs.push({
        key,
        value: endsBlockPart(tokens.peek().kind) ? nothing(after(value.at)) : node(parser, true, true),
      })
    } else pairs.push({ key, value: nothing(value.at) })
  }
  const token = tokens.peek()
  if (token.kind !== 'block-end') misplaced(parser, token, start.at, 'keys')
  tokens.next()
}

function endsBlockPart(kind: Kind): boolean {
  return kind === 'key' || kind === 'value' || kind === 'block-end'
}

function flowItems(parser: Parser, items: Node[]): void {
  const { tokens } = parser
  const start = tokens.next()
  for (let first = true; tokens.peek().kind !== 'flow-sequence-end'; first = false) {
    if (!first) comma(parser, start.at, ']')
    const token = tokens.peek()
    if (token.kind === 'key') {
      tokens.next()
      items.push({ kind: 'mapping', at: token.at, tag: '', flow: true, pairs: [singlePair(parser)] })
    } else if (token.kind !== 'flow-sequence-end') items.push(node(parser, false, false))
  }
  tokens.next()
}

/** `[a: b]`: a map of one pair as a list item. */
function singlePair(parser: Parser): Pair {
  const { tokens } = parser
  const token = tokens.peek()
  const empty = token.kind === 'value' || token.kind === 'flow-entry' || token.kind === 'flow-sequence-end'
  const key = empty ? nothing(token.at) : node(parser, false, false)
  // yaml.v3 loses the token after an empty key, as libyaml did
  if (empty) tokens.next()
  const value = tokens.peek()
  if (value.kind !== 'value') return { key, value: nothing(value.at) }
  tokens.next()
  const { kind } = tokens.peek()
  const none = kind === 'flow-entry' || kind === 'flow-sequence-end'
  return { key, value: none ? nothing(after(value.at)) : node(parser, false, false) }
}

function flowPairs(parser: Parser, pairs: Pair[]): void {
  const { tokens } = parser
  const start = tokens.next()
  for (let first = true; tokens.peek().kind !== 'flow-mapping-end'; first = false) {
    if (!first) comma(parser, start.at, '}')
    const token = tokens.peek()
    if (token.kind === 'key') {
      tokens.next()
      const key = endsFlowPart(tokens.peek().kind) ? nothing(token.at) : node(parser, false, false)
      const value = tokens.peek()
      if (value.kind === 'value') {
        tokens.next()
        const { kind } = tokens.peek()
        const none = kind === 'flow-entry' || kind === 'flow-mapping-end'
        pairs.push({ key, value: none ? nothing(after(value.at)) : node(parser, false, false) })
      } else pairs.push({ key, value: nothing(value.at) })
    } else if (token.kind !== 'flow-mapping-end') {
      const key = node(parser, false, false)
      pairs.push({ key, value: nothing(tokens.peek().at) })
    }
  }
  tokens.next()
}

function endsFlowPart(kind: Kind): boolean {
  return kind === 'value' || kind === 'flow-entry' || kind === 'flow-mapping-end'
}

function comma(parser: Parser, start: Mark, close: string): void {
  const token = parser.tokens.peek()
  if (token.kind !== 'flow-entry') {
    const open = close === ']' ? '[' : '{'
    const message = `${described(token)} stands where the "${open}" of line ${start.line + 1} needs "," or "${close}"`
    invalid(parser.c, message, token.at, `close it with "${close}", or quote the text`)
  }
  parser.tokens.next()
}

function shortTag(parser: Parser, token: Extract<Token, { kind: 'tag' }>): string {
  if (token.handle === '') return shortened(token.suffix)
  const prefix = parser.handles.get(token.handle)
  if (prefix === undefined)
    invalid(
      parser.c,
      `the tag handle ${token.handle} is not declared`,
      token.at,
      `Atmos' functions are written with one !, such as !env`,
    )
  return shortened(prefix + token.suffix)
}

function shortened(tag: string): string {
  return tag.startsWith('tag:yaml.org,2002:') ? `!!${tag.slice(18)}` : tag
}

function unexpected({ c }: Parser, token: Token, wanted: string): never {
  const message = `${described(token)} stands where ${wanted} was expected`
  return invalid(c, message, token.at, templateFix(lineOf(c, token.at)) ?? 'write a value, or quote the text')
}

/** Something follows a value on its line, or is indented like nothing above it. */
function misplaced({ c }: Parser, token: Token, start: Mark, siblings: 'items' | 'keys'): never {
  const line = lineOf(c, token.at)
  const collection = siblings === 'keys' ? 'map' : 'list'
  if (line.slice(0, token.at.column).trim() !== '')
    invalid(
      c,
      `${described(token)} follows a value that has ended`,
      token.at,
      templateFix(line) ?? 'quote the whole text',
    )
  return invalid(
    c,
    `${described(token)} does not fit the ${collection} that starts in line ${start.line + 1}`,
    token.at,
    templateFix(line) ?? `indent it like the other ${siblings}, which start in column ${start.column + 1}`,
  )
}

function lineOf(c: Cursor, at: Mark): string {
  const start = at.pos - at.column
  const end = c.text.indexOf('\n', at.pos)
  return c.text.slice(start, end < 0 ? c.end : end)
}

const names: Partial<Record<Kind, string>> = {
  'stream-end': 'the end of the file',
  'document-start': '---',
  'document-end': '...',
  'block-sequence': 'this "- " item',
  'block-mapping': 'this key',
  'block-end': 'less indentation',
  'block-entry': 'this "- " item',
  'flow-sequence': '"["',
  'flow-sequence-end': '"]"',
  'flow-mapping': '"{"',
  'flow-mapping-end': '"}"',
  'flow-entry': '","',
  key: 'this key',
  value: '":"',
  alias: 'an alias',
  anchor: 'an anchor',
  tag: 'a tag',
}

function described(token: Token): string {
  if (token.kind !== 'scalar') return names[token.kind] ?? token.kind
  const text = token.value.split('\n', 1)[0] ?? ''
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`
}
