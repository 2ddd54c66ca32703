import type { Plain } from '../../stacks/value.ts'
import { contextOf, PLACES } from './context.ts'
import { type Described, mapOf, type PlainMap, stackSlug } from './described.ts'
import { type AtmosPaths, componentPath } from './paths.ts'

/** What the items of both commands are made with. */
export interface ItemSettings {
  readonly paths: AtmosPaths
  /** The stack's name by the configuration's template or pattern, whatever the manifest calls itself. */
  readonly stackName: (it: Described) => string
  /** Whether `stacks.name_template` makes the names of stacks. */
  readonly namedByTemplate: boolean
  /** What Spacelift and Atlantis call the component; undefined where they do not know it. */
  readonly spacelift: (it: Described) => string | undefined
  readonly atlantis: (it: Described) => string | undefined
  readonly includeSettings: boolean
}

/** An item of `describe dependents`, keys in Atmos' order. */
export interface DependentItem {
  readonly head: PlainMap
  readonly it: Described
  readonly settings: Plain
  readonly dependents: readonly DependentItem[] | undefined
}

/** What identifies an item: the keys up to `stack_slug`, then names that other tools know it by. */
export function itemHead(it: Described, settings: ItemSettings, withContext: boolean): PlainMap {
  const folder = typeof it.section.component === 'string' ? it.section.component : it.component
  const context = withContext ? contextOf(it) : {}
  const places = PLACES.flatMap((name) => (context[name] ? [[name, context[name]]] : []))
  const spacelift = settings.spacelift(it)
  const atlantis = settings.atlantis(it)
  return {
    component: it.component,
    component_type: it.type,
    component_path: componentPath(settings.paths, it.type, folder),
    ...Object.fromEntries(places),
    stack: it.stack,
    stack_slug: stackSlug(it),
    ...(spacelift ? { spacelift_stack: spacelift } : {}),
    ...(atlantis ? { atlantis_project: atlantis } : {}),
  }
}

/** The item's `settings`: null unless they are asked for. */
export function itemSettings(it: Described, { includeSettings }: ItemSettings): Plain {
  return includeSettings ? mapOf(it.section.settings) : null
}
