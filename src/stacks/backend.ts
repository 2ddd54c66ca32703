import { UserError } from '../error.ts'
import type { AtmosConfig } from './config.ts'
import type { Globals } from './globals.ts'
import type { Bases } from './inherit.ts'
import { mergeLayers } from './merge.ts'
import { wrongSection } from './overrides.ts'
import { type Sections, strongest } from './sections.ts'
import { type MapValue, mapAt, mapOf, scalarAt, textOf, type Value } from './value.ts'

/** Where a component keeps its state, and where others read it. */
export interface Backends {
  readonly type: Value
  readonly backend: MapValue | undefined
  readonly remoteType: Value
  readonly remote: MapValue | undefined
}

/** What the default keys of a backend are made of. */
interface Named {
  readonly component: string
  readonly path: string
  /** What is printed as `component`: the folder or base that the component names itself. */
  readonly baseName: string
  readonly metadata: MapValue | undefined
  readonly at: Value
}

/** The resolved backends with Atmos' defaults. @throws UserError `backend-mismatch` */
export function backendsOf(
  config: AtmosConfig,
  globals: Globals,
  bases: Bases,
  body: Sections,
  named: Named,
): Backends {
  const strategy = config.listMergeStrategy
  const typeValue = strongest(
    [body.text('backend_type'), bases.backendType, globals.type.text('backend_type')],
    named.at.at,
  )
  const type = typeValue.value
  const layers = [globals.type.map('backend'), bases.maps.get('backend'), body.map('backend')]
  const all = mergeLayers(layers, strategy)
  const entry = all?.entries.get(type)
  if (entry !== undefined && entry.kind !== 'map')
    throw wrongSection(`backend.${type} of ${named.component}`, entry, entry.at)
  if (entry === undefined && type !== '' && all !== undefined) throw mismatch('backend', type, all, named)
  const backend = withDefaults(config, type, mergeLayers([entry], strategy), globals, body, named)

  const remoteTypeValue = strongest(
    [
      body.text('remote_state_backend_type'),
      bases.remoteStateBackendType,
      globals.type.text('remote_state_backend_type'),
      typeValue,
    ],
    named.at.at,
  )
  const remoteType = remoteTypeValue.value
  const remotes = [
    globals.type.map('remote_state_backend'),
    bases.maps.get('remote_state_backend'),
    body.map('remote_state_backend'),
  ]
  const written = remotes.filter((layer) => layer !== undefined && layer.entries.size > 0)
  if (remoteType !== '' && written.length > 0 && !written.some((layer) => layer!.entries.has(remoteType)))
    throw mismatch('remote_state_backend', remoteType, written.at(-1)!, named)
  const own = (layer: MapValue | undefined): MapValue | undefined => {
    const value = layer?.entries.get(remoteType)
    if (value !== undefined && value.kind !== 'map')
      throw wrongSection(`remote_state_backend.${remoteType} of ${named.component}`, value, value.at)
    return value
  }
  const remote = mergeLayers([remoteType === type ? backend : undefined, ...remotes.map(own)], strategy)
  return { type: typeValue, backend, remoteType: remoteTypeValue, remote }
}

function withDefaults(
  config: AtmosConfig,
  type: string,
  backend: MapValue | undefined,
  globals: Globals,
  body: Sections,
  named: Named,
): MapValue | undefined {
  const { prefixSeparator } = config.components.terraform
  const name = textOf(named.metadata?.entries.get('name')) || named.baseName || named.component
  const prefix = prefixSeparator === '/' ? name : name.replaceAll('/', prefixSeparator)
  const at = backend?.at ?? named.at.at
  const put = (key: string, value: string): MapValue => ({
    ...(backend ?? mapAt(at)),
    entries: new Map(backend?.entries).set(key, scalarAt(at, value)),
  })
  const missing = (key: string): boolean => !textOf(backend?.entries.get(key))
  if (type === 's3' && missing('workspace_key_prefix')) return put('workspace_key_prefix', prefix)
  if (type === 'gcs' && missing('prefix')) return put('prefix', prefix)
  if (type !== 'azurerm') return backend
  const globalKey = textOf(mapOf(globals.type.map('backend')?.entries.get('azurerm'))?.entries.get('key'))
  const ownKey = textOf(mapOf(body.map('backend')?.entries.get('azurerm'))?.entries.get('key'))
  const key = textOf(backend?.entries.get('key'))
  if (ownKey !== undefined || (key && key !== globalKey)) return backend
  return put('key', [...(globalKey === undefined ? [] : [globalKey]), `${prefix}.terraform.tfstate`].join('/'))
}

function mismatch(section: string, type: string, all: MapValue, named: Named): UserError {
  const kinds = [...all.entries.keys()].sort().join(', ')
  return new UserError({
    code: 'backend-mismatch',
    message: `${section}_type of ${named.path} is ${type}, but ${section} has only ${kinds}`,
    fix: `add ${section}.${type}, or set ${section}_type to one of these`,
    at: all.at,
    exit: 2,
  })
}
