import { posix } from 'node:path'
import { UserError } from '../../error.ts'
import type { Tree } from '../../git/tree.ts'
import { moduleFiles } from '../../stacks/modules.ts'
import type { Plain } from '../../stacks/value.ts'
import { type Described, equal, listOf, mapOf } from './described.ts'
import { type AtmosPaths, componentFolder, fromCwd, isBelow } from './paths.ts'

/** One reason why an item is affected; `path` for a file or folder it depends on. */
export interface AtmosReason {
  readonly reason: string
  readonly file?: string
  readonly folder?: string
}

/** What a component is compared against. */
export interface Comparison {
  /** The tree that holds the Terraform code of the head. */
  readonly tree: Tree
  readonly paths: AtmosPaths
  /** Changed files as absolute paths (`changedPaths`, made absolute). */
  readonly changed: readonly string[]
  /** `describe.affected.sections`; undefined where unset. */
  readonly sections: readonly string[] | undefined
}

const TERRAFORM = [
  'vars',
  'env',
  'providers',
  'required_providers',
  'required_version',
  'generate',
  'backend',
  'backend_type',
  'remote_state_backend',
  'remote_state_backend_type',
  'auth',
  'command',
  'dependencies',
  'source',
  'provision',
]

/** Sections that are compared, by component type, in the order in which they are told. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  terraform: TERRAFORM,
  helmfile: TERRAFORM,
  packer: TERRAFORM,
  kubernetes: [...TERRAFORM, 'provider', 'paths', 'manifests', 'render', 'validate'],
  helm: ['vars', 'env', 'source', 'provision', 'generate', 'render', 'values', 'values_files', 'chart', 'repositories'],
}

/** Whether Atmos looks at components of this type at all. */
export function isCompared(type: string): boolean {
  return type in SECTIONS
}

/**
 * Every reason why a component is affected, the headline first; none where it is not.
 * @param near the changed files that may belong to components of its type (`changedOfType`)
 * @throws UserError `hcl-error` where the code of the component cannot be read
 */
export function atmosReasons(
  it: Described,
  before: Described | undefined,
  comparison: Comparison,
  near: readonly string[],
): AtmosReason[] {
  const { section, type } = it
  const reasons: AtmosReason[] = []
  const differs = (name: string) => !before || !equal(section[name], before.section[name])
  const folder = typeof section.component === 'string' ? section.component : it.component

  if (differs('metadata')) reasons.push({ reason: 'stack.metadata' })
  if (type === 'terraform' && moduleChanged(folder, near, comparison, it)) reasons.push({ reason: 'component.module' })
  const code = componentFolder(comparison.paths, type, folder)
  if (near.some((file) => isBelow(file, code))) reasons.push({ reason: 'component' })
  for (const name of comparison.sections ?? SECTIONS[type] ?? [])
    if (section[name] !== undefined && differs(name)) reasons.push({ reason: `stack.${name}` })
  if (type === 'kubernetes' && section.validate === undefined && before?.section.validate !== undefined)
    reasons.push({ reason: 'stack.validate' })
  if (section.settings !== undefined) {
    if (differs('settings')) reasons.push({ reason: 'stack.settings' })
    const dependency = dependencyReason(it, comparison)
    if (dependency) reasons.push(dependency)
  }
  return reasons
}

/** Whether a changed file lies in a local module that the component's own code calls without a version. */
function moduleChanged(
  folder: string,
  changed: readonly string[],
  { tree, paths }: Comparison,
  it: Described,
): boolean {
  const absolute = componentFolder(paths, 'terraform', folder)
  const files = moduleFiles(tree, posix.relative(paths.root, absolute) || '.')
  const broken = files.find((file) => file.problem)?.problem
  if (broken)
    throw new UserError({
      code: 'hcl-error',
      message: `the code of ${it.component} in ${it.stack} is no valid HCL: ${broken.message}`,
      fix: 'terraform validate says more',
      at: broken.at,
    })
  return files
    .flatMap((file) => file.moduleCalls)
    .filter((call) => call.source !== undefined && call.version === undefined)
    .some((call) => {
      const module = posix.isAbsolute(call.source!) ? call.source! : posix.join(absolute, call.source!)
      return changed.some((file) => isBelow(file, module))
    })
}

/** The first file or folder dependency that a changed file matches. */
function dependencyReason(it: Described, { paths, changed }: Comparison): AtmosReason | undefined {
  for (const { file, folder } of fileDependencies(it)) {
    if (file !== undefined && changed.includes(fromCwd(paths, file))) return { reason: 'file', file }
    if (folder !== undefined && changed.some((path) => isBelow(path, fromCwd(paths, folder))))
      return { reason: 'folder', folder }
  }
  return undefined
}

interface FileDependency {
  readonly file?: string
  readonly folder?: string
}

/** `dependencies.files`, `.folders` and entries of a file kind; `settings.depends_on` only where there is none of these. */
function fileDependencies({ section }: Described): FileDependency[] {
  const dependencies = mapOf(section.dependencies)
  const texts = (value: Plain | undefined) => listOf(value).filter((item) => typeof item === 'string')
  const found: FileDependency[] = [
    ...texts(dependencies.files).map((file) => ({ file })),
    ...texts(dependencies.folders).map((folder) => ({ folder })),
    ...listOf(dependencies.components).flatMap((entry): FileDependency[] => {
      const { kind, path } = mapOf(entry)
      if (typeof path !== 'string' || (kind !== 'file' && kind !== 'folder')) return []
      return kind === 'file' ? [{ file: path }] : [{ folder: path }]
    }),
  ]
  if (found.length > 0) return found
  return Object.values(mapOf(mapOf(section.settings).depends_on)).flatMap((entry): FileDependency[] => {
    const { file, folder } = mapOf(entry)
    if (typeof file === 'string' && file !== '') return [{ file }]
    return typeof folder === 'string' && folder !== '' ? [{ folder }] : []
  })
}
