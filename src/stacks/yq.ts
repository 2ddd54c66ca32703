import { call } from './yq-functions.ts'
import { type Expression, parseYq, YqError } from './yq-parse.ts'

/** What an expression finds: a value, a value not known yet, or nothing because it is wrong. */
export type Found =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'wrong'; readonly why: string }

/** Stands for a value that is known only after apply. */
export const UNKNOWN = Symbol('known after apply')

/** Thrown where an answer hangs on a value that is not known yet. */
class NotKnown extends Error {}

/** Whether an expression says what to take where there is no value: Atmos looks for nothing but the two slashes. */
export function hasDefault(expression: string): boolean {
  return expression.includes('//')
}

/**
 * What an expression of yq's language gives: of several results a text, a line each; of none null.
 * `UNKNOWN` anywhere in what it looks at makes the answer unknown.
 */
export function evaluateYq(expression: string, data: unknown): Found {
  try {
    const results = evaluate(parseYq(expression), data)
    if (results.some(containsUnknown)) return { kind: 'unknown' }
    if (results.length > 1) return { kind: 'value', value: results.map(textOf).join('\n') }
    return { kind: 'value', value: results[0] ?? null }
  } catch (error) {
    if (error instanceof NotKnown) return { kind: 'unknown' }
    if (error instanceof YqError) return { kind: 'wrong', why: error.message }
    throw error
  }
}

/** A result as yq prints it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

function evaluate(expression: Expression, here: unknown): unknown[] {
  switch (expression.kind) {
    case 'here':
      return [here]
    case 'literal':
      return [expression.value]
    case 'key':
      return evaluate(expression.of, here).flatMap((of) =>
        evaluate(expression.key, here).map((key) => entry(known(of), known(key))),
      )
    case 'each':
      return evaluate(expression.of, here).flatMap((of) => items(known(of)))
    case 'slice':
      return [row(known(here)).slice(expression.from ?? 0, expression.to)]
    case 'pipe':
      return evaluate(expression.left, here).flatMap((it) => evaluate(expression.right, it))
    case 'union':
      return [...evaluate(expression.left, here), ...evaluate(expression.right, here)]
    case 'otherwise': {
      const found = evaluate(expression.left, here).filter((it) => {
        const value = known(it)
        return value !== null && value !== undefined && value !== false
      })
      return found.length > 0 ? found : evaluate(expression.right, here)
    }
    case 'binary':
      return evaluate(expression.left, here).flatMap((left) =>
        evaluate(expression.right, here).map((right) => binary(expression.operator, known(left), known(right))),
      )
    case 'list':
      return [expression.of === undefined ? [] : evaluate(expression.of, here).map((it) => it ?? null)]
    case 'map':
      return [
        Object.fromEntries(
          expression.entries.map(([key, value]) => [
            String(known(evaluate(key, here)[0])),
            evaluate(value, here)[0] ?? null,
          ]),
        ),
      ]
    case 'call':
      return call(expression.name, expression.args, known(here), evaluate)
  }
}

function known(value: unknown): unknown {
  if (value === UNKNOWN) throw new NotKnown()
  return value
}

function entry(of: unknown, key: unknown): unknown {
  if (Array.isArray(of)) {
    if (typeof key !== 'number') throw new YqError(`.${String(key)} is asked of a list`)
    return of.at(key)
  }
  if (typeof of !== 'object' || of === null) return undefined
  return Object.hasOwn(of, String(key)) ? (of as Record<string, unknown>)[String(key)] : undefined
}

function items(of: unknown): unknown[] {
  if (Array.isArray(of)) return of
  return typeof of === 'object' && of !== null ? Object.values(of) : []
}

function row(of: unknown): unknown[] {
  if (Array.isArray(of)) return of
  if (typeof of !== 'object' || of === null) return []
  return Object.entries(of)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat()
}

function binary(operator: string, left: unknown, right: unknown): unknown {
  switch (operator) {
    case '==':
      return JSON.stringify(left ?? null) === JSON.stringify(right ?? null)
    case '!=':
      return JSON.stringify(left ?? null) !== JSON.stringify(right ?? null)
    case 'and':
      return isTrue(left) && isTrue(right)
    case 'or':
      return isTrue(left) || isTrue(right)
    case '+':
      return added(left, right)
    default:
      return calculated(operator, left, right)
  }
}

function isTrue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false
}

function added(left: unknown, right: unknown): unknown {
  if (left === null || left === undefined) return right
  if (right === null || right === undefined) return left
  if (Array.isArray(left)) return [...(left as unknown[]), ...(Array.isArray(right) ? (right as unknown[]) : [right])]
  if (typeof left === 'number' && typeof right === 'number') return left + right
  if (typeof left === 'object' && typeof right === 'object') return { ...left, ...right }
  if (typeof left === 'object' || typeof right === 'object') throw new YqError('a map or a list is added to a scalar')
  return `${String(left)}${String(right)}`
}

function calculated(operator: string, left: unknown, right: unknown): unknown {
  if (operator === '/' && typeof left === 'string' && typeof right === 'string') return left.split(right)
  if (typeof left === 'string' && typeof right === 'string' && /^[<>]/.test(operator))
    return compared(operator, left, right)
  if (typeof left !== 'number' || typeof right !== 'number')
    throw new YqError(`${operator} needs numbers on both sides`)
  switch (operator) {
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    default:
      return compared(operator, left, right)
  }
}

function compared<T extends number | string>(operator: string, left: T, right: T): boolean {
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true
  if (value === null || typeof value !== 'object') return false
  return Object.values(value).some(containsUnknown)
}
