import { filesBelow, type Tree } from '../git/tree.ts'
import { matches } from '../stacks/glob.ts'
import type { Instance } from '../stacks/instance.ts'
import { literalPaths, localModules } from '../stacks/modules.ts'
import { valueAt } from '../stacks/value.ts'

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
  const below = (root: string, role: FileRole): InputFile[] =>
    filesBelow(tree, root).map(({ path, hash, mode }) => ({
      path,
      hash: mode === 'file' ? hash : `${mode}:${hash}`,
      role,
    }))
  const literal = literalPaths(tree, folder).paths.flatMap((path): InputFile[] => {
    const file = tree.files.get(path)
    return file ? [{ path, hash: file.hash, role: 'literal' }] : below(path, 'literal')
  })
  return merged([
    ...below(folder, 'component'),
    ...localModules(tree, folder).flatMap((module) => below(module, 'module')),
    ...literal,
  ])
}

/** Files that `settings.airlock.watch` (globs from the repository's root) and `dependencies` name. */
function watchedFiles(tree: Tree, instance: Instance): InputFile[] {
  const patterns = watchedPatterns(instance)
  if (patterns.length === 0) return []
  return [...tree.files.values()]
    .filter(({ path }) => patterns.some((pattern) => path === pattern || matches(pattern, path)))
    .map(({ path, hash }) => ({ path, hash, role: 'watched' }))
}

/** Globs and paths of further files that decide an instance's plan. */
export function watchedPatterns({ sections }: Instance): string[] {
  const globs = texts(valueAt(sections, ['settings', 'airlock', 'watch']))
  const files = texts(valueAt(sections, ['dependencies', 'files']))
  const folders = texts(valueAt(sections, ['dependencies', 'folders'])).map(
    (folder) => `${folder.replace(/\/+$/, '')}/**`,
  )
  return [...globs, ...files, ...folders].map((pattern) => pattern.replace(/^\.\//, ''))
}

function texts(value: ReturnType<typeof valueAt>): string[] {
  const list = value?.kind === 'list' ? value.items : value ? [value] : []
  return list.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []))
}

/** One entry a path, the first role told wins; in byte order. */
function merged(files: readonly InputFile[]): InputFile[] {
  const byPath = new Map<string, InputFile>()
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file)
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
