import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { canonicalJson } from '../json.ts'

/**
 * What Terraform itself calls a state: backend type, the settings that identify a state in it, workspace. No setting is
 * ever a credential.
 */
export interface StateAddress {
  readonly backend: string
  readonly settings: Readonly<Record<string, string>>
  readonly workspace: string
}

/** Names a state address in keys: a readable part, and 32 hex digits that decide. */
export type AddressId = string & { readonly __brand: 'AddressId' }

/** What of an instance decides where its state is. */
export interface AddressInput {
  readonly backendType: string
  readonly backend: Readonly<Record<string, unknown>>
  readonly workspace: string
  /** The component's folder, relative to the repository's root. */
  readonly folder: string
}

/** The state address of an instance. Settings that only say how to get there (roles, regions, locks) are no part of it. */
export function stateAddress({ backendType, backend, workspace, folder }: AddressInput): StateAddress {
  const type = backendType === '' ? 'local' : backendType
  const identify = identities[type] ?? anyBackend
  const identity = identify({ text: texts(backend), backend, workspace, folder })
  // Settings that are written in the code itself are not seen here: the folder tells such states apart.
  const settings = type !== 'local' && Object.keys(backend).length === 0 ? { ...identity, folder } : identity
  const named = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { backend: type, settings: Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1))), workspace }
}

/** The address as keys name it: `vpc-plat-ue2-prod-0f3c…`. Equal addresses, equal ids. */
export function addressId(address: StateAddress): AddressId {
  const { backend, settings, workspace } = address
  const hash = createHash('sha256').update(canonicalJson({ backend, settings, workspace })).digest('hex').slice(0, 32)
  return [...slug(address), hash].join('-') as AddressId
}

/** The last folder or key that is no more than a fixed file name, and the workspace; at most 64 characters. */
function slug({ settings, workspace }: StateAddress): string[] {
  const place = settings.file ?? settings.object ?? settings.prefix ?? settings.secret ?? settings.url ?? ''
  const parts = place.split('/').filter((it) => !/^(terraform\.tfstate(\.d)?|env:|default|.*\.tfstate|)$/.test(it))
  const last = parts.filter((it) => it !== workspace).at(-1) ?? ''
  const words = [last, workspace === 'default' ? '' : workspace].map((it) =>
    it.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
  )
  const joined = words
    .join('-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '')
  return joined === '' ? [] : [joined]
}

interface Backend extends Omit<AddressInput, 'backendType'> {
  /** A setting that is a text or a number, as text; undefined when it is not there or empty. */
  text(key: string): string | undefined
}

type Identity = (backend: Backend) => Readonly<Record<string, string | undefined>>

const identities: Readonly<Record<string, Identity>> = {
  // A named workspace ignores `path`, the default one `workspace_dir`.
  local: ({ text, workspace, folder }) => {
    const path =
      workspace === 'default'
        ? (text('path') ?? 'terraform.tfstate')
        : posix.join(text('workspace_dir') ?? 'terraform.tfstate.d', workspace, 'terraform.tfstate')
    return { file: posix.isAbsolute(path) ? posix.normalize(path) : posix.join(folder, path) }
  },
  // Names of buckets are unique within a partition, so that a corrected region is no other state.
  s3: ({ text, backend, workspace }) => ({
    bucket: text('bucket'),
    object: prefixed(text('workspace_key_prefix') ?? 'env:', workspace, text('key')),
    endpoint: bareUrl(texts(mapOf(backend.endpoints))('s3') ?? text('endpoint')),
    partition: /^(cn|us-gov|us-iso[a-z]*)-/.exec(text('region') ?? '')?.[1],
  }),
  gcs: ({ text, workspace }) => ({
    bucket: text('bucket'),
    object: posix.join(text('prefix') ?? '', `${workspace}.tfstate`),
  }),
  azurerm: ({ text, workspace }) => ({
    account: text('storage_account_name'),
    container: text('container_name'),
    object: suffixed(text('key'), 'env:', workspace),
    environment: text('environment'),
  }),
  http: ({ text }) => ({ url: bareUrl(text('address')) }),
  consul: ({ text, workspace }) => ({
    address: bareUrl(text('address')),
    datacenter: text('datacenter'),
    object: suffixed(text('path'), '-env:', workspace),
  }),
  kubernetes: ({ text }) => ({
    host: bareUrl(text('host')),
    context: text('config_context'),
    cluster: text('config_context_cluster'),
    config: text('config_path'),
    namespace: text('namespace') ?? 'default',
    secret: text('secret_suffix'),
  }),
  pg: ({ text }) => ({ database: bareUrl(text('conn_str')), schema: text('schema_name') ?? 'terraform_remote_state' }),
  cos: ({ text }) => ({ bucket: text('bucket'), prefix: text('prefix'), object: text('key') ?? 'terraform.tfstate' }),
  oss: ({ text }) => ({
    bucket: text('bucket'),
    prefix: text('prefix') ?? 'env:',
    object: text('key') ?? 'terraform.tfstate',
  }),
  oci: ({ text }) => ({
    bucket: text('bucket'),
    namespace: text('namespace'),
    prefix: text('workspace_key_prefix') ?? 'env:',
    object: text('key') ?? 'terraform.tfstate',
  }),
  remote: (backend) => hcp(backend),
  cloud: (backend) => hcp(backend),
}

function hcp({ text, backend }: Backend): Readonly<Record<string, string | undefined>> {
  const workspaces = texts(mapOf(backend.workspaces))
  return {
    host: text('hostname') ?? 'app.terraform.io',
    organization: text('organization'),
    prefix: workspaces('prefix'),
    name: workspaces('name'),
    project: workspaces('project'),
  }
}

/** A backend we do not know: every single-valued setting, but none that looks like a credential. */
const anyBackend: Identity = ({ text, backend, folder }) => ({
  folder,
  ...Object.fromEntries(
    Object.keys(backend)
      .filter((key) => !/secret|token|password|credential|access_key|private|auth/i.test(key))
      .map((key) => [`backend.${key}`, bareUrl(text(key))]),
  ),
})

function texts(settings: Readonly<Record<string, unknown>>): (key: string) => string | undefined {
  return (key) => {
    const value = Object.hasOwn(settings, key) ? settings[key] : undefined
    if (value === '' || value === null || value === undefined || typeof value === 'object') return undefined
    return String(value)
  }
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'object' && first !== null ? { ...first } : {}
}

function prefixed(prefix: string, workspace: string, key: string | undefined): string | undefined {
  return key === undefined || workspace === 'default' ? key : posix.join(prefix, workspace, key)
}

function suffixed(key: string | undefined, separator: string, workspace: string): string | undefined {
  return key === undefined || workspace === 'default' ? key : `${key}${separator}${workspace}`
}

/** An address without what may be secret in it: user, password, query. */
function bareUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const connection = url
    .split(/\s+/)
    .filter((it) => !/^(password|user|passfile|sslpassword)=/i.test(it))
    .join(' ')
  return connection.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1').replace(/[?#].*$/, '')
}
