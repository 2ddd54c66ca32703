import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import type { Instance } from '../stacks/instance.ts'
import type { MapValue, Value } from '../stacks/value.ts'
import { type InputFile, type Inputs, TERRAFORM_SECTIONS } from './inputs.ts'

/** Names what Terraform is asked to do for an instance: `fp1:` and 64 hex digits. Equal inputs, equal fingerprint, whatever the commit. */
export type Fingerprint = `fp1:${string}`

/** SHA-256 over canonical JSON of all inputs and of the sections that reach Terraform; a file counts by path and content. */
export function fingerprint({ sections }: Pick<Instance, 'sections'>, { workspace, files }: Inputs): Fingerprint {
  const entries = NAMES.flatMap((name) => {
    const value = sections.entries.get(name)
    return value === undefined ? [] : [`${JSON.stringify(name)}:${canonical(value)}`]
  })
  const content = `{"files":${listed(files)},"sections":{${entries.join(',')}},"workspace":${canonicalJson(workspace)}}`
  return `fp1:${createHash('sha256').update(content).digest('hex')}`
}

const NAMES = [...TERRAFORM_SECTIONS].sort()
const texts = new WeakMap<MapValue, string>()
const lists = new WeakMap<readonly InputFile[], string>()

/** Canonical JSON of a value; a map that many instances share is written once. */
function canonical(value: Value): string {
  if (value.kind === 'scalar') return canonicalJson(value.value)
  if (value.kind === 'list') return `[${value.items.map(canonical).join(',')}]`
  const known = texts.get(value)
  if (known !== undefined) return known
  const entries = [...value.entries.keys()]
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value.entries.get(key)!)}`)
  const text = `{${entries.join(',')}}`
  texts.set(value, text)
  return text
}

function listed(files: readonly InputFile[]): string {
  const text = lists.get(files) ?? canonicalJson(files.map(({ path, hash }) => [path, hash]))
  lists.set(files, text)
  return text
}
