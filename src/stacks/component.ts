import { UserError } from '../error.ts'
import { backendsOf } from './backend.ts'
import type { AtmosConfig } from './config.ts'
import { type Deferred, type DeferredMerge, mergeDeferred } from './deferred.ts'
import type { Globals } from './globals.ts'
import { type Bases, basesOf, type Family, helmParts, mergeAny, strategyOf } from './inherit.ts'
import { type ListStrategy, mergeLayers } from './merge.ts'
import { wrongSection } from './overrides.ts'
import { scoped } from './secrets.ts'
import { type LayeredType, RULES, type Sections, sectionsOf } from './sections.ts'
import { type MapValue, mapAt, mapOf, scalarAt, textOf, type Value } from './value.ts'

/** A component of a manifest with its layers merged: before it has a stack's name, templates and functions. */
export interface Merged {
  readonly name: string
  readonly body: MapValue
  /** Every section that `describe` prints, but for what depends on the stack's name. */
  readonly sections: ReadonlyMap<string, Value>
  /** What functions yet have to say, by section. */
  readonly deferred: ReadonlyMap<string, readonly Deferred[]>
  /** Bases, the nearest first. */
  readonly chain: readonly string[]
}

/** Merges a component's layers as Atmos 1.227 does, from the weakest: root, type, bases, body, overrides. */
export function mergeComponent(
  config: AtmosConfig,
  globals: Globals,
  family: Family & { type: LayeredType },
  name: string,
  value: Value,
): Merged {
  const path = `components.${family.type}.${name}`
  if (value.kind !== 'map') throw wrongSection(path, value, value.key ?? value.at)
  const body = sectionsOf(value, path)
  checkBody(body, path)
  const overrides = sectionsOf(body.map('overrides'), `${path}.overrides`)
  const ownStrategy = strategyOf(overrides.map('settings'), strategyOf(body.map('settings'), config.listMergeStrategy))
  const bases = basesOf(family, name, body, ownStrategy)
  return merged({ config, globals, type: family.type, name, path, value, body, overrides, bases })
}

interface Parts {
  readonly config: AtmosConfig
  readonly globals: Globals
  readonly type: LayeredType
  readonly name: string
  readonly path: string
  readonly value: MapValue
  readonly body: Sections
  readonly overrides: Sections
  readonly bases: { readonly top: Bases; readonly all: Bases }
}

function merged(parts: Parts): Merged {
  const { config, globals, type, name, value, body, overrides, bases } = parts
  const base = bases.all
  const rules = RULES[type]
  const settings = [globals.settings, base.maps.get('settings'), body.map('settings'), overrides.map('settings')]
  const strategy = settings.reduce((outer, layer) => strategyOf(layer, outer), config.listMergeStrategy)
  const sections = new Map<string, Value>()
  const deferred = new Map<string, readonly Deferred[]>()
  const put = (section: string, item: Value | undefined): void => {
    sections.set(section, item ?? mapAt(value.at))
  }
  const putIfAny = (section: string, item: MapValue | undefined): void => {
    if (item !== undefined && item.entries.size > 0) sections.set(section, item)
  }
  const layered = (section: string, below: MapValue | undefined): DeferredMerge => {
    const result = mergeDeferred([below, base.maps.get(section), body.map(section), overrides.map(section)], strategy)
    deferred.set(section, result.deferred)
    return result
  }
  const plainly = (section: string, below?: MapValue): MapValue | undefined =>
    mergeLayers([below, base.maps.get(section), body.map(section)], strategy)

  const metadata = metadataOf(parts, strategy)
  const folder = folderName(parts)
  put('vars', layered('vars', globals.vars).value)
  put('settings', withIntegrations(config, layered('settings', globals.settings).value))
  put('env', layered('env', globals.env).value)
  put('auth', withAtmosAuth(config, type, layered('auth', globals.auth).value, strategy))
  put('metadata', metadata)
  put('overrides', body.map('overrides'))
  put('command', scalarAt(value.at, commandOf(parts)))
  put('inheritance', { kind: 'list', at: value.at, items: base.chain.map((item) => scalarAt(value.at, item)) })
  if (rules.hooks) put('hooks', layered('hooks', globals.hooks).value)
  putIfAny('dependencies', plainly('dependencies', globals.dependencies))
  putIfAny('locals', plainly('locals'))
  putIfAny(
    'retry',
    mergeLayers([base.maps.get('retry'), body.map('retry'), overrides.map('retry')], config.listMergeStrategy),
  )
  const secrets = [
    scoped(globals.secrets, 'stack'),
    ...[base.maps.get('secrets'), body.map('secrets'), overrides.map('secrets')].map((layer) =>
      scoped(layer, 'instance'),
    ),
  ]
  putIfAny('secrets', mergeLayers(secrets, strategy))
  if (rules.source) {
    put('source', mergeLayers([globals.source, base.maps.get('source'), body.source()], strategy))
    put('provision', plainly('provision', globals.provision))
  }
  if (rules.generate) put('generate', layered('generate', globals.generate).value)
  if (rules.plugins) putAny(sections, 'plugins', [base.values.get('plugins'), body.any('plugins')], strategy)
  if (type === 'terraform') terraformSections(parts, layered, put, putIfAny, metadata, folder, strategy, sections)
  if (type === 'kubernetes') kubernetesSections(parts, sections, strategy)
  if (type === 'helm')
    for (const [key, item] of mergeLayers([base.maps.get('helm'), helmParts(body)], strategy)?.entries ?? [])
      sections.set(key, item)
  put('component', scalarAt(value.at, folder))
  return {
    name,
    body: value,
    sections,
    deferred: new Map([...deferred].filter(([, items]) => items.length > 0)),
    chain: base.chain,
  }
}

function terraformSections(
  { config, globals, name, path, value, body, overrides, bases }: Parts,
  layered: (section: string, below: MapValue | undefined) => DeferredMerge,
  put: (section: string, item: Value | undefined) => void,
  putIfAny: (section: string, item: MapValue | undefined) => void,
  metadata: MapValue | undefined,
  folder: string,
  strategy: ListStrategy,
  sections: Map<string, Value>,
): void {
  const base = bases.all
  const requiredVersion = overrides.text('required_version') || body.text('required_version') || base.requiredVersion
  put('providers', layered('providers', globals.type.map('providers')).value)
  put('required_providers', layered('required_providers', undefined).value)
  put('required_version', scalarAt(value.at, requiredVersion))
  putIfAny('test', mergeLayers([base.maps.get('test'), body.map('test')], strategy))
  putIfAny('mocks', mergeLayers([base.maps.get('mocks'), body.map('mocks')], strategy))
  const backends = backendsOf(config, globals, base, body, {
    component: name,
    path,
    baseName: folder,
    metadata,
    at: value,
  })
  put('backend_type', scalarAt(value.at, backends.type))
  put('backend', backends.backend)
  put('remote_state_backend_type', scalarAt(value.at, backends.remoteType))
  put('remote_state_backend', backends.remote)
  if (textOf(mapOf(body.any('metadata'))?.entries.get('type')) === 'abstract')
    put('settings', withoutWorkspace(sections.get('settings') as MapValue, path))
}

function kubernetesSections(
  { globals, body, bases }: Parts,
  sections: Map<string, Value>,
  strategy: ListStrategy,
): void {
  const provider =
    body.any('provider') ??
    (bases.all.provider ? scalarAt(bodyAt(body), bases.all.provider) : globals.type.any('provider'))
  if (textOf(provider)) sections.set('provider', provider!)
  for (const name of ['paths', 'manifests', 'validate'])
    putAny(sections, name, [globals.type.any(name), bases.all.values.get(name), body.any(name)], strategy)
  const render = mergeLayers([globals.type.map('render'), bases.all.maps.get('render'), body.map('render')], strategy)
  if (render) sections.set('render', render)
}

function bodyAt(body: Sections): Value['at'] {
  return body.any('provider')?.at ?? { file: '', line: 1, column: 1 }
}

function putAny(
  sections: Map<string, Value>,
  name: string,
  layers: readonly (Value | undefined)[],
  strategy: ListStrategy,
): void {
  const value = layers.reduce((below, above) => mergeAny(below, above, strategy))
  if (value !== undefined) sections.set(name, value)
}

function metadataOf({ config, globals, value, body, bases }: Parts, strategy: ListStrategy): MapValue | undefined {
  const inherited = config.stacks.inheritMetadata ? bases.all.maps.get('metadata') : undefined
  return mergeLayers([globals.metadata, inherited, body.map('metadata')], strategy) ?? mapAt(value.at)
}

/** What is printed as `component`: the folder or base that the component names itself, else its own name. */
function folderName({ name, path, body, bases }: Parts): string {
  const own = body.map('metadata')?.entries.get('component')
  if (own === undefined) return bases.top.first || name
  const text = textOf(own)
  if (text === undefined)
    throw new UserError({
      code: 'metadata-invalid',
      message: `${path}.metadata.component is not a text`,
      fix: 'name a folder',
      at: own.at,
      exit: 2,
    })
  return text
}

function commandOf({ config, globals, type, body, overrides, bases }: Parts): string {
  const configured = type === 'kubernetes' || type === 'helm' ? '' : config.components[type].command
  return overrides.text('command') || body.text('command') || bases.all.command || globals.command || configured || type
}

/** `integrations.github` of atmos.yaml lies below the settings of every component. */
function withIntegrations(config: AtmosConfig, settings: MapValue | undefined): MapValue | undefined {
  const below = mapOf(mapOf(config.integrations)?.entries.get('github'))
  const integrations = mapOf(settings?.entries.get('integrations'))
  const github = mergeLayers([below, mapOf(integrations?.entries.get('github'))], config.listMergeStrategy)
  if (below === undefined || github === undefined) return settings
  const place = settings ?? mapAt(below.at)
  const around = integrations ?? mapAt(below.at)
  return {
    ...place,
    entries: new Map(place.entries).set('integrations', {
      ...around,
      entries: new Map(around.entries).set('github', github),
    }),
  }
}

function withAtmosAuth(
  config: AtmosConfig,
  type: LayeredType,
  auth: MapValue | undefined,
  strategy: ListStrategy,
): MapValue | undefined {
  const { auth: global } = config
  const counts =
    type === 'terraform' &&
    global !== undefined &&
    (global.entries.has('providers') || global.entries.has('identities'))
  return counts ? mergeLayers([global, auth], strategy) : auth
}

/** Spacelift never works on an abstract component; its heirs still inherit the setting. */
function withoutWorkspace(settings: MapValue, path: string): MapValue {
  const spacelift = settings.entries.get('spacelift')
  if (spacelift === undefined) return settings
  if (spacelift.kind !== 'map') throw wrongSection(`${path}.settings.spacelift`, spacelift, spacelift.at)
  const entries = new Map(spacelift.entries)
  entries.delete('workspace_enabled')
  return { ...settings, entries: new Map(settings.entries).set('spacelift', { ...spacelift, entries }) }
}

const BODY_MAPS = [
  'vars',
  'locals',
  'settings',
  'env',
  'secrets',
  'auth',
  'retry',
  'metadata',
  'dependencies',
  'overrides',
]
const OVERRIDE_MAPS = [
  'vars',
  'settings',
  'env',
  'secrets',
  'auth',
  'retry',
  'hooks',
  'generate',
  'providers',
  'required_providers',
]

function checkBody(body: Sections, path: string): void {
  for (const name of BODY_MAPS) body.map(name)
  const overrides = sectionsOf(body.map('overrides'), `${path}.overrides`)
  for (const name of OVERRIDE_MAPS) overrides.map(name)
  const spacelift = body.map('settings')?.entries.get('spacelift')
  if (spacelift !== undefined && spacelift.kind !== 'map')
    throw wrongSection(`${path}.settings.spacelift`, spacelift, spacelift.at)
}
