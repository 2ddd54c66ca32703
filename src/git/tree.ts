/** One file of a tree. `hash` is Git's blob id of the content (for a working directory: computed the same way). */
export interface TreeFile {
  readonly path: string
  readonly hash: string
  readonly mode: 'file' | 'executable' | 'symlink' | 'submodule'
}

/**
 * A read-only view of a repository's files: a commit read from Git's object store, or a working directory.
 * Paths are relative to the root, with `/`. Reading is synchronous, so that what uses a tree is pure; whoever makes the
 * tree loads the contents first (`treeReader` in `reading.ts` loads what turns out to be missing, and asks again).
 */
export interface Tree {
  /** Absolute path of the directory that the paths are relative to; only to print, never to read. */
  readonly root: string
  /** Every file by path, in byte order of paths. */
  readonly files: ReadonlyMap<string, TreeFile>
  /** The content as UTF-8, or undefined where there is no such file. @throws NotLoaded */
  text(path: string): string | undefined
}

/** Thrown by `Tree.text` for a file that exists and whose content was not loaded yet; whoever made the tree loads it and asks again. */
export class NotLoaded extends Error {
  readonly path: string
  constructor(path: string) {
    super(`the content of ${path} was not loaded`)
    this.name = 'NotLoaded'
    this.path = path
  }
}

/** Whether two trees hold the same below `folder` is told by this alone: `path\0hash\0mode` of every file below it. */
export function filesBelow(tree: Tree, folder: string): TreeFile[] {
  if (folder === '' || folder === '.') return [...tree.files.values()]
  const index = indexes.get(tree) ?? byFolder(tree)
  indexes.set(tree, index)
  return [...(index.get(folder) ?? [])]
}

/** One index a tree: trees never change, and every component asks for its folder. */
const indexes = new WeakMap<Tree, ReadonlyMap<string, readonly TreeFile[]>>()

function byFolder(tree: Tree): ReadonlyMap<string, readonly TreeFile[]> {
  const index = new Map<string, TreeFile[]>()
  for (const file of tree.files.values())
    for (let slash = file.path.lastIndexOf('/'); slash > 0; slash = file.path.lastIndexOf('/', slash - 1)) {
      const folder = file.path.slice(0, slash)
      const files = index.get(folder)
      if (files) files.push(file)
      else index.set(folder, [file])
    }
  return index
}
