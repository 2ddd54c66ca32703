import { posix } from 'node:path'
import type { ChangedFile } from '../git/repo.ts'
import type { Tree } from '../git/tree.ts'
import { isPattern, matches } from '../stacks/glob.ts'
import type { Stacks } from '../stacks/instances.ts'
import { literalPaths, localModules } from '../stacks/modules.ts'
import type { Subject } from './subject.ts'
import { watches } from './watched.ts'

/** All that an answer about some instances depends on, so that a change elsewhere need not be looked at. */
export interface Closure {
  /** Files, folders (`components/terraform/vpc/`) and globs, sorted. */
  readonly paths: readonly string[]
  /** Where manifests are: one that comes or goes may be imported by a glob, or name a stack anew. */
  readonly stacks: string
  /** Where components are. */
  readonly components: string
}

/** What the resolution of subjects reads, in the tree that they are of. */
export function closureOf(
  { tree, stacks }: { readonly tree: Tree; readonly stacks: Pick<Stacks, 'config'> },
  subjects: Iterable<Subject>,
): Closure {
  const paths = new Set<string>()
  const folders = new Set<string>()
  for (const { instance, inputs } of subjects) {
    for (const path of instance.imports) paths.add(path)
    for (const { pattern } of watches(instance)) paths.add(pattern)
    for (const { path, role } of inputs.files) if (role === 'literal' || role === 'watched') paths.add(path)
    folders.add(instance.folder)
  }
  for (const folder of folders) {
    for (const module of [folder, ...localModules(tree, folder)]) paths.add(`${module}/`)
    // What is named and not there may come.
    for (const path of literalPaths(tree, folder).paths) paths.add(path).add(`${path}/`)
  }
  for (const path of [...paths]) {
    if (tree.files.get(path)?.mode !== 'symlink') continue
    paths.add(posix.join(posix.dirname(path), tree.text(path) ?? ''))
  }
  const { stacks: found, components } = stacks.config
  return { paths: [...paths].sort(), stacks: found.folder, components: components.terraform.folder }
}

/** The closure of both. */
export function joined(a: Closure, b: Closure): Closure {
  return { ...b, paths: [...new Set([...a.paths, ...b.paths])].sort() }
}

/** The files at which an answer may come out differently after these changes; none: it holds still. */
export function touched(closure: Closure, changed: readonly ChangedFile[]): ChangedFile[] {
  const exact = new Set(closure.paths)
  const folders = closure.paths.filter((path) => path.endsWith('/'))
  const globs = closure.paths.filter(isPattern)
  return changed.filter(
    ({ path, change }) =>
      exact.has(path) ||
      folders.some((folder) => path.startsWith(folder)) ||
      globs.some((pattern) => matches(pattern, path)) ||
      (change !== 'modified' && below(closure.stacks, path)) ||
      isConfiguration(closure, path),
  )
}

/** Any YAML that is neither a manifest nor part of a component: `atmos.yaml` may import it. */
function isConfiguration({ stacks, components }: Closure, path: string): boolean {
  return /\.ya?ml$/.test(path) && !below(stacks, path) && !below(components, path)
}

function below(folder: string, path: string): boolean {
  return folder === '' || folder === '.' || path.startsWith(`${folder}/`)
}
