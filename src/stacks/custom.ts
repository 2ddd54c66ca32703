import { UserError } from '../error.ts'
import type { Merged } from './component.ts'
import type { AtmosConfig } from './config.ts'
import { mergeLayers } from './merge.ts'
import { wrongSection } from './overrides.ts'
import { sectionsOf } from './sections.ts'
import { kindOf, type MapValue, mapAt, mapOf, scalarAt, textOf, type Value } from './value.ts'

/** Merges a component of a type that Atmos does not know layer by layer: bases as a whole, root sections key by key. */
export function mergeCustom(
  config: AtmosConfig,
  manifest: MapValue,
  type: string,
  bodies: MapValue,
  name: string,
  value: Value,
): Merged {
  const path = `components.${type}.${name}`
  if (value.kind !== 'map') throw wrongSection(path, value, value.key ?? value.at)
  const root = sectionsOf(manifest, '')
  const body = withBases(config, value, bodies, new Set())
  const entries = new Map(body.entries)
  for (const section of ['vars', 'settings', 'env']) {
    const below = root.map(section)
    const own = mapOf(body.entries.get(section))
    const merged = new Map([...(below?.entries ?? []), ...(own?.entries ?? [])])
    if (section === 'vars' || merged.size > 0)
      entries.set(section, { ...(own ?? below ?? mapAt(value.at)), entries: merged })
  }
  const metadata = mergeLayers([root.map('metadata'), mapOf(body.entries.get('metadata'))], config.listMergeStrategy)
  if (metadata !== undefined) entries.set('metadata', metadata)
  entries.set('component', scalarAt(value.at, name))
  entries.set('component_type', scalarAt(value.at, type))
  return { name, body: value, sections: entries, deferred: new Map(), chain: [] }
}

function withBases(config: AtmosConfig, body: MapValue, bodies: MapValue, visited: ReadonlySet<string>): MapValue {
  const inherits = mapOf(body.entries.get('metadata'))?.entries.get('inherits')
  if (inherits === undefined) return body
  if (inherits.kind !== 'list')
    throw new UserError({
      code: 'inherits-invalid',
      message: `metadata.inherits is a ${kindOf(inherits)}, not a list`,
      at: inherits.at,
      exit: 2,
    })
  let result: MapValue | undefined
  for (const item of inherits.items) {
    const name = textOf(item)
    if (name === undefined)
      throw new UserError({
        code: 'inherits-invalid',
        message: `metadata.inherits holds a ${kindOf(item)}, not a name`,
        at: item.at,
        exit: 2,
      })
    const base = bodies.entries.get(name)
    if (visited.has(name) || base?.kind !== 'map') continue
    const whole = withBases(config, base, bodies, new Set([...visited, name]))
    result = mergeLayers([result, heritable(whole)], config.listMergeStrategy)
  }
  return mergeLayers([result, body], config.listMergeStrategy) ?? body
}

function heritable(base: MapValue): MapValue {
  const metadata = mapOf(base.entries.get('metadata'))
  if (metadata === undefined) return base
  const kept = new Map([...metadata.entries].filter(([key]) => !['type', 'inherits', 'component'].includes(key)))
  const entries = new Map(base.entries)
  if (kept.size === 0) entries.delete('metadata')
  else entries.set('metadata', { ...metadata, entries: kept })
  return { ...base, entries }
}
