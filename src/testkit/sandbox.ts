import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeMirror } from './mirror.ts'

/** A temporary folder in which real Terraform finds the provider of the folder cloud, and an empty cloud. */
export interface Sandbox {
  /** Absolute path. */
  readonly root: string
  /** Absolute path of the folder that is the cloud. */
  readonly cloud: string
  /** The process environment, with the variables that make Terraform use the mirror and the cloud. */
  readonly env: Readonly<Record<string, string | undefined>>
  dispose(): Promise<void>
}

/** Makes a sandbox. */
export async function sandbox(): Promise<Sandbox> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'airlock-test-')))
  const cloud = join(root, 'cloud')
  const env = { ...process.env, ...(await writeMirror(join(root, 'terraform'), cloud, process.env)) }
  return { root, cloud, env, dispose: () => rm(root, { recursive: true, force: true }) }
}
