import type { Tree } from '../git/tree.ts'
import type { Reason } from './reasons.ts'

/** The reasons, with deleted files that lie elsewhere now as they were said to do so. */
export function withNewPaths(reasons: readonly Reason[], base: Tree, head: Tree): Reason[] {
  return reasons.map((reason) => {
    if (reason.kind !== 'file' || reason.change !== 'deleted' || head.files.has(reason.path)) return reason
    const now = newPathOf(reason.path, base, head)
    return now === undefined ? reason : { ...reason, now }
  })
}

/** Where a file that is gone lies now, unchanged, at a path that was not there before. */
export function newPathOf(path: string, base: Tree, head: Tree): string | undefined {
  const hash = base.files.get(path)?.hash
  if (hash === undefined) return undefined
  const found = [...head.files.values()].find((file) => file.hash === hash && !base.files.has(file.path))
  return found?.path
}
