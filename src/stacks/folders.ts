import type { Tree } from '../git/tree.ts'

const known = new WeakMap<Tree, ReadonlySet<string>>()

/** Whether any file lies below a folder: a tree knows no empty folders. */
export function folderExists(tree: Tree, folder: string): boolean {
  return folder === '' || folder === '.' || foldersIn(tree).has(folder)
}

/** Whether two trees have the same folders. */
export function sameFolders(a: Tree, b: Tree): boolean {
  const [one, other] = [foldersIn(a), foldersIn(b)]
  return one.size === other.size && [...one].every((folder) => other.has(folder))
}

function foldersIn(tree: Tree): ReadonlySet<string> {
  const folders = known.get(tree) ?? foldersOf(tree.files.keys())
  known.set(tree, folders)
  return folders
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
