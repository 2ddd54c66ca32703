import { readFileSync } from 'node:fs'
import { convertToIfCondition } from '@actions/workflow-parser/model/converter/if-condition'
import { JSONObjectReader } from '@actions/workflow-parser/templates/json-object-reader'
import { TemplateSchema } from '@actions/workflow-parser/templates/schema/template-schema'
import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context'
import { readTemplate } from '@actions/workflow-parser/templates/template-reader'
import {
  isBasicExpression,
  isBoolean,
  isLiteral,
  isMapping,
  isNumber,
  isSequence,
  isString,
} from '@actions/workflow-parser/templates/tokens/type-guards'
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer'
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader'

type Token = NonNullable<ReturnType<typeof readTemplate>>

/** A value that is known when its contexts are: what stood between `${{` and `}}`. */
export interface Expression {
  readonly expression: string
}

/** A part of a workflow or action file. Mappings are Maps, so that an expression is the only plain object. */
export type Template = string | number | boolean | null | Expression | readonly Template[] | TemplateMap
export type TemplateMap = ReadonlyMap<string, Template>

/** A file that GitHub's schema refuses; the message has line and column. */
export class InvalidFile extends Error {}

const roots = { workflow: 'workflow-root-strict', action: 'action-root-strict' } as const
const schemas = new Map<string, TemplateSchema>()
const known = new Map<string, TemplateMap>()

/** Reads a workflow or action file as GitHub does: by its schema, with `success() &&` put before conditions that name no status. */
export function parseFile(kind: 'workflow' | 'action', name: string, content: string): TemplateMap {
  const key = `${kind} ${name} ${content}`
  const before = known.get(key)
  if (before !== undefined) return before
  const context = new TemplateContext(new TemplateValidationErrors(), schema(kind), new NoOperationTraceWriter())
  const file = context.getFileId(name)
  const reader = new YamlObjectReader(file, content)
  for (const error of reader.errors) context.error(file, error.message, error.range)
  const token = reader.errors.length > 0 ? undefined : readTemplate(context, roots[kind], reader, file)
  const value = token && toTemplate(token, context)
  const errors = context.errors.getErrors()
  if (errors.length > 0 || !(value instanceof Map))
    throw new InvalidFile(`Invalid ${kind} file: ${errors.map((it) => it.message).join('; ') || `${name} is empty`}`)
  known.set(key, value)
  return value
}

function toTemplate(token: Token, context: TemplateContext): Template {
  if (/^(job|step)-if/.test(token.definition?.key ?? '')) {
    const condition = convertToIfCondition(context, token)
    return { expression: condition?.expression ?? 'success()' }
  }
  if (isBasicExpression(token)) return { expression: token.expression }
  if (isMapping(token))
    return new Map([...token].map(({ key, value }) => [keyOf(key, context), toTemplate(value, context)]))
  if (isSequence(token)) return [...token].map((item) => toTemplate(item, context))
  if (isLiteral(token) && (isString(token) || isNumber(token) || isBoolean(token))) return token.value
  return null
}

function keyOf(token: Token, context: TemplateContext): string {
  if (!isString(token)) context.error(token, 'This runner knows no expressions as keys')
  return token.toString()
}

function schema(kind: 'workflow' | 'action'): TemplateSchema {
  const before = schemas.get(kind)
  if (before !== undefined) return before
  // Read here: the package imports its JSON in a way that Node refuses.
  const path = new URL(`../../../node_modules/@actions/workflow-parser/dist/${kind}-v1.0.min.json`, import.meta.url)
  const loaded = TemplateSchema.load(new JSONObjectReader(undefined, readFileSync(path, 'utf8')))
  schemas.set(kind, loaded)
  return loaded
}

/** A mapping below a key; an empty one where there is none. */
export function mapIn(of: TemplateMap, key: string): TemplateMap {
  const value = of.get(key)
  return value instanceof Map ? value : new Map()
}

export function isExpression(value: Template | undefined): value is Expression {
  return typeof value === 'object' && value !== null && 'expression' in value
}

/** One text or a list of them, as `needs: a` and `needs: [a, b]`. */
export function textsOf(value: Template | undefined): string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}
