import { lineAt, placeAt, TemplateError } from './error.ts'
import { type Delimiters, type Token, type TokenKind, tokensOf } from './lex.ts'
import { type Branch, type Command, type Node, type Operand, type Pipe, sourceOf } from './nodes.ts'
import { characterConstant, complexConstant, numberConstant } from './numbers.ts'
import { quoted, unquoted } from './quote.ts'
import type { GoFunction } from './value.ts'

/** What a template's text holds: a body for its own name, and one for each that it defines. */
export type Bodies = ReadonlyMap<string, readonly Node[]>

/** Which functions there are for a template. */
export type Lookup = (name: string) => GoFunction | undefined

interface Source {
  readonly name: string
  readonly text: string
  readonly tokens: readonly Token[]
  readonly lookup: Lookup
  readonly bodies: Map<string, readonly Node[]>
  /** The token to read next, and the furthest one that was looked at: errors name its line. */
  next: number
  furthest: number
  depth: number
}

/** What is known in the body that is being read: the template's own, or that of a `define` or `block`. */
interface Body {
  readonly source: Source
  variables: string[]
  ranges: number
  actionAt: number | undefined
}

/** An `else` or `end`, which ends a list of nodes. */
type Stop = { readonly kind: 'else' } | { readonly kind: 'end' }

/** Templates nested deeper than this are refused; Go goes on to 10,000, which takes a stack of another make. */
const DEEPEST = 500

/**
 * The bodies of a template's text.
 * @throws TemplateError in the words of Go's text/template
 */
export function parse(name: string, text: string, delimiters: Delimiters, lookup: Lookup): Bodies {
  const tokens = tokensOf(text, delimiters)
  const source: Source = { name, text, tokens, lookup, bodies: new Map(), next: 0, furthest: 0, depth: 0 }
  const body = newBody(source)
  const nodes: Node[] = []
  while (peek(body).kind !== 'eof') {
    const mark = source.next
    if (peek(body).kind === 'left') {
      read(body)
      if (nextNonSpace(body).kind === 'define') {
        definition(newBody(source))
        continue
      }
      source.next = mark
    }
    const node = textOrAction(body)
    if (node.kind === 'else' || node.kind === 'end') throw failure(body, `unexpected {{${node.kind}}}`)
    nodes.push(node)
  }
  add(body, name, nodes)
  return source.bodies
}

function newBody(source: Source): Body {
  return { source, variables: ['$'], ranges: 0, actionAt: undefined }
}

function failure({ source }: Body, message: string): TemplateError {
  const { name, text, tokens, furthest } = source
  const at = tokens[furthest]!.at
  return new TemplateError(`template: ${name}:${lineAt(text, at)}: ${message}`, placeAt(text, at))
}

function unexpected(body: Body, token: Token, context: string): TemplateError {
  if (token.kind !== 'error') return failure(body, `unexpected ${tokenName(token)} in ${context}`)
  const { actionAt, source } = body
  const began = actionAt === undefined ? undefined : lineAt(source.text, actionAt)
  if (began === undefined || began === lineAt(source.text, token.at)) return failure(body, token.text)
  const started = ` started at ${source.name}:${began}`
  return failure(body, token.text + (token.text.endsWith(' action') ? started : ` in action${started}`))
}

function tokenName({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF'
  if (kind === 'dot' || kind === 'nil' || /^(block|break|continue|define|else|end|if|range|template|with)$/.test(kind))
    return `<${text}>`
  return text.length > 10 ? `${quoted([...text].slice(0, 10).join(''))}...` : quoted(text)
}

function peek({ source }: Body): Token {
  const at = Math.min(source.next, source.tokens.length - 1)
  if (at > source.furthest) source.furthest = at
  return source.tokens[at]!
}

function read(body: Body): Token {
  const token = peek(body)
  body.source.next++
  return token
}

function nextNonSpace(body: Body): Token {
  for (;;) {
    const token = read(body)
    if (token.kind !== 'space') return token
  }
}

function peekNonSpace(body: Body): Token {
  while (peek(body).kind === 'space') read(body)
  return peek(body)
}

function expected(body: Body, kind: TokenKind, context: string): Token {
  const token = nextNonSpace(body)
  if (token.kind !== kind) throw unexpected(body, token, context)
  return token
}

function add(body: Body, name: string, nodes: readonly Node[]): void {
  const { bodies } = body.source
  const known = bodies.get(name)
  if (known === undefined || known.every(isBlank)) bodies.set(name, nodes)
  else if (!nodes.every(isBlank)) throw failure(body, `template: multiple definition of template ${quoted(name)}`)
}

function isBlank(node: Node): boolean {
  return node.kind === 'text' && node.text.trim() === ''
}

function definition(body: Body): void {
  const name = templateName(body, nextNonSpace(body), 'define clause')
  expected(body, 'right', 'define clause')
  const { nodes, stop } = list(body)
  if (stop.kind !== 'end') throw failure(body, 'unexpected {{else}} in define clause')
  add(body, name, nodes)
}

function templateName(body: Body, token: Token, context: string): string {
  if (token.kind !== 'string' && token.kind !== 'raw') throw unexpected(body, token, context)
  return stringOf(body, token)
}

function stringOf(body: Body, { text }: Token): string {
  const found = unquoted(text)
  if (found === undefined) throw failure(body, 'invalid syntax')
  return found
}

/** Nodes up to the `else` or `end` that ends them. */
function list(body: Body): { readonly nodes: Node[]; readonly stop: Stop } {
  const nodes: Node[] = []
  while (peekNonSpace(body).kind !== 'eof') {
    const node = textOrAction(body)
    if (node.kind === 'else' || node.kind === 'end') return { nodes, stop: node }
    nodes.push(node)
  }
  throw failure(body, 'unexpected EOF')
}

function textOrAction(body: Body): Node | Stop {
  const token = nextNonSpace(body)
  if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.text }
  if (token.kind !== 'left') throw unexpected(body, token, 'input')
  body.actionAt = token.at
  const node = action(body)
  body.actionAt = undefined
  return node
}

function action(body: Body): Node | Stop {
  const token = nextNonSpace(body)
  switch (token.kind) {
    case 'block':
      return block(body)
    case 'break':
    case 'continue':
      return loopControl(body, token, token.kind)
    case 'else':
      return elseOf(body)
    case 'end':
      expected(body, 'right', 'end')
      return { kind: 'end' }
    case 'if':
    case 'range':
    case 'with':
      return branch(body, token.kind)
    case 'template':
      return template(body)
  }
  body.source.next--
  return { kind: 'action', at: token.at, pipe: pipeline(body, 'command', 'right') }
}

function loopControl(body: Body, { at }: Token, kind: 'break' | 'continue'): Node {
  const token = nextNonSpace(body)
  if (token.kind !== 'right') throw unexpected(body, token, `{{${kind}}}`)
  if (body.ranges === 0) throw failure(body, `{{${kind}}} outside {{range}}`)
  return { kind, at }
}

function elseOf(body: Body): Stop {
  const { kind } = peekNonSpace(body)
  if (kind !== 'if' && kind !== 'with') expected(body, 'right', 'else')
  return { kind: 'else' }
}

function branch(body: Body, kind: Branch['kind']): Branch {
  return nested(body, () => {
    const known = body.variables.length
    const pipe = pipeline(body, kind, 'right')
    if (kind === 'range') body.ranges++
    const { nodes, stop } = list(body)
    if (kind === 'range') body.ranges--
    const otherwise = stop.kind === 'else' ? elseBody(body, kind) : undefined
    body.variables.length = known
    return { kind, at: pipe.at, pipe, body: nodes, otherwise }
  })
}

function elseBody(body: Body, kind: Branch['kind']): Node[] {
  if (kind !== 'range' && peek(body).kind === kind) {
    read(body)
    return [branch(body, kind)]
  }
  const { nodes, stop } = list(body)
  if (stop.kind !== 'end') throw failure(body, 'expected end; found {{else}}')
  return nodes
}

function nested<T>(body: Body, inner: () => T): T {
  if (body.source.depth >= DEEPEST) throw failure(body, 'max expression depth exceeded')
  body.source.depth++
  const result = inner()
  body.source.depth--
  return result
}

function block(body: Body): Node {
  const context = 'block clause'
  const token = nextNonSpace(body)
  const name = templateName(body, token, context)
  const pipe = pipeline(body, context, 'right')
  const inner = newBody(body.source)
  const { nodes, stop } = nested(body, () => list(inner))
  if (stop.kind !== 'end') throw failure(inner, `unexpected {{else}} in ${context}`)
  add(inner, name, nodes)
  return { kind: 'template', at: token.at, name, pipe }
}

function template(body: Body): Node {
  const context = 'template clause'
  const token = nextNonSpace(body)
  const name = templateName(body, token, context)
  if (nextNonSpace(body).kind === 'right') return { kind: 'template', at: token.at, name, pipe: undefined }
  body.source.next--
  return { kind: 'template', at: token.at, name, pipe: pipeline(body, context, 'right') }
}

/** A pipeline up to its end, the declarations before it included. */
function pipeline(body: Body, context: string, end: TokenKind): Pipe {
  const { at } = peekNonSpace(body)
  const { variables, assigns } = declarations(body, context)
  const commands: Command[] = []
  for (;;) {
    const token = nextNonSpace(body)
    if (token.kind === end) break
    if (!OPERANDS.has(token.kind)) throw unexpected(body, token, context)
    body.source.next--
    commands.push(command(body))
  }
  if (commands.length === 0) throw failure(body, `missing value for ${context}`)
  const stuck = commands.findIndex(({ operands }, index) => index > 0 && CONSTANTS.has(operands[0]!.kind))
  if (stuck > 0) throw failure(body, `non executable command in pipeline stage ${stuck + 1}`)
  return { kind: 'pipe', at, variables, assigns, commands }
}

const OPERANDS: ReadonlySet<TokenKind> = new Set([
  'bool',
  'character',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw',
  'string',
  'variable',
  '(',
])
const CONSTANTS: ReadonlySet<Operand['kind']> = new Set(['bool', 'dot', 'nil', 'number', 'string'])

function declarations(body: Body, context: string): Pick<Pipe, 'variables' | 'assigns'> {
  const variables: string[] = []
  for (;;) {
    const mark = body.source.next
    const token = peekNonSpace(body)
    if (token.kind !== 'variable') return { variables, assigns: false }
    read(body)
    const after = peekNonSpace(body)
    const isComma = after.kind === 'char' && after.text === ','
    if (after.kind !== '=' && after.kind !== ':=' && !isComma) {
      body.source.next = mark
      return { variables, assigns: false }
    }
    read(body)
    variables.push(token.text)
    body.variables.push(token.text)
    if (!isComma) return { variables, assigns: after.kind === '=' }
    if (context !== 'range' || variables.length > 1) throw failure(body, `too many declarations in ${context}`)
    const { kind } = peekNonSpace(body)
    if (kind !== 'variable' && kind !== 'right' && kind !== ')')
      throw failure(body, 'range can only initialize variables')
  }
}

function command(body: Body): Command {
  const { at } = peekNonSpace(body)
  const operands: Operand[] = []
  for (;;) {
    peekNonSpace(body)
    const found = operand(body)
    if (found) operands.push(found)
    const token = read(body)
    if (token.kind === 'space') continue
    if (token.kind === 'right' || token.kind === ')') body.source.next--
    else if (token.kind !== '|') throw unexpected(body, token, 'operand')
    break
  }
  if (operands.length === 0) throw failure(body, 'empty command')
  return { kind: 'command', at, operands }
}

/** A term and the fields asked of it: `.a.b`, `$x.a`, `(f 1).a`. */
function operand(body: Body): Operand | undefined {
  const node = term(body)
  if (node === undefined || peek(body).kind !== 'field') return node
  const { at } = peek(body)
  const names: string[] = []
  while (peek(body).kind === 'field') names.push(read(body).text.slice(1))
  switch (node.kind) {
    case 'field':
      return { ...node, at, names: [...node.names, ...names] }
    case 'variable':
      return { ...node, at, names: [...node.names, ...names] }
    case 'bool':
    case 'string':
    case 'number':
    case 'nil':
    case 'dot':
      throw failure(body, `unexpected . after term ${quoted(sourceOf(node))}`)
    default:
      return { kind: 'chain', at, of: node, names }
  }
}

function term(body: Body): Operand | undefined {
  const token = nextNonSpace(body)
  const { at, text } = token
  switch (token.kind) {
    case 'identifier': {
      const found = body.source.lookup(text)
      if (!found) throw failure(body, `function ${quoted(text)} not defined`)
      return { kind: 'identifier', at, name: text, function: found }
    }
    case 'dot':
    case 'nil':
      return { kind: token.kind, at }
    case 'variable':
      if (!body.variables.includes(text)) throw failure(body, `undefined variable ${quoted(text)}`)
      return { kind: 'variable', at, name: text, names: [] }
    case 'field':
      return { kind: 'field', at, names: [text.slice(1)] }
    case 'bool':
      return { kind: 'bool', at, value: text === 'true' }
    case 'character':
    case 'complex':
    case 'number':
      return constant(body, token)
    case '(':
      return nested(body, () => pipeline(body, 'parenthesized pipeline', ')'))
    case 'string':
    case 'raw':
      return { kind: 'string', at, value: stringOf(body, token), source: text }
  }
  body.source.next--
  return undefined
}

function constant(body: Body, { kind, at, text }: Token): Operand {
  const read = kind === 'character' ? characterConstant : kind === 'complex' ? complexConstant : numberConstant
  const found = read(text)
  if ('error' in found) throw failure(body, found.error)
  return { kind: 'number', at, ...found }
}
