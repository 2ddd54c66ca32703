import { type Position, UserError } from '../error.ts'
import { type ListStrategy, mergeFiles } from './merge.ts'
import { kindOf, type MapValue, type Value } from './value.ts'

/** The `overrides` that reach the components of a manifest, by type. */
export interface Overrides {
  readonly terraform: MapValue | undefined
  readonly helmfile: MapValue | undefined
}

/** No overrides at all. */
export const NO_OVERRIDES: Overrides = { terraform: undefined, helmfile: undefined }

/** Whether there is nothing to lay over a component. */
export function isEmpty({ terraform, helmfile }: Overrides): boolean {
  return !terraform?.entries.size && !helmfile?.entries.size
}

/** What a manifest overrides by its own text, and through it whoever imports it: the importer wins. */
export function inlineOverrides(
  manifest: MapValue | undefined,
  importer: Overrides,
  strategy: ListStrategy,
): Overrides {
  const root = section(manifest, 'overrides', 'overrides')
  const ofType = (type: 'terraform' | 'helmfile'): MapValue | undefined => {
    const own = section(section(manifest, type, type), 'overrides', `${type}.overrides`)
    return over([root, own, importer[type]], strategy)
  }
  return { terraform: ofType('terraform'), helmfile: ofType('helmfile') }
}

/** Several overrides, later ones over earlier ones. */
export function overOverrides(layers: readonly Overrides[], strategy: ListStrategy): Overrides {
  return {
    terraform: over(
      layers.map(({ terraform }) => terraform),
      strategy,
    ),
    helmfile: over(
      layers.map(({ helmfile }) => helmfile),
      strategy,
    ),
  }
}

function over(layers: readonly (MapValue | undefined)[], strategy: ListStrategy): MapValue | undefined {
  return mergeFiles(
    layers.filter((layer) => layer !== undefined),
    strategy,
  )
}

function section(map: MapValue | undefined, name: string, path: string): MapValue | undefined {
  const value = map?.entries.get(name)
  if (value === undefined || value.kind === 'map') return value
  throw wrongSection(path, value, value.at)
}

/** An error for a section that is not a map. */
export function wrongSection(path: string, value: Value, at: Position): UserError {
  return new UserError({
    code: 'section-invalid',
    message: `${path} is ${kindOf(value) === 'null' ? 'null' : `a ${kindOf(value)}`}, not a map`,
    fix: kindOf(value) === 'null' ? `remove ${path}, or write {}` : `write ${path} as a map`,
    at,
    exit: 2,
  })
}

/** The manifest with a section `overrides` in every component that its own text writes. */
export function withOverrides(manifest: MapValue, overrides: Overrides): MapValue {
  if (isEmpty(overrides)) return manifest
  const components = manifest.entries.get('components')
  if (components?.kind !== 'map') return manifest
  const types = new Map(components.entries)
  for (const type of ['terraform', 'helmfile'] as const) {
    const bodies = types.get(type)
    const value = overrides[type]
    if (bodies?.kind !== 'map' || !value?.entries.size) continue
    types.set(type, {
      ...bodies,
      entries: new Map([...bodies.entries].map(([name, body]) => [name, laidOn(body, value)])),
    })
  }
  return { ...manifest, entries: new Map(manifest.entries).set('components', { ...components, entries: types }) }
}

function laidOn(body: Value, overrides: MapValue): Value {
  return body.kind === 'map' ? { ...body, entries: new Map(body.entries).set('overrides', overrides) } : body
}
