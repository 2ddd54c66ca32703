import { backendsOf } from './backend.ts'
import type { AtmosConfig } from './config.ts'
import type { Draft } from './draft.ts'
import type { Globals } from './globals.ts'
import type { Bases } from './inherit.ts'
import { mergeLayers } from './merge.ts'
import { wrongSection } from './overrides.ts'
import { type Sections, strongest } from './sections.ts'
import { type MapValue, mapOf, textOf } from './value.ts'

/** The layers of a Terraform component, and what was made of them so far. */
interface TerraformParts {
  readonly config: AtmosConfig
  readonly globals: Globals
  readonly name: string
  readonly path: string
  readonly value: MapValue
  readonly body: Sections
  readonly overrides: Sections
  readonly bases: Bases
  readonly metadata: MapValue | undefined
  /** What is printed as `component`. */
  readonly folder: string
}

/** Adds what only Terraform components have: providers, versions, tests, backends. */
export function terraformSections(parts: TerraformParts, draft: Draft): void {
  const { config, globals, name, path, value, body, overrides, bases, metadata, folder } = parts
  draft.put('providers', draft.layered('providers', globals.type.map('providers')))
  draft.put('required_providers', draft.layered('required_providers', undefined))
  const versions = [overrides.text('required_version'), body.text('required_version'), bases.requiredVersion]
  draft.put('required_version', strongest(versions, value.at))
  draft.putIfAny('test', draft.plainly('test'))
  draft.putIfAny('mocks', draft.plainly('mocks'))
  const backends = backendsOf(config, globals, bases, body, {
    component: name,
    path,
    baseName: folder,
    metadata,
    at: value,
  })
  draft.put('backend_type', backends.type)
  draft.put('backend', backends.backend)
  draft.put('remote_state_backend_type', backends.remoteType)
  draft.put('remote_state_backend', backends.remote)
  if (textOf(mapOf(body.any('metadata'))?.entries.get('type')) === 'abstract')
    draft.put('settings', withoutWorkspace(mapOf(draft.sections.get('settings')), path))
}

/** Spacelift never works on an abstract component; its heirs still inherit the setting. */
function withoutWorkspace(settings: MapValue | undefined, path: string): MapValue | undefined {
  const spacelift = settings?.entries.get('spacelift')
  if (settings === undefined || spacelift === undefined) return settings
  if (spacelift.kind !== 'map') throw wrongSection(`${path}.settings.spacelift`, spacelift, spacelift.at)
  const entries = new Map(spacelift.entries)
  entries.delete('workspace_enabled')
  return { ...settings, entries: new Map(settings.entries).set('spacelift', { ...spacelift, entries }) }
}

/** Adds what only Kubernetes components have. */
export function kubernetesSections(type: Sections, bases: Bases, body: Sections, draft: Draft): void {
  const provider = body.text('provider') ?? bases.provider ?? type.text('provider')
  if (provider !== undefined) draft.put('provider', provider)
  for (const name of ['paths', 'manifests', 'validate'])
    draft.putAny(name, [type.any(name), bases.values.get(name), body.any(name)])
  draft.putIfAny(
    'render',
    mergeLayers([type.map('render'), bases.maps.get('render'), body.map('render')], draft.strategy),
  )
}
