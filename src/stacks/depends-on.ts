import type { AtmosConfig } from './config.ts'
import { type Instance, instanceId } from './instance.ts'
import { contextOf, patternName } from './name.ts'
import { renderText } from './template.ts'
import { type MapValue, mapOf, scalarAt, textOf, type Value } from './value.ts'

type Dependency = Instance['dependsOn'][number]

/** Instances that a component names in `dependencies.components`, or where it has none there, in `settings.depends_on`. */
export function dependencies(config: AtmosConfig, sections: MapValue, stack: string): Dependency[] {
  const listed = mapOf(sections.entries.get('dependencies'))?.entries.get('components')
  const named = listed?.kind === 'list' ? listed.items.flatMap((item) => dependency(item, stack)) : []
  if (named.length > 0) return named
  const legacy = mapOf(mapOf(sections.entries.get('settings'))?.entries.get('depends_on'))
  return [...(legacy?.entries.values() ?? [])].flatMap((item) => legacyDependency(config, sections, item, stack))
}

function dependency(item: Value, stack: string): Dependency[] {
  const entries = mapOf(item)?.entries
  const component = textOf(entries?.get('component')) ?? textOf(entries?.get('name'))
  const kind = textOf(entries?.get('kind'))
  if (component === undefined || component === '' || kind === 'file' || kind === 'folder') return []
  return [{ id: instanceId(component, textOf(entries?.get('stack')) || stack), at: item.at }]
}

const FIELDS = ['namespace', 'tenant', 'environment', 'stage'] as const

/** The older form names the stack, or what differs in it: tenant, environment, stage. */
function legacyDependency(config: AtmosConfig, sections: MapValue, item: Value, stack: string): Dependency[] {
  const entries = mapOf(item)?.entries
  const component = textOf(entries?.get('component'))
  if (component === undefined || component === '') return []
  const given = FIELDS.flatMap((field) => {
    const text = textOf(entries?.get(field))
    return text ? [[field, text] as const] : []
  })
  const target =
    textOf(entries?.get('stack')) || (given.length === 0 ? stack : stackWith(config, sections, given, item, stack))
  return [{ id: instanceId(component, target), at: item.at }]
}

function stackWith(
  config: AtmosConfig,
  sections: MapValue,
  given: readonly (readonly [string, string])[],
  item: Value,
  stack: string,
): string {
  const vars = mapOf(sections.entries.get('vars'))
  const changed = new Map<string, Value>(vars?.entries)
  for (const [field, text] of given) changed.set(field, scalarAt(item.at, text))
  const other: MapValue = { kind: 'map', at: item.at, entries: changed }
  if (config.stacks.nameTemplate !== '')
    return renderText(
      config.stacks.nameTemplate,
      { ...sections, entries: new Map(sections.entries).set('vars', other) },
      item.at,
      'no value',
    )
  const found = patternName(config.stacks.namePattern, contextOf(other))
  return 'name' in found && found.name !== '' ? found.name : stack
}
