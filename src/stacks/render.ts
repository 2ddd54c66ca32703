import { type Position, UserError } from '../error.ts'
import type { FunctionSet } from '../templates/functions.ts'
import type { TemplateWorld } from '../templates/value.ts'
import { encode } from '../yaml/encode.ts'
import type { AtmosConfig } from './config.ts'
import { type InstanceId, instanceId } from './instance.ts'
import { placedLike } from './places.ts'
import { type Engine, isWhole, type Missing, referenced, renderText } from './template.ts'
import { type MapValue, plain, scalarAt, type Value } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

/**
 * Sections with their Go templates rendered, as Atmos 1.227 does it: it writes all of them as YAML, renders the text and
 * reads it again, so how a text is written decides what its result may become.
 * @param data what the fields name: the sections before rendering
 * @param late takes texts that only a run can render, which stay as they are; without it they are errors
 * @throws UserError `template-invalid`, `template-broken`, `template-needs-world`
 */
export function renderSections(
  sections: MapValue,
  data: MapValue,
  { templates }: AtmosConfig,
  world: TemplateWorld,
  late?: TakeLate,
): MapValue {
  const engine = engineOf(templates, world)
  return render(sections, { data, passes: templates.evaluations, missing: 'no value', engine, late })
}

/** With what the texts of a component are rendered. */
export function engineOf(templates: AtmosConfig['templates'], world: TemplateWorld): Engine {
  return { functions: functionsOf(templates), delimiters: templates.delimiters, world, name: SECTIONS }
}
/** Takes a text that only a run can render, its place, and the components that it asked for on the way. */
export type TakeLate = (text: string, path: readonly string[], at: Position, reads: readonly InstanceId[]) => void

/** What Atmos calls the text of all sections. */
const SECTIONS = 'templates-all-atmos-sections'

function functionsOf({ sprig, gomplate }: AtmosConfig['templates']): FunctionSet {
  if (sprig && gomplate) return 'component'
  return sprig ? 'component:sprig' : gomplate ? 'component:gomplate' : 'component:none'
}

/**
 * A manifest rendered while it is loaded.
 * @throws UserError `template-key-missing`, `template-invalid`, `template-broken`, `template-needs-world`
 */
export function renderLoaded(value: MapValue, data: MapValue, missing: Missing, engine: Engine): MapValue {
  return render(value, { data, passes: 1, missing, engine, late: undefined })
}

/** Texts that are exactly one field reference, replaced by the value that they name where there is one. */
export function withReferences(value: Value, data: MapValue): Value {
  if (untouched.has(value)) return value
  if (value.kind === 'scalar') {
    const named =
      typeof value.value === 'string' && value.value.includes('{{') ? referenced(value.value, data) : undefined
    return named === undefined ? value : { ...named, at: value.at, ...(value.key && { key: value.key }) }
  }
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => withReferences(item, data)) }
  return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, withReferences(item, data)])) }
}

interface Rendering {
  readonly data: MapValue
  readonly passes: number
  readonly missing: Missing
  readonly engine: Engine
  readonly late: TakeLate | undefined
}

/** A text that means what it means only among all the others. */
class NotAlone extends Error {}

/** Each text alone, which is the same and keeps their places, unless some text needs the others or changes what is around it. */
function render(value: MapValue, how: Rendering): MapValue {
  try {
    return alone(value, how, []) as MapValue
  } catch (error) {
    if (!(error instanceof NotAlone)) throw error
  }
  try {
    return asOneText(value, how)
  } catch (error) {
    throw error instanceof UserError ? (placed(value, how, error) ?? error) : error
  }
}

/** What is wrong with all texts together, with the place of the first that is wrong alone too. */
function placed(value: Value, how: Rendering, error: UserError): UserError | undefined {
  if (value.kind === 'map' || value.kind === 'list') {
    const items = value.kind === 'map' ? [...value.entries.values()] : value.items
    for (const item of items) {
      const found = placed(item, how, error)
      if (found !== undefined) return found
    }
    return undefined
  }
  const { data, missing, engine } = how
  if (typeof value.value !== 'string' || !value.value.includes(engine.delimiters?.[0] ?? '{{')) return undefined
  try {
    const style = styleOf(value.value)
    reparsed(yamlOf(renderText(value.value, data, value.at, missing, engine), style), value.at)
    return undefined
  } catch (alone) {
    if (alone instanceof UserError) return alone
    if (!(alone instanceof NotAlone)) throw alone
    const { code, message, fix, exit } = error
    return new UserError({
      code,
      message: `${value.value}: ${message}`,
      at: value.at,
      exit,
      ...(fix !== undefined && { fix }),
    })
  }
}

function asOneText(value: MapValue, { data, passes, missing, engine }: Rendering): MapValue {
  let text = encode(plain(value), { ...(engine.delimiters && { delims: engine.delimiters }) })
  for (let pass = 0; pass < passes; pass++) text = renderText(text, data, value.at, missing, engine)
  const read = readAgain(text, value.at)
  if (read?.kind === 'map') return placedLike(read, value, value.at) as MapValue
  throw broken('what the templates make of the sections is no map any more', value.at)
}

function readAgain(text: string, at: Position): Value | undefined {
  try {
    return parseManifest(text, at.file)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw broken(`the rendered text is no YAML any more: ${error.message}`, at)
  }
}

function broken(message: string, at: Position): UserError {
  return new UserError({
    code: 'template-broken',
    message,
    fix: 'quote the whole text, or use !template',
    at,
    exit: 2,
  })
}

/** Values without any template, of either delimiters. */
const untouched = new WeakSet<Value>()

function alone(value: Value, how: Rendering, path: readonly string[]): Value {
  if (untouched.has(value)) return value
  const left = how.engine.delimiters?.[0] ?? '{{'
  if (value.kind === 'scalar')
    return typeof value.value === 'string' && value.value.includes(left) ? scalar(value.value, value, how, path) : value
  const result = value.kind === 'list' ? listAlone(value.items, value, how, path) : mapAlone(value, left, how, path)
  if (result === value && left === '{{' && how.late === undefined) untouched.add(value)
  return result
}

function listAlone(items: readonly Value[], value: Value, how: Rendering, path: readonly string[]): Value {
  const rendered = items.map((item, index) => alone(item, how, [...path, String(index)]))
  return rendered.every((item, index) => item === items[index]) ? value : ({ ...value, items: rendered } as Value)
}

function mapAlone(value: MapValue, left: string, how: Rendering, path: readonly string[]): Value {
  let changed = false
  const entries = new Map<string, Value>()
  for (const [key, item] of value.entries) {
    const name = key.includes(left) ? keyText(scalar(key, item, { ...how, late: undefined }, path)) : key
    const next = alone(item, how, [...path, key])
    changed ||= name !== key || next !== item
    entries.set(name, next)
  }
  if (entries.size !== value.entries.size) throw new NotAlone()
  return changed ? { ...value, entries } : value
}

function scalar(text: string, value: Value, how: Rendering, path: readonly string[]): Value {
  const { late, engine } = how
  if (late === undefined) return scalarAlone(text, value, how)
  const reads: InstanceId[] = []
  try {
    return scalarAlone(text, value, { ...how, engine: { ...engine, world: noting(engine.world ?? {}, reads) } })
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'template-needs-world') throw error
    late(text, path, value.at, [...new Set(reads)])
    return value
  }
}

/** A world that notes whom templates ask for. */
function noting(world: TemplateWorld, reads: InstanceId[]): TemplateWorld {
  const { component } = world
  if (component === undefined) return world
  return {
    ...world,
    component: (name, stack) => {
      reads.push(instanceId(name, stack))
      return component(name, stack)
    },
  }
}

function scalarAlone(text: string, { at, key, over }: Value, { data, passes, missing, engine }: Rendering): Value {
  const style = styleOf(text)
  if (!isWhole(text, engine) || reachesOut(text, style, engine)) throw new NotAlone()
  let written = style === 'single' ? text.replaceAll("'", "''") : text
  for (let pass = 0; pass < passes; pass++) {
    if (pass > 0 && !isWhole(written, engine)) throw new NotAlone()
    written = renderText(written, data, at, missing, engine)
  }
  const read = reparsed(yamlOf(written, style), at)
  return { ...read, at, ...(key && { key }), ...(over && { over }) }
}

/** Whether a trim mark takes away what is between this text and its neighbours. */
function reachesOut(text: string, style: Style, { delimiters: [left, right] = ['{{', '}}'] }: Engine): boolean {
  if (style === 'double') return true
  if (style === 'single') return false
  return text.trimStart().startsWith(`${left}-`) || text.trimEnd().endsWith(`-${right}`)
}

type Style = 'plain' | 'single' | 'literal' | 'double'

/** How yaml.v3 writes a text that holds a template. */
export function styleOf(text: string): Style {
  if (/[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')))
    return 'double'
  if (text.includes('\n')) return 'literal'
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$)/.test(text) || /^(?:---|\.\.\.)/.test(text)) return 'single'
  if (/:(?:\s|$)|\s#/.test(text) || /^\s|\s$/.test(text)) return 'single'
  return 'plain'
}

function yamlOf(written: string, style: Style): string {
  if (style === 'plain') return `k: ${written}`
  if (style === 'single') return `k: '${written}'`
  const ending = written.endsWith('\n\n') ? '+' : written.endsWith('\n') ? '' : '-'
  const indentation = /^\s/.test(written) ? '4' : ''
  return `k: |${indentation}${ending}\n${written.replace(/^(?=.)/gm, '    ')}`
}

/** @throws NotAlone where the text is no single value any more: what it is among the others only they can tell */
function reparsed(yaml: string, at: Position): Value {
  let value: Value | undefined
  try {
    value = parseManifest(yaml, at.file)
  } catch (error) {
    if (error instanceof UserError) throw new NotAlone()
    throw error
  }
  const found = value?.kind === 'map' ? value.entries.get('k') : undefined
  if (value?.kind !== 'map' || value.entries.size !== 1 || found === undefined) throw new NotAlone()
  // A date that arises here is printed in RFC 3339, unlike one that is written.
  if (found.kind === 'map' && found.time !== undefined) return scalarAt(at, found.time)
  return found
}

function keyText(value: Value): string {
  return value.kind === 'scalar' ? String(value.value) : ''
}
