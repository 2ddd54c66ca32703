import { quoting, UserError, withOthers } from '../error.ts'
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
      if (error instanceof UserError) throw withOthers(quoted(error, trees), (other) => quoted(other, trees))
      if (!(error instanceof NotLoaded)) throw error
      const { path } = error
      await Promise.all(trees.filter((tree) => tree.files.has(path)).map((tree) => tree.load([path])))
    }
  }
}

/** The error with the line it is about, where the trees that hold the file agree on its text. */
function quoted(error: UserError, trees: readonly LoadableTree[]): UserError {
  const { at, line } = error
  if (!at || line !== undefined) return error
  const holders = trees.filter((tree) => tree.files.has(at.file))
  if (new Set(holders.map((tree) => tree.files.get(at.file)?.hash)).size !== 1) return error
  try {
    const text = holders[0]!.text(at.file)
    return text === undefined ? error : quoting(error, text)
  } catch (notLoaded) {
    if (notLoaded instanceof NotLoaded) return error
    throw notLoaded
  }
}
