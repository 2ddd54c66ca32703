import { posix } from 'node:path'
import type { Position } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { type ModuleFile, scanModule } from './hcl.ts'

/** What the Terraform files of one folder say; files in byte order. */
export function moduleFiles(tree: Tree, folder: string): readonly ModuleFile[] {
  const known = cacheOf(tree)
  const found = known.modules.get(folder)
  if (found) return found
  const files = (known.folders.get(folder) ?? []).map((path) => scanModule(tree.text(path)!, path))
  known.modules.set(folder, files)
  return files
}

/** Names of the variables that a module declares `sensitive = true`. */
export function sensitiveVariables(tree: Tree, folder: string): ReadonlySet<string> {
  return new Set(
    moduleFiles(tree, folder).flatMap((file) => file.variables.filter((it) => it.sensitive).map((it) => it.name)),
  )
}

/**
 * Folders of the local modules that a folder's code calls, transitively, relative to the root, in byte order. The folder
 * itself is not among them; a source outside of the repository is left out.
 */
export function localModules(tree: Tree, folder: string): string[] {
  return [...moduleCallsOf(tree, folder).keys()].sort()
}

/** The same folders, each with the call that leads to it first. */
export function moduleCallsOf(tree: Tree, folder: string): ReadonlyMap<string, Position> {
  const found = new Map<string, Position>()
  const seen = new Set([folder])
  for (const here of seen)
    for (const file of moduleFiles(tree, here))
      for (const { source, at } of file.moduleCalls) {
        const there = source !== undefined && /^\.\.?(\/|$)/.test(source) ? within(here, source) : undefined
        if (there === undefined || seen.has(there)) continue
        seen.add(there)
        found.set(there, at)
      }
  return found
}

/** Paths that the code of a folder and of its local modules names. */
export interface LiteralPaths {
  /** Relative to the root, in byte order; a folder where the code names one. Those inside the folders themselves are among them. */
  readonly paths: readonly string[]
  /** Where the code names each of them first. */
  readonly places: ReadonlyMap<string, Position>
  /** Where a path is computed, or leads out of the repository, so that only a run can know it. */
  readonly unknown: readonly ModuleFile['paths'][number][]
}

/** What `file()`, `templatefile()` and texts that begin with `${path.module}` name, transitively through local modules. */
export function literalPaths(tree: Tree, folder: string): LiteralPaths {
  const places = new Map<string, Position>()
  const unknown: ModuleFile['paths'][number][] = []
  for (const module of [folder, ...localModules(tree, folder)])
    for (const file of moduleFiles(tree, module))
      for (const use of file.paths) {
        const path = use.path === undefined ? undefined : within(use.base === 'module' ? module : folder, use.path)
        if (path === undefined) unknown.push(use)
        else if (!places.has(path)) places.set(path, use.at)
      }
  return { paths: [...places.keys()].sort(), places, unknown }
}

/** `source` seen from `folder`, or undefined where it leads out of the repository. */
function within(folder: string, source: string): string | undefined {
  const path = posix.normalize(posix.join(folder, source)).replace(/\/$/, '')
  return path === '..' || path.startsWith('../') || posix.isAbsolute(source) ? undefined : path
}

interface Cache {
  readonly folders: ReadonlyMap<string, readonly string[]>
  readonly modules: Map<string, readonly ModuleFile[]>
}

/** One listing and one scan a tree: trees never change. */
const caches = new WeakMap<Tree, Cache>()

function cacheOf(tree: Tree): Cache {
  const known = caches.get(tree)
  if (known) return known
  const folders = new Map<string, string[]>()
  for (const path of tree.files.keys()) {
    if (!/\.tf(\.json)?$/.test(path)) continue
    const folder = posix.dirname(path)
    const list = folders.get(folder)
    if (list) list.push(path)
    else folders.set(folder, [path])
  }
  const cache: Cache = { folders, modules: new Map() }
  caches.set(tree, cache)
  return cache
}
