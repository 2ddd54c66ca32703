import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { glob } from './patterns.ts'

/** Files below a folder, as paths from it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** What `hashFiles` says: SHA-256 over the hashes of all files that match; empty where none does. */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = filesBelow(workspace).filter((path) => patterns.some((pattern) => glob(pattern).test(path)))
  if (files.length === 0) return ''
  const all = createHash('sha256')
  for (const path of files)
    all.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, path)))
        .digest(),
    )
  return all.digest('hex')
}
