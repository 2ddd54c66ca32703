import { hclBlocks } from './hclblocks.ts'
import type { Token } from './hcltokens.ts'
import type { Plain } from './value.ts'

/** Why a file of HCL has no values, and where: lines and columns from 1. */
export interface HclProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}

/**
 * The attributes of a file of HCL as Atmos reads them: literal values alone, numbers cut to integers, blocks left out.
 */
export function hclValues(text: string): { readonly values: Plain } | { readonly problem: HclProblem } {
  const { root, problem } = hclBlocks(text)
  if (problem) return { problem: { message: problem.message, ...problem.at } }
  const values: { [name: string]: Plain } = {}
  for (const [name, { value, at }] of root.attributes) {
    const cursor = { tokens: value, at: 0 }
    const found = valueHere(cursor)
    skipEnds(cursor)
    if (found === undefined || cursor.at < value.length)
      return { problem: { message: `${name} is no literal value`, ...at } }
    values[name] = found
  }
  return { values }
}

interface Cursor {
  readonly tokens: readonly Token[]
  at: number
}

function skipEnds(cursor: Cursor): void {
  while (cursor.tokens[cursor.at]?.kind === 'end') cursor.at++
}

function take(cursor: Cursor, text: string): boolean {
  skipEnds(cursor)
  const token = cursor.tokens[cursor.at]
  if (token === undefined || !('text' in token) || token.text !== text) return false
  cursor.at++
  return true
}

/** The value that begins here; undefined for anything but a literal. */
function valueHere(cursor: Cursor): Plain | undefined {
  skipEnds(cursor)
  const token = cursor.tokens[cursor.at++]
  if (token === undefined) return undefined
  if (token.kind === 'string')
    return token.parts.every((part) => typeof part === 'string') ? token.parts.join('') : undefined
  if (token.kind === 'number') return Math.trunc(Number(token.text))
  if (token.kind === 'word')
    return token.text === 'null' ? null : token.text === 'true' ? true : token.text === 'false' ? false : undefined
  if (token.kind === 'end') return undefined
  if (token.text === '-') {
    const positive = valueHere(cursor)
    return typeof positive === 'number' ? -positive : undefined
  }
  return token.text === '[' ? listOf(cursor) : token.text === '{' ? mapOf(cursor) : undefined
}

function listOf(cursor: Cursor): Plain | undefined {
  const items: Plain[] = []
  while (!take(cursor, ']')) {
    const item = valueHere(cursor)
    if (item === undefined) return undefined
    items.push(item)
    if (!take(cursor, ',') && !isNext(cursor, ']')) return undefined
  }
  return items
}

function isNext(cursor: Cursor, text: string): boolean {
  skipEnds(cursor)
  const token = cursor.tokens[cursor.at]
  return token !== undefined && 'text' in token && token.text === text
}

function mapOf(cursor: Cursor): Plain | undefined {
  const entries: [string, Plain][] = []
  while (!take(cursor, '}')) {
    skipEnds(cursor)
    const key = cursor.tokens[cursor.at++]
    const name = key?.kind === 'word' ? key.text : key?.kind === 'string' ? key.parts.join('') : undefined
    if (name === undefined || !(take(cursor, '=') || take(cursor, ':'))) return undefined
    const item = valueHere(cursor)
    if (item === undefined) return undefined
    entries.push([name, item])
    take(cursor, ',')
  }
  return Object.fromEntries(entries)
}
