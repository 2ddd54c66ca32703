import type { LoadableTree } from './repo.ts'
import { NotLoaded, type Tree } from './tree.ts'

/**
 * Runs a pure function over trees, loading each file that it turns out to need and asking again. The function must not
 * have effects: it is called once more for every content that was missing.
 */
export async function reading<T>(trees: readonly LoadableTree[], pure: (...trees: Tree[]) => T): Promise<T> {
  for (;;) {
    try {
      return pure(...trees)
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error
      const { path } = error
      await Promise.all(trees.filter((tree) => tree.files.has(path)).map((tree) => tree.load([path])))
    }
  }
}
