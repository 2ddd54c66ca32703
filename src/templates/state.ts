import type { Held } from './convert.ts'
import type { Command, Node, Operand, Pipe } from './nodes.ts'
import type { Bodies } from './parse.ts'
import { GoError, type TemplateWorld } from './value.ts'

/** What a key that a map does not have comes to: no value, the zero value of the map's type, or an error. */
export type MissingKey = 'default' | 'zero' | 'error'

/** The execution of a template: where it is, what it has written, and its variables. */
export interface State {
  readonly bodies: Bodies
  readonly missingKey: MissingKey
  readonly world: TemplateWorld | undefined
  readonly limits: Limits
  /** The variables, the innermost last, each with whether it was declared as an interface. */
  names: string[]
  values: Held[]
  boxes: boolean[]
  dot: Held
  /** Whether dot came out of an interface, and whether the value that was evaluated last did: errors name their types. */
  dotBoxed: boolean
  boxed: boolean
  /** What an error now is about: a part of the body of this name. */
  node: Node | Pipe | Command | Operand | undefined
  name: string
  output: string
  steps: number
  depth: number
}

/** How far a template may go before it is taken for one that never ends. */
export interface Limits {
  /** Nodes walked and functions called. */
  readonly steps: number
  /** Templates within templates. */
  readonly depth: number
  /** Characters written, and characters of one value. */
  readonly characters: number
}

/** Far above what stacks need, far below what a machine cannot do in seconds. */
export const LIMITS: Limits = { steps: 3_000_000, depth: 500, characters: 32 * 1024 * 1024 }

/** Counts one step. */
export function step(state: State): void {
  if (++state.steps > state.limits.steps) throw new GoError(`more than ${state.limits.steps} steps: this has no end`)
}

/** Writes to the output. */
export function write(state: State, text: string): void {
  state.output += text
  if (state.output.length > state.limits.characters)
    throw new GoError(`more than ${state.limits.characters} characters of output`)
}

/** The value of a variable. */
export function variable(state: State, name: string): Held {
  const at = state.names.lastIndexOf(name)
  if (at < 0) throw new GoError(`undefined variable: ${name}`)
  state.boxed = state.boxes[at]!
  return state.values[at]
}

/** Gives a known variable another value. */
export function assign(state: State, name: string, value: Held, boxed: boolean): void {
  const at = state.names.lastIndexOf(name)
  if (at < 0) throw new GoError(`undefined variable: ${name}`)
  state.values[at] = value
  state.boxes[at] = boxed
}

/** Makes a new variable. */
export function declare(state: State, name: string, value: Held): void {
  state.names.push(name)
  state.values.push(value)
  state.boxes.push(false)
}

/** Forgets the variables that were made since there were so many. */
export function forget(state: State, count: number): void {
  state.names.length = count
  state.values.length = count
  state.boxes.length = count
}
