import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job, Tool } from '../terraform.ts'
import type { CopyFile } from './copy.ts'

/** How deep providers lie: `<host>/<namespace>/<type>/<version>/<platform>`. */
const providerDepth = 5

/** What `init` and the choice of a workspace depend on, as a hash; undefined where nothing pins the providers. */
export function warmth(
  { folder, init, workspace }: Pick<Job, 'folder' | 'init' | 'workspace'>,
  tool: Tool,
  env: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, CopyFile>,
): string | undefined {
  if (!files.has(`${folder}/.terraform.lock.hcl`)) return undefined
  const hash = createHash('sha256')
  const { TF_CLI_CONFIG_FILE: config, TF_PLUGIN_CACHE_DIR: cache } = env
  hash.update(JSON.stringify([tool, folder, init, workspace, config, cache]))
  const deciding = [...files].filter(([path]) => /\.(tf|tofu)(\.json)?$|\.terraform\.lock\.hcl$/.test(path))
  for (const [path, { bytes }] of deciding.sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

/** Remembers what a working copy was last initialised for, so that `init` need not run again for the same. */
export interface Warm {
  /** Whether the copy is initialised for this, its workspace is chosen, and its providers are still there. */
  is(wanted: string | undefined): Promise<boolean>
  set(now: string | undefined): Promise<void>
}

/**
 * The memory of one working copy, in the file `mark`.
 * @param data Terraform's data folder in the copy
 */
export function warm(mark: string, data: string, workspace: string | undefined): Warm {
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined)

  return {
    async is(wanted) {
      if (wanted === undefined || (await read(mark)) !== wanted) return false
      if (workspace !== undefined && (await read(join(data, 'environment'))) !== workspace) return false
      if (!(await stat(data).catch(() => undefined))) return false
      return providersThere(join(data, 'providers'))
    },
    async set(now) {
      if (now === undefined) await rm(mark, { force: true })
      else await writeFile(mark, now)
    },
  }
}

/** Whether every provider below Terraform's folder of them is there: they are links into a cache that others may empty. */
export async function providersThere(folder: string, depth = providerDepth): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  const below = names.map((name) => join(folder, name))
  if (depth > 1) return (await Promise.all(below.map((path) => providersThere(path, depth - 1)))).every(Boolean)
  const found = await Promise.all(below.map((path) => stat(path).catch(() => undefined)))
  return found.every((it) => it !== undefined)
}
