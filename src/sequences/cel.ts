import { type Position, UserError } from '../error.ts'

/** An expression of a condition, in the part of CEL that Airlock knows: fields, texts, numbers, and operators on them. */
export type Cel =
  | { readonly kind: 'value'; readonly value: CelValue }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Cel; readonly field: Cel }
  | { readonly kind: 'list'; readonly items: readonly Cel[] }
  | { readonly kind: 'not'; readonly of: Cel }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Cel; readonly right: Cel }
  | { readonly kind: 'choice'; readonly test: Cel; readonly yes: Cel; readonly no: Cel }

export type CelValue = string | number | boolean | null | readonly CelValue[] | { readonly [name: string]: CelValue }

const token =
  /\s*(?:(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>&&|\|\||[=!<>]=|[!<>?:.,()[\]]))/y

const strength: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  in: 3,
}

interface Tokens {
  readonly list: readonly string[]
  readonly fail: (message: string) => UserError
  at: number
}

/** Parses an expression. @throws UserError `condition-invalid` */
export function parseCel(text: string, at: Position): Cel {
  const fail = (message: string) => problem(`the condition ${text} is not understood: ${message}`, at)
  const tokens: Tokens = { list: split(text, fail), fail, at: 0 }
  const result = choice(tokens)
  if (tokens.at < tokens.list.length) throw fail(`${tokens.list[tokens.at]} is not expected`)
  return result
}

function split(text: string, fail: Tokens['fail']): string[] {
  const list: string[] = []
  token.lastIndex = 0
  for (let end = 0; text.slice(end).trim() !== ''; end = token.lastIndex) {
    token.lastIndex = end
    const match = token.exec(text)
    if (match === null) throw fail(`what is ${text.slice(end).trim()}?`)
    list.push(match[0].trim())
  }
  return list
}

function choice(tokens: Tokens): Cel {
  const test = binary(tokens, 1)
  if (!taken(tokens, '?')) return test
  const yes = choice(tokens)
  expect(tokens, ':')
  return { kind: 'choice', test, yes, no: choice(tokens) }
}

function binary(tokens: Tokens, least: number): Cel {
  let left = unary(tokens)
  for (;;) {
    const operator = tokens.list[tokens.at] ?? ''
    const power = strength[operator]
    if (power === undefined || power < least) return left
    tokens.at++
    left = { kind: 'binary', operator, left, right: binary(tokens, power + 1) }
  }
}

function unary(tokens: Tokens): Cel {
  if (taken(tokens, '!')) return { kind: 'not', of: unary(tokens) }
  let result = atom(tokens)
  for (;;) {
    if (taken(tokens, '.')) {
      const name = tokens.list[tokens.at++] ?? ''
      if (!/^[A-Za-z_]/.test(name)) throw tokens.fail('a field has a name')
      if (tokens.list[tokens.at] === '(') throw tokens.fail(`the function ${name}() is not known here`)
      result = { kind: 'field', of: result, field: { kind: 'value', value: name } }
    } else if (taken(tokens, '[')) {
      result = { kind: 'field', of: result, field: choice(tokens) }
      expect(tokens, ']')
    } else return result
  }
}

function atom(tokens: Tokens): Cel {
  const word = tokens.list[tokens.at++]
  if (word === undefined) throw tokens.fail('it ends too early')
  if (word === '(') {
    const inner = choice(tokens)
    expect(tokens, ')')
    return inner
  }
  if (word === '[') {
    const items: Cel[] = []
    while (!taken(tokens, ']')) {
      if (items.length > 0) expect(tokens, ',')
      items.push(choice(tokens))
    }
    return { kind: 'list', items }
  }
  if (/^["']/.test(word)) return { kind: 'value', value: unquoted(word) }
  if (/^\d/.test(word)) return { kind: 'value', value: Number(word) }
  if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true' }
  if (word === 'null') return { kind: 'value', value: null }
  if (!/^[A-Za-z_]/.test(word)) throw tokens.fail(`${word} is not expected`)
  if (tokens.list[tokens.at] === '(') throw tokens.fail(`the function ${word}() is not known here`)
  return { kind: 'name', name: word }
}

function unquoted(word: string): string {
  return word.slice(1, -1).replace(/\\(.)/g, (_, it: string) => ({ n: '\n', t: '\t', r: '\r' })[it] ?? it)
}

function taken(tokens: Tokens, sign: string): boolean {
  if (tokens.list[tokens.at] !== sign) return false
  tokens.at++
  return true
}

function expect(tokens: Tokens, sign: string): void {
  if (!taken(tokens, sign)) throw tokens.fail(`${sign} is missing`)
}

/** The variables that an expression asks for. */
export function celNames(cel: Cel): string[] {
  switch (cel.kind) {
    case 'name':
      return [cel.name]
    case 'value':
      return []
    case 'list':
      return cel.items.flatMap(celNames)
    case 'not':
      return celNames(cel.of)
    case 'field':
      return [...celNames(cel.of), ...celNames(cel.field)]
    case 'binary':
      return [...celNames(cel.left), ...celNames(cel.right)]
    case 'choice':
      return [...celNames(cel.test), ...celNames(cel.yes), ...celNames(cel.no)]
  }
}

/** What an expression comes to. @throws UserError `condition-invalid` for a name or key that is not there */
export function celValue(cel: Cel, names: Readonly<Record<string, CelValue>>, at: Position): CelValue {
  const of = (it: Cel) => celValue(it, names, at)
  switch (cel.kind) {
    case 'value':
      return cel.value
    case 'list':
      return cel.items.map(of)
    case 'name':
      if (Object.hasOwn(names, cel.name)) return names[cel.name]!
      throw problem(`a condition knows no ${cel.name}`, at, `it knows ${Object.keys(names).join(', ')}`)
    case 'field': {
      const [inside, key] = [of(cel.of), String(of(cel.field))]
      if (typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key))
        return (inside as Readonly<Record<string, CelValue>>)[key]!
      throw problem(`a condition asks for ${key}, which is not there`, at, `test for it first: "${key}" in env`)
    }
    case 'not':
      return !truth(of(cel.of), at)
    case 'choice':
      return truth(of(cel.test), at) ? of(cel.yes) : of(cel.no)
    case 'binary':
      if (cel.operator === '&&') return truth(of(cel.left), at) && truth(of(cel.right), at)
      if (cel.operator === '||') return truth(of(cel.left), at) || truth(of(cel.right), at)
      return compared(cel.operator, of(cel.left), of(cel.right), at)
  }
}

function compared(operator: string, left: CelValue, right: CelValue, at: Position): boolean {
  if (operator === '==' || operator === '!=')
    return (JSON.stringify(left) === JSON.stringify(right)) === (operator === '==')
  if (operator === 'in') {
    if (Array.isArray(right)) return right.some((it: CelValue) => JSON.stringify(it) === JSON.stringify(left))
    if (typeof right === 'object' && right !== null) return Object.hasOwn(right, String(left))
    throw problem('"in" looks into a list or a map', at)
  }
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string'))
    throw problem(`${JSON.stringify(left)} and ${JSON.stringify(right)} have no order`, at)
  const [a, b] = [left, right as typeof left]
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}

function truth(value: CelValue, at: Position): boolean {
  if (typeof value === 'boolean') return value
  throw problem(`${JSON.stringify(value)} is neither true nor false`, at)
}

function problem(message: string, at: Position, fix = 'mend the condition'): UserError {
  return new UserError({ code: 'condition-invalid', message, fix, at, exit: 2 })
}
