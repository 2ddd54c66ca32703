import { type Expression, YqError } from './yq-parse.ts'

type Evaluate = (expression: Expression, here: unknown) => unknown[]
type Mapping = Readonly<Record<string, unknown>>

/** Functions that need nothing but the value that they are called on, and perhaps one argument. */
const PLAIN: Readonly<Record<string, (here: unknown, argument: () => unknown) => unknown>> = {
  length: (here) => lengthOf(here),
  keys: (here) => (Array.isArray(here) ? [...here.keys()] : Object.keys(mapping(here, 'keys')).sort()),
  values: (here) => Object.values(mapping(here, 'values')),
  type: (here) => tagOf(here),
  tag: (here) => tagOf(here),
  upcase: (here) => text(here, 'upcase').toUpperCase(),
  downcase: (here) => text(here, 'downcase').toLowerCase(),
  trim: (here) => text(here, 'trim').trim(),
  to_json: (here) => JSON.stringify(here ?? null),
  tojson: (here) => JSON.stringify(here ?? null),
  from_json: (here) => fromJson(text(here, 'from_json')),
  fromjson: (here) => fromJson(text(here, 'fromjson')),
  to_string: (here) => (typeof here === 'string' ? here : JSON.stringify(here ?? null)),
  tostring: (here) => (typeof here === 'string' ? here : JSON.stringify(here ?? null)),
  to_number: (here) => number(here),
  tonumber: (here) => number(here),
  not: (here) => here === null || here === undefined || here === false,
  first: (here) => list(here, 'first')[0],
  last: (here) => list(here, 'last').at(-1),
  reverse: (here) => [...list(here, 'reverse')].reverse(),
  sort: (here) => [...list(here, 'sort')].sort(inOrder),
  unique: (here) => unique(list(here, 'unique')),
  flatten: (here) => list(here, 'flatten').flat(Number.POSITIVE_INFINITY),
  min: (here) => [...list(here, 'min')].sort(inOrder)[0],
  max: (here) => [...list(here, 'max')].sort(inOrder).at(-1),
  to_entries: (here) => Object.entries(mapping(here, 'to_entries')).map(([key, value]) => ({ key, value })),
  from_entries: (here) =>
    Object.fromEntries(list(here, 'from_entries').map((it) => [String((it as Mapping).key), (it as Mapping).value])),
  join: (here, argument) =>
    list(here, 'join')
      .map((it) => textOf(it))
      .join(String(argument())),
  split: (here, argument) => text(here, 'split').split(String(argument())),
  has: (here, argument) => hasKey(here, argument()),
  contains: (here, argument) => containing(here, argument()),
  test: (here, argument) => new RegExp(String(argument())).test(text(here, 'test')),
}

/** What a function of yq gives. @throws YqError for one that is not known here */
export function call(name: string, args: readonly Expression[], here: unknown, evaluate: Evaluate): unknown[] {
  switch (name) {
    case 'select':
      return evaluate(only(name, args), here).some((it) => it !== null && it !== undefined && it !== false)
        ? [here]
        : []
    case 'map':
      return [list(here, name).flatMap((it) => evaluate(only(name, args), it))]
    case 'map_values':
      return [
        Object.fromEntries(
          Object.entries(mapping(here, name)).map(([key, value]) => [key, evaluate(only(name, args), value)[0]]),
        ),
      ]
    case 'sort_by':
      return [
        [...list(here, name)].sort((a, b) =>
          inOrder(evaluate(only(name, args), a)[0], evaluate(only(name, args), b)[0]),
        ),
      ]
    case 'any':
    case 'all': {
      const isTrue = (it: unknown) => it !== null && it !== undefined && it !== false
      return [name === 'any' ? list(here, name).some(isTrue) : list(here, name).every(isTrue)]
    }
    case 'empty':
      return []
  }
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined
  if (plain === undefined) throw new YqError(`there is no function ${name} here`)
  return [plain(here, () => evaluate(only(name, args), here)[0])]
}

function only(name: string, [first]: readonly Expression[]): Expression {
  if (first === undefined) throw new YqError(`${name} needs an argument`)
  return first
}

function lengthOf(here: unknown): number {
  if (here === null || here === undefined) return 0
  if (typeof here === 'string') return [...here].length
  return typeof here === 'object' ? Object.keys(here).length : String(here).length
}

function tagOf(here: unknown): string {
  if (here === null || here === undefined) return '!!null'
  if (Array.isArray(here)) return '!!seq'
  if (typeof here === 'object') return '!!map'
  if (typeof here === 'string') return '!!str'
  return typeof here === 'boolean' ? '!!bool' : Number.isInteger(here) ? '!!int' : '!!float'
}

function list(here: unknown, name: string): readonly unknown[] {
  if (Array.isArray(here)) return here
  throw new YqError(`${name} needs a list, not ${tagOf(here)}`)
}

function mapping(here: unknown, name: string): Mapping {
  if (typeof here === 'object' && here !== null && !Array.isArray(here)) return here as Mapping
  throw new YqError(`${name} needs a map, not ${tagOf(here)}`)
}

function text(here: unknown, name: string): string {
  if (typeof here === 'string') return here
  throw new YqError(`${name} needs a text, not ${tagOf(here)}`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)
}

function number(here: unknown): number {
  const value = typeof here === 'number' ? here : Number(text(here, 'to_number'))
  if (Number.isNaN(value)) throw new YqError(`${String(here)} is no number`)
  return value
}

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch (error) {
    throw new YqError(`${json} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function hasKey(here: unknown, key: unknown): boolean {
  if (Array.isArray(here)) return typeof key === 'number' && key >= 0 && key < here.length
  return typeof here === 'object' && here !== null && Object.hasOwn(here, String(key))
}

function containing(here: unknown, wanted: unknown): boolean {
  if (typeof here === 'string') return here.includes(String(wanted))
  if (Array.isArray(here)) {
    const all: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted]
    return all.every((it) => here.some((each) => containing(each, it)))
  }
  if (typeof here === 'object' && here !== null && typeof wanted === 'object' && wanted !== null)
    return Object.entries(wanted).every(([key, it]) => containing((here as Mapping)[key], it))
  return here === wanted
}

function unique(items: readonly unknown[]): unknown[] {
  return [...new Map(items.map((it) => [JSON.stringify(it), it])).values()]
}

function inOrder(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [textOf(a), textOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
