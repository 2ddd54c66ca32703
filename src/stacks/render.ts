import { type Position, UserError } from '../error.ts'
import type { AtmosConfig } from './config.ts'
import { type Missing, referenced, renderText } from './template.ts'
import { type MapValue, scalarAt, type Value } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

/**
 * Sections with their Go templates rendered, as Atmos 1.227 does it: it writes all of them as YAML, renders the text and
 * reads it again, so how a text is written decides what its result may become. Only field references are rendered.
 * @param data what the fields name: the sections before rendering
 * @throws UserError `not-yet`, `template-invalid`
 */
export function renderSections(sections: MapValue, data: MapValue, { templates }: AtmosConfig): MapValue {
  const [left] = templates.delimiters
  if (left !== '{{') {
    refuseOther(sections, left)
    return sections
  }
  return render(sections, { data, passes: templates.evaluations, missing: 'no value' }) as MapValue
}

/**
 * A part of a manifest rendered while it is loaded. Of several errors a missing field counts before what is not there yet:
 * one missing field is enough for Atmos to give up on the whole.
 * @throws UserError `template-key-missing`, `template-invalid`, `template-broken`, `not-yet`
 */
export function renderLoaded(value: MapValue, data: MapValue, missing: Missing): MapValue {
  const errors: UserError[] = []
  const result = render(value, { data, passes: 1, missing, errors }) as MapValue
  const first = errors.find(({ code }) => FATAL.includes(code)) ?? errors[0]
  if (first !== undefined) throw first
  return result
}

const FATAL = ['template-key-missing', 'template-invalid']

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
  /** Where errors go; without it the first one is thrown. */
  readonly errors?: UserError[]
}

const untouched = new WeakSet<Value>()

function render(value: Value, how: Rendering): Value {
  if (untouched.has(value)) return value
  const failed = how.errors?.length
  const result = rendered(value, how)
  if (result === value && how.errors?.length === failed) untouched.add(value)
  return result
}

function rendered(value: Value, how: Rendering): Value {
  if (value.kind === 'scalar')
    return typeof value.value === 'string' && value.value.includes('{{') ? renderScalar(value.value, value, how) : value
  if (value.kind === 'list') {
    const items = value.items.map((item) => render(item, how))
    return items.every((item, index) => item === value.items[index]) ? value : { ...value, items }
  }
  let changed = false
  const entries = new Map<string, Value>()
  for (const [key, item] of value.entries) {
    const name = key.includes('{{') ? keyText(renderScalar(key, item, how)) : key
    const next = render(item, how)
    changed ||= name !== key || next !== item
    entries.set(name, next)
  }
  return changed ? { ...value, entries } : value
}

function renderScalar(text: string, value: Value, how: Rendering): Value {
  try {
    return renderedScalar(text, value, how)
  } catch (error) {
    if (how.errors === undefined || !(error instanceof UserError)) throw error
    how.errors.push(error)
    return value
  }
}

function renderedScalar(text: string, { at, key, over }: Value, { data, passes, missing }: Rendering): Value {
  const style = styleOf(text)
  let written = style === 'single' ? text.replaceAll("'", "''") : text
  for (let pass = 0; pass < passes; pass++) written = renderText(written, data, at, missing)
  const read = reparsed(yamlOf(written, style, at), text, at)
  return { ...read, at, ...(key && { key }), ...(over && { over }) }
}

type Style = 'plain' | 'single' | 'literal' | 'double'

/** How yaml.v3 writes a text that holds a template. */
function styleOf(text: string): Style {
  if (/[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')))
    return 'double'
  if (text.includes('\n')) return 'literal'
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$)/.test(text) || /^(?:---|\.\.\.)/.test(text)) return 'single'
  if (/:(?:\s|$)|\s#/.test(text) || /^\s|\s$/.test(text)) return 'single'
  return 'plain'
}

function yamlOf(written: string, style: Style, at: Position): string {
  if (style === 'double')
    throw new UserError({
      code: 'not-yet',
      message: 'a template in a text with control characters is not there yet',
      at,
      exit: 2,
    })
  if (style === 'plain') return `k: ${written}`
  if (style === 'single') return `k: '${written}'`
  const ending = written.endsWith('\n\n') ? '+' : written.endsWith('\n') ? '' : '-'
  const indentation = /^\s/.test(written) ? '4' : ''
  return `k: |${indentation}${ending}\n${written.replace(/^(?=.)/gm, '    ')}`
}

function reparsed(yaml: string, text: string, at: Position): Value {
  let value: Value | undefined
  try {
    value = parseManifest(yaml, at.file)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError({
      code: 'template-broken',
      message: `${text}: the rendered text is no YAML any more: ${error.message}`,
      fix: 'quote the whole text, or use !template',
      at,
      exit: 2,
    })
  }
  const found = value?.kind === 'map' ? value.entries.get('k') : undefined
  if (value?.kind !== 'map' || value.entries.size !== 1 || found === undefined)
    throw new UserError({
      code: 'template-broken',
      message: `${text}: the rendered text is no single YAML value any more`,
      at,
      exit: 2,
    })
  // A date that arises here is printed in RFC 3339, unlike one that is written.
  if (found.kind === 'map' && found.time !== undefined) return scalarAt(at, found.time)
  return found
}

function keyText(value: Value): string {
  return value.kind === 'scalar' ? String(value.value) : ''
}

function refuseOther(value: Value, left: string): void {
  if (value.kind === 'scalar') {
    if (typeof value.value === 'string' && value.value.includes(left))
      throw new UserError({
        code: 'not-yet',
        message: `templates with the delimiter ${left} are not there yet`,
        at: value.at,
        exit: 2,
      })
  } else for (const item of value.kind === 'list' ? value.items : value.entries.values()) refuseOther(item, left)
}
