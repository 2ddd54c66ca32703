import type { Tree } from '../git/tree.ts'
import { type Merged, mergeComponent } from './component.ts'
import type { AtmosConfig } from './config.ts'
import { mergeCustom } from './custom.ts'
import { folderExists } from './folders.ts'
import { checkGlobals, type Globals, globalsOf } from './globals.ts'
import { manifestName } from './imports.ts'
import type { ComponentType } from './instance.ts'
import type { Loaded } from './load.ts'
import { wrongSection } from './overrides.ts'
import { joinPath } from './paths.ts'
import { LAYERED_TYPES, type LayeredType, sectionsOf } from './sections.ts'
import { type MapValue, mapAt, textOf } from './value.ts'

/** A top-level manifest with its imports, whose components are merged when somebody asks for them. */
export interface Manifest {
  /** Relative to the tree's root. */
  readonly file: string
  /** Path below the stacks folder without extension: Atmos' `atmos_stack_file`. */
  readonly name: string
  /** The manifest's `name`, or ''. */
  readonly ownName: string
  readonly loaded: Loaded
  /** Names of the components of a type, as written. */
  components(type: string): readonly string[]
  /** The merged component; undefined where the manifest has none of this name. */
  component(type: string, name: string): Merged | undefined
  /** Merges every component and reads every section, so that whatever is wrong in the manifest is said. */
  check(): void
}

/** Component types in the order in which `describe component` looks for a name. */
export const TYPES: readonly ComponentType[] = [
  'terraform',
  'helmfile',
  'packer',
  'ansible',
  'container',
  'emulator',
  'kubernetes',
  'helm',
]

export function manifestOf(tree: Tree, config: AtmosConfig, loaded: Loaded): Manifest {
  const merged = loaded.merged ?? mapAt({ file: loaded.file, line: 1, column: 1 })
  const root = sectionsOf(merged, '')
  const name = manifestName(config, loaded.file)
  const globals = new Map<string, Globals>()
  const done = new Map<string, Merged>()
  let checked = false

  const bodies = (type: string): MapValue | undefined => {
    const components = sectionsOf(root.map('components'), 'components')
    return isLayered(type) ? components.map(type) : asMap(components.any(type))
  }
  const globalsFor = (type: LayeredType): Globals => {
    const known = globals.get(type) ?? globalsOf(merged, type, config)
    globals.set(type, known)
    return known
  }
  const component = (type: string, componentName: string): Merged | undefined => {
    const key = `${type}\0${componentName}`
    const known = done.get(key)
    if (known !== undefined) return known
    const all = bodies(type)
    const body = all?.entries.get(componentName)
    if (all === undefined || body === undefined) return undefined
    const result = isLayered(type)
      ? mergeComponent(
          config,
          globalsFor(type),
          {
            type,
            bodies: all,
            manifest: name,
            config,
            folderExists: (base) => folderExists(tree, joinPath(config.components[type].folder, base)),
          },
          componentName,
          body,
        )
      : mergeCustom(config, merged, type, all, componentName, body)
    done.set(key, result)
    return result
  }
  return {
    file: loaded.file,
    name,
    ownName: textOf(merged.entries.get('name')) ?? '',
    loaded,
    components: (type) => [...(bodies(type)?.entries.keys() ?? [])],
    component,
    check: () => {
      if (checked) return
      checkGlobals(merged)
      const types = root.map('components')?.entries ?? new Map()
      for (const [type, value] of types) {
        if (isLayered(type) && value.kind !== 'map')
          throw wrongSection(`components.${type}`, value, value.key ?? value.at)
        for (const componentName of asMap(value)?.entries.keys() ?? []) component(type, componentName)
      }
      checked = true
    },
  }
}

function isLayered(type: string): type is LayeredType {
  return (LAYERED_TYPES as readonly string[]).includes(type)
}

function asMap(value: { kind: string } | undefined): MapValue | undefined {
  return value?.kind === 'map' ? (value as MapValue) : undefined
}
