/**
 * Extracts the part of GitHub's published schemas that the tests' fake GitHub is held to, into one small file.
 *
 * GitHub's OpenAPI description is 385 MB on disk with all its editions, so it is no dependency of ours. To renew the file:
 *
 *     mkdir /tmp/schemas && cd /tmp/schemas && npm i @octokit/openapi@23.0.2 @octokit/webhooks-schemas@7.6.1
 *     npx tsx scripts/github-schemas.ts /tmp/schemas/node_modules
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { operations, webhooks } from './github-operations.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Node = { [key: string]: Json }

const target = new URL('../tests/fixtures/openapi/github.json.gz', import.meta.url)
const dropped = new Set([
  'description',
  'example',
  'examples',
  'title',
  'summary',
  'externalDocs',
  'deprecated',
  'tsType',
  'tsAdditionalProperties',
  '$schema',
  '$id',
])
const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without texts for people, and with OpenAPI 3.0's `nullable` as JSON Schema says it. `names`: keys are properties here. */
function slim(value: Json, names = false): Json {
  if (Array.isArray(value)) return value.map((item) => slim(item))
  if (!isNode(value)) return value
  const out: Node = {}
  for (const [key, item] of Object.entries(value)) {
    if (!names && (dropped.has(key) || key.startsWith('x-'))) continue
    if (!names && key === 'discriminator') continue
    const lists = ['enum', 'required', 'const', 'default'].includes(key) && !names
    out[key] = lists ? item : slim(item, !names && ['properties', 'definitions', 'patternProperties'].includes(key))
  }
  if (names || out.nullable !== true) return out
  delete out.nullable
  if (Array.isArray(out.enum)) out.enum = [...out.enum, null]
  if (typeof out.type === 'string') return { ...out, type: [out.type, 'null'] }
  return { anyOf: [out, { type: 'null' }] }
}

const folder = process.argv[2]
if (folder === undefined) throw new Error('say where node_modules with the schemas are; see the head of this file')
const read = (path: string): Node => JSON.parse(readFileSync(join(folder, path), 'utf8')) as Node
const at = (node: Node, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((here, key) => (isNode(here) ? here[key] : undefined), node)

const api = read('@octokit/openapi/generated/api.github.com.json')
const schemas: Node = {}

/** Rewrites references to `#/…/name` into `#/$defs/name`, and takes along what they point to. */
function localize(value: Json, from: Node, prefix: string, into: Node): Json {
  if (Array.isArray(value)) return value.map((item) => localize(item, from, prefix, into))
  if (!isNode(value)) return value
  const ref = value.$ref
  if (typeof ref === 'string') {
    const path = ref
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/'))
    const name = `${prefix}${path.at(-1)}`
    if (!(name in into)) {
      into[name] = true
      const found = at(from, ...path)
      if (found === undefined) throw new Error(`nothing at ${ref}`)
      into[name] = localize(slim(found), from, prefix, into)
    }
    return { $ref: `#/$defs/${name}` }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, localize(item, from, prefix, into)]))
}

const resolved = (value: Json | undefined): Json | undefined =>
  isNode(value) && typeof value.$ref === 'string' ? at(api, ...value.$ref.slice(2).split('/')) : value

const extracted = Object.fromEntries(
  operations.map((operation) => {
    const [method, path] = operation.split(' ') as [string, string]
    const found = at(api, 'paths', path, method.toLowerCase())
    if (!isNode(found)) throw new Error(`GitHub has no ${operation}`)
    const schemaOf = (of: Json | undefined): Json | undefined => {
      const node = resolved(of)
      if (!isNode(node)) return undefined
      return at(node, 'content', 'application/json', 'schema')
    }
    const body = schemaOf(found.requestBody)
    const replies = Object.entries(isNode(found.responses) ? found.responses : {})
      .filter(([status]) => status.startsWith('2') || status.startsWith('3'))
      .map(([status, reply]) => {
        const schema = schemaOf(reply)
        return [status, schema === undefined ? null : localize(slim(schema), api, '', schemas)] as const
      })
    return [
      operation,
      {
        ...(body === undefined ? {} : { body: localize(slim(body), api, '', schemas) }),
        replies: Object.fromEntries(replies),
      },
    ]
  }),
)

const hooks = read('@octokit/webhooks-schemas/schema.json')
const events = Object.fromEntries(
  webhooks.map((name) => [name, localize({ $ref: `#/definitions/${name}` }, hooks, 'webhook-', schemas)]),
)

const text = JSON.stringify({ operations: extracted, events, $defs: schemas })
const packed = gzipSync(text, { level: 9 })
writeFileSync(target, packed)
console.log(`${operations.length} operations, ${webhooks.length} events: ${text.length} bytes, ${packed.length} packed`)
