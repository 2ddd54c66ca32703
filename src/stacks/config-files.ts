import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import { glob, isPattern } from './glob.ts'
import { linkedText } from './links.ts'
import { mergeValues } from './merge.ts'
import { extension, folderOf, joinPath } from './paths.ts'
import { type MapValue, mapAt, mapOf, textOf, type Value, valueAt } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

/** The merged `atmos.yaml` files of a repository. */
export interface ConfigFiles {
  /** Undefined where no file was found and the built-in configuration counts. */
  readonly merged: MapValue | undefined
  /** Folder of the file that counts as the configuration's own, relative to the root. */
  readonly folder: string | undefined
  /** Folder of the file that declared `base_path` last. */
  readonly basePathFolder: string | undefined
}

const LOCAL_NAMES = ['atmos.yaml', '.atmos.yaml']
const LOCAL_FOLDERS = ['.atmos/', '.atmos.d/', 'atmos.d/']

/** Whether a folder has any of the names that end the search for a configuration. */
export function hasLocalConfig(tree: Tree, folder: string): boolean {
  const prefix = folder === '' ? '' : `${folder}/`
  if (LOCAL_NAMES.some((name) => tree.files.has(prefix + name))) return true
  return LOCAL_FOLDERS.some((name) => [...tree.files.keys()].some((path) => path.startsWith(prefix + name)))
}

/** Finds, reads and merges the configuration, as Atmos 1.227 searches for it. */
export function configFiles(tree: Tree, ambient: Ambient): ConfigFiles {
  const chosen = chosenFiles(tree, ambient)
  const found = chosen ?? discovered(tree, ambient)
  let merged: MapValue | undefined
  let basePathFolder: string | undefined
  const add = (value: MapValue | undefined, folder: string): void => {
    if (value === undefined) return
    if (value.entries.has('base_path')) basePathFolder = folder
    merged = merged === undefined ? value : configOver(merged, value)
  }
  for (const { path, text } of chosen ? [] : (ambient.outside ?? [])) add(readConfig(path, text), ambient.cwd)
  for (const path of found) {
    const own = readConfig(path, linkedText(tree, path) ?? '')
    for (const extra of defaultImports(tree, ambient, folderOf(path)))
      add(readConfig(extra, linkedText(tree, extra) ?? ''), folderOf(extra))
    for (const { value, file } of imported(tree, own, ambient, 1)) add(value, folderOf(file))
    add(own, folderOf(path))
  }
  const last = found.at(-1)
  for (const file of profileFiles(tree, ambient, merged, last === undefined ? ambient.cwd : folderOf(last)))
    add(readConfig(file, linkedText(tree, file) ?? ''), folderOf(file))
  return { merged, folder: last === undefined ? undefined : folderOf(last), basePathFolder }
}

function chosenFiles(tree: Tree, ambient: Ambient): string[] | undefined {
  const listed = (text: string | undefined): string[] =>
    text
      ?.split(',')
      .filter((item) => item !== '')
      .map((item) => joinPath(ambient.cwd, item)) ?? []
  const files = ambient.flags?.config ?? listed(ambient.env.ATMOS_CONFIG)
  const folders = ambient.flags?.configPath ?? listed(ambient.env.ATMOS_CONFIG_PATH)
  if (files.length + folders.length === 0) return undefined
  const inFolder = (folder: string): string => {
    const found = LOCAL_NAMES.map((name) => joinPath(folder, name)).find((path) => tree.files.has(path))
    return found ?? joinPath(folder, LOCAL_NAMES[0]!)
  }
  return [...files, ...folders.map(inFolder)].map((path) => {
    if (tree.files.has(path)) return path
    throw new UserError({
      code: 'config-not-found',
      message: `there is no configuration file ${path}`,
      fix: 'check --config, --config-path, ATMOS_CONFIG and ATMOS_CONFIG_PATH',
      exit: 2,
    })
  })
}

function discovered(tree: Tree, ambient: Ambient): string[] {
  const named = (folder: string): string | undefined =>
    ['atmos.yaml', 'atmos.yml'].map((name) => joinPath(folder, name)).find((path) => tree.files.has(path))
  const explicit = ambient.env.ATMOS_CLI_CONFIG_PATH
  const folders: string[] = []
  if (!explicit && !hasLocalConfig(tree, ambient.cwd)) {
    const ancestor = ancestors(ambient.cwd).find((folder) =>
      LOCAL_NAMES.some((name) => tree.files.has(joinPath(folder, name))),
    )
    if (ancestor !== undefined) folders.push(ancestor)
    if (ambient.gitRoot !== undefined && ambient.env.ATMOS_GIT_ROOT_BASEPATH !== 'false') folders.push(ambient.gitRoot)
  }
  folders.push(ambient.cwd)
  if (explicit) folders.push(joinPath(ambient.cwd, explicit))
  return [...new Set(folders)].map(named).filter((path) => path !== undefined)
}

function ancestors(folder: string): string[] {
  return folder === '' ? [] : [folderOf(folder), ...ancestors(folderOf(folder))]
}

/** Everything below `atmos.d`, the Git root's first. */
function defaultImports(tree: Tree, ambient: Ambient, folder: string): string[] {
  const folders = [...new Set([...(ambient.gitRoot === undefined ? [] : [ambient.gitRoot]), folder])]
  return folders.flatMap((from) => ['atmos.d', '.atmos.d'].flatMap((name) => below(tree, joinPath(from, name))))
}

/**
 * Every file of the profiles that are asked for, in their order: what comes later counts.
 * @throws UserError `profile-unknown`
 */
function profileFiles(tree: Tree, ambient: Ambient, merged: MapValue | undefined, folder: string): string[] {
  const asked = ambient.flags?.profile ?? ambient.env.ATMOS_PROFILE?.split(',') ?? profileDefaults(merged)
  const own = textOf(valueAt(merged, ['profiles', 'base_path']))
  const places = [
    ...(own ? [joinPath(folder, own)] : []),
    joinPath(folder, '.atmos/profiles'),
    joinPath(folder, 'profiles'),
  ]
  return asked
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .flatMap((name) => {
      const files = places.map((place) => below(tree, joinPath(place, name))).find((it) => it.length > 0)
      if (files) return files
      throw new UserError({
        code: 'profile-unknown',
        message: `there is no profile ${name} of the configuration in ${places.join(', ')}`,
        fix: `create ${joinPath(places.at(-1)!, name)}/atmos.yaml, or correct --profile, ATMOS_PROFILE or profiles.default`,
        exit: 2,
      })
    })
}

function profileDefaults(merged: MapValue | undefined): string[] {
  const value = valueAt(merged, ['profiles', 'default'])
  const text = textOf(value)
  if (text !== undefined) return text.split(',')
  return value?.kind === 'list' ? value.items.flatMap((item) => textOf(item) ?? []) : []
}

function below(tree: Tree, folder: string): string[] {
  return byDepth([...glob(`${folder}/**/*.yaml`, tree.files.keys()), ...glob(`${folder}/**/*.yml`, tree.files.keys())])
}

/** Of `x.yaml` and `x.yml` the first counts; shallow files come first. */
function byDepth(paths: readonly string[]): string[] {
  const depth = (path: string): number => path.split('/').length
  return paths
    .filter((path) => !(path.endsWith('.yml') && paths.includes(`${path.slice(0, -4)}.yaml`)))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
}

/** The files of the `import` list and theirs: each nested import comes after, and so over, the one that names it. */
function imported(
  tree: Tree,
  own: MapValue | undefined,
  ambient: Ambient,
  level: number,
): { value: MapValue; file: string }[] {
  const list = own?.entries.get('import')
  if (list?.kind !== 'list' || level > 10) return []
  const base = joinPath(ambient.cwd, textOf(own?.entries.get('base_path')) ?? '')
  return list.items.flatMap((item) => {
    const path = textOf(item)
    if (path === undefined || path === '') return []
    if (/^(?:[a-z0-9]+:\/\/|git::|github\.com\/)/i.test(path))
      throw new UserError({
        code: 'import-remote',
        message: `atmos.yaml imports "${path}" from elsewhere, and Airlock downloads nothing`,
        fix: 'keep the file in the repository',
        at: item.at,
        exit: 2,
      })
    return importMatches(tree, joinPath(base, path)).flatMap((file) => {
      const value = readConfig(file, linkedText(tree, file) ?? '')
      return value === undefined ? [] : [{ value, file }, ...imported(tree, value, ambient, level + 1)]
    })
  })
}

function importMatches(tree: Tree, path: string): string[] {
  if (tree.files.has(path)) return [path]
  const inside = below(tree, path)
  if (inside.length > 0) return inside
  const patterns = extension(path) === '' ? [`${path}.yaml`, `${path}.yml`] : [path]
  return byDepth(
    patterns.flatMap((pattern) =>
      isPattern(pattern) ? glob(pattern, tree.files.keys()) : tree.files.has(pattern) ? [pattern] : [],
    ),
  )
}

function readConfig(path: string, text: string): MapValue | undefined {
  const value = parseManifest(text, path)
  if (value === undefined || (value.kind === 'scalar' && value.value === null)) return undefined
  if (value.kind === 'map') return lowerCased(value, true)
  throw new UserError({
    code: 'config-invalid',
    message: `${path} holds a ${value.kind}, not settings`,
    at: value.at,
    exit: 2,
  })
}

/** Keys in lower case at every depth, as Atmos reads its configuration, but for the names of environment variables. */
function lowerCased(value: MapValue, top: boolean): MapValue {
  let result = mapAt(value.at)
  for (const [key, item] of value.entries) {
    const name = key.toLowerCase()
    const next = top && name === 'env' ? item : loweredValue(item)
    result = configOver(result, nested(name.split('.'), next))
  }
  return result
}

function loweredValue(value: Value): Value {
  if (value.kind === 'map') return lowerCased(value, false)
  return value.kind === 'list' ? { ...value, items: value.items.map(loweredValue) } : value
}

/** A dot in a key separates the names of a path. */
function nested(path: readonly string[], value: Value): MapValue {
  const [first, ...rest] = path
  return mapAt(value.at, [[first!, rest.length === 0 ? value : nested(rest, value)]])
}

/** One configuration over another: lists replace, but for `commands`, which merge by name; `!unset` removes. */
function configOver(below: MapValue, above: MapValue): MapValue {
  const entries = new Map(below.entries)
  for (const [key, value] of above.entries) {
    const existing = entries.get(key)
    if (textOf(value) === '!unset') entries.delete(key)
    else if (existing === undefined) entries.set(key, value)
    else if (existing.kind === 'map' && value.kind === 'map') entries.set(key, configOver(existing, value))
    else if (key === 'commands' && existing.kind === 'list' && value.kind === 'list')
      entries.set(key, {
        ...value,
        items: [
          ...existing.items.filter((item) => !value.items.some((other) => sameName(item, other))),
          ...value.items,
        ],
      })
    else entries.set(key, mergeValues(existing, value, 'replace'))
  }
  return { ...above, entries }
}

function sameName(a: Value, b: Value): boolean {
  const name = textOf(mapOf(a)?.entries.get('name'))
  return name !== undefined && name === textOf(mapOf(b)?.entries.get('name'))
}
