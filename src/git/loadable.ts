import type { LoadableTree } from './repo.ts'
import { NotLoaded, type TreeFile } from './tree.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * A tree over a list of files, whose contents come from `fetch` when they are asked for. A symbolic link's content is
 * its target, as Git stores it; nothing follows it. A submodule has no content here.
 */
export function loadableTree(
  root: string,
  files: ReadonlyMap<string, TreeFile>,
  fetch: (files: readonly TreeFile[]) => Promise<ReadonlyMap<string, string>>,
): LoadableTree {
  const texts = new Map<string, string>()
  return {
    root,
    files,
    text(path) {
      const text = texts.get(path)
      if (text !== undefined) return text
      const file = files.get(path)
      if (file === undefined || file.mode === 'submodule') return undefined
      throw new NotLoaded(path)
    },
    async load(paths) {
      const missing = paths.flatMap((path) => {
        const file = files.get(path)
        return file === undefined || file.mode === 'submodule' || texts.has(path) ? [] : [file]
      })
      if (missing.length === 0) return
      for (const [path, text] of await fetch(missing)) texts.set(path, text)
    },
  }
}

/** Bytes as text, as every tree reads them: UTF-8, a byte order mark kept, invalid sequences replaced. */
export function decodeText(bytes: Uint8Array): string {
  return utf8.decode(bytes)
}

/** A tree without files. */
export function emptyTree(root: string): LoadableTree {
  return loadableTree(root, new Map(), async () => new Map())
}
