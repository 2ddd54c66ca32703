import type { Tree } from '../git/tree.ts'
import type { AtmosConfig } from './config.ts'
import { sameFolders } from './folders.ts'
import type { Loaded } from './load.ts'

/** Whether two configurations say the same, at the same places. */
export function sameConfig(a: AtmosConfig, b: AtmosConfig): boolean {
  return alike(a, b)
}

/** Whether a manifest came to the very same values with all its imports: values are shared, so looking at them is not needed. */
export function sameLoaded(a: Loaded, b: Loaded): boolean {
  return (
    a.own === b.own &&
    a.merged === b.merged &&
    a.files.size === b.files.size &&
    a.imports.size === b.imports.size &&
    [...a.files].every((file) => b.files.has(file)) &&
    [...a.imports].every(([name, own]) => b.imports.has(name) && b.imports.get(name) === own)
  )
}

/** Whether a file's text is the same in two trees, and its own: a link's depends on another file. */
export function sameText(a: Tree, b: Tree, file: string): boolean {
  const [one, other] = [a.files.get(file), b.files.get(file)]
  return one !== undefined && one.hash === other?.hash && one.mode !== 'symlink' && other.mode !== 'symlink'
}

/** Whether all that is asked of a tree beside the texts of manifests has the same answer: its root, and which folders it has. */
export function sameSurroundings(a: Tree, b: Tree): boolean {
  return a.root === b.root && sameFolders(a, b)
}

function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Map || b instanceof Map) return a instanceof Map && b instanceof Map && alike([...a], [...b])
  const left = Object.entries(a)
  const right = Object.entries(b)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.length &&
    left.every(([key, item], index) => key === right[index]?.[0] && alike(item, right[index]?.[1]))
  )
}
