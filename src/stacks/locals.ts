import { type Position, UserError } from '../error.ts'
import type { Evaluation } from './functions.ts'
import { callIn, isLate, run } from './functions.ts'
import { wrongSection } from './overrides.ts'
import { fieldPaths, referenced, renderText } from './template.ts'
import { type MapValue, mapAt, mapOf, textOf, type Value } from './value.ts'

/** What functions in locals are evaluated with: there is no component yet. */
export type LocalsWorld = Pick<Evaluation, 'tree' | 'ambient'>

/** Types whose sections may have locals of their own, later ones over earlier ones. */
const SCOPES = ['terraform', 'helmfile', 'packer']

/** Whether a manifest has locals, be they empty. */
export function hasLocals(manifest: MapValue): boolean {
  return (
    manifest.entries.has('locals') || SCOPES.some((type) => mapOf(manifest.entries.get(type))?.entries.has('locals'))
  )
}

/**
 * The locals of a manifest, resolved in the order of what they name, all scopes in one map.
 * @throws UserError `locals-invalid`, `locals-cycle`, `template-key-missing`, `template-invalid`, `not-yet`
 */
export function localsOf(manifest: MapValue, world: LocalsWorld): MapValue {
  const global = resolvedIn(manifest, undefined, sections(manifest), world)
  let all = global ?? mapAt(manifest.at)
  for (const type of SCOPES) {
    const section = mapOf(manifest.entries.get(type))
    if (!section?.entries.has('locals')) continue
    const own = resolvedIn(section, global, laidOver(sections(manifest), sections(section)), world)
    all = { ...all, entries: new Map([...all.entries, ...(own?.entries ?? [])]) }
  }
  return all
}

/** `settings`, `vars` and `env` of a section: what locals may name beside each other. */
function sections(section: MapValue): MapValue {
  const found = ['settings', 'vars', 'env'].flatMap((name) => {
    const value = mapOf(section.entries.get(name))
    return value === undefined ? [] : [[name, value] as const]
  })
  return mapAt(section.at, found)
}

/** One level deep: keys of the type's sections over those of the root's. */
function laidOver(below: MapValue, above: MapValue): MapValue {
  const entries = new Map(below.entries)
  for (const [name, value] of above.entries) {
    const under = mapOf(below.entries.get(name))
    entries.set(name, {
      ...value,
      entries: new Map([...(under?.entries ?? []), ...(value as MapValue).entries]),
    } as MapValue)
  }
  return { ...below, entries }
}

function resolvedIn(
  section: MapValue,
  parent: MapValue | undefined,
  data: MapValue,
  world: LocalsWorld,
): MapValue | undefined {
  const locals = section.entries.get('locals')
  if (locals === undefined) return parent
  if (locals.kind !== 'map') throw wrongSection('locals', locals, locals.at)
  const resolved = new Map<string, Value>(parent?.entries)
  for (const name of order(locals)) {
    const known = { ...data, entries: new Map(data.entries).set('locals', mapAt(locals.at, resolved)) }
    resolved.set(name, resolve(locals.entries.get(name)!, known, world))
  }
  return mapAt(locals.at, resolved)
}

function resolve(value: Value, data: MapValue, world: LocalsWorld): Value {
  if (value.kind === 'map')
    return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, resolve(item, data, world)])) }
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => resolve(item, data, world)) }
  const text = textOf(value)
  if (text === undefined) return value
  const call = callIn(text)
  if (call !== undefined) {
    if (isLate(call))
      throw new UserError({
        code: 'not-yet',
        message: `!${call.name} in locals is not there yet`,
        at: value.at,
        exit: 2,
      })
    return run(call, value.at, { ...world, sections: mapAt(value.at), skip: [] }) ?? value
  }
  if (!text.includes('{{') || text.startsWith('!')) return value
  const named = referenced(text, data)
  return named === undefined
    ? { ...value, value: renderText(text, data, value.at, 'error', { functions: 'locals' }) }
    : { ...named, at: value.at }
}

/** Names of locals, each after those that it names. */
function order(locals: MapValue): string[] {
  const done = new Set<string>()
  const visit = (name: string, way: readonly string[], at: Position): void => {
    if (done.has(name)) return
    if (way.includes(name)) throw cycle([...way.slice(way.indexOf(name)), name], at)
    for (const other of named(locals.entries.get(name)!))
      if (locals.entries.has(other)) visit(other, [...way, name], locals.entries.get(name)!.at)
    done.add(name)
  }
  for (const name of [...locals.entries.keys()].sort()) visit(name, [], locals.entries.get(name)!.at)
  return [...done]
}

function named(value: Value): string[] {
  if (value.kind === 'map') return [...value.entries.values()].flatMap(named)
  if (value.kind === 'list') return value.items.flatMap(named)
  return fieldPaths(textOf(value) ?? '').flatMap(([first, second]) =>
    first === 'locals' && second !== undefined ? [second] : [],
  )
}

function cycle(names: readonly string[], at: Position): UserError {
  return new UserError({
    code: 'locals-cycle',
    message: `locals name each other in a circle: ${names.join(' → ')}`,
    fix: 'remove one of these references',
    at,
    exit: 2,
  })
}
