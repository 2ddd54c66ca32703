import { UserError } from '../error.ts'
import type { AtmosConfig } from './config.ts'
import type { Deferred } from './deferred.ts'
import { type Draft, newDraft } from './draft.ts'
import type { Globals } from './globals.ts'
import { type Bases, basesOf, type Family, helmParts, strategyOf } from './inherit.ts'
import { type ListStrategy, mergeLayers } from './merge.ts'
import { wrongSection } from './overrides.ts'
import { scoped } from './secrets.ts'
import { type LayeredType, RULES, type Sections, sectionsOf, strongest, type Text } from './sections.ts'
import { kubernetesSections, terraformSections } from './type-sections.ts'
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

/** Whether a component only exists to be inherited from. */
export function isAbstract({ sections }: Merged): boolean {
  return textOf(mapOf(sections.get('metadata'))?.entries.get('type')) === 'abstract'
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
  const settings = [globals.settings, bases.all.maps.get('settings'), body.map('settings'), overrides.map('settings')]
  const strategy = settings.reduce((outer, layer) => strategyOf(layer, outer), config.listMergeStrategy)
  const sheet = newDraft(value, body, overrides, bases.all, strategy)
  const metadata = metadataOf(parts, strategy)
  const folder = folderName(parts)
  common(parts, sheet, metadata, strategy)
  byType(parts, sheet, strategy)
  if (type === 'terraform')
    terraformSections(
      {
        config,
        globals,
        name,
        path: parts.path,
        value,
        body,
        overrides,
        bases: bases.all,
        metadata,
        folder: folder.value,
      },
      sheet,
    )
  if (type === 'kubernetes') kubernetesSections(globals.type, bases.all, body, sheet)
  if (type === 'helm')
    for (const [key, item] of mergeLayers([bases.all.maps.get('helm'), helmParts(body)], strategy)?.entries ?? [])
      sheet.put(key, item)
  sheet.put('component', folder)
  return { name, body: value, sections: sheet.sections, deferred: sheet.deferred, chain: bases.all.chain }
}

function common(parts: Parts, sheet: Draft, metadata: MapValue | undefined, strategy: ListStrategy): void {
  const { config, globals, type, value, body, overrides, bases } = parts
  sheet.put('vars', sheet.layered('vars', globals.vars))
  sheet.put('settings', withIntegrations(config, sheet.layered('settings', globals.settings)))
  sheet.put('env', sheet.layered('env', globals.env))
  sheet.put('auth', withAtmosAuth(config, type, sheet.layered('auth', globals.auth), strategy))
  sheet.put('metadata', metadata)
  sheet.put('overrides', body.map('overrides'))
  sheet.put('command', commandOf(parts))
  sheet.put('inheritance', {
    kind: 'list',
    at: value.at,
    items: bases.all.chain.map((item) => scalarAt(value.at, item)),
  })
  sheet.putIfAny('dependencies', sheet.plainly('dependencies', globals.dependencies))
  sheet.putIfAny('locals', sheet.plainly('locals'))
  const retry = [bases.all.maps.get('retry'), body.map('retry'), overrides.map('retry')]
  sheet.putIfAny('retry', mergeLayers(retry, config.listMergeStrategy))
  const secrets = [bases.all.maps.get('secrets'), body.map('secrets'), overrides.map('secrets')]
  sheet.putIfAny(
    'secrets',
    mergeLayers([scoped(globals.secrets, 'stack'), ...secrets.map((layer) => scoped(layer, 'instance'))], strategy),
  )
}

function byType({ globals, type, body, bases }: Parts, sheet: Draft, strategy: ListStrategy): void {
  const rules = RULES[type]
  if (rules.hooks) sheet.put('hooks', sheet.layered('hooks', globals.hooks))
  if (rules.generate) sheet.put('generate', sheet.layered('generate', globals.generate))
  if (rules.plugins) sheet.putAny('plugins', [bases.all.values.get('plugins'), body.any('plugins')])
  if (!rules.source) return
  sheet.put('source', mergeLayers([globals.source, bases.all.maps.get('source'), body.source()], strategy))
  sheet.put('provision', sheet.plainly('provision', globals.provision))
}

function metadataOf({ config, globals, value, body, bases }: Parts, strategy: ListStrategy): MapValue | undefined {
  const inherited = config.stacks.inheritMetadata ? bases.all.maps.get('metadata') : undefined
  return mergeLayers([globals.metadata, inherited, body.map('metadata')], strategy) ?? mapAt(value.at)
}

/** What is printed as `component`: the folder or base that the component names itself, else its own name. */
function folderName({ name, path, value, body, bases }: Parts): Text {
  const own = body.map('metadata')?.entries.get('component')
  if (own === undefined)
    return { kind: 'scalar', at: body.any('component')?.at ?? value.at, value: bases.top.first || name }
  if (textOf(own) !== undefined) return own as Text
  throw new UserError({
    code: 'metadata-invalid',
    message: `${path}.metadata.component is not a text`,
    fix: 'name a folder',
    at: own.at,
    exit: 2,
  })
}

function commandOf({ config, globals, type, value, body, overrides, bases }: Parts): Text {
  const configured = type === 'kubernetes' || type === 'helm' ? '' : config.components[type].command
  const standard: Text = { kind: 'scalar', at: value.at, value: configured || type }
  return strongest(
    [overrides.text('command'), body.text('command'), bases.all.command, globals.command, standard],
    value.at,
  )
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
