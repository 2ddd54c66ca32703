import { posix } from 'node:path'

/** The settings of `atmos.yaml` that paths are worked out from. */
export interface AtmosPaths {
  /** Absolute path of the repository. */
  readonly root: string
  /** Where the process stands, relative to the root; '' is the root. */
  readonly cwd: string
  /** `base_path` as it is printed: relative to where the process stands, or absolute. */
  readonly basePath: string
  /** `stacks.base_path` as written. */
  readonly stacks: string
  /** `components.<type>.base_path` as written; empty where unset. */
  readonly components: Readonly<Record<string, string>>
}

/** Types whose items have a `component_path`. */
const WITH_PATH = new Set(['terraform', 'helmfile', 'packer'])

/** `components/terraform/vpc`, as Atmos prints it: with the base path as configured, so absolute when that is. */
export function componentPath(paths: AtmosPaths, type: string, folder: string): string {
  if (!WITH_PATH.has(type)) return ''
  return posix.join(paths.basePath, paths.components[type] ?? '', folder)
}

/** Absolute path of a path that is relative to where the process stands. */
export function fromCwd(paths: AtmosPaths, path: string): string {
  const isAbsolute = path.startsWith('/') || isBelow(path, paths.root) || path === paths.root
  return isAbsolute ? posix.normalize(path) : posix.join(paths.root, paths.cwd, path)
}

/** Absolute folder of a component's code, from the base path as configured. */
export function componentFolder(paths: AtmosPaths, type: string, folder: string): string {
  return fromCwd(paths, posix.join(paths.basePath, paths.components[type] ?? '', folder))
}

/** Types whose folders changed files are sorted into, the first that holds a file having it. */
const SORTED = ['terraform', 'helmfile', 'packer', 'kubernetes'] as const

/**
 * The changed files that may belong to a type's components: those below its folder, and all of them for a type that has
 * no folder of its own.
 */
export function changedOfType(paths: AtmosPaths, type: string, changed: readonly string[]): readonly string[] {
  const folders = new Map<string, string>()
  for (const name of SORTED) {
    const text = paths.components[name]
    if (text) folders.set(name, fromCwd(paths, posix.join(paths.basePath, text)))
  }
  folders.set('stacks', fromCwd(paths, posix.join(paths.basePath, paths.stacks)))
  if (!folders.has(type)) return changed
  return changed.filter((file) => [...folders].find(([, folder]) => isBelow(file, folder))?.[0] === type)
}

/** Whether an absolute path lies below a folder. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}
