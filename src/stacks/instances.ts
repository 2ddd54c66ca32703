import { place, UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { closest } from '../words.ts'
import type { Ambient } from './ambient.ts'
import type { Merged } from './component.ts'
import { type AtmosConfig, loadConfig } from './config.ts'
import { insideRepository } from './config-base.ts'
import { dependencies } from './depends-on.ts'
import { topLevelManifests } from './discover.ts'
import { ALL, finish } from './finish.ts'
import { type ComponentType, type Instance, type InstanceId, type Inventory, instanceId } from './instance.ts'
import { loader } from './load.ts'
import { type Manifest, manifestOf, TYPES } from './manifest.ts'
import { type Asked, canonicalName } from './name.ts'
import { joinPath } from './paths.ts'
import { sourcesOf } from './sources.ts'
import { asValue, type MapValue, mapAt, mapOf, same, scalarAt, textOf, type Value } from './value.ts'
import { selectedWorkspace } from './workspace.ts'

/** A component in a stack, found by name and not yet finished. */
export interface Found {
  readonly manifest: Manifest
  readonly type: ComponentType
  readonly merged: Merged
  /** The stack's name; in a lookup by file path, that path. */
  readonly stack: string
  readonly canonical: string
}

/** The stacks of a tree, resolved as far as somebody asks. */
export interface Stacks {
  readonly tree: Tree
  readonly ambient: Ambient
  readonly config: AtmosConfig
  /** Top-level manifests in the order of their names. */
  readonly manifests: readonly Manifest[]
  /** A manifest's own text, top-level or not, before any merge. */
  parsed(file: string): MapValue | undefined
  /** Reads everything in every manifest, so that whatever is wrong is said. @throws UserError */
  check(): void
  /** All Terraform instances in id order. @throws UserError `instance-duplicate` */
  inventory(): Inventory
  /** @throws UserError `stack-unknown`, `component-unknown`, `instance-duplicate` */
  instance(component: string, stack: string): Instance
  /** The component of any type, or of the given one. @throws UserError as `instance` */
  find(component: string, stack: string, type?: ComponentType): Found
}

/**
 * Resolves the stacks of a tree; nothing is read before it is asked for but the top-level manifests.
 * @param config the configuration of another tree, where that is to count instead of the tree's own
 */
export function resolveStacks(tree: Tree, ambient: Ambient, config: AtmosConfig = loadConfig(tree, ambient)): Stacks {
  const read = loader(tree, config)
  const files = topLevelManifests(tree, config)
  const chosen = byPath(files, ambient.flags?.stack)
  const manifests = (chosen ?? files)
    .map((file) => manifestOf(tree, config, read.load(file)))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const instances = new Map<Merged, Instance>()
  let all: Inventory | undefined

  const stacks: Stacks = {
    tree,
    ambient,
    config,
    manifests,
    parsed: read.parsed,
    check: () => {
      for (const manifest of manifests) manifest.check()
    },
    find: (component, stack, type) => find(stacks, component, stack, type),
    instance: (component, stack) => made(find(stacks, component, stack, 'terraform')),
    inventory: () => {
      all ??= inventory(stacks, made)
      return all
    },
  }
  const made = (found: Found): Instance => {
    const known = instances.get(found.merged) ?? instanceOf(stacks, found)
    instances.set(found.merged, known)
    return known
  }
  return stacks
}

/** A `--stack` with a `/` chooses the one manifest whose path ends so, where there is one. */
function byPath(files: readonly string[], stack: string | undefined): string[] | undefined {
  if (stack === undefined || stack.indexOf('/') <= 0) return undefined
  const found = files.find((file) =>
    ['.yaml', '.yml', '.yaml.tmpl', '.yml.tmpl'].some((ending) => file.endsWith(stack + ending)),
  )
  return found === undefined ? undefined : [found]
}

/** What a component's stack name is made of. */
export function asked(config: AtmosConfig, manifest: Manifest, merged: Merged): Asked {
  return {
    config,
    manifestName: manifest.ownName,
    file: manifest.name,
    data: { kind: 'map', at: merged.body.key ?? merged.body.at, entries: merged.sections },
    vars: merged.sections.get('vars'),
  }
}

function find(stacks: Stacks, component: string, stack: string, wanted?: ComponentType): Found {
  const { config, manifests, ambient } = stacks
  const direct =
    ambient.flags?.stack === stack &&
    stack.indexOf('/') > 0 &&
    manifests.length === 1 &&
    manifests[0]!.file.replace(/\.ya?ml(?:\.tmpl)?$/, '').endsWith(stack)
  for (const type of wanted ? [wanted] : TYPES) {
    const found: Found[] = []
    for (const manifest of manifests) {
      const merged = manifest.component(type, component)
      if (merged === undefined) continue
      const canonical = nameOrNothing(asked(config, manifest, merged))
      if (direct && manifest.name === stack)
        return { manifest, type, merged, stack, canonical: canonical ?? manifest.name }
      if (canonical === stack) found.push({ manifest, type, merged, stack, canonical })
    }
    const [first] = found
    if (first === undefined) continue
    const other = found.find((each) => !sameComponent(each.merged, first.merged))
    if (other !== undefined) throw duplicate(first, other)
    return first
  }
  throw unknown(stacks, component, stack, wanted)
}

/** A manifest whose name pattern or template fails for a component does not have it, to a lookup. */
function nameOrNothing(question: Asked): string | undefined {
  try {
    return canonicalName(question)
  } catch (error) {
    if (error instanceof UserError && error.code !== 'not-yet') return undefined
    throw error
  }
}

function sameComponent(a: Merged, b: Merged): boolean {
  return (
    a === b ||
    (a.sections.size === b.sections.size && [...a.sections].every(([name, value]) => same(value, b.sections.get(name))))
  )
}

function duplicate(a: Found, b: Found): UserError {
  const at = b.merged.body.key ?? b.merged.body.at
  return new UserError({
    code: 'instance-duplicate',
    message: `${a.merged.name} in ${a.stack} is defined twice, differently: in ${a.manifest.file} (${place(a.merged.body.key ?? a.merged.body.at)}) and in ${b.manifest.file}`,
    fix: 'keep one of the two, or give the stacks different names',
    at,
    exit: 2,
  })
}

function inventory(stacks: Stacks, made: (found: Found) => Instance): Inventory {
  const first = new Map<InstanceId, Found>()
  for (const manifest of stacks.manifests)
    for (const component of manifest.components('terraform')) {
      const merged = manifest.component('terraform', component)!
      const stack = nameOrNothing(asked(stacks.config, manifest, merged))
      if (stack === undefined) continue
      const id = instanceId(component, stack)
      const found: Found = { manifest, type: 'terraform', merged, stack, canonical: stack }
      const other = first.get(id)
      if (other === undefined) first.set(id, found)
      else if (!sameComponent(other.merged, merged)) throw duplicate(other, found)
    }
  return new Map([...first].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, found]) => [id, made(found)]))
}

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
    selectedWorkspace({ asked: question, backendType, metadata }, merged.name, baseOf(merged, merged.sections), stack),
  )
  return mapAt(at, entries)
}

/** What a component's folder is called where it is not its own name: `metadata.component`, inherited ones included, else `component`. */
export function baseOf(merged: Merged, sections: ReadonlyMap<string, Value>): string {
  const own =
    textOf(mapOf(sections.get('metadata'))?.entries.get('component')) ?? textOf(sections.get('component')) ?? ''
  return own === merged.name ? '' : own
}

function instanceOf(stacks: Stacks, found: Found): Instance {
  const { manifest, type, merged, stack } = found
  const { config } = stacks
  const before = sectionsIn(stacks, found, namesSources(merged, config))
  const { sections, late } = finish(stacks, merged, before, ALL)
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

function unknown(stacks: Stacks, component: string, stack: string, wanted?: ComponentType): UserError {
  const { config, manifests } = stacks
  const types = wanted ? [wanted] : TYPES
  const inStack = new Map<string, Set<string>>()
  for (const manifest of manifests)
    for (const type of types)
      for (const name of manifest.components(type)) {
        const found = nameOrNothing(asked(config, manifest, manifest.component(type, name)!))
        if (found !== undefined) inStack.set(found, (inStack.get(found) ?? new Set()).add(name))
      }
  const components = inStack.get(stack)
  if (components === undefined) {
    const file = manifests.find(({ name }) => name === stack)
    const [canonical] = file
      ? [...inStack]
          .filter(([, names]) => types.some((type) => file.components(type).some((name) => names.has(name))))
          .map(([name]) => name)
      : []
    const near = canonical ?? closest(stack, inStack.keys())
    return new UserError({
      code: 'stack-unknown',
      message: `there is no stack ${stack}`,
      fix: near ? `did you mean ${near}?` : 'list the stacks: airlock describe stacks',
      exit: 2,
    })
  }
  const near = closest(component, components)
  const elsewhere = [...inStack].filter(([, names]) => names.has(component)).map(([name]) => name)
  const where =
    elsewhere.length > 0
      ? `${component} is in ${elsewhere.slice(0, 3).join(', ')}${elsewhere.length > 3 ? `, and ${elsewhere.length - 3} more` : ''}`
      : undefined
  return new UserError({
    code: 'component-unknown',
    message: `there is no component ${component} in the stack ${stack}`,
    fix: near ? `did you mean ${near}?` : (where ?? `the stack has ${[...components].sort().slice(0, 8).join(', ')}`),
    exit: 2,
  })
}
