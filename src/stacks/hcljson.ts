import type { Attribute, Block } from './hclblocks.ts'
import { hclTokens, type Spot, type Token } from './hcltokens.ts'

/** How many labels a block type of Terraform's JSON syntax has. */
const LABELS: Readonly<Record<string, number>> = {
  variable: 1,
  output: 1,
  module: 1,
  provider: 1,
  resource: 2,
  data: 2,
  terraform: 0,
  backend: 1,
  cloud: 0,
  required_providers: 0,
  provisioner: 1,
}

/** A `.tf.json` file as the same blocks that HCL gives. */
export function jsonBlocks(text: string): {
  readonly root: Block
  readonly problem: { readonly message: string; readonly at: Spot } | undefined
} {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    const root = { type: '', labels: [], attributes: new Map(), blocks: [], at: { line: 1, column: 1 } }
    return { root, problem: { message: (error as Error).message, at: root.at } }
  }
  return { root: block('', [], data, text), problem: undefined }
}

function block(type: string, labels: readonly string[], data: unknown, text: string): Block {
  const attributes = new Map<string, Attribute>()
  const blocks: Block[] = []
  for (const [key, value] of entries(data)) {
    const count = LABELS[key]
    if (count === undefined || typeof value !== 'object' || (type === '' ? false : !NESTED.has(key)))
      attributes.set(key, { value: expression(value, spotOf(text, key)), at: spotOf(text, key) })
    else blocks.push(...labelled(key, [], count, value, text))
  }
  return { type, labels, attributes, blocks, at: spotOf(text, labels.at(-1) ?? type) }
}

/** Block types that stand inside of other blocks. */
const NESTED = new Set(['backend', 'cloud', 'required_providers', 'provisioner'])

function labelled(type: string, labels: readonly string[], count: number, data: unknown, text: string): Block[] {
  if (Array.isArray(data)) return data.flatMap((item) => labelled(type, labels, count, item, text))
  if (count === 0) return [block(type, labels, data, text)]
  return entries(data).flatMap(([label, inner]) => labelled(type, [...labels, label], count - 1, inner, text))
}

function entries(data: unknown): [string, unknown][] {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.entries(data) : []
}

/** Strings of the JSON syntax are templates; the other values are written as in HCL. */
function expression(value: unknown, at: Spot): Token[] {
  if (typeof value === 'string') {
    // A template without quotes around it reads as a heredoc does, but for the line's end before the mark.
    const [token] = hclTokens(`<<TEMPLATE\n${value}\nTEMPLATE`).tokens
    return token ? [placed(withoutLastLineEnd(token), at)] : []
  }
  if (Array.isArray(value)) return value.flatMap((item) => expression(item, at))
  if (typeof value === 'object' && value !== null) {
    const items = Object.entries(value).flatMap(([key, item]): Token[] => [
      { kind: 'string', parts: [key], at },
      { kind: 'sign', text: '=', at },
      ...expression(item, at),
      { kind: 'end', at },
    ])
    return [{ kind: 'open', text: '{', at }, ...items, { kind: 'close', text: '}', at }]
  }
  return [{ kind: 'word', text: String(value), at }]
}

function withoutLastLineEnd(token: Token): Token {
  if (token.kind !== 'string') return token
  const parts = token.parts.map((part, at) =>
    typeof part === 'string' && at === token.parts.length - 1 ? part.replace(/\n$/, '') : part,
  )
  return { ...token, parts: parts.filter((part, at) => part !== '' || at === 0) }
}

function placed(token: Token, at: Spot): Token {
  if (token.kind !== 'string') return { ...token, at }
  const parts = token.parts.map((part) => (typeof part === 'string' ? part : part.map((inner) => placed(inner, at))))
  return { kind: 'string', parts, at }
}

/** Where a key is written; JSON.parse tells no places, and a name is rarely written twice. */
function spotOf(text: string, key: string): Spot {
  const offset = key === '' ? 0 : Math.max(0, text.indexOf(JSON.stringify(key)))
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
