import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Cache } from '../cache.ts'

/** Folder and bound of a cache. */
export interface FolderCacheOptions {
  readonly folder: string
  /** What is used longest ago goes when there is more. */
  readonly maxBytes: number
}

/**
 * A cache in a folder that may be deleted at any time. Each entry is one file: the SHA-256 of key and content, then the
 * content, compressed. It is written under a name of its own and then renamed, so that no other process reads half of it.
 */
export function folderCache({ folder, maxBytes }: FolderCacheOptions): Cache {
  const pathOf = (key: string) => join(folder, createHash('sha256').update(key).digest('hex'))
  return {
    async get(key) {
      try {
        const path = pathOf(key)
        const file = await readFile(path)
        const bytes = file.subarray(sealBytes)
        if (!file.subarray(0, sealBytes).equals(seal(key, bytes))) return undefined
        const now = new Date()
        await utimes(path, now, now).catch(() => {})
        return inflateRawSync(bytes)
      } catch {
        return undefined
      }
    },
    async put(key, bytes) {
      const path = pathOf(key)
      const own = `${path}.${randomUUID()}`
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const packed = deflateRawSync(bytes, { level: 1 })
        await writeFile(own, [seal(key, packed), packed], { mode: 0o600 })
        await rename(own, path)
        await trim(folder, maxBytes)
      } catch {
        await rm(own, { force: true }).catch(() => {})
      }
    },
  }
}

const sealBytes = 32

function seal(key: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`${key.length}\0${key}\0`).update(bytes).digest()
}

/** Removes what was used longest ago, what a killed process left behind among it. */
async function trim(folder: string, maxBytes: number): Promise<void> {
  const names = await readdir(folder)
  const found = await Promise.all(
    names.map(async (name) => ({ name, stat: await stat(join(folder, name)).catch(() => undefined) })),
  )
  const newestFirst = found
    .flatMap(({ name, stat }) => (stat ? [{ name, size: stat.size, usedMs: stat.mtimeMs }] : []))
    .sort((a, b) => b.usedMs - a.usedMs)
  let total = 0
  for (const { name, size } of newestFirst) {
    total += size
    if (total > maxBytes) await rm(join(folder, name), { force: true })
  }
}
