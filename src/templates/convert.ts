import type { NumberOperand, Operand } from './nodes.ts'
import { sourceOf } from './nodes.ts'
import { typeOf } from './types.ts'
import { GoError, GoMap, GoNumber, GoSlice, type GoValue } from './value.ts'

/** A value while a template is executed: undefined is no value at all, null a nil that is stored somewhere. */
export type Held = GoValue | undefined

/** What a function takes and gives, read from its signature in Go's words. */
export interface Signature {
  readonly parameters: readonly string[]
  /** Whether the last parameter takes any number of arguments; it is then the type of one. */
  readonly variadic: boolean
  readonly result: string
}

const signatures = new Map<string, Signature>()

/** The signature that a text such as `func(string, ...any) (string, error)` stands for. */
export function signatureOf(text: string): Signature {
  const known = signatures.get(text)
  if (known) return known
  const open = text.indexOf('(')
  const close = closing(text, open)
  const parameters = separated(text.slice(open + 1, close)).map(normal)
  const results = text
    .slice(close + 1)
    .trim()
    .replace(/^\((.*)\)$/, '$1')
  const last = parameters.at(-1)
  const variadic = last?.startsWith('...') ?? false
  const signature = {
    parameters: variadic ? [...parameters.slice(0, -1), last!.slice(3)] : parameters,
    variadic,
    result: normal(separated(results)[0] ?? ''),
  }
  signatures.set(text, signature)
  return signature
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at
  }
  return text.length
}

function separated(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const character = text[at]
    if (character === '(' || character === '[') depth++
    else if (character === ')' || character === ']') depth--
    else if (character === undefined || (character === ',' && depth === 0)) {
      const part = text.slice(start, at).trim()
      if (part !== '') parts.push(part)
      start = at + 1
    }
  }
  return parts
}

/** A type as reflection spells it. */
function normal(type: string): string {
  return type
    .replace(/\bany\b/g, 'interface {}')
    .replace(/\bbyte\b/g, 'uint8')
    .replace(/\brune\b/g, 'int32')
}

const ANY = 'interface {}'
/** What the language's own functions take: a value, or none. */
const REFLECTED = 'reflect.Value'

/** Whether nil can be given where a type is asked for. */
function canBeNil(type: string): boolean {
  return type === ANY || type === REFLECTED || type === 'error' || /^(\[\]|map\[|\*|func\()/.test(type)
}

/** The zero value of a type: what a map of it gives for a key that it does not have. */
export function zeroOf(type: string): GoValue {
  if (type.startsWith('[]')) return new GoSlice([], type, true)
  if (type.startsWith('map[')) return new GoMap(new Map(), type, true)
  switch (sortOf(type)) {
    case 'string':
      return ''
    case 'bool':
      return false
    case 'int':
    case 'uint':
      return integer(0n, type)
    case 'float':
      return type === 'float64' ? 0 : new GoNumber(type, 0)
    default:
      return null
  }
}

/**
 * A value as a parameter of a type takes it.
 * @throws GoError where Go's templates refuse it
 */
export function converted(value: Held, type: string): Held {
  if (type === REFLECTED) return value
  if (value === undefined) {
    if (!canBeNil(type)) throw new GoError(`invalid value; expected ${type}`)
    return zeroOf(type)
  }
  if (type === ANY) return value
  if (value === null) {
    if (type.startsWith('*') || type === 'error') return null
    throw new GoError(`wrong type for value; expected ${type}; got ${ANY}`)
  }
  const given = typeOf(value)
  // A pointer is followed once where what it points to is asked for.
  if (given !== type && given !== `*${type}`) throw new GoError(`wrong type for value; expected ${type}; got ${given}`)
  return value
}

/** Nil as an argument. */
export function convertedNil(type: string): Held {
  if (!canBeNil(type)) throw new GoError(`cannot assign nil to ${type}`)
  return type === REFLECTED ? undefined : zeroOf(type)
}

/** A constant of the text as a parameter of a type takes it: `1` is an int, an int64 or a float64. */
export function convertedConstant(node: Operand & { kind: 'bool' | 'string' | 'number' }, type: string): GoValue {
  if (type === ANY || type === REFLECTED) return node.kind === 'number' ? ideal(node) : node.value
  switch (sortOf(type)) {
    case 'bool':
      if (node.kind === 'bool') return node.value
      throw new GoError(`expected bool; found ${sourceOf(node)}`)
    case 'string':
      if (node.kind === 'string') return node.value
      throw new GoError(`expected string; found ${sourceOf(node)}`)
    case 'int':
      if (node.kind === 'number' && node.int !== undefined) return integer(node.int, type)
      throw new GoError(`expected integer; found ${sourceOf(node)}`)
    case 'uint':
      if (node.kind === 'number' && node.uint !== undefined) return integer(node.uint, type)
      throw new GoError(`expected unsigned integer; found ${sourceOf(node)}`)
    case 'float':
      if (node.kind !== 'number' || node.float === undefined)
        throw new GoError(`expected float; found ${sourceOf(node)}`)
      return type === 'float64' ? node.float : new GoNumber(type, Math.fround(node.float))
    default:
      throw new GoError(`can't handle ${sourceOf(node)} for arg of type ${type}`)
  }
}

/** A constant where no type is asked for. */
export function ideal({ ideal: value, source }: NumberOperand): GoValue {
  if (value === undefined) throw new GoError(`${source} overflows int`)
  return value
}

const SIGNED: ReadonlySet<string> = new Set(['time.Duration', 'time.Month', 'time.Weekday'])

function sortOf(type: string): 'bool' | 'string' | 'int' | 'uint' | 'float' | undefined {
  if (type === 'string' || type === 'bool') return type
  if (/^int(8|16|32|64)?$/.test(type) || SIGNED.has(type)) return 'int'
  if (/^uint(8|16|32|64|ptr)?$/.test(type)) return 'uint'
  return type === 'float64' || type === 'float32' ? 'float' : undefined
}

function integer(value: bigint, type: string): GoValue {
  if (type === 'int') return value
  const bits = Number(/[0-9]+$/.exec(type)?.[0] ?? 64)
  return new GoNumber(type, type.startsWith('uint') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value))
}
