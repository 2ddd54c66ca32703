import { askedComponent } from './asked-component.ts'
import type { Merged } from './component.ts'
import type { AtmosConfig } from './config.ts'
import { insideRepository } from './config-base.ts'
import { dependencies } from './depends-on.ts'
import { ALL, type Finishing, finish } from './finish.ts'
import { PLACE_BOUND } from './functions.ts'
import { type Instance, instanceId } from './instance.ts'
import type { Stacks } from './instances.ts'
import { asked, type Found } from './lookup.ts'
import type { Manifest } from './manifest.ts'
import { joinPath } from './paths.ts'
import { atlantisProject, spaceliftStack } from './project-names.ts'
import { sourcesOf } from './sources.ts'
import { asValue, type MapValue, mapAt, mapOf, scalarAt, textOf, type Value } from './value.ts'
import { selectedWorkspace } from './workspace.ts'

/** The sections of a found component with what its stack adds, as `describe component` has them before templates and functions. */
export function sectionsIn(stacks: Stacks, { manifest, type, merged, stack }: Found, withSources: boolean): MapValue {
  const at = merged.body.at
  const entries = new Map(merged.sections)
  const put = (name: string, value: string): void => {
    entries.set(name, scalarAt(at, value))
  }
  put('atmos_component', merged.name)
  put('atmos_stack', stack)
  put('stack', stack)
  put('atmos_stack_file', manifest.name)
  put('atmos_manifest', manifest.name)
  if (!textOf(entries.get('component'))) put('component', merged.name)
  const question = asked(stacks.config, manifest, merged)
  const metadata = mapOf(merged.sections.get('metadata'))
  if (withSources) {
    const { sources, deps, depsAll } = sourcesOf(manifest, type, merged.name, merged.chain, merged.sections)
    entries.set('sources', asValue(sources, at))
    entries.set('deps', asValue(deps, at))
    entries.set('deps_all', asValue(depsAll, at))
    entries.set('imports', asValue([...manifest.loaded.imports.keys()].sort(), at))
  }
  const backendType = textOf(merged.sections.get('backend_type')) ?? ''
  put(
    'workspace',
    selectedWorkspace(
      { asked: { ...question, data: mapAt(at, entries) }, backendType, metadata },
      merged.name,
      baseOf(merged, merged.sections),
      stack,
    ),
  )
  const spacelift = spaceliftStack(question, merged.name)
  const atlantis = atlantisProject(question, merged.name)
  if (spacelift !== undefined) put('spacelift_stack', spacelift)
  if (atlantis !== undefined) put('atlantis_project', atlantis)
  return mapAt(at, entries)
}

/** What a component's folder is called where it is not its own name: `metadata.component`, inherited ones included, else `component`. */
export function baseOf(merged: Merged, sections: ReadonlyMap<string, Value>): string {
  const own =
    textOf(mapOf(sections.get('metadata'))?.entries.get('component')) ?? textOf(sections.get('component')) ?? ''
  return own === merged.name ? '' : own
}

/** A found component, finished as `terraform` does it. @throws UserError `path-outside` and what templates and functions throw */
export function instanceOf(stacks: Stacks, found: Found): Instance {
  const { manifest, type, merged, stack } = found
  const { config } = stacks
  const before = sectionsIn(stacks, found, namesSources(merged, config))
  const how: Finishing = { ...ALL, later: PLACE_BOUND }
  const component = askedComponent(stacks, how, [instanceId(merged.name, stack)])
  const { sections, late } = finish(stacks, merged, before, { ...how, component })
  const metadata = mapOf(sections.entries.get('metadata'))?.entries
  const isTrue = (name: string): boolean =>
    metadata?.get(name)?.kind === 'scalar' && (metadata.get(name) as { value: unknown }).value === true
  const isFalse = (name: string): boolean =>
    metadata?.get(name)?.kind === 'scalar' && (metadata.get(name) as { value: unknown }).value === false
  return {
    id: instanceId(merged.name, stack),
    type,
    component: merged.name,
    stack,
    manifest: manifest.name,
    at: merged.body.key ?? merged.body.at,
    folder: joinPath(
      insideRepository(config.components.terraform.folder),
      baseOf(merged, sections.entries) || merged.name,
    ),
    sections,
    workspace: textOf(sections.entries.get('workspace')) ?? '',
    backendType: textOf(sections.entries.get('backend_type')) ?? '',
    abstract: textOf(metadata?.get('type')) === 'abstract',
    enabled: !isFalse('enabled'),
    locked: isTrue('locked'),
    imports: filesOf(manifest),
    late,
    dependsOn: dependencies(config, sections, stack),
  }
}

const importFiles = new WeakMap<Manifest, readonly string[]>()

function filesOf(manifest: Manifest): readonly string[] {
  const files = importFiles.get(manifest) ?? [...manifest.loaded.files].sort()
  importFiles.set(manifest, files)
  return files
}

/** Whether a template of the component names what is costly to work out. */
function namesSources(merged: Merged, { templates }: AtmosConfig): boolean {
  if (!templates.enabled) return false
  const names = (value: Value): boolean => {
    if (value.kind === 'scalar')
      return typeof value.value === 'string' && /\{\{[^}]*\.(?:sources|deps|deps_all|imports)\b/.test(value.value)
    return [...(value.kind === 'list' ? value.items : value.entries.values())].some(names)
  }
  return [...merged.sections.values()].some(names)
}
