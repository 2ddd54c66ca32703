import { UserError } from '../error.ts'
import { hasLocals, type LocalsWorld, localsOf } from './locals.ts'
import { placedByLines, sourceLines } from './places.ts'
import { renderLoaded, withReferences } from './render.ts'
import { type Engine, type Missing, renderText } from './template.ts'
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

/** A manifest before its templates are rendered. */
export interface Unrendered {
  readonly file: string
  /** Undefined for an empty one, and for a template that becomes YAML only when it is rendered. */
  readonly value: MapValue | undefined
  /** The text of a `.tmpl` file. */
  readonly template: string | undefined
  /** Reads the text of the file as YAML. @throws UserError `yaml-invalid` */
  read(text: string): MapValue | undefined
}

/**
 * A manifest rendered with its own locals and what its importer hands down, as Atmos 1.227 does when it loads a file. A
 * file with neither, and no `.tmpl`, stays as it is written. Where a field is missing and the context is the file's own, the
 * templates stay for the components; with an importer's context that is an error.
 * @throws UserError `template-key-missing` and what templates and locals throw
 */
export function inContext(manifest: Unrendered, loading: Loading, world: LocalsWorld): InContext {
  const asWritten = () => manifest.value ?? (manifest.template && manifest.read(manifest.template)) ?? undefined
  if (loading.skipTemplates)
    return { text: withSections(asWritten() || undefined, loading.context), context: loading.context }
  const context = contextOf(manifest.value, loading.context, world)
  if ((context === undefined || context.entries.size === 0) && manifest.template === undefined)
    return { text: manifest.value, context }
  const text = rendered(manifest, context, loading, world)
  return { text: withSections(text, context), context }
}

function rendered(
  { file, value, template, read }: Unrendered,
  context: MapValue | undefined,
  { context: inherited, missing }: Loading,
  { ambient }: LocalsWorld,
): MapValue | undefined {
  const engine: Engine = { name: file, world: { env: setIn(ambient.env) } }
  const hasContext = context !== undefined && context.entries.size > 0
  const prepared = hasContext && value ? (withReferences(value, context) as MapValue) : value
  const at = value?.at ?? { file, line: 1, column: 1 }
  try {
    if (prepared !== undefined) return renderLoaded(prepared, context ?? mapAt(at), missing, engine)
    if (template === undefined) return undefined
    const text = renderText(template, context ?? mapAt(at), at, missing, { ...engine, isFile: true })
    const found = read(text)
    return found && (placedByLines(found, sourceLines(template, text)) as MapValue)
  } catch (error) {
    const own = inherited === undefined || inherited.entries.size === 0
    const isFailure = error instanceof UserError && ['template-key-missing', 'template-invalid'].includes(error.code)
    if (own && isFailure) return prepared ?? (template === undefined ? undefined : read(template))
    throw error
  }
}

/** An environment without the names that are not set. */
export function setIn(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter((it): it is [string, string] => it[1] !== undefined))
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
    const value = section.entries.size === 0 ? section : sectionIn(section, data, world)
    context = put(context, name, value)
    data = put(data, name, value)
  }
  return context
}

/** One section rendered, or as it is written where any of its fields is missing. */
function sectionIn(section: MapValue, data: MapValue, { ambient }: LocalsWorld): MapValue {
  try {
    const engine = { world: { env: setIn(ambient.env) } }
    return renderLoaded(withReferences(section, data) as MapValue, data, 'error', engine)
  } catch (error) {
    if (error instanceof UserError && error.code !== 'template-needs-world') return section
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
