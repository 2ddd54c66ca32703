import { written } from './builtins.ts'
import { pipeline } from './commands.ts'
import type { Held } from './convert.ts'
import type { Branch, Node } from './nodes.ts'
import { printed } from './print.ts'
import { quoted } from './quote.ts'
import { assign, forget, type State, step, write } from './state.ts'
import { elementType, integerOf, isTrue, sortedEntries } from './types.ts'
import { GoError, GoMap, GoNumber, GoSlice } from './value.ts'

/** How a list of nodes ended: at its end, or at a `break` or `continue` for the loop around it. */
type Ending = 'end' | 'break' | 'continue'

/** Walks the nodes of a body, writing what they come to. */
export function walk(state: State, nodes: readonly Node[]): Ending {
  for (const node of nodes) {
    const ending = walkNode(state, node)
    if (ending !== 'end') return ending
  }
  return 'end'
}

function walkNode(state: State, node: Node): Ending {
  step(state)
  state.node = node
  switch (node.kind) {
    case 'text':
      write(state, node.text)
      return 'end'
    case 'action': {
      const value = pipeline(state, node.pipe)
      if (node.pipe.variables.length > 0) return 'end'
      state.node = node
      write(state, written(value))
      return 'end'
    }
    case 'if':
    case 'with':
      return condition(state, node)
    case 'range':
      range(state, node)
      return 'end'
    case 'template':
      template(state, node)
      return 'end'
    default:
      return node.kind
  }
}

function condition(state: State, node: Branch): Ending {
  const known = state.names.length
  const value = pipeline(state, node.pipe)
  let ending: Ending = 'end'
  if (value !== undefined && isTrue(value))
    ending = node.kind === 'with' ? within(state, value, false, node.body) : walk(state, node.body)
  else if (node.otherwise) ending = walk(state, node.otherwise)
  forget(state, known)
  return ending
}

/** Walks nodes with another dot. */
function within(state: State, dot: Held, boxed: boolean, nodes: readonly Node[]): Ending {
  const { dot: outer, dotBoxed } = state
  state.dot = dot
  state.dotBoxed = boxed
  const ending = walk(state, nodes)
  state.dot = outer
  state.dotBoxed = dotBoxed
  return ending
}

function range(state: State, node: Branch): void {
  const known = state.names.length
  const value = pipeline(state, node.pipe)
  const began = iterate(state, node, value)
  if (!began && node.otherwise) walk(state, node.otherwise)
  forget(state, known)
}

/** Walks the body once for each item; false where there is none. */
function iterate(state: State, node: Branch, value: Held): boolean {
  if (value === undefined || value === null) return false
  const whole = integerOf(value)
  if (whole !== undefined) {
    if (node.pipe.variables.length > 1)
      throw new GoError(`can't use ${printed(value)} to iterate over more than one variable`)
    for (let at = 0n; at < whole; at++) {
      const item = value instanceof GoNumber ? new GoNumber(value.type, at) : at
      if (iteration(state, node, undefined, item, false) === 'break') break
    }
    return whole > 0n
  }
  if (value instanceof GoSlice) {
    const boxed = elementType(value.type) === 'interface {}'
    const { items } = value
    const { length } = items
    for (let at = 0; at < length; at++) if (iteration(state, node, BigInt(at), items[at], boxed) === 'break') break
    return length > 0
  }
  if (value instanceof GoMap) {
    const boxed = elementType(value.type) === 'interface {}'
    const entries = sortedEntries(value)
    for (const [key, item] of entries) if (iteration(state, node, key, item, boxed) === 'break') break
    return entries.length > 0
  }
  throw new GoError(`range can't iterate over ${printed(value)}`)
}

function iteration(state: State, { pipe, body }: Branch, key: Held, item: Held, boxed: boolean): Ending {
  step(state)
  const mark = state.names.length
  const [first, second] = pipe.variables
  if (first !== undefined) {
    if (pipe.assigns) {
      assign(state, first, second === undefined ? item : key, second === undefined && boxed)
      if (second !== undefined) assign(state, second, item, boxed)
    } else {
      // Declared by the pipeline just before, so that they are the last.
      state.values[mark - 1] = item
      state.boxes[mark - 1] = boxed
      if (second !== undefined) {
        state.values[mark - 2] = key
        state.boxes[mark - 2] = false
      }
    }
  }
  const ending = within(state, item, boxed, body)
  forget(state, mark)
  return ending
}

function template(state: State, node: Node & { kind: 'template' }): void {
  const nodes = state.bodies.get(node.name)
  if (!nodes) throw new GoError(`template ${quoted(node.name)} not defined`)
  if (state.depth >= state.limits.depth) throw new GoError(`exceeded maximum template depth (${state.limits.depth})`)
  const dot = node.pipe && pipeline(state, node.pipe)
  const { names, values, boxes, name } = state
  Object.assign(state, { names: ['$'], values: [dot], boxes: [false], name: node.name })
  state.depth++
  within(state, dot, false, nodes)
  state.depth--
  Object.assign(state, { names, values, boxes, name })
}
