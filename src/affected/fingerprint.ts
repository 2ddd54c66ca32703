import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import type { Inputs } from './inputs.ts'

/** Names what Terraform is asked to do for an instance: `fp1:` and 64 hex digits. Equal inputs, equal fingerprint, whatever the commit. */
export type Fingerprint = `fp1:${string}`

/** SHA-256 over canonical JSON of all inputs; a file counts by path and content. */
export function fingerprint({ sections, workspace, files }: Inputs): Fingerprint {
  const content = canonicalJson({ sections, workspace, files: files.map(({ path, hash }) => [path, hash]) })
  return `fp1:${createHash('sha256').update(content).digest('hex')}`
}
