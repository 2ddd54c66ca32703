import type { Tree } from '../git/tree.ts'

const known = new WeakMap<Tree, ReadonlySet<string>>()

/** Whether any file lies below a folder: a tree knows no empty folders. */
export function folderExists(tree: Tree, folder: string): boolean {
  if (folder === '' || folder === '.') return true
  let folders = known.get(tree)
  if (folders === undefined) {
    folders = foldersOf(tree.files.keys())
    known.set(tree, folders)
  }
  return folders.has(folder)
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const path of paths)
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  return folders
}
