import { hclTokens, type Spot, type Token } from './hcltokens.ts'

/** A block of HCL: `resource "a" "b" { … }`. The file itself is a block without type. */
export interface Block {
  readonly type: string
  readonly labels: readonly string[]
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly blocks: readonly Block[]
  readonly at: Spot
}

/** `name = …`, with the tokens of its value. */
export interface Attribute {
  readonly value: readonly Token[]
  readonly at: Spot
}

/** The blocks of a text, and the first thing in it that is no HCL. What can be understood of a broken text is there. */
export function hclBlocks(text: string): {
  readonly root: Block
  readonly problem: { readonly message: string; readonly at: Spot } | undefined
} {
  const scanned = hclTokens(text)
  const { tokens } = scanned
  let { problem } = scanned
  let at = 0
  const complain = (message: string, spot: Spot) => {
    problem ??= { message, at: spot }
  }

  const body = (type: string, labels: readonly string[], begin: Spot): Block => {
    const attributes = new Map<string, Attribute>()
    const blocks: Block[] = []
    while (at < tokens.length) {
      const token = tokens[at]!
      if (isText(token, '}')) break
      at++
      if (token.kind === 'end') continue
      if (token.kind !== 'word') {
        complain('an argument or a block was expected', token.at)
        continue
      }
      if (isText(tokens[at], '=')) {
        at++
        attributes.set(token.text, { value: expression(), at: token.at })
        continue
      }
      const names: string[] = []
      while (at < tokens.length && (tokens[at]!.kind === 'word' || tokens[at]!.kind === 'string'))
        names.push(label(tokens[at++]!))
      if (isText(tokens[at], '{')) {
        at++
        blocks.push(body(token.text, names, token.at))
        at++
        const next = tokens[at]
        if (next && next.kind !== 'end') complain('a line must end after a block', next.at)
      } else complain(`"${token.text}" is neither an argument nor a block`, token.at)
    }
    return { type, labels, attributes, blocks, at: begin }
  }

  /** Tokens up to the end of the line, or to the bracket that closes what the expression stands in. */
  const expression = (): Token[] => {
    const value: Token[] = []
    let depth = 0
    while (at < tokens.length) {
      const token = tokens[at]!
      if (depth === 0 && (token.kind === 'end' || token.kind === 'close')) break
      if (depth === 0 && isOperand(token) && isOperand(value.at(-1)))
        complain('a line must end after an argument', token.at)
      if (token.kind === 'open') depth++
      if (token.kind === 'close') depth--
      value.push(token)
      at++
    }
    const last = value.at(-1)
    if (!last) complain('a value was expected', tokens[at]?.at ?? tokens.at(-1)!.at)
    else if (last.kind === 'sign' && last.text !== '*') complain('a value was expected after this', last.at)
    return value
  }

  const root = body('', [], { line: 1, column: 1 })
  return { root, problem }
}

/** Whether a token is a value by itself: two of these in a row are two values. */
function isOperand(token: Token | undefined): boolean {
  return token !== undefined && ['word', 'number', 'string'].includes(token.kind)
}

/** Whether a token is this bracket or sign. */
export function isText(token: Token | undefined, text: string): boolean {
  return token !== undefined && 'text' in token && token.text === text
}

function label(token: Token): string {
  return token.kind === 'word' ? token.text : (literal([token]) ?? '')
}

/** The text that a value is, or undefined where it is anything but one string without a template. */
export function literal(value: readonly Token[] | undefined): string | undefined {
  const [token, more] = (value ?? []).filter((it) => it.kind !== 'end')
  if (!token || more || token.kind !== 'string') return undefined
  return token.parts.every((part) => typeof part === 'string') ? token.parts.join('') : undefined
}

/** Items of `{ key = value, … }`, values as tokens; none where the value is no object. */
export function objectItems(value: readonly Token[]): ReadonlyMap<string, Attribute> {
  const items = new Map<string, Attribute>()
  if (!isText(value[0], '{')) return items
  let at = 1
  while (at < value.length) {
    const key = value[at]!
    at++
    if ((key.kind !== 'word' && key.kind !== 'string') || !(isText(value[at], '=') || isText(value[at], ':'))) continue
    at++
    const item: Token[] = []
    let depth = 0
    for (; at < value.length; at++) {
      const token = value[at]!
      if (depth === 0 && (token.kind === 'end' || token.kind === 'close' || isText(token, ','))) break
      if (token.kind === 'open') depth++
      if (token.kind === 'close') depth--
      item.push(token)
    }
    items.set(label(key), { value: item, at: key.at })
  }
  return items
}
