import { GoError, type GoValue } from '../../value.ts'

/** One step of a JSONPath. */
export type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep' }
  | {
      readonly kind: 'slice'
      readonly start: number | undefined
      readonly end: number | undefined
      readonly stride: number
    }
  | { readonly kind: 'union'; readonly paths: readonly (readonly Step[])[] }
  | { readonly kind: 'filter'; readonly filter: Filter }

/** What items of a list have to have, or be. */
export type Filter =
  | { readonly kind: 'exists'; readonly path: readonly Step[] }
  | { readonly kind: 'compare'; readonly left: Side; readonly right: Side; readonly operator: string }

type Side =
  | { readonly kind: 'literal'; readonly value: GoValue }
  | { readonly kind: 'path'; readonly path: readonly Step[] }

/** The steps of a path. @throws GoError `couldn't parse JSONPath …` */
export function parsedPath(path: string): Step[] {
  const refuse = (why: string): never => {
    throw new GoError(`couldn't parse JSONPath ${path}: ${why}`)
  }
  return steps(path, refuse)
}

type Refuse = (why: string) => never

function steps(path: string, refuse: Refuse): Step[] {
  const found: Step[] = []
  for (let at = 0; at < path.length; ) {
    const character = path[at]!
    if (/[\s$@]/.test(character)) at++
    else if (character === '[') {
      const end = closing(path, at, refuse)
      found.push(bracket(path.slice(at + 1, end), refuse))
      at = end + 1
    } else if (path.startsWith('..', at)) {
      found.push({ kind: 'deep' })
      at += 2
      if (/[\p{L}_]/u.test(path[at] ?? '')) at = field(path, at, found)
    } else if (character === '.') at = field(path, at + 1, found)
    else if (/\p{L}/u.test(character)) return unknown(path.slice(at), found, refuse)
    else refuse(`unrecognized character in action: ${codeOf(character)}`)
  }
  return found
}

function codeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${character}'`
}

/** A word without a dot before it; Go finds brackets in the rest wrong first. */
function unknown(rest: string, found: readonly Step[], refuse: Refuse): never {
  const bracketAt = rest.indexOf('[')
  if (bracketAt >= 0) steps(rest.slice(bracketAt), refuse)
  const word = /^[\p{L}\p{N}_]+/u.exec(rest)![0]
  throw new GoError(`executing JSONPath failed: unrecognized identifier ${word}${found.length > 0 ? '' : ''}`)
}

/** Reads a name up to what ends it; a backslash takes the next character as it is. */
function field(path: string, start: number, found: Step[]): number {
  let at = start
  let name = ''
  for (; at < path.length && !/[\s.[\],()}"'/]/.test(path[at]!); at++) {
    if (path[at] === '\\') at++
    name += path[at] ?? ''
  }
  found.push(name === '*' ? { kind: 'all' } : { kind: 'field', name })
  return at
}

/** Where the bracket that opens at a place is closed. */
function closing(path: string, start: number, refuse: Refuse): number {
  const isFilter = path.startsWith('[?(', start)
  let quote = ''
  for (let at = start + 1; at < path.length; at++) {
    const character = path[at]!
    if (quote !== '') {
      if (character === '\\') at++
      else if (character === quote) quote = ''
    } else if (character === "'" || character === '"') quote = character
    else if (isFilter ? path.startsWith(')]', at) : character === ']') return isFilter ? at + 1 : at
  }
  return refuse(isFilter ? 'unterminated filter' : 'unterminated array')
}

function bracket(inner: string, refuse: Refuse): Step {
  if (inner.startsWith('?(')) return { kind: 'filter', filter: filter(inner.slice(2, -1), refuse) }
  const parts = inner.split(',')
  if (parts.length === 1) return element(inner.trim(), refuse)
  return { kind: 'union', paths: parts.map((part) => [element(part.trim(), refuse)]) }
}

function element(text: string, refuse: Refuse): Step {
  if (text === '*' || text === '') return { kind: 'slice', start: undefined, end: undefined, stride: 1 }
  const key = /^'([^']*)'$/.exec(text)?.[1]
  if (key !== undefined) return { kind: 'union', paths: [steps(`.${key}`, refuse)] }
  const match = /^(-?\d*)(?:(:)(-?\d*)(?::(\d*))?)?$/.exec(text)
  if (!match) return refuse(`invalid array index ${text}`)
  const [, from = '', colon, to = '', step = ''] = match
  const start = from === '' ? undefined : Number(from)
  if (colon === undefined) return { kind: 'slice', start, end: Number(from) + 1, stride: 1 }
  const stride = step === '' ? 1 : Number(step)
  if (stride === 0) refuse('step must be > 0')
  return { kind: 'slice', start, end: to === '' ? undefined : Number(to), stride }
}

function filter(text: string, refuse: Refuse): Filter {
  const match = /^([^!<>=]+)([!<>=]+)(.+)$/s.exec(text)
  if (!match) return { kind: 'exists', path: steps(text, refuse) }
  const [, left = '', operator = '', right = ''] = match
  return { kind: 'compare', left: side(left.trim(), refuse), right: side(right.trim(), refuse), operator }
}

function side(text: string, refuse: Refuse): Side {
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/s.exec(text)
  if (quoted) return { kind: 'literal', value: quoted[1] ?? quoted[2] ?? '' }
  if (/^[+-]?\d+$/.test(text)) return { kind: 'literal', value: BigInt(text) }
  if (/^[+-]?\d*\.?\d+(?:e[+-]?\d+)?$/i.test(text)) return { kind: 'literal', value: Number(text) }
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' }
  return { kind: 'path', path: steps(text, refuse) }
}
