import { UserError } from '../error.ts'
import type { AtmosConfig } from './config.ts'
import { type ListStrategy, mergeLayers } from './merge.ts'
import { LAYERED_TYPES, type LayeredType, RULES, type Sections, sectionsOf, type Text } from './sections.ts'
import type { MapValue, Value } from './value.ts'

/** What a manifest says above its components: root sections, and those of each type laid over them. */
export interface Globals {
  readonly vars: MapValue | undefined
  readonly settings: MapValue | undefined
  readonly env: MapValue | undefined
  readonly auth: MapValue | undefined
  readonly dependencies: MapValue | undefined
  readonly metadata: MapValue | undefined
  readonly secrets: MapValue | undefined
  readonly hooks: MapValue | undefined
  readonly generate: MapValue | undefined
  readonly source: MapValue | undefined
  readonly provision: MapValue | undefined
  readonly command: Text | undefined
  /** The type's section itself: providers, backends and the like have no root level. */
  readonly type: Sections
}

/** Kinds of metadata that make sense for a whole stack. */
const ROOT_METADATA = ['labels', 'tags', 'custom', 'enabled', 'locked', 'terraform_workspace_pattern']

/** Sections that must be maps at the root and at a type's level, whoever reads them. */
const ROOT_MAPS = [
  'vars',
  'hooks',
  'settings',
  'env',
  'generate',
  ...LAYERED_TYPES,
  'components',
  'auth',
  'secrets',
  'dependencies',
]
const TYPE_MAPS: Readonly<Record<LayeredType, readonly string[]>> = {
  terraform: [
    'vars',
    'hooks',
    'generate',
    'settings',
    'env',
    'providers',
    'auth',
    'backend',
    'remote_state_backend',
    'source',
    'provision',
    'dependencies',
  ],
  helmfile: ['vars', 'settings', 'env', 'auth', 'dependencies'],
  packer: ['vars', 'settings', 'env', 'auth', 'dependencies'],
  ansible: ['vars', 'settings', 'env', 'auth', 'dependencies'],
  kubernetes: ['vars', 'hooks', 'generate', 'settings', 'env', 'auth', 'dependencies', 'source', 'provision'],
  helm: ['vars', 'hooks', 'generate', 'settings', 'env', 'auth', 'dependencies', 'source', 'provision'],
}

/** Checks every section above the components, whether or not a component will read it. @throws UserError `section-invalid`, `metadata-invalid` */
export function checkGlobals(manifest: MapValue): void {
  const root = sectionsOf(manifest, '')
  for (const name of ROOT_MAPS) root.map(name)
  rootMetadata(root)
  for (const type of LAYERED_TYPES) {
    const section = sectionsOf(root.map(type), type)
    for (const name of TYPE_MAPS[type]) section.map(name)
    section.text('command')
    if (type !== 'terraform') continue
    section.text('backend_type')
    section.text('remote_state_backend_type')
  }
}

/** The global layers for components of a type. */
export function globalsOf(manifest: MapValue, type: LayeredType, config: AtmosConfig): Globals {
  const root = sectionsOf(manifest, '')
  const own = sectionsOf(root.map(type), type)
  const rules = RULES[type]
  const strategy: ListStrategy = config.listMergeStrategy
  const both = (name: string, below?: MapValue): MapValue | undefined =>
    mergeLayers([below, root.map(name), own.map(name)], strategy)
  return {
    vars: both('vars'),
    settings: both('settings'),
    env: both('env', config.env),
    auth: both('auth'),
    dependencies: both('dependencies'),
    metadata: rootMetadata(root),
    secrets: rules.secrets ? root.map('secrets') : undefined,
    hooks: rules.globals ? both('hooks') : undefined,
    generate: rules.globals ? both('generate') : undefined,
    source: rules.globals ? own.map('source') : undefined,
    provision: rules.globals ? own.map('provision') : undefined,
    command: own.text('command'),
    type: own,
  }
}

function rootMetadata(root: Sections): MapValue | undefined {
  const metadata = root.map('metadata')
  const wrong = [...(metadata?.entries ?? [])].find(([name]) => !ROOT_METADATA.includes(name))
  if (wrong === undefined) return metadata
  const [name, value]: [string, Value] = wrong
  throw new UserError({
    code: 'metadata-invalid',
    message: `metadata.${name} at the root of a manifest would count for every component`,
    fix: `write it under the metadata of one component; at the root only ${ROOT_METADATA.join(', ')} are allowed`,
    at: value.key ?? value.at,
    exit: 2,
  })
}
