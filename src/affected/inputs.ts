import type { Position } from '../error.ts'
import { filesBelow, type Tree } from '../git/tree.ts'
import { matches } from '../stacks/glob.ts'
import type { Instance } from '../stacks/instance.ts'
import { literalPaths, moduleCallsOf } from '../stacks/modules.ts'
import { type Watch, watches } from './watched.ts'

/** Sections of an instance that decide what Terraform is asked to do, in the order in which reasons are told. */
export const TERRAFORM_SECTIONS = [
  'vars',
  'env',
  'providers',
  'required_version',
  'required_providers',
  'backend_type',
  'backend',
  'generate',
  'source',
  'provision',
  'command',
] as const

/** Why a file is an input of an instance. */
export type FileRole = 'component' | 'module' | 'literal' | 'watched'

export interface InputFile {
  readonly path: string
  /** Git's blob id, and the mode where it is not a plain file. */
  readonly hash: string
  readonly role: FileRole
  /** What makes it an input: the call of its module, the function or the setting that names it. None for the component's own. */
  readonly namedAt?: Position
}

/** What decides, beside an instance's sections, what Terraform is asked to do for it, as far as a commit alone can tell. */
export interface Inputs {
  readonly workspace: string
  /** In byte order of paths. */
  readonly files: readonly InputFile[]
}

/** Remembers what instances of one tree share: the files of a component folder. */
export function inputsOf(tree: Tree): (instance: Instance) => Inputs {
  const folders = new Map<string, readonly InputFile[]>()
  const componentFiles = (folder: string): readonly InputFile[] => {
    const known = folders.get(folder)
    if (known) return known
    const made = filesOf(tree, folder)
    folders.set(folder, made)
    return made
  }
  return (instance) => ({
    workspace: instance.workspace,
    files: withWatched(componentFiles(instance.folder), watchedFiles(tree, instance)),
  })
}

/** The component's own list where nothing is watched: thousands of instances share it. */
function withWatched(files: readonly InputFile[], watched: readonly InputFile[]): readonly InputFile[] {
  return watched.length === 0 ? files : merged([...files, ...watched])
}

function filesOf(tree: Tree, folder: string): readonly InputFile[] {
  const below = (root: string, role: FileRole, namedAt?: Position): InputFile[] =>
    filesBelow(tree, root).map(({ path, hash, mode }) => ({
      path,
      hash: mode === 'file' ? hash : `${mode}:${hash}`,
      role,
      ...(namedAt && { namedAt }),
    }))
  const literal = [...literalPaths(tree, folder).places].flatMap(([path, namedAt]): InputFile[] => {
    const file = tree.files.get(path)
    return file ? [{ path, hash: file.hash, role: 'literal', namedAt }] : below(path, 'literal', namedAt)
  })
  const modules = [...moduleCallsOf(tree, folder)].flatMap(([module, at]) => below(module, 'module', at))
  return merged([...below(folder, 'component'), ...modules, ...literal])
}

function watchedFiles(tree: Tree, instance: Instance): InputFile[] {
  const found = watches(instance)
  if (found.length === 0) return []
  const isIn = (path: string, { pattern }: Watch) => path === pattern || matches(pattern, path)
  return [...tree.files.values()].flatMap(({ path, hash }): InputFile[] => {
    const watch = found.find((it) => isIn(path, it))
    return watch ? [{ path, hash, role: 'watched', namedAt: watch.at }] : []
  })
}

/** One entry a path, the first role told wins; in byte order. */
function merged(files: readonly InputFile[]): InputFile[] {
  const byPath = new Map<string, InputFile>()
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file)
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
