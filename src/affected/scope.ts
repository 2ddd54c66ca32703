import { filesBelow, type Tree } from '../git/tree.ts'
import { sameConfig } from '../stacks/alike.ts'
import type { AtmosConfig } from '../stacks/config.ts'
import { topLevelManifests } from '../stacks/discover.ts'
import { sameFolders } from '../stacks/folders.ts'
import { importedFiles, isManifest } from '../stacks/imports.ts'
import { literalPaths, localModules } from '../stacks/modules.ts'
import { joinPath } from '../stacks/paths.ts'
import { type Facts, factsOf } from './facts.ts'

/** A tree with its configuration, before anything in it is resolved. */
export interface Unresolved {
  readonly tree: Tree
  readonly config: AtmosConfig
}

/** Top-level manifests by file. */
export type Manifests = ReadonlySet<string>

/** The top-level manifests to resolve so as to know what differs between two trees. */
export interface Scope {
  /** Those that read something that differs, or may do so. */
  readonly touched: Manifests
  /** Those that may read outputs of one of these components. */
  readers(components: ReadonlySet<string>): Manifests
}

/**
 * What to resolve of two trees, told by files alone: a manifest comes out as before where nothing that it imports, and nothing
 * that any manifest could read, differs. Undefined where that cannot be told, and everything has to be resolved: another
 * configuration, another set of folders, a change in a component's code.
 * @throws UserError for an import that cannot be followed
 */
export function scopeOf(base: Unresolved, head: Unresolved): Scope | undefined {
  if (!sameConfig(base.config, head.config) || !sameFolders(base.tree, head.tree)) return undefined
  const changed = differing(base.tree, head.tree)
  const isInStacks = (path: string) => isManifest(path) && path.startsWith(`${head.config.stacks.folder}/`)
  const others = [...changed].filter((path) => !isInStacks(path))
  if (others.some((path) => isCode(base, path) || isCode(head, path))) return undefined
  const before = importTrees(base, changed)
  const sameNames =
    base.tree.files.size === head.tree.files.size && [...changed].every((path) => head.tree.files.has(path))
  const sides = [before, importTrees(head, changed, sameNames ? before : undefined)]
  const touched = sides.flatMap(({ all, reaches }) =>
    all.filter((file) => reaches(file, (it) => it.changed || it.facts.readsFiles)),
  )
  return {
    touched: new Set(touched),
    readers: (components) =>
      new Set(
        sides.flatMap(({ all, reaches }) =>
          all.filter((file) =>
            reaches(
              file,
              ({ facts: { reads } }) => reads === 'unclear' || [...reads].some((name) => components.has(name)),
            ),
          ),
        ),
      ),
  }
}

/** Paths of files that are not the same in both. */
function differing(a: Tree, b: Tree): ReadonlySet<string> {
  const changed = new Set<string>()
  for (const [path, { hash, mode }] of a.files) {
    const other = b.files.get(path)
    if (other?.hash !== hash || other.mode !== mode) changed.add(path)
  }
  for (const path of b.files.keys()) if (!a.files.has(path)) changed.add(path)
  return changed
}

/** Whether some component's code is in a file, or names it; a link may be anything. */
function isCode({ tree, config }: Unresolved, path: string): boolean {
  const { folder } = config.components.terraform
  const here = joinPath(folder, '')
  const isInside = here === '' || path.startsWith(`${here}/`)
  if (isInside || tree.files.get(path)?.mode === 'symlink') return true
  return roots(tree, here).some((root) => path === root || path.startsWith(`${root}/`))
}

const known = new WeakMap<Tree, string[]>()

/** Files and folders outside of the components' folder that code in it uses. */
function roots(tree: Tree, folder: string): string[] {
  const found = known.get(tree) ?? codeOutside(tree, folder)
  known.set(tree, found)
  return found
}

function codeOutside(tree: Tree, folder: string): string[] {
  const files = filesBelow(tree, folder).filter(({ path }) => /\.tf(\.json)?$/.test(path))
  const components = new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))
  return [...components].flatMap((component) => [
    ...localModules(tree, component),
    ...literalPaths(tree, component).paths,
  ])
}

interface ImportTrees {
  readonly all: readonly string[]
  visit(file: string): Visited
  /** Whether a manifest, or any that it imports, is so. */
  reaches(file: string, is: (manifest: Visited) => boolean): boolean
}

interface Visited {
  readonly changed: boolean
  readonly facts: Facts
  readonly imports: readonly string[]
}

/** @param other a tree with files of the same names: what is not changed imports the same in both */
function importTrees({ tree, config }: Unresolved, changed: ReadonlySet<string>, other?: ImportTrees): ImportTrees {
  const visited = new Map<string, Visited>()
  const visit = (file: string): Visited => {
    const before = visited.get(file)
    if (before !== undefined) return before
    if (other !== undefined && !changed.has(file)) return other.visit(file)
    const facts = factsOf(tree, file)
    const imports = facts.imports.flatMap((entry) => importedFiles(tree, config, entry, entry.path, file))
    const made = { changed: changed.has(file), facts, imports }
    visited.set(file, made)
    return made
  }
  const reaches: ImportTrees['reaches'] = (file, is) => {
    const seen = new Set([file])
    for (const each of seen) {
      const manifest = visit(each)
      if (is(manifest)) return true
      for (const imported of manifest.imports) seen.add(imported)
    }
    return false
  }
  return { all: topLevelManifests(tree, config), visit, reaches }
}
