import { byteOrder } from './blob.ts'
import type { ChangedFile } from './repo.ts'
import type { Tree } from './tree.ts'

/** Paths whose content or mode differs between two trees, in byte order. */
export function changedFiles(from: Pick<Tree, 'files'>, to: Pick<Tree, 'files'>): ChangedFile[] {
  const changes: ChangedFile[] = []
  for (const [path, file] of to.files) {
    const before = from.files.get(path)
    if (before === undefined) changes.push({ path, change: 'added' })
    else if (before.hash !== file.hash || before.mode !== file.mode) changes.push({ path, change: 'modified' })
  }
  for (const path of from.files.keys()) if (!to.files.has(path)) changes.push({ path, change: 'deleted' })
  return changes.sort((a, b) => byteOrder(a.path, b.path))
}
