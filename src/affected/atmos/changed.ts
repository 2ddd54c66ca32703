import type { Tree } from '../../git/tree.ts'
import { type Lone, renames } from './renames.ts'

/**
 * Paths that differ between two trees as Atmos sees them, relative to the root: binary files, submodules, and empty
 * files that come or go are not seen, and a file that moved is one entry `<path in head> => <path in base>`.
 */
export function changedPaths(head: Tree, base: Tree): string[] {
  const changed: string[] = []
  const onlyHead: Lone[] = []
  const onlyBase: Lone[] = []
  for (const file of head.files.values()) {
    const before = base.files.get(file.path)
    if (file.mode === 'submodule' || before?.mode === 'submodule') continue
    const text = () => head.text(file.path)!
    if (!before) onlyHead.push({ path: file.path, hash: file.hash, text: text() })
    else if (before.hash !== file.hash && !isBinary(text()) && !isBinary(base.text(file.path)!)) changed.push(file.path)
  }
  for (const file of base.files.values())
    if (!head.files.has(file.path) && file.mode !== 'submodule')
      onlyBase.push({ path: file.path, hash: file.hash, text: base.text(file.path)! })

  const moved = renames(onlyHead, onlyBase)
  const gone = new Set(moved.flatMap(({ from, to }) => [`head ${from}`, `base ${to}`]))
  const seen = (side: string, lone: Lone) =>
    !gone.has(`${side} ${lone.path}`) && lone.text !== '' && !isBinary(lone.text)
  // A moved file without a line, or with a binary side, has no difference to show.
  const headTexts = new Map(onlyHead.map(({ path, text }) => [path, text]))
  const baseTexts = new Map(onlyBase.map(({ path, text }) => [path, text]))
  const shows = (from: string, to: string) => from + to !== '' && !isBinary(from) && !isBinary(to)
  return [
    ...changed,
    ...onlyHead.filter((lone) => seen('head', lone)).map(({ path }) => path),
    ...onlyBase.filter((lone) => seen('base', lone)).map(({ path }) => path),
    ...moved
      .filter(({ from, to }) => shows(headTexts.get(from)!, baseTexts.get(to)!))
      .map(({ from, to }) => `${from} => ${to}`),
  ].sort()
}

/** A file with a NUL byte near its beginning is binary, to Git and to Atmos. */
function isBinary(text: string): boolean {
  return text.slice(0, 8000).includes('\0')
}
