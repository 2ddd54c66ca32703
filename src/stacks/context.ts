import { UserError } from '../error.ts'
import { hasLocals, type LocalsWorld, localsOf } from './locals.ts'
import { renderLoaded, withReferences } from './render.ts'
import type { Missing } from './template.ts'
import { type MapValue, mapAt, mapOf, type Value } from './value.ts'

/** What an import is loaded with. */
export interface Loading {
  /** The importer's context; undefined for a top-level manifest. */
  readonly context: MapValue | undefined
  readonly skipTemplates: boolean
  readonly missing: Missing
}

/** A manifest as it is once its load-time templates are rendered, and the context that it hands to its imports. */
export interface InContext {
  readonly text: MapValue | undefined
  readonly context: MapValue | undefined
}

/** Sections of a manifest that a context of the same name takes the place of. */
const REPLACED = ['locals', 'vars', 'settings', 'env']

/**
 * A manifest rendered with its own locals and what its importer hands down, as Atmos 1.227 does when it loads a file. A
 * file with neither stays as it is written. Where a field is missing and the context is the file's own, the templates stay
 * for the components; with an importer's context that is an error.
 * @throws UserError `template-key-missing` and what templates and locals throw
 */
export function inContext(parsed: MapValue | undefined, loading: Loading, world: LocalsWorld): InContext {
  if (loading.skipTemplates) return { text: withSections(parsed, loading.context), context: loading.context }
  const context = contextOf(parsed, loading.context, world)
  if (context === undefined || context.entries.size === 0) return { text: parsed, context }
  const text = parsed && rendered(parsed, context, loading)
  return { text: withSections(text, context), context }
}

function rendered(parsed: MapValue, context: MapValue, { context: inherited, missing }: Loading): MapValue {
  const prepared = withReferences(parsed, context) as MapValue
  try {
    return renderLoaded(prepared, context, missing)
  } catch (error) {
    const own = inherited === undefined || inherited.entries.size === 0
    if (own && error instanceof UserError && ['template-key-missing', 'template-invalid'].includes(error.code))
      return prepared
    throw error
  }
}

/** The importer's context without its locals; for a file with locals, those and the file's own sections over it. */
function contextOf(
  parsed: MapValue | undefined,
  inherited: MapValue | undefined,
  world: LocalsWorld,
): MapValue | undefined {
  const kept = inherited && without(inherited, 'locals')
  if (parsed === undefined || !hasLocals(parsed)) return kept
  let context = put(kept ?? mapAt(parsed.at), 'locals', localsOf(parsed, world))
  const base = context
  let data = base
  for (const name of ['settings', 'vars', 'env']) {
    const written = mapOf(parsed.entries.get(name))
    if (written === undefined) continue
    const section = undated(written) as MapValue
    const value = section.entries.size === 0 ? section : sectionIn(section, data)
    context = put(context, name, value)
    data = put(data, name, value)
  }
  return context
}

/** One section rendered, or as it is written where any of its fields is missing. */
function sectionIn(section: MapValue, data: MapValue): MapValue {
  try {
    return renderLoaded(withReferences(section, data) as MapValue, data, 'error')
  } catch (error) {
    if (error instanceof UserError && error.code !== 'not-yet') return section
    throw error
  }
}

function withSections(text: MapValue | undefined, context: MapValue | undefined): MapValue | undefined {
  if (context === undefined) return text
  let result = text
  for (const name of REPLACED) {
    const value = mapOf(context.entries.get(name))
    if (value !== undefined && value.entries.size > 0) result = put(result ?? mapAt(value.at), name, value)
  }
  return result
}

/** The value with dates as the empty maps that Atmos 1.227 makes of them when it copies a value. */
export function undated(value: Value): Value {
  if (value.kind === 'scalar') return value
  if (value.kind === 'list') {
    const items = value.items.map(undated)
    return items.every((item, index) => item === value.items[index]) ? value : { ...value, items }
  }
  const entries = new Map([...value.entries].map(([key, item]) => [key, undated(item)]))
  const { time, ...rest } = value
  const same = time === undefined && [...entries].every(([key, item]) => item === value.entries.get(key))
  return same ? value : { ...rest, entries }
}

function put(map: MapValue, name: string, value: MapValue): MapValue {
  return { ...map, entries: new Map(map.entries).set(name, value) }
}

function without(map: MapValue, name: string): MapValue {
  if (!map.entries.has(name)) return map
  const entries = new Map(map.entries)
  entries.delete(name)
  return { ...map, entries }
}
