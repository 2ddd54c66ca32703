import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Ajv, type ValidateFunction } from 'ajv'

type Schema = boolean | { readonly [key: string]: unknown }
interface Published {
  readonly operations: Readonly<Record<string, { body?: Schema; replies: Readonly<Record<string, Schema | null>> }>>
  readonly events: Readonly<Record<string, Schema>>
  readonly $defs: Readonly<Record<string, Schema>>
}

/** GitHub's published schemas, as scripts/github-schemas.ts extracted them. */
const published = JSON.parse(
  gunzipSync(readFileSync(new URL('../../fixtures/openapi/github.json.gz', import.meta.url))).toString('utf8'),
) as Published

const ajv = new Ajv({
  strict: false,
  allErrors: false,
  addUsedSchema: false,
  formats: {
    // GitHub itself writes an empty text where it has no address.
    uri: /^$|^[a-z][a-z0-9+.-]*:\S+$/i,
    'uri-template': true,
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    date: true,
    email: true,
    hostname: true,
    int64: true,
    int32: true,
    'ssh-url': true,
    'repo.nwo': true,
    float: true,
    timestamp: true,
  },
})
ajv.addSchema({ $id: 'github', $defs: published.$defs })

const compiled = new Map<Schema, ValidateFunction>()
function validator(schema: Schema): ValidateFunction {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const made = ajv.compile(rooted(schema) as object)
  compiled.set(schema, made)
  return made
}

/** The schema with its references pointing into the one document that has all definitions. */
function rooted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(rooted)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `github${value}` : rooted(value),
    ]),
  )
}

function problem(schema: Schema, value: unknown): string | undefined {
  const check = validator(schema)
  if (check(value)) return undefined
  const first = check.errors?.[0]
  return `${first?.instancePath || '/'} ${first?.message} ${JSON.stringify(first?.params)}`
}

const follow = (schema: Schema): Record<string, unknown> => {
  if (typeof schema === 'boolean') return {}
  const ref = schema.$ref
  return typeof ref === 'string' ? follow(published.$defs[ref.slice('#/$defs/'.length)] ?? {}) : schema
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const variants = (node: Record<string, unknown>, key: string): Schema[] => (node[key] as Schema[] | undefined) ?? []
const allows = (node: Record<string, unknown>, type: string): boolean =>
  node.type === type || (Array.isArray(node.type) && node.type.includes(type))

/** The least that a schema demands: what the fake does not model is null, empty, or a web address that leads nowhere. */
function neutral(schema: Schema): unknown {
  const node = follow(schema)
  if ('const' in node) return node.const
  if (Array.isArray(node.enum)) return node.enum.includes(null) ? null : node.enum[0]
  if (allows(node, 'null')) return null
  const choices = [...variants(node, 'anyOf'), ...variants(node, 'oneOf')]
  if (choices.length > 0) {
    return choices.some((it) => allows(follow(it), 'null')) ? null : neutral(choices[0]!)
  }
  if (allows(node, 'object') || 'properties' in node || 'allOf' in node) return filled(node, {})
  if (allows(node, 'array')) return []
  if (allows(node, 'integer') || allows(node, 'number')) return 0
  if (allows(node, 'boolean')) return false
  if (node.format === 'uri') return 'https://unmodelled.invalid/'
  if (node.format === 'date-time') return '2026-01-01T00:00:00Z'
  return allows(node, 'string') ? '' : null
}

/** A value with the keys added that a schema demands, and the value lacks. */
function filled(schema: Schema, value: unknown): unknown {
  const node = follow(schema)
  if (Array.isArray(value)) {
    const items = node.items as Schema | undefined
    if (items !== undefined) return value.map((item) => filled(items, item))
    const choice = [...variants(node, 'anyOf'), ...variants(node, 'oneOf')].find((it) => allows(follow(it), 'array'))
    return choice === undefined ? value : filled(choice, value)
  }
  if (!isObject(value)) return value
  let out: Record<string, unknown> = value
  for (const part of variants(node, 'allOf')) out = filled(part, out) as Record<string, unknown>
  const objects = [...variants(node, 'anyOf'), ...variants(node, 'oneOf')].filter((it) => {
    const target = follow(it)
    return allows(target, 'object') || 'properties' in target || 'allOf' in target
  })
  if (objects.length > 0) out = filled(closest(objects, out), out) as Record<string, unknown>
  const properties = (node.properties ?? {}) as Record<string, Schema>
  const added = ((node.required ?? []) as string[])
    .filter((key) => out[key] === undefined)
    .map((key) => [key, neutral(properties[key] ?? true)] as const)
  const present = Object.entries(out)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, key in properties ? filled(properties[key]!, item) : item] as const)
  return Object.fromEntries([...present, ...added])
}

/** Of several shapes, the one that the value's keys and enumerated values fit. */
function closest(objects: readonly Schema[], value: Record<string, unknown>): Schema {
  const fits = objects.find((it) => {
    const properties = (follow(it).properties ?? {}) as Record<string, Schema>
    return Object.entries(value).every(([key, item]) => {
      const allowed = key in properties ? follow(properties[key]!).enum : undefined
      return key in properties && (!Array.isArray(allowed) || allowed.includes(item))
    })
  })
  return fits ?? objects[0]!
}

/** Whether GitHub publishes that operation (`GET /repos/{owner}/{repo}`), so that the fake may answer it. */
export function isPublished(operation: string): boolean {
  return operation in published.operations
}

/** What is wrong with a request's body, in GitHub's schema of it; undefined when nothing is. */
export function bodyProblem(operation: string, body: unknown): string | undefined {
  const schema = published.operations[operation]?.body
  return schema === undefined ? undefined : problem(schema, body ?? {})
}

/** A reply as GitHub's schema wants it. @throws when what the fake says is not what GitHub would say */
export function reply(operation: string, status: number, body: unknown): unknown {
  const replies = published.operations[operation]?.replies
  if (replies === undefined) throw new Error(`GitHub publishes no ${operation}`)
  if (!(String(status) in replies)) {
    throw new Error(`${operation} answers ${Object.keys(replies).join(', ')} at GitHub, never ${status}`)
  }
  const schema = replies[String(status)]
  if (schema === null || schema === undefined) return body
  const whole = filled(schema, body)
  const wrong = problem(schema, whole)
  if (wrong !== undefined) throw new Error(`the reply of ${operation} is not what GitHub publishes: ${wrong}`)
  return whole
}

/** A webhook's payload as GitHub's schema wants it. @throws when it is not what GitHub would deliver */
export function payload(event: string, action: string | undefined, body: unknown): Readonly<Record<string, unknown>> {
  const schema = published.events[`${event}$${action ?? 'event'}`]
  if (schema === undefined) throw new Error(`no schema for the payload of ${event} ${action ?? ''}`)
  const whole = filled(schema, body)
  const wrong = problem(schema, whole)
  if (wrong !== undefined)
    throw new Error(`the payload of ${event} ${action ?? ''} is not what GitHub publishes: ${wrong}`)
  return whole as Readonly<Record<string, unknown>>
}
