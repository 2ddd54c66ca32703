import { readFileSync, readlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { blobId, byteOrder } from '../blob.ts'
import { loadableTree } from '../loadable.ts'
import type { LoadableTree } from '../repo.ts'
import type { TreeFile } from '../tree.ts'
import { workTreeContents } from './work-tree.ts'

/** Folders that hold no configuration, and may be huge. */
const skipped = new Set(['.git', '.terraform', 'node_modules'])

/** The files below a folder that is in no Git repository. What Git would ignore is there too. */
export async function folderTree(root: string): Promise<LoadableTree> {
  const files: TreeFile[] = []
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true })
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) await walk(path)
      } else if (entry.isSymbolicLink()) files.push(lazily(root, path, 'symlink'))
      else if (entry.isFile()) files.push(lazily(root, path, 'file'))
    }
  }
  await walk('')
  files.sort((a, b) => byteOrder(a.path, b.path))
  return loadableTree(root, new Map(files.map((file) => [file.path, file])), async (wanted) =>
    workTreeContents(root, wanted),
  )
}

/** A file whose id is computed when somebody asks for it: to describe stacks nobody does. */
function lazily(root: string, path: string, mode: 'file' | 'symlink'): TreeFile {
  return {
    path,
    mode,
    get hash() {
      const absolute = join(root, path)
      return blobId(mode === 'symlink' ? readlinkSync(absolute, 'buffer') : readFileSync(absolute))
    },
  }
}
