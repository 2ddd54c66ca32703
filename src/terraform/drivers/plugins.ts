import { createHash } from 'node:crypto'
import { access, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ran } from '../terraform.ts'
import type { CopyFile } from './copy.ts'
import { type LockMachine, lock } from './lock.ts'

/** The plugin cache that all working copies share. Terraform does not guard it against two that fill it at once. */
export interface PluginCache {
  /** Absolute path. */
  readonly folder: string
  /** Runs `init` alone when it may write into the cache, and beside others when it can only read. */
  initialise(
    files: ReadonlyMap<string, CopyFile>,
    env: Readonly<Record<string, string>>,
    init: () => Promise<Ran>,
  ): Promise<Ran>
}

/** What decides which providers `init` installs: configuration, lock file, and where providers come from. */
function providerSet(files: ReadonlyMap<string, CopyFile>, env: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(`${env.TF_PLUGIN_CACHE_DIR}\0${env.TF_CLI_CONFIG_FILE ?? ''}\0`)
  const deciding = [...files].filter(([path]) => /\.(tf|tofu)(\.json)?$|\.terraform\.lock\.hcl$/.test(path))
  for (const [path, { bytes }] of deciding.sort(([a], [b]) => (a < b ? -1 : 1)))
    if (!path.endsWith('/backend.tf.json')) hash.update(`${path}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

interface PluginOptions {
  /** Folder that the cache and what we know of it lie in. */
  readonly work: string
  readonly machine: LockMachine
  readonly of: string
  readonly stop: AbortSignal
}

/**
 * The shared cache below `work`. The first `init` of each set of providers holds a lock; once it has succeeded, others
 * with the same set find all they need, and run side by side (an `init` that hashes a big provider takes seconds). Should
 * one fail then, it is tried again alone, since the set may have moved: a version range and a new release.
 */
export function pluginCache({ work, machine, of, stop }: PluginOptions): PluginCache {
  const folder = join(work, 'plugins')
  return {
    folder,
    async initialise(files, env, init) {
      const cache = env.TF_PLUGIN_CACHE_DIR
      if (cache === undefined) return init()
      await mkdir(cache, { recursive: true })
      const mark = join(work, 'plugin-sets', providerSet(files, env))
      const known = (await readdir(cache)).length > 0 && (await exists(mark))
      if (known) {
        const ran = await init()
        if (ran.exitCode === 0 || stop.aborted) return ran
      }
      const held = await lock(join(work, 'plugin-lock'), { machine, of, stop, waiting: () => {} })
      try {
        const ran = await init()
        if (ran.exitCode === 0) {
          await mkdir(join(work, 'plugin-sets'), { recursive: true })
          await writeFile(mark, '')
        }
        return ran
      } finally {
        await held.release()
      }
    },
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
