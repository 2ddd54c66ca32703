import { data, Evaluator, type Expr, Lexer, Parser } from '@actions/expressions'
import { isExpression, type Template } from './template.ts'

/** What an expression can name: `github`, `needs`, `matrix`. */
export type Contexts = Readonly<Record<string, unknown>>

/** The functions whose answer depends on where they are asked. */
export interface Functions {
  readonly success: () => boolean
  readonly failure: () => boolean
  readonly cancelled: () => boolean
  readonly hashFiles: (patterns: readonly string[]) => string
}

const contextNames = [
  'github',
  'env',
  'vars',
  'job',
  'jobs',
  'steps',
  'runner',
  'secrets',
  'strategy',
  'matrix',
  'needs',
  'inputs',
]
const functionNames = ['success', 'failure', 'cancelled', 'always', 'hashFiles']
const parsed = new Map<string, Expr>()
const converted = new WeakMap<object, data.ExpressionData>()

/** Contexts that never change, converted once. */
export function frozen(value: object): object {
  converted.set(value, convert(value))
  return value
}

/** The value of a template with all its expressions evaluated: plain JSON. */
export function evaluate(template: Template | undefined, contexts: Contexts, functions?: Functions): unknown {
  if (isExpression(template)) return plain(evaluated(template.expression, contexts, functions))
  if (template instanceof Map)
    return Object.fromEntries([...template].map(([key, value]) => [key, evaluate(value, contexts, functions)]))
  if (Array.isArray(template)) return template.map((item) => evaluate(item, contexts, functions))
  return template
}

/** The value of a template as text, as GitHub writes values into texts. */
export function evaluateText(template: Template | undefined, contexts: Contexts, functions?: Functions): string {
  return textOf(evaluate(template, contexts, functions))
}

/** Whether a condition holds. */
export function holds(condition: Template | undefined, contexts: Contexts, functions: Functions): boolean {
  const value = evaluate(condition ?? { expression: 'success()' }, contexts, functions)
  return !(value === false || value === 0 || value === '' || value === null || Number.isNaN(value))
}

/** A plain value as GitHub writes it into a text. */
export function textOf(value: unknown): string {
  return value === undefined ? '' : toData(value).coerceString()
}

function evaluated(text: string, contexts: Contexts, functions: Functions | undefined): data.ExpressionData {
  const names = new Map(Object.keys(contexts).map((name) => [name, toData(contexts[name])]))
  const all = new data.Dictionary(
    ...contextNames.map((key) => ({ key, value: names.get(key) ?? new data.Dictionary() })),
  )
  try {
    return new Evaluator(tree(text), all, extension(functions)).evaluate()
  } catch (error) {
    throw new Error(`The template is not valid. ${text}: ${(error as Error).message}`)
  }
}

function tree(text: string): Expr {
  const before = parsed.get(text)
  if (before !== undefined) return before
  const infos = functionNames.map((name) => ({ name, minArgs: 0, maxArgs: name === 'hashFiles' ? 255 : 0 }))
  const made = new Parser(new Lexer(text).lex().tokens, contextNames, infos).parse()
  parsed.set(text, made)
  return made
}

function extension(functions: Functions | undefined): Map<string, Definition> {
  const flag = (name: 'success' | 'failure' | 'cancelled'): Definition =>
    definition(name, () => new data.BooleanData(asked(functions, name)[name]()))
  return new Map([
    ['success', flag('success')],
    ['failure', flag('failure')],
    ['cancelled', flag('cancelled')],
    ['always', definition('always', () => new data.BooleanData(true))],
    [
      'hashfiles',
      definition(
        'hashFiles',
        (...args) =>
          new data.StringData(asked(functions, 'hashFiles').hashFiles(args.map((arg) => arg.coerceString()))),
      ),
    ],
  ])
}

type Definition = NonNullable<ConstructorParameters<typeof Evaluator>[2]> extends Map<string, infer D> ? D : never

function definition(name: string, call: Definition['call']): Definition {
  return { name, minArgs: 0, maxArgs: 255, call }
}

function asked(functions: Functions | undefined, name: string): Functions {
  if (functions === undefined) throw new Error(`${name}() is not known here`)
  return functions
}

function toData(value: unknown): data.ExpressionData {
  if (typeof value === 'object' && value !== null) return converted.get(value) ?? convert(value)
  return convert(value)
}

function convert(value: unknown): data.ExpressionData {
  if (value === null || value === undefined) return new data.Null()
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(toData))
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined)
  return new data.Dictionary(...pairs.map(([key, item]) => ({ key, value: toData(item) })))
}

function plain(value: data.ExpressionData): unknown {
  if (value instanceof data.Array) return value.values().map(plain)
  if (value instanceof data.Dictionary)
    return Object.fromEntries(value.pairs().map(({ key, value: item }) => [key, plain(item)]))
  if (value instanceof data.Null) return null
  return (value as data.StringData | data.NumberData | data.BooleanData).value
}
