import { AND, CALL, called, OR, SLICE } from './builtins.ts'
import {
  converted,
  convertedConstant,
  convertedNil,
  type Held,
  ideal,
  type Signature,
  signatureOf,
  zeroOf,
} from './convert.ts'
import { TemplateError } from './error.ts'
import { numberMethods } from './functions/go-time.ts'
import { type Command, type Operand, type Pipe, sourceOf } from './nodes.ts'
import { quoted } from './quote.ts'
import { assign, declare, type State, step, variable } from './state.ts'
import { elementType, isObject, isTrue, keyType, typeOf } from './types.ts'
import { GoError, type GoFunction, GoMap, GoNumber, GoPanic, type GoValue, NeedsWorld } from './value.ts'

/** Stands for the value that a pipeline would hand to its next command, where there is none. */
const NOTHING = Symbol('nothing')
type Final = Held | typeof NOTHING

/** The error that a function ended with; what it was goes with it. */
export class CallError extends GoError {
  override readonly cause: unknown

  constructor(message: string, cause: unknown) {
    super(message)
    this.cause = cause
  }
}

/** What a pipeline comes to; its variables take it. */
export function pipeline(state: State, pipe: Pipe): Held {
  state.node = pipe
  let value: Final = NOTHING
  for (const it of pipe.commands) {
    value = command(state, it, value)
    if (value === null) value = undefined
  }
  const result = value === NOTHING ? undefined : value
  for (const name of pipe.variables) {
    if (pipe.assigns) assign(state, name, result, false)
    else declare(state, name, result)
  }
  state.boxed = false
  return result
}

function command(state: State, node: Command, final: Final): Held {
  const { operands } = node
  const first = operands[0]!
  switch (first.kind) {
    case 'field':
      state.node = first
      state.boxed = state.dotBoxed
      return fields(state, state.dot, first, first.names, operands, final)
    case 'chain':
      return chain(state, first, operands, final)
    case 'identifier':
      state.node = first
      return call(state, first.function, first.name, node, operands, final)
    case 'pipe':
      notAFunction(operands, final)
      return pipeline(state, first)
    case 'variable':
      return variableNode(state, first, operands, final)
  }
  state.node = first
  notAFunction(operands, final)
  state.boxed = false
  switch (first.kind) {
    case 'bool':
    case 'string':
      return first.value
    case 'number':
      return ideal(first)
    case 'dot':
      state.boxed = state.dotBoxed
      return state.dot
    case 'nil':
      throw new GoError('nil is not a command')
  }
}

function notAFunction(operands: readonly Operand[], final: Final): void {
  if (operands.length > 1 || final !== NOTHING)
    throw new GoError(`can't give argument to non-function ${sourceOf(operands[0]!)}`)
}

const NO_OPERANDS: readonly Operand[] = []

function variableNode(
  state: State,
  node: Operand & { kind: 'variable' },
  operands: readonly Operand[],
  final: Final,
): Held {
  state.node = node
  const value = variable(state, node.name)
  if (node.names.length > 0) return fields(state, value, node, node.names, operands, final)
  notAFunction(operands, final)
  return value
}

function chain(state: State, node: Operand & { kind: 'chain' }, operands: readonly Operand[], final: Final): Held {
  state.node = node
  if (node.of.kind === 'nil') throw new GoError(`indirection through explicit nil in ${sourceOf(node)}`)
  state.node = node.of
  const value =
    node.of.kind === 'pipe'
      ? pipeline(state, node.of)
      : command(state, { kind: 'command', at: node.of.at, operands: [node.of] }, NOTHING)
  return fields(state, value, node, node.names, operands, final)
}

/** Fields of fields; only the last may be a method that takes arguments. */
function fields(
  state: State,
  of: Held,
  node: Operand,
  names: readonly string[],
  operands: readonly Operand[],
  final: Final,
): Held {
  const last = names.length - 1
  let value = of
  for (let at = 0; at < last; at++) value = field(state, value, names[at]!, node, NO_OPERANDS, NOTHING)
  return field(state, value, names[last]!, node, operands, final)
}

function field(state: State, of: Held, name: string, node: Operand, operands: readonly Operand[], final: Final): Held {
  if (of === undefined) {
    if (state.missingKey === 'error') throw new GoError(`nil data; no entry for key ${quoted(name)}`)
    return undefined
  }
  if (of === null) throw new GoError(`nil pointer evaluating interface {}.${name}`)
  if (of instanceof GoMap) {
    const keys = keyType(of.type)
    if (keys === 'string' || keys === 'interface {}') {
      refuseArguments(`${name} is not a method but has arguments`, operands, final)
      return entry(state, of, name)
    }
  } else if (of instanceof GoNumber) {
    const methods = numberMethods(of)
    if (Object.hasOwn(methods, name)) return call(state, methods[name]!, name, node, operands, final)
  } else if (isObject(of)) {
    if (Object.hasOwn(of.methods, name)) return call(state, of.methods[name]!, name, node, operands, final)
    if (of.fields && Object.hasOwn(of.fields, name)) {
      refuseArguments(`${name} has arguments but cannot be invoked as function`, operands, final)
      state.boxed = false
      return of.fields[name]
    }
  }
  throw new GoError(`can't evaluate field ${name} in type ${state.boxed ? 'interface {}' : typeOf(of)}`)
}

function refuseArguments(message: string, operands: readonly Operand[], final: Final): void {
  if (operands.length > 1 || final !== NOTHING) throw new GoError(message)
}

function entry(state: State, map: GoMap, name: string): Held {
  const found = map.entries.get(name)
  const element = elementType(map.type)
  state.boxed = element === 'interface {}'
  if (found !== undefined) return found
  if (state.missingKey === 'error') throw new GoError(`map has no entry for key ${quoted(name)}`)
  return state.missingKey === 'zero' ? zeroOf(element) : undefined
}

/** Calls a function with the operands behind its name, and what the pipeline hands it. */
function call(
  state: State,
  fn: GoFunction,
  name: string,
  node: Command | Operand,
  operands: readonly Operand[],
  final: Final,
): Held {
  step(state)
  const signature = signatureOf(fn.signature)
  const count = Math.max(operands.length - 1, 0)
  checkCount(signature, name, count, final === NOTHING ? count : count + 1)
  if (fn === AND || fn === OR) return shortCircuit(state, fn === OR, operands, final)
  const values: Held[] = []
  let boxedIndex = false
  for (let at = 0; at < count; at++) {
    values.push(argument(state, parameter(signature, at), operands[at + 1]!))
    if (at > 0 && state.boxed) boxedIndex = true
  }
  if (final !== NOTHING) values.push(converted(final, parameter(signature, count)))
  let result: GoValue
  try {
    if (fn === CALL)
      called(operands[1] ? sourceOf(operands[1]) : typeof final === 'symbol' ? '' : typeName(final), values[0])
    if (fn === SLICE && boxedIndex) throw new GoError('cannot index slice/array with type interface {}')
    result = invoked(state, fn, values as never[])
  } catch (error) {
    state.node = node
    throw told(error, name)
  }
  if (typeof result === 'string' && result.length > state.limits.characters) {
    state.node = node
    throw new GoError(`error calling ${name}: more than ${state.limits.characters} characters`)
  }
  state.boxed = signature.result === 'interface {}' || (signature.result === 'reflect.Value' && state.boxed)
  return result
}

function typeName(value: Held): string {
  return value === undefined
    ? '<invalid Value>'
    : typeof value === 'string'
      ? value
      : `<${value === null ? 'interface {}' : typeOf(value)} Value>`
}

function invoked(state: State, fn: GoFunction, values: never[]): GoValue {
  return state.world && fn.callIn ? fn.callIn(state.world, ...values) : fn.call(...values)
}

/** What a function threw, as its caller tells it; a bug of ours stays one. */
function told(error: unknown, name: string): unknown {
  const known =
    error instanceof GoError ||
    error instanceof GoPanic ||
    error instanceof NeedsWorld ||
    error instanceof TemplateError ||
    error instanceof RangeError
  return known ? new CallError(`error calling ${name}: ${error.message}`, error) : error
}

function checkCount({ parameters, variadic }: Signature, name: string, count: number, given: number): void {
  const wanted = parameters.length
  if (variadic ? given >= wanted - 1 : given === wanted) return
  throw new GoError(
    variadic
      ? `wrong number of args for ${name}: want at least ${wanted - 1} got ${count}`
      : `wrong number of args for ${name}: want ${wanted} got ${given}`,
  )
}

function parameter({ parameters }: Signature, at: number): string {
  return parameters[Math.min(at, parameters.length - 1)]!
}

function shortCircuit(state: State, stopAt: boolean, operands: readonly Operand[], final: Final): Held {
  let value: Held
  for (let at = 1; at < operands.length; at++) {
    value = argument(state, 'reflect.Value', operands[at]!)
    if ((value !== undefined && isTrue(value)) === stopAt) return value
  }
  return final === NOTHING ? value : final
}

/** An operand as a parameter of a type takes it. */
function argument(state: State, type: string, node: Operand): Held {
  state.node = node
  state.boxed = node.kind === 'dot' && state.dotBoxed
  switch (node.kind) {
    case 'dot':
      return converted(state.dot, type)
    case 'nil':
      return convertedNil(type)
    case 'field':
      state.boxed = state.dotBoxed
      return converted(fields(state, state.dot, node, node.names, NO_OPERANDS, NOTHING), type)
    case 'variable':
      return converted(variableNode(state, node, NO_OPERANDS, NOTHING), type)
    case 'pipe':
      return converted(pipeline(state, node), type)
    case 'identifier':
      return converted(call(state, node.function, node.name, node, NO_OPERANDS, NOTHING), type)
    case 'chain':
      return converted(chain(state, node, NO_OPERANDS, NOTHING), type)
    default:
      return convertedConstant(node, type)
  }
}
