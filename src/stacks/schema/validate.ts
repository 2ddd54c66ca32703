import type { Position } from '../../error.ts'
import type { Value } from '../value.ts'
import { failures } from './check.ts'
import { manifestSchema } from './manifest.ts'
import type { Rules, Schema } from './schema.ts'

/**
 * Something in a manifest that Atmos' `validate stacks` speaks of: an error stops it, a warning does not. `path` is
 * `components.terraform.vpc.vars`, list positions and keys that are numbers as `[0]`, `(root)` for the whole.
 */
export interface SchemaFinding {
  readonly severity: 'error' | 'warning'
  readonly at: Position
  readonly path: string
  readonly message: string
}

/**
 * What the schema finds in one parsed manifest, in the order of the file. A file without a single byte must not come
 * here: Atmos takes it for valid, but not one that holds only blanks or comments.
 */
export function validateManifest(
  value: Value | undefined,
  file: string,
  schema: Schema = manifestSchema,
): SchemaFinding[] {
  const at = value?.at ?? { file, line: 1, column: 1 }
  const errors = failures(schema, value, { at }).map(
    ({ path, at, message }): SchemaFinding => ({ severity: 'error', at, path: pathText(path), message }),
  )
  return [...errors, ...deprecated(schema, value, [])].sort(
    (a, b) => a.at.line - b.at.line || a.at.column - b.at.column,
  )
}

/** A finding as Atmos prints it. */
export function findingText({ severity, at, path, message }: SchemaFinding): string {
  return `${at.file}:${at.line}:${at.column}: ${severity}: ${path}${severity === 'error' ? ':' : ''} ${message}`
}

function pathText(path: readonly string[]): string {
  if (path.length === 0) return '(root)'
  const text = path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')
  return text.startsWith('.') ? text.slice(1) : text
}

/** Settings that still work and have a successor. */
function deprecated(schema: Schema, value: Value | undefined, path: readonly string[]): SchemaFinding[] {
  if (typeof schema === 'boolean' || value?.kind !== 'map') return []
  const result: SchemaFinding[] = []
  for (const [name, item] of value.entries) {
    const inside = [...path, name]
    for (const it of propertySchemas(schema, name)) {
      if (typeof it === 'boolean') continue
      if (it.replacedBy !== undefined) {
        const message = `is deprecated; use ${it.replacedBy}`
        result.push({ severity: 'warning', at: item.at, path: pathText(inside), message })
      } else result.push(...deprecated(it, item, inside))
    }
  }
  return result
}

function propertySchemas(schema: Rules, name: string): Schema[] {
  const { properties, patterns = [], others, oneOf = [], ref } = schema
  const target = ref?.()
  if (typeof target === 'object') return propertySchemas(target, name)
  const own = [
    ...(properties?.has(name) ? [properties.get(name) ?? true] : []),
    ...patterns.filter((pattern) => pattern.name.test(name)).map((pattern) => pattern.schema),
  ]
  const here = own.length > 0 ? own : others === undefined ? [] : [others]
  return [...here, ...oneOf.flatMap((it) => (typeof it === 'boolean' ? [] : propertySchemas(it, name)))]
}
