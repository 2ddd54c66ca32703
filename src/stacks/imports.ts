import { type Position, UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { closest } from '../words.ts'
import type { AtmosConfig } from './config.ts'
import { glob, isPattern } from './glob.ts'
import { extension, folderOf, joinPath } from './paths.ts'
import { isRemote } from './remote.ts'
import { kindOf, type MapValue, mapOf, textOf, type Value } from './value.ts'

/** One entry of a manifest's `import` list. */
export interface Import {
  /** As written. */
  readonly path: string
  readonly at: Position
  readonly context: MapValue | undefined
  readonly skipTemplates: boolean
  readonly ignoreMissingValues: boolean
  readonly skipIfMissing: boolean
}

const ENDINGS = ['.yaml', '.yml', '.yaml.tmpl', '.yml.tmpl']

/** The `import` list of a manifest. @throws UserError `import-invalid` */
export function importsOf(manifest: Pick<MapValue, 'entries'>): Import[] {
  const section = manifest.entries.get('import')
  if (section === undefined || (section.kind === 'scalar' && section.value === null)) return []
  if (section.kind !== 'list') throw invalid(`import is a ${kindOf(section)}, not a list`, section.at)
  return section.items.map(importOf)
}

/** One entry of the list. @throws UserError `import-invalid` */
export function importOf(item: Value): Import {
  const options = mapOf(item)?.entries
  const path = textOf(options ? options.get('path') : item)
  if (path === undefined || path === '')
    throw invalid(options ? 'an import has no path' : `an import is a ${describeItem(item)}`, item.at)
  const truth = (name: string): boolean => {
    const value = options?.get(name)
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return false
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value
    throw invalid(`${name} of an import is a ${kindOf(value)}, not true or false`, value.at)
  }
  const context = options?.get('context')
  if (context !== undefined && context.kind !== 'map' && !(context.kind === 'scalar' && context.value === null))
    throw invalid(`context of an import is a ${kindOf(context)}, not a map`, context.at)
  return {
    path,
    at: options?.get('path')?.at ?? item.at,
    context: mapOf(context),
    skipTemplates: truth('skip_templates_processing'),
    ignoreMissingValues: truth('ignore_missing_template_values'),
    skipIfMissing: truth('skip_if_missing'),
  }
}

function describeItem(item: Value): string {
  return textOf(item) === '' ? 'empty text' : kindOf(item)
}

function invalid(message: string, at: Position): UserError {
  return new UserError({
    code: 'import-invalid',
    message,
    fix: 'write the path of a manifest, or a map with path',
    at,
    exit: 2,
  })
}

/**
 * The files that an import stands for, in the order in which they merge. `path` is the entry's path with templates rendered.
 * @throws UserError `import-not-found`, `import-self`, `not-yet` for remote imports
 */
export function importedFiles(
  tree: Tree,
  config: AtmosConfig,
  entry: Import,
  path: string,
  importer: string,
): string[] {
  const base = config.stacks.folder
  const fromStacks = base === '' ? importer : importer.slice(base.length + 1)
  const relative = /^(?:\.\.?|)(?:\/|$)/.test(path) ? joinPath(folderOf(fromStacks), path) : path
  const file = fileOf(tree, base, relative)
  if (file === undefined)
    throw new UserError({
      code: 'import-remote',
      message: `import "${path}" is remote, and Airlock downloads nothing`,
      fix: 'keep the manifest in the repository',
      at: entry.at,
      exit: 2,
    })
  if (file === importer)
    throw new UserError({
      code: 'import-self',
      message: `import "${path}" is the manifest itself`,
      fix: 'remove it',
      at: entry.at,
      exit: 2,
    })
  const found = tree.files.has(file) ? [file] : isPattern(file) ? glob(file, tree.files.keys()) : []
  if (found.length > 0 || entry.skipIfMissing || path.includes('{{')) return found
  throw missing(tree, config, entry, path, relative)
}

const known = new WeakMap<Tree, Map<string, string | undefined>>()

/** The file, or the pattern of files, that a path stands for; undefined for a remote one. Many manifests import the same. */
function fileOf(tree: Tree, base: string, path: string): string | undefined {
  const files = known.get(tree) ?? new Map<string, string | undefined>()
  known.set(tree, files)
  const key = `${base}\0${path}`
  if (!files.has(key)) files.set(key, isRemote(path) ? undefined : joinPath(base, withEnding(tree, base, path)))
  return files.get(key)
}

function withEnding(tree: Tree, base: string, path: string): string {
  const ending = extension(path)
  if (ending === '') return path + (ENDINGS.find((end) => tree.files.has(joinPath(base, path + end))) ?? '.yaml')
  const template = `${path}.tmpl`
  return (ending === '.yaml' || ending === '.yml') && tree.files.has(joinPath(base, template)) ? template : path
}

function missing(tree: Tree, config: AtmosConfig, entry: Import, path: string, relative: string): UserError {
  const names = [...tree.files.keys()]
    .filter((file) => isManifest(file) && inside(config.stacks.folder, file))
    .map((file) => importName(config, file))
  const near = closest(relative, names)
  return new UserError({
    code: 'import-not-found',
    message: `import "${path}" matches no file`,
    fix: near
      ? `did you mean "${near}"?`
      : `create it below ${config.stacks.folder || 'the stacks folder'}, or set skip_if_missing: true`,
    at: entry.at,
    exit: 2,
  })
}

/** Whether a file is a stack manifest by its ending. */
export function isManifest(file: string): boolean {
  return ENDINGS.some((ending) => file.endsWith(ending))
}

function inside(folder: string, file: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`)
}

/** What an imported file is called in `imports`: its path below the stacks folder without the last extension. */
export function importName(config: AtmosConfig, file: string): string {
  const base = config.stacks.folder
  const path = inside(base, file) && base !== '' ? file.slice(base.length + 1) : file
  const ending = extension(path)
  return ending === '' ? path : path.slice(0, -ending.length)
}

/** What a top-level manifest is called: its path below the stacks folder without `.yaml` or `.yml`. */
export function manifestName(config: AtmosConfig, file: string): string {
  const base = config.stacks.folder
  const path = inside(base, file) && base !== '' ? file.slice(base.length + 1) : file
  return path.replace(/\.yaml$/, '').replace(/\.yml$/, '')
}
