import { encode } from '@msgpack/msgpack'
import { zipSync } from 'fflate'
import type { Job, StateId } from '../terraform.ts'
import type { Values } from './scripted-plan.ts'

const planFormat = 3
const lengthDelimited = 2
// A zip holds local times from 1980 on; the same plan shall give the same bytes.
const madeAt = new Date(1980, 0, 1, 12)

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}

const numberField = (id: number, value: number) => Buffer.from([...varint(id << 3), ...varint(value)])
function bytesField(id: number, value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value as Uint8Array)
  return Buffer.concat([Buffer.from([...varint((id << 3) | lengthDelimited), ...varint(bytes.length)]), bytes])
}

/** A value's type as Terraform writes it in JSON. */
function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) return ['tuple', value.map(typeOf)]
  if (typeof value === 'object' && value !== null)
    return ['object', Object.fromEntries(Object.entries(value).map(([name, item]) => [name, typeOf(item)]))]
  return typeof value === 'number'
    ? 'number'
    : typeof value === 'boolean'
      ? 'bool'
      : value === null
        ? 'dynamic'
        : 'string'
}

/** A value whose type is not known beforehand is written with it. */
const dynamicValue = (value: unknown) =>
  bytesField(1, encode(value === null ? null : [Buffer.from(JSON.stringify(typeOf(value))), value]))
const settingsValue = (value: unknown) => bytesField(1, encode(value))

function backendOf({ generated }: Job): { readonly type: string; readonly config: unknown } {
  const file = JSON.parse(generated.get('backend.tf.json') ?? '{}') as {
    readonly terraform?: { readonly backend?: Readonly<Record<string, unknown>> }
  }
  const [[type, config] = ['local', {}]] = Object.entries(file.terraform?.backend ?? {})
  return { type, config }
}

function isConfiguration(name: string): boolean {
  return !name.includes('/') && /\.(tf|tofu)(\.json)?$/.test(name)
}

/** The component's configuration as Terraform would read it: ours over the repository's. */
function configuration({ files, folder, generated }: Job): Map<string, Uint8Array> {
  const below = [...files].flatMap(([path, { bytes }]): [string, Uint8Array][] =>
    path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), bytes]] : [],
  )
  const ours = [...generated].map(([path, text]): [string, Uint8Array] => [path, Buffer.from(text)])
  return new Map([...below, ...ours].filter(([name]) => isConfiguration(name)))
}

interface ScriptedPlanfile {
  readonly job: Job
  readonly version: string
  readonly destroy: boolean
  readonly variables: Values
  readonly state: StateId | undefined
  readonly lockFile: string
}

/** A planfile of Terraform's shape, so that what opens and verifies real ones can do so with these; without the changes. */
export function scriptedPlanfile({ job, version, destroy, variables, state, lockFile }: ScriptedPlanfile): Uint8Array {
  const backend = backendOf(job)
  const plan = Buffer.concat([
    numberField(1, planFormat),
    ...Object.entries(variables).map(([name, value]) =>
      bytesField(2, Buffer.concat([bytesField(1, name), bytesField(2, dynamicValue(value))])),
    ),
    bytesField(
      13,
      Buffer.concat([
        bytesField(1, backend.type),
        bytesField(2, settingsValue(backend.config)),
        bytesField(3, job.workspace ?? 'default'),
      ]),
    ),
    bytesField(14, version),
    numberField(17, destroy ? 1 : 0),
  ])
  const stateFile = Buffer.from(
    JSON.stringify({ version: 4, lineage: state?.lineage ?? '', serial: state?.serial ?? 0 }),
  )
  const sources = [...configuration(job)].map(([name, bytes]) => [`tfconfig/m-/${name}`, bytes] as const)
  return zipSync(
    {
      tfplan: plan,
      tfstate: stateFile,
      'tfstate-prev': stateFile,
      'tfconfig/modules.json': Buffer.from(JSON.stringify([{ Key: '', Dir: '.' }])),
      ...Object.fromEntries(sources),
      '.terraform.lock.hcl': Buffer.from(lockFile),
    },
    { mtime: madeAt },
  )
}
