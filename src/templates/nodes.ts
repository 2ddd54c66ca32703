import { quoted } from './quote.ts'
import type { GoFunction, GoValue } from './value.ts'

/** A part of a template's body. `at` is the offset in its text, the one that Go's errors name. */
export type Node =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'action'; readonly at: number; readonly pipe: Pipe }
  | Branch
  | { readonly kind: 'template'; readonly at: number; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: 'break' | 'continue'; readonly at: number }

/** `if`, `with` and `range`, with what they hold and what they hold otherwise. */
export interface Branch {
  readonly kind: 'if' | 'with' | 'range'
  readonly at: number
  readonly pipe: Pipe
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[] | undefined
}

/** Commands joined by `|`, and the variables that take the result. */
export interface Pipe {
  readonly kind: 'pipe'
  readonly at: number
  /** Names with their `$`. */
  readonly variables: readonly string[]
  /** Whether the variables were declared before: `=` instead of `:=`. */
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

/** A function, method or value, and its arguments; the first operand is what is called. */
export interface Command {
  readonly kind: 'command'
  readonly at: number
  readonly operands: readonly Operand[]
}

/** A term of a command. */
export type Operand =
  | { readonly kind: 'dot' | 'nil'; readonly at: number }
  | { readonly kind: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'string'; readonly at: number; readonly value: string; readonly source: string }
  | NumberOperand
  | { readonly kind: 'field'; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly at: number; readonly name: string; readonly names: readonly string[] }
  | Identifier
  | { readonly kind: 'chain'; readonly at: number; readonly of: Operand; readonly names: readonly string[] }
  | Pipe

/** The name of a function, bound to it. */
export interface Identifier {
  readonly kind: 'identifier'
  readonly at: number
  readonly name: string
  readonly function: GoFunction
}

/** A constant number; what it can stand for is decided by what it is given to. */
export interface NumberOperand {
  readonly kind: 'number'
  readonly at: number
  readonly source: string
  readonly int?: bigint
  readonly uint?: bigint
  readonly float?: number
  /** What it is where nothing asks for a type; undefined where it is too great for an int. */
  readonly ideal: GoValue | undefined
}

/** A node as Go writes it back in its errors: `<index .l 10>`. */
export function sourceOf(node: Node | Pipe | Command | Operand): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'action':
      return `{{${sourceOf(node.pipe)}}}`
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise === undefined ? '' : `{{else}}${listed(node.otherwise)}`
      return `{{${node.kind} ${sourceOf(node.pipe)}}}${listed(node.body)}${otherwise}{{end}}`
    }
    case 'template':
      return `{{template ${quoted(node.name)}${node.pipe ? ` ${sourceOf(node.pipe)}` : ''}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    case 'pipe': {
      const variables = node.variables.join(', ')
      const commands = node.commands.map(sourceOf).join(' | ')
      return variables === '' ? commands : `${variables} ${node.assigns ? '=' : ':='} ${commands}`
    }
    case 'command':
      return node.operands.map(inParens).join(' ')
    case 'dot':
      return '.'
    case 'bool':
      return String(node.value)
    case 'string':
    case 'number':
      return node.source
    case 'field':
      return `.${node.names.join('.')}`
    case 'variable':
      return [node.name, ...node.names].join('.')
    case 'identifier':
      return node.name
    case 'chain':
      return `${inParens(node.of)}.${node.names.join('.')}`
    case 'nil':
      return 'nil'
  }
}

function listed(nodes: readonly Node[]): string {
  return nodes.map(sourceOf).join('')
}

function inParens(node: Operand): string {
  return node.kind === 'pipe' ? `(${sourceOf(node)})` : sourceOf(node)
}
