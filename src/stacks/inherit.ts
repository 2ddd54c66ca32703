import { UserError } from '../error.ts'
import { closest } from '../words.ts'
import type { AtmosConfig } from './config.ts'
import { type ListStrategy, listStrategy, mergeLayers } from './merge.ts'
import { wrongSection } from './overrides.ts'
import { HELM_PARTS, type Sections, sectionsOf, type Text } from './sections.ts'
import { kindOf, type MapValue, mapAt, textOf, type Value } from './value.ts'

/** What a component takes from its bases, merged in the order in which they are visited. */
export interface Bases {
  /** Merged sections by name. */
  readonly maps: ReadonlyMap<string, MapValue>
  /** Merged values of `paths`, `manifests`, `validate` and `plugins`, which may be lists. */
  readonly values: ReadonlyMap<string, Value>
  /** Those of the base visited last, even where it has none. */
  readonly command: Text | undefined
  readonly backendType: Text | undefined
  readonly remoteStateBackendType: Text | undefined
  /** Those of the last base that has one. */
  readonly requiredVersion: Text | undefined
  readonly provider: Text | undefined
  /** The base visited first: the deepest one of a chain of `component`. */
  readonly first: string
  /** Names of all bases, the nearest first: what is printed as `inheritance`. */
  readonly chain: readonly string[]
}

/** No bases. */
export const NO_BASES: Bases = {
  maps: new Map(),
  values: new Map(),
  command: undefined,
  backendType: undefined,
  remoteStateBackendType: undefined,
  requiredVersion: undefined,
  provider: undefined,
  first: '',
  chain: [],
}

/** Where components of one type are looked up. */
export interface Family {
  readonly type: string
  /** The bodies that the merged manifest holds. */
  readonly bodies: MapValue
  /** Name of the manifest, for messages. */
  readonly manifest: string
  readonly config: AtmosConfig
  /** Whether the type's components folder has a folder of this name. */
  folderExists(name: string): boolean
}

const MAPS = [
  'vars',
  'settings',
  'env',
  'auth',
  'dependencies',
  'locals',
  'providers',
  'required_providers',
  'hooks',
  'test',
  'mocks',
  'generate',
  'render',
  'backend',
  'remote_state_backend',
  'retry',
]
const VALUES = ['paths', 'manifests', 'validate', 'plugins']

/** The bases of a component and what they give it. @throws UserError `inherits-unknown`, `inheritance-cycle` */
export function basesOf(
  family: Family,
  component: string,
  body: Sections,
  strategy: ListStrategy,
): { top: Bases; all: Bases } {
  const visit = visitor(family, strategy)
  const parent = body.any('component')
  const top =
    parent === undefined
      ? NO_BASES
      : visit(
          NO_BASES,
          component,
          nameIn(parent, `components.${family.type}.${component}.component`),
          parent,
          new Set(),
        )
  let all = top
  for (const item of inheritsOf(family, component, body)) {
    known(family, component, item)
    all = visit(all, component, textOf(item)!, item, new Set())
  }
  return { top, all }
}

type Visit = (sofar: Bases, component: string, base: string, at: Value, visited: Set<string>) => Bases

/** Depth first: a base's own `component` chain, its `inherits` in order, then its body. A base reached twice merges twice. */
function visitor(family: Family, strategy: ListStrategy): Visit {
  let visits = 0
  const visit: Visit = (sofar, component, base, named, visited) => {
    if (component === base) return sofar
    const step = `${component}\0${base}`
    if (visited.has(step)) throw cycle(family, component, base, named)
    visits += 1
    if (visited.size >= DEEPEST || visits > MOST) throw tooMany(family, base, named)
    visited.add(step)
    const value = family.bodies.entries.get(base)
    if (value === undefined) {
      if (!family.folderExists(base)) throw missingBase(family, component, base, named)
      visited.delete(step)
      return sofar
    }
    if (value.kind !== 'map') throw wrongSection(`components.${family.type}.${base}`, value, value.key ?? value.at)
    const body = sectionsOf(value, `components.${family.type}.${base}`)
    const metadata = body.map('metadata')
    let result = sofar
    const parent = body.any('component')
    if (parent !== undefined && textOf(metadata?.entries.get('type')) !== 'abstract')
      result = visit(result, base, nameIn(parent, `components.${family.type}.${base}.component`), parent, visited)
    const inherits = metadata?.entries.get('inherits')
    for (const item of inherits?.kind === 'list' ? inherits.items : []) {
      known(family, component, item)
      result = visit(result, component, textOf(item)!, item, visited)
    }
    visited.delete(step)
    return withBase(result, base, body, metadata, family.config, strategy)
  }
  return visit
}

const DEEPEST = 100
const MOST = 5_000

function tooMany({ manifest }: Family, base: string, { at }: Value): UserError {
  return new UserError({
    code: 'inherits-too-many',
    message: `${base} is one base too many, in ${manifest}: more than ${DEEPEST} deep, or ${MOST} in all`,
    fix: 'let fewer components inherit from each other; a base that is reached twice counts twice',
    at,
    exit: 2,
  })
}

function withBase(
  sofar: Bases,
  base: string,
  body: Sections,
  metadata: MapValue | undefined,
  config: AtmosConfig,
  outer: ListStrategy,
): Bases {
  const strategy = strategyOf(body.map('settings'), outer)
  const maps = new Map(sofar.maps)
  const lay = (name: string, value: MapValue | undefined, how = strategy): void => {
    const merged = mergeLayers([maps.get(name), value], how)
    if (merged !== undefined) maps.set(name, merged)
  }
  for (const name of MAPS) lay(name, body.map(name))
  lay('secrets', body.map('secrets'), config.listMergeStrategy)
  lay('helm', helmParts(body))
  if (config.stacks.inheritMetadata) lay('metadata', inheritable(metadata))
  if (config.stacks.inheritSource) {
    lay('source', body.source())
    lay('provision', body.map('provision'))
  }
  const values = new Map(sofar.values)
  for (const name of VALUES) {
    const merged = mergeAny(values.get(name), body.any(name), strategy)
    if (merged !== undefined) values.set(name, merged)
  }
  return {
    maps,
    values,
    command: body.text('command'),
    backendType: body.text('backend_type'),
    remoteStateBackendType: body.text('remote_state_backend_type'),
    requiredVersion: body.text('required_version') ?? sofar.requiredVersion,
    provider: body.text('provider') ?? sofar.provider,
    first: sofar.first || base,
    chain: [base, ...sofar.chain.filter((name) => name !== base)],
  }
}

/** Two values of any kind, as if they stood at one key of two maps. */
export function mergeAny(
  below: Value | undefined,
  above: Value | undefined,
  strategy: ListStrategy,
): Value | undefined {
  const layer = (value: Value | undefined): MapValue | undefined => value && mapAt(value.at, [['it', value]])
  return mergeLayers([layer(below), layer(above)], strategy)?.entries.get('it')
}

/** The native parts of a Helm component as one map. */
export function helmParts(body: Sections): MapValue | undefined {
  const parts = HELM_PARTS.flatMap((name) => {
    const value = body.any(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return parts.length === 0 ? undefined : mapAt(parts[0]![1].at, parts)
}

/** The strategy that `settings.list_merge_strategy` of a layer asks for, else the one from outside. */
export function strategyOf(settings: MapValue | undefined, outer: ListStrategy): ListStrategy {
  const value = settings?.entries.get('list_merge_strategy')
  const text = textOf(value)
  return text ? listStrategy(text, value!.at) : outer
}

function inheritable(metadata: MapValue | undefined): MapValue | undefined {
  if (metadata === undefined || !(metadata.entries.has('inherits') || metadata.entries.has('type'))) return metadata
  const before = stripped.get(metadata)
  if (before !== undefined) return before
  const result = {
    ...metadata,
    entries: new Map([...metadata.entries].filter(([name]) => name !== 'inherits' && name !== 'type')),
  }
  stripped.set(metadata, result)
  return result
}

const stripped = new WeakMap<MapValue, MapValue>()

function inheritsOf(family: Family, component: string, body: Sections): readonly Value[] {
  const value = body.map('metadata')?.entries.get('inherits')
  if (value === undefined) return []
  const path = `components.${family.type}.${component}.metadata.inherits`
  if (value.kind !== 'list') throw invalid(`${path} is a ${kindOf(value)}, not a list`, value)
  return value.items
}

function known(family: Family, component: string, item: Value): void {
  const base = textOf(item)
  if (base === undefined) throw invalid(`metadata.inherits of ${component} holds a ${kindOf(item)}, not a name`, item)
  if (family.bodies.entries.has(base)) return
  const near = closest(base, family.bodies.entries.keys())
  throw new UserError({
    code: 'inherits-unknown',
    message: `${component} inherits from "${base}", which ${family.manifest} and its imports do not define`,
    fix: near ? `did you mean "${near}"?` : `import the manifest that defines ${base}`,
    at: item.at,
    exit: 2,
  })
}

function nameIn(value: Value, path: string): string {
  const text = textOf(value)
  if (text === undefined) throw invalid(`${path} is a ${kindOf(value)}, not a name`, value)
  return text
}

function invalid(message: string, value: Value): UserError {
  return new UserError({ code: 'inherits-invalid', message, fix: 'write names of components', at: value.at, exit: 2 })
}

function missingBase(family: Family, component: string, base: string, named: Value): UserError {
  const near = closest(base, family.bodies.entries.keys())
  return new UserError({
    code: 'inherits-unknown',
    message: `${component} has component: ${base}, which ${family.manifest} and its imports do not define, nor is there such a folder`,
    fix: near ? `did you mean "${near}"?` : `define ${base}, or use metadata.component to name a folder`,
    at: named.at,
    exit: 2,
  })
}

function cycle(family: Family, component: string, base: string, named: Value): UserError {
  return new UserError({
    code: 'inheritance-cycle',
    message: `${component} inherits from ${base}, which inherits from ${component} again, in ${family.manifest}`,
    fix: 'remove one of these from inherits or component',
    at: named.at,
    exit: 2,
  })
}
