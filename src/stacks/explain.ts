import type { Position } from '../error.ts'
import type { Instance } from './instance.ts'
import type { Stacks } from './instances.ts'
import { fieldPaths } from './template.ts'
import { type MapValue, mapOf, type Plain, plain, type Value, valueAt } from './value.ts'

/** A value at one place, and which part of which manifest says it. */
export interface Said {
  readonly value: Plain
  readonly at: Position
  readonly by: Layer
}

/** The part of a manifest that says a value; `computed` is none: Atmos' own default, or a name it makes. */
export type Layer =
  | { readonly kind: 'component' }
  | { readonly kind: 'base'; readonly name: string }
  | { readonly kind: 'overrides' }
  | { readonly kind: 'type' }
  | { readonly kind: 'root' }
  | { readonly kind: 'atmos.yaml' }
  | { readonly kind: 'computed' }

/** Where one value of an instance comes from. */
export interface Explained {
  /** `['vars', 'cidr']` */
  readonly path: readonly string[]
  readonly wins: Said
  /** What it replaced, the last one first. */
  readonly over: readonly Said[]
  /** The template that made the value, as it is written there. */
  readonly template?: Template
  /** The call that a run answers: its name and arguments, of each that is in the value. */
  readonly reads?: readonly string[]
}

/** A template with the fields that it names and the instance has. */
export interface Template {
  readonly text: string
  readonly fields: readonly { readonly path: readonly string[]; readonly at: Position }[]
}

/**
 * Where each value of an instance comes from: every scalar, list and empty map, in the order of the sections.
 * @param path only what lies below: `['vars']`
 * @throws UserError as `Stacks.instance`
 */
export function explain(stacks: Stacks, component: string, stack: string, path: readonly string[] = []): Explained[] {
  const instance = stacks.instance(component, stack)
  const found = valueAt(instance.sections, path)
  if (found === undefined) return []
  const layerOf = layers(stacks, instance)
  return leaves(found, path).map(([leaf, value]) => {
    const template = templateOf(stacks, instance, value)
    const reads = instance.late.filter((call) => leaf.every((step, index) => call.path[index] === step))
    return {
      path: leaf,
      wins: said(value, leaf, layerOf),
      over: chain(value.over).map((below) => said(below, leaf, layerOf)),
      ...(template && { template }),
      ...(reads.length > 0 && { reads: reads.map(({ name, args }) => `!${name} ${args}`) }),
    }
  })
}

/** The text that stands where a value does, where that is a template and the value what it made. */
function templateOf(stacks: Stacks, { imports, sections }: Instance, value: Value): Template | undefined {
  if (!imports.includes(value.at.file) || value.at.file.endsWith('.tmpl')) return undefined
  const text = textAt(stacks.parsed(value.at.file), value.at)
  if (text === undefined || !text.includes('{{')) return undefined
  const fields = fieldPaths(text).flatMap((path) => {
    const named = valueAt(sections, path)
    return named ? [{ path, at: named.at }] : []
  })
  return { text, fields }
}

function textAt(value: Value | undefined, at: Position): string | undefined {
  if (value === undefined) return undefined
  if (value.kind === 'scalar') {
    const isHere = value.at.line === at.line && value.at.column === at.column
    return isHere && typeof value.value === 'string' ? value.value : undefined
  }
  for (const item of value.kind === 'list' ? value.items : value.entries.values()) {
    const found = textAt(item, at)
    if (found !== undefined) return found
  }
  return undefined
}

function said(value: Value, path: readonly string[], layerOf: LayerOf): Said {
  return { value: plain(value), at: value.at, by: layerOf(value, path) }
}

function leaves(value: Value, path: readonly string[]): [readonly string[], Value][] {
  if (value.kind !== 'map' || value.entries.size === 0) return [[path, value]]
  return [...value.entries].flatMap(([key, item]) => leaves(item, [...path, key]))
}

function chain(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value, ...chain(value.over)]
}

type LayerOf = (value: Value, path: readonly string[]) => Layer

/** Finds the part of a file that holds a value by the place where the value stands. */
function layers(stacks: Stacks, { component, type, sections, imports }: Instance): LayerOf {
  const bases = valueAt(sections, ['inheritance'])
  const chain = bases?.kind === 'list' ? bases.items.map((item) => String(plain(item))) : []
  return (value, path) => {
    if (value.at.file === stacks.config.raw.at.file) return { kind: 'atmos.yaml' }
    if (!imports.includes(value.at.file)) return { kind: 'computed' }
    const text = stacks.parsed(value.at.file)
    const here = (prefix: readonly string[]): boolean => holds(text, [...prefix, ...path], value.at)
    if (here(['components', type, component])) return { kind: 'component' }
    const base = chain.find((name) => here(['components', type, name]))
    if (base !== undefined) return { kind: 'base', name: base }
    if (here(['overrides']) || here([type, 'overrides']) || here(['components', type, component, 'overrides']))
      return { kind: 'overrides' }
    if (here([type]) || backendHere(text, type, path, value.at)) return { kind: 'type' }
    return here([]) ? { kind: 'root' } : { kind: 'computed' }
  }
}

function holds(text: MapValue | undefined, path: readonly string[], at: Position): boolean {
  const found = valueAt(text, path)
  return found !== undefined && found.at.line === at.line && found.at.column === at.column
}

/** A backend's settings stand one level deeper, below the name of their type. */
function backendHere(
  text: MapValue | undefined,
  type: string,
  [section, ...rest]: readonly string[],
  at: Position,
): boolean {
  if (section !== 'backend' && section !== 'remote_state_backend') return false
  const kinds = mapOf(valueAt(text, [type, section]))?.entries.keys() ?? []
  return [...kinds].some((kind) => holds(text, [type, section, kind, ...rest], at))
}
