import { type Position, UserError } from '../error.ts'
import { wrongSection } from './overrides.ts'
import { kindOf, type MapValue, type ScalarValue, type Value } from './value.ts'

/** Component types that Atmos merges layer by layer. The others take root `vars`, `settings` and `env` alone. */
export const LAYERED_TYPES = ['terraform', 'helmfile', 'packer', 'ansible', 'kubernetes', 'helm'] as const
export type LayeredType = (typeof LAYERED_TYPES)[number]

/** What a type has beside the sections of all. */
export interface TypeRules {
  readonly hooks: boolean
  readonly generate: boolean
  /** `source` and `provision`. */
  readonly source: boolean
  readonly plugins: boolean
  /** Whether root and type level `hooks`, `generate`, `source` and `provision` reach components. */
  readonly globals: boolean
  /** Whether root `secrets` reach components. */
  readonly secrets: boolean
}

export const RULES: Readonly<Record<LayeredType, TypeRules>> = {
  terraform: { hooks: true, generate: true, source: true, plugins: false, globals: true, secrets: true },
  helmfile: { hooks: true, generate: false, source: true, plugins: true, globals: false, secrets: true },
  packer: { hooks: false, generate: false, source: true, plugins: false, globals: false, secrets: true },
  ansible: { hooks: false, generate: false, source: false, plugins: false, globals: false, secrets: true },
  kubernetes: { hooks: true, generate: true, source: true, plugins: false, globals: true, secrets: false },
  helm: { hooks: true, generate: true, source: true, plugins: true, globals: true, secrets: false },
}

/** A text and where it is written. */
export type Text = ScalarValue & { readonly value: string }

/** Reads the parts of one map, and says where one has the wrong kind. */
export interface Sections {
  map(name: string): MapValue | undefined
  /** A text with its place; undefined where there is none or an empty one. */
  text(name: string): Text | undefined
  any(name: string): Value | undefined
  /** `source`: a text alone is its `uri`. */
  source(): MapValue | undefined
}

/**
 * Sections of a map that messages call by `path`.
 * @throws UserError `section-invalid` from each reading
 */
export function sectionsOf(map: MapValue | undefined, path: string): Sections {
  const named = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const any = (name: string): Value | undefined => map?.entries.get(name)
  return {
    any,
    map: (name) => {
      const value = any(name)
      if (value === undefined || value.kind === 'map') return value
      throw wrongSection(named(name), value, value.at)
    },
    text: (name) => {
      const value = any(name)
      if (value === undefined) return undefined
      if (value.kind === 'scalar' && typeof value.value === 'string')
        return value.value === '' ? undefined : (value as Text)
      throw wrongText(named(name), value, value.at)
    },
    source: () => {
      const value = any('source')
      if (value === undefined || value.kind === 'map') return value
      if (value.kind !== 'scalar' || typeof value.value !== 'string')
        throw wrongSection(named('source'), value, value.at)
      return { kind: 'map', at: value.at, entries: new Map(value.value === '' ? [] : [['uri', value]]) }
    },
  }
}

function wrongText(path: string, value: Value, at: Position): UserError {
  const kind = kindOf(value) === 'null' ? 'null' : `a ${kindOf(value)}`
  return new UserError({
    code: 'section-invalid',
    message: `${path} is ${kind}, not a text`,
    fix: `write ${path} in quotes`,
    at,
    exit: 2,
  })
}

/** Names of the native parts of a Helm component, which merge as one. */
export const HELM_PARTS = [
  'chart',
  'values',
  'values_files',
  'repositories',
  'render',
  'version',
  'repository',
  'namespace',
  'name',
]

/** The first text that there is, over the others; an empty one at the given place where there is none. */
export function strongest(texts: readonly (Text | undefined)[], at: Position): Text {
  const [first, ...rest] = texts.filter((text) => text !== undefined)
  if (first === undefined) return { kind: 'scalar', at, value: '' }
  return rest.length === 0 || first.over !== undefined ? first : { ...first, over: strongest(rest, at) }
}
