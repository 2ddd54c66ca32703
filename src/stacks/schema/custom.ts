import { type Position, UserError } from '../../error.ts'
import type { Plain } from '../value.ts'
import type { JsonType, Rules, Schema } from './schema.ts'

/**
 * Reads a JSON Schema of the repository (`schemas.atmos.manifest`). Keywords that would be needed and are not known here
 * are an error, so that nothing passes unchecked.
 * @throws UserError `schema-invalid`
 */
export function parseSchema(text: string, file: string): Schema {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw invalid(file, `${file} is no JSON: ${cause instanceof Error ? cause.message : cause}`)
  }
  const reader: Reader = { file, root: json, known: new Map() }
  return schemaAt(reader, json, '#')
}

interface Reader {
  readonly file: string
  readonly root: unknown
  /** Schemas by reference, each read once. */
  readonly known: Map<string, Schema>
}

function invalid(file: string, message: string): UserError {
  const at: Position = { file, line: 1, column: 1 }
  const fix = 'change the schema, or remove schemas.atmos.manifest to use the built-in one'
  return new UserError({ code: 'schema-invalid', message, fix, at, exit: 2 })
}

/** Keywords that say nothing about what is valid. */
const annotations = new Set(
  '$schema $id $comment title description default examples deprecated readOnly writeOnly format definitions $defs'.split(
    ' ',
  ),
)
const types: ReadonlySet<string> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])

type Json = Readonly<Record<string, unknown>>

function schemaAt(reader: Reader, json: unknown, where: string): Schema {
  if (typeof json === 'boolean') return json
  if (!isObject(json)) throw invalid(reader.file, `${where} in ${reader.file} is no schema`)
  const rules: { -readonly [K in keyof Rules]: Rules[K] } = {}
  for (const [keyword, value] of Object.entries(json)) {
    if (keyword === 'x-atmos-replacement' && typeof value === 'string') rules.replacedBy = value
    if (annotations.has(keyword) || keyword.startsWith('x-') || keyword === 'then' || keyword === 'else') continue
    const read = keywords[keyword]
    if (!read) throw invalid(reader.file, `${where} in ${reader.file} uses "${keyword}", which Airlock does not know`)
    Object.assign(rules, read(value, { reader, where: `${where}/${keyword}`, json }))
  }
  return rules
}

interface Context {
  readonly reader: Reader
  readonly where: string
  readonly json: Json
}

const keywords: Readonly<Record<string, (value: unknown, context: Context) => Rules>> = {
  type: (value, context) => ({ types: (Array.isArray(value) ? value : [value]).map((it) => jsonType(it, context)) }),
  properties: (value, context) => ({
    properties: new Map(entries(value, context).map(([name, it]) => [name, inner(it, context, name)])),
  }),
  patternProperties: (value, context) => ({
    patterns: entries(value, context).map(([name, it]) => ({
      name: expression(name, context),
      schema: inner(it, context, name),
    })),
  }),
  additionalProperties: (value, context) => ({ others: inner(value, context) }),
  required: (value, context) => ({ required: list(value, context).map(String) }),
  items: (value, context) => ({ items: inner(value, context) }),
  minItems: (value, context) => ({ minItems: number(value, context) }),
  maxItems: (value, context) => ({ maxItems: number(value, context) }),
  uniqueItems: (value) => ({ uniqueItems: value === true }),
  enum: (value, context) => ({ values: list(value, context) as Plain[] }),
  const: (value) => ({ values: [value as Plain] }),
  pattern: (value, context) => ({ pattern: expression(String(value), context) }),
  minLength: (value, context) => ({ minLength: number(value, context) }),
  maxLength: (value, context) => ({ maxLength: number(value, context) }),
  minimum: (value, context) => ({ minimum: number(value, context) }),
  maximum: (value, context) => ({ maximum: number(value, context) }),
  exclusiveMinimum: (value, context) => ({ above: number(value, context) }),
  exclusiveMaximum: (value, context) => ({ below: number(value, context) }),
  minProperties: (value, context) => ({ minProperties: number(value, context) }),
  maxProperties: (value, context) => ({ maxProperties: number(value, context) }),
  allOf: (value, context) => ({ allOf: schemas(value, context) }),
  anyOf: (value, context) => ({ anyOf: schemas(value, context) }),
  oneOf: (value, context) => ({ oneOf: schemas(value, context) }),
  not: (value, context) => ({ not: inner(value, context) }),
  if: (value, context) => ({
    when: {
      fits: inner(value, context),
      yes: inner(context.json.then ?? true, context, '../then'),
      no: inner(context.json.else ?? true, context, '../else'),
    },
  }),
  $ref: (value, context) => reference(value, context),
}

function inner(value: unknown, { reader, where }: Context, name?: string): Schema {
  return schemaAt(reader, value, name === undefined ? where : `${where}/${name}`)
}

function schemas(value: unknown, context: Context): Schema[] {
  return list(value, context).map((it, index) => inner(it, context, String(index)))
}

/** References are followed when they are needed, since a schema may refer to itself. */
function reference(value: unknown, { reader, where }: Context): Rules {
  if (typeof value !== 'string' || !value.startsWith('#'))
    throw invalid(
      reader.file,
      `${where} in ${reader.file} refers to ${value}; only parts of the same file can be referred to`,
    )
  const target = value
    .slice(1)
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((json, part) => (isObject(json) ? json[part] : undefined), reader.root)
  if (target === undefined)
    throw invalid(reader.file, `${where} in ${reader.file} refers to ${value}, which is not there`)
  return {
    ref: () => {
      const known = reader.known.get(value)
      if (known !== undefined) return known
      const schema = schemaAt(reader, target, value)
      reader.known.set(value, schema)
      return schema
    },
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function entries(value: unknown, { reader, where }: Context): [string, unknown][] {
  if (!isObject(value)) throw invalid(reader.file, `${where} in ${reader.file} must be an object`)
  return Object.entries(value)
}

function list(value: unknown, { reader, where }: Context): unknown[] {
  if (!Array.isArray(value)) throw invalid(reader.file, `${where} in ${reader.file} must be a list`)
  return value
}

function number(value: unknown, { reader, where }: Context): number {
  if (typeof value !== 'number') throw invalid(reader.file, `${where} in ${reader.file} must be a number`)
  return value
}

function jsonType(value: unknown, { reader, where }: Context): JsonType {
  if (typeof value !== 'string' || !types.has(value))
    throw invalid(reader.file, `${where} in ${reader.file} is no type of JSON`)
  return value as JsonType
}

function expression(source: string, { reader, where }: Context): RegExp {
  try {
    return new RegExp(source)
  } catch {
    throw invalid(reader.file, `${where} in ${reader.file}: ${source} is no regular expression`)
  }
}
