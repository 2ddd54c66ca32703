/** An expression of yq's language, as far as Atmos users write it. */
export type Expression =
  | { readonly kind: 'here' }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'key'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'each'; readonly of: Expression }
  /** As yq does it, of what the path began with: the keys and values of a map in a row. */
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'pipe' | 'union' | 'otherwise'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'list'; readonly of: Expression | undefined }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }

/** Why an expression cannot be read or evaluated, in words for whoever wrote it. */
export class YqError extends Error {}

interface Token {
  readonly kind: 'punctuation' | 'string' | 'number' | 'name' | 'end'
  readonly text: string
  /** Whether blanks come before it. */
  readonly apart: boolean
}

const HERE: Expression = { kind: 'here' }
const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_@][\w-]*)|(\/\/|==|!=|<=|>=|[|,.:?+\-*/%<>()[\]{}]))/y

/** Reads an expression. @throws YqError */
export function parseYq(text: string): Expression {
  const tokens = tokensOf(text)
  let at = 0
  const peek = (): Token => tokens[at]!
  const isNext = (...texts: string[]): boolean => peek().kind === 'punctuation' && texts.includes(peek().text)
  const isWord = (...words: string[]): boolean => peek().kind === 'name' && words.includes(peek().text)
  const take = (): Token => tokens[at++]!
  const expect = (wanted: string): void => {
    if (!isNext(wanted)) throw new YqError(`bad expression, could not find matching ${wanted}`)
    at++
  }
  const pipe = (): Expression => {
    const left = union()
    if (!isNext('|')) return left
    take()
    return { kind: 'pipe', left, right: pipe() }
  }
  const union = (): Expression => {
    let left = otherwise()
    while (isNext(',')) {
      take()
      left = { kind: 'union', left, right: otherwise() }
    }
    return left
  }
  const otherwise = (): Expression => {
    const left = logic()
    if (!isNext('//')) return left
    take()
    return { kind: 'otherwise', left, right: otherwise() }
  }
  const chain = (below: () => Expression, isOperator: () => boolean) => (): Expression => {
    let left = below()
    while (isOperator()) left = { kind: 'binary', operator: take().text, left, right: below() }
    return left
  }
  const factor = (): Expression => postfix(primary())
  const product = chain(factor, () => isNext('*', '/', '%'))
  const sum = chain(product, () => isNext('+', '-'))
  const comparison = chain(sum, () => isNext('==', '!=', '<', '<=', '>', '>='))
  const logic = chain(comparison, () => isWord('and', 'or'))
  const postfix = (start: Expression): Expression => {
    let of = start
    for (;;) {
      if (isNext('.') && !peek().apart) {
        take()
        of = isNext('[') ? bracket(of) : { kind: 'key', of, key: name() }
      } else if (isNext('[') && !peek().apart) of = bracket(of)
      else if (isNext('?')) take()
      else return of
    }
  }
  const name = (): Expression => {
    const token = take()
    if (token.kind === 'name') return { kind: 'literal', value: token.text }
    if (token.kind === 'string') return { kind: 'literal', value: JSON.parse(token.text) as unknown }
    throw new YqError(`a name was expected after the dot, not ${JSON.stringify(token.text)}`)
  }
  const bracket = (of: Expression): Expression => {
    expect('[')
    if (isNext(']')) {
      take()
      return { kind: 'each', of }
    }
    const from = isNext(':') ? undefined : pipe()
    if (isNext(':')) {
      take()
      const to = isNext(']') ? undefined : pipe()
      expect(']')
      return { kind: 'slice', from: from && position(from), to: to && position(to) }
    }
    expect(']')
    return { kind: 'key', of, key: from! }
  }
  const primary = (): Expression => {
    const token = take()
    if (token.kind === 'string') return { kind: 'literal', value: JSON.parse(token.text) as unknown }
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'name') return word(token.text)
    if (token.text === '.') {
      if (isNext('[') && !peek().apart) return bracket(HERE)
      const next = peek()
      return !next.apart && (next.kind === 'name' || next.kind === 'string')
        ? { kind: 'key', of: HERE, key: name() }
        : HERE
    }
    if (token.text === '-')
      return { kind: 'binary', operator: '-', left: { kind: 'literal', value: 0 }, right: factor() }
    if (token.text === '(') {
      const inner = pipe()
      expect(')')
      return inner
    }
    if (token.text === '[') {
      const of = isNext(']') ? undefined : pipe()
      expect(']')
      return { kind: 'list', of }
    }
    if (token.text === '{') return mapping()
    throw new YqError(token.kind === 'end' ? 'it ends too early' : `${token.text} stands where a value was expected`)
  }
  const mapping = (): Expression => {
    const entries: (readonly [Expression, Expression])[] = []
    while (!isNext('}')) {
      const key = isNext('(') ? primary() : name()
      expect(':')
      entries.push([key, otherwise()])
      if (!isNext('}')) expect(',')
    }
    take()
    return { kind: 'map', entries }
  }
  const word = (text: string): Expression => {
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' }
    if (text === 'null') return { kind: 'literal', value: null }
    const args: Expression[] = []
    if (isNext('(')) {
      take()
      args.push(otherwise())
      while (isNext('|')) {
        take()
        args.push({ kind: 'pipe', left: args.pop()!, right: union() })
      }
      while (isNext(',', ';')) {
        take()
        args.push(otherwise())
      }
      expect(')')
    }
    return { kind: 'call', name: text, args }
  }
  const result = pipe()
  if (peek().kind !== 'end') throw new YqError(`${peek().text} was not expected`)
  return result
}

function position(expression: Expression): number {
  if (expression.kind === 'literal' && typeof expression.value === 'number') return expression.value
  if (expression.kind === 'binary' && expression.operator === '-' && expression.right.kind === 'literal')
    return -Number(expression.right.value)
  throw new YqError('a slice needs numbers')
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (/\S/.test(text.slice(TOKEN.lastIndex))) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new YqError(`${text.slice(from).trim()} cannot be read`)
    const [whole, string, number, name, punctuation] = match
    const kind = string ? 'string' : number ? 'number' : name ? 'name' : 'punctuation'
    tokens.push({ kind, text: (string ?? number ?? name ?? punctuation)!, apart: /^\s/.test(whole) || from === 0 })
  }
  return [...tokens, { kind: 'end', text: '', apart: true }]
}
