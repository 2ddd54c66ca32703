import { typeOf } from '../../types.ts'
import { GoError, type GoFunctions, GoPanic, type GoValue, goFunction } from '../../value.ts'
import { namespace } from './namespace.ts'
import { booleanOf, expectCount, kindOf, textOf } from './values.ts'

function assertion(...args: GoValue[]): GoValue {
  if (args.length === 0) throw new GoPanic('runtime error: index out of range [-1]')
  expectCount(args, 1, 2)
  const message = args.length === 2 ? messageOf(args[0]!) : ''
  if (!booleanOf(args.at(-1)!)) throw new GoError(`assertion failed${message === '' ? '' : `: ${message}`}`)
  return ''
}

function messageOf(value: GoValue): string {
  if (typeof value !== 'string') throw new GoError(`at <1>: expected string; found ${typeOf(value)}`)
  return value
}

function required(...args: GoValue[]): GoValue {
  expectCount(args, 1, 2)
  const message = args.length === 2 ? messageOf(args[0]!) : ''
  const value = args.at(-1)!
  if (value !== null && value !== '') return value
  throw new GoError(message || 'can not render template: a required value was not set')
}

function failure(...args: GoValue[]): GoValue {
  expectCount(args, 0, 1)
  throw new GoError(`template generation failed${args.length === 1 ? `: ${textOf(args[0]!)}` : ''}`)
}

function isKind(kind: string, value: GoValue): boolean {
  const actual = kindOf(value)
  return actual === kind || (kind === 'number' && /^(int|uint|float)/.test(actual))
}

const methods: GoFunctions = {
  Assert: goFunction('func(...any) (string, error)', assertion),
  Fail: goFunction('func(...any) (string, error)', failure),
  IsKind: goFunction('func(string, any) bool', isKind),
  Kind: goFunction('func(any) string', kindOf),
  Required: goFunction('func(...any) (any, error)', required),
  Ternary: goFunction('func(any, any, any) any', (yes: GoValue, no: GoValue, value: GoValue) =>
    booleanOf(value) ? yes : no,
  ),
}

/** The namespace `test`, and its methods by names of their own. */
export const testFunctions: GoFunctions = {
  test: namespace('TestFuncs', methods),
  assert: methods.Assert!,
  fail: methods.Fail!,
  isKind: methods.IsKind!,
  kind: methods.Kind!,
  required: methods.Required!,
  ternary: methods.Ternary!,
}
