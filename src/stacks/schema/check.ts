import type { Position } from '../../error.ts'
import { type Plain, plain, type ScalarValue, type Value } from '../value.ts'
import type { JsonType, Rules, Schema } from './schema.ts'

/** One way in which a value is not what its schema asks for. `types` is there when only the type is wrong. */
export interface Failure {
  readonly path: readonly string[]
  readonly at: Position
  readonly message: string
  readonly types?: readonly JsonType[]
}

/** Where a value stands in the document: a chain of keys up to the root, which has no name. */
interface Place {
  readonly at: Position
  readonly name?: string
  readonly parent?: Place
}

function pathOf({ name, parent }: Place): string[] {
  return name === undefined || parent === undefined ? [] : [...pathOf(parent), name]
}

function failure(place: Place, message: string): Failure {
  return { path: pathOf(place), at: place.at, message }
}

/** All ways in which a value fails a schema; none where it is as it should be. `undefined` counts as null. */
export function failures(schema: Schema, value: Value | undefined, place: Place): Failure[] {
  if (schema === true) return []
  if (schema === false) return [failure(place, 'not allowed')]
  if (schema.ref) return failures(schema.ref(), value, place)
  const type = typeOf(value)
  if (schema.types && !schema.types.some((wanted) => isOf(wanted, type))) return [wrongType(schema.types, type, place)]
  return [
    ...contentFailures(schema, value, place),
    ...valueFailures(schema, value, place),
    ...combinedFailures(schema, value, place),
  ]
}

function typeOf(value: Value | undefined): JsonType {
  if (value === undefined) return 'null'
  if (value.kind === 'map') return 'object'
  if (value.kind === 'list') return value.append ? 'object' : 'array'
  return scalarType(value)
}

function scalarType({ value }: ScalarValue): JsonType {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  return typeof value === 'bigint' || Number.isInteger(value) ? 'integer' : 'number'
}

function isOf(wanted: JsonType, type: JsonType): boolean {
  return wanted === type || (wanted === 'number' && type === 'integer')
}

function wrongType(types: readonly JsonType[], found: JsonType, place: Place): Failure {
  const got = found === 'integer' ? 'number' : found
  return { ...failure(place, `expected ${types.join(' or ')}, but got ${got}`), types }
}

function contentFailures(schema: Rules, value: Value | undefined, place: Place): Failure[] {
  if (value?.kind === 'map') return mapFailures(schema, value.entries, place)
  if (value?.kind === 'list' && !value.append) return listFailures(schema, value.items, place)
  return []
}

function mapFailures(schema: Rules, entries: ReadonlyMap<string, Value>, place: Place): Failure[] {
  const result: Failure[] = []
  const missing = (schema.required ?? []).filter((name) => !entries.has(name))
  if (missing.length > 0) result.push(failure(place, `missing properties: ${quoted(missing)}`))
  if (entries.size < (schema.minProperties ?? 0))
    result.push(
      failure(place, `minimum ${schema.minProperties} properties allowed, but found ${entries.size} properties`),
    )
  if (entries.size > (schema.maxProperties ?? Number.POSITIVE_INFINITY))
    result.push(
      failure(place, `maximum ${schema.maxProperties} properties allowed, but found ${entries.size} properties`),
    )
  const refused: string[] = []
  for (const [name, item] of entries) {
    const inside = { at: item.at, name, parent: place }
    const schemas = propertySchemas(schema, name)
    if (schemas.length > 0) for (const it of schemas) result.push(...failures(it, item, inside))
    else if (schema.others === false) refused.push(name)
    else if (schema.others !== undefined) result.push(...failures(schema.others, item, inside))
  }
  if (refused.length > 0) result.push(failure(place, `additionalProperties ${quoted(refused)} not allowed`))
  return result
}

function propertySchemas({ properties, patterns = [] }: Rules, name: string): Schema[] {
  const own = properties?.get(name)
  const matching = patterns.filter((pattern) => pattern.name.test(name)).map((pattern) => pattern.schema)
  return own === undefined ? matching : [own, ...matching]
}

function listFailures(schema: Rules, items: readonly Value[], place: Place): Failure[] {
  const result: Failure[] = []
  const count = items.length
  if (count < (schema.minItems ?? 0))
    result.push(failure(place, `minimum ${schema.minItems} items required, but found ${count} items`))
  if (count > (schema.maxItems ?? Number.POSITIVE_INFINITY))
    result.push(failure(place, `maximum ${schema.maxItems} items required, but found ${count} items`))
  if (schema.uniqueItems) {
    const texts = items.map((item) => text(plain(item)))
    const second = texts.findIndex((it, index) => texts.indexOf(it) < index)
    if (second >= 0) {
      const message = `items at index ${texts.indexOf(texts[second] ?? '')} and ${second} are equal`
      result.push(failure(place, message))
    }
  }
  const { items: schemaOfItems } = schema
  if (schemaOfItems !== undefined)
    for (const [index, item] of items.entries())
      result.push(...failures(schemaOfItems, item, { at: item.at, name: String(index), parent: place }))
  return result
}

function valueFailures(schema: Rules, value: Value | undefined, place: Place): Failure[] {
  const result: Failure[] = []
  const fail = (message: string) => result.push(failure(place, message))
  const { values } = schema
  if (values) {
    const found = text(value === undefined ? null : plain(value))
    if (!values.some((it) => text(it) === found))
      fail(
        values.length === 1
          ? `value must be ${text(values[0] ?? null)}`
          : `value must be one of ${values.map(text).join(', ')}`,
      )
  }
  if (value?.kind !== 'scalar') return result
  const it = value.value
  if (typeof it === 'string') {
    const length = Array.from(it).length
    if (schema.pattern && !schema.pattern.test(it)) fail(patternMessage(schema.pattern))
    if (length < (schema.minLength ?? 0)) fail(`length must be >= ${schema.minLength}, but got ${length}`)
    if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
      fail(`length must be <= ${schema.maxLength}, but got ${length}`)
  }
  if (typeof it === 'number' || typeof it === 'bigint') {
    if (schema.minimum !== undefined && it < schema.minimum) fail(`must be >= ${schema.minimum} but found ${it}`)
    if (schema.maximum !== undefined && it > schema.maximum) fail(`must be <= ${schema.maximum} but found ${it}`)
    if (schema.above !== undefined && it <= schema.above) fail(`must be > ${schema.above} but found ${it}`)
    if (schema.below !== undefined && it >= schema.below) fail(`must be < ${schema.below} but found ${it}`)
  }
  return result
}

/** Manifest schemas allow texts in place of a section only to let `!include` through. */
function patternMessage(pattern: RegExp): string {
  if (pattern.source === '^!include') return 'file references must use the !include YAML tag'
  return `does not match pattern '${pattern.source}'`
}

function combinedFailures(schema: Rules, value: Value | undefined, place: Place): Failure[] {
  const of = (it: Schema) => failures(it, value, place)
  const result = (schema.allOf ?? []).flatMap(of)
  if (schema.anyOf) result.push(...alternatives(schema.anyOf, value, place).failures)
  if (schema.oneOf) {
    const { fitting, failures } = alternatives(schema.oneOf, value, place)
    if (fitting.length > 1)
      result.push(failure(place, `valid against schemas at indexes ${fitting.slice(0, 2).join(' and ')}`))
    else result.push(...failures)
  }
  if (schema.not !== undefined && of(schema.not).length === 0) result.push(failure(place, 'not failed'))
  if (schema.when) {
    const { when } = schema
    result.push(...of(of(when.fits).length === 0 ? when.yes : when.no))
  }
  return result
}

/** Which alternatives fit, and what to say when none does. Those of another type are not looked at: most are. */
function alternatives(
  schemas: readonly Schema[],
  value: Value | undefined,
  place: Place,
): { fitting: number[]; failures: readonly Failure[] } {
  const type = typeOf(value)
  const branches = schemas.map((it) => (isOfType(it, type) ? failures(it, value, place) : undefined))
  const fitting = branches.flatMap((branch, index) => (branch?.length === 0 ? [index] : []))
  if (fitting.length > 0) return { fitting, failures: [] }
  const wrong = (it: Schema | undefined) => [wrongType((typeof it === 'object' && it.types) || [], type, place)]
  return {
    fitting,
    failures: noneOf(
      branches.map((it, index) => it ?? wrong(schemas[index])),
      place,
      type,
    ),
  }
}

function isOfType(schema: Schema, type: JsonType): boolean {
  return typeof schema === 'boolean' || !schema.types || schema.types.some((wanted) => isOf(wanted, type))
}

/** What to say when no alternative fits: what is wrong with those of the right type, else which types there are. */
function noneOf(branches: readonly (readonly Failure[])[], place: Place, found: JsonType): Failure[] {
  const depth = pathOf(place).length
  const types = (branch: readonly Failure[]) => {
    const [only] = branch
    return branch.length === 1 && only && only.path.length === depth ? only.types : undefined
  }
  const close = branches.filter((branch) => types(branch) === undefined)
  if (close.length > 0) return unique(close.flat())
  return [wrongType([...new Set(branches.flatMap((branch) => types(branch) ?? []))], found, place)]
}

function unique(all: readonly Failure[]): Failure[] {
  const seen = new Map(all.map((it) => [`${it.path.join('\0')}\0\0${it.message}`, it]))
  return [...seen.values()]
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}

function text(value: Plain): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value as { readonly [key: string]: Plain }).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${text(item)}`).join(',')}}`
}
