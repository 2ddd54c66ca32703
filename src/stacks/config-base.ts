import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import { hasLocalConfig } from './config-files.ts'
import { folderExists } from './folders.ts'
import { belowRoot, joinPath } from './paths.ts'

/** The base path as it is printed, and the folder it stands for relative to the tree's root. */
export interface BasePath {
  readonly text: string
  readonly folder: string
}

/** Works out `base_path` as Atmos 1.227 does. @throws UserError `path-outside` */
export function basePath(tree: Tree, ambient: Ambient, configured: string, folder: string | undefined): BasePath {
  const runtime = ambient.flags?.basePath ?? ambient.env.ATMOS_BASE_PATH
  const text = runtime || configured
  const gitRoot = ambient.env.ATMOS_GIT_ROOT_BASEPATH === 'false' ? undefined : ambient.gitRoot
  if (!runtime && gitRoot !== undefined && (text === '' || text === '.') && !hasLocalConfig(tree, ambient.cwd))
    return { text: absolute(tree, gitRoot), folder: gitRoot }
  return { text, folder: resolved(tree, ambient, text, Boolean(runtime), gitRoot, folder) }
}

function resolved(
  tree: Tree,
  ambient: Ambient,
  text: string,
  runtime: boolean,
  gitRoot: string | undefined,
  folder: string | undefined,
): string {
  if (text.startsWith('/')) return inside(tree, text)
  if (text === '') return gitRoot ?? folder ?? ambient.cwd
  if (text === '.' || text === '..' || text.startsWith('./') || text.startsWith('../'))
    return checked(joinPath(runtime ? ambient.cwd : (folder ?? ambient.cwd), text), text)
  const candidates =
    gitRoot !== undefined
      ? [gitRoot, ambient.cwd]
      : runtime
        ? [ambient.cwd, folder ?? '']
        : [folder ?? ambient.cwd, ambient.cwd]
  const existing = candidates.map((from) => joinPath(from, text)).find((path) => folderExists(tree, path))
  return checked(existing ?? joinPath(candidates[0]!, text), text)
}

/**
 * A folder below the base path that a setting names, absolute or relative to it; repeated runs of segments collapse. One
 * outside of the repository keeps its path (`../x`, `/x`): nothing is there to read, and whoever must read says so.
 */
export function folderAt(tree: Tree, base: string, text: string): string {
  return text.startsWith('/') ? (belowRoot(tree.root, text) ?? text) : collapsed(joinPath(base, text))
}

/** The folder, which must lie inside of the repository. @throws UserError `path-outside` */
export function insideRepository(folder: string): string {
  return folder.startsWith('/') ? outside(folder) : checked(folder, folder)
}

/** `a/b/a/b/c` is `a/b/c` to Atmos. */
function collapsed(path: string): string {
  const segments = path.split('/')
  for (let length = Math.floor(segments.length / 2); length >= 2; length--)
    for (let start = 0; start + 2 * length <= segments.length; start++) {
      const first = segments.slice(start, start + length)
      if (first.every((segment, index) => segment === segments[start + length + index]))
        return collapsed([...segments.slice(0, start + length), ...segments.slice(start + 2 * length)].join('/'))
    }
  return path
}

function inside(tree: Tree, path: string): string {
  return belowRoot(tree.root, path) ?? outside(path)
}

function checked(path: string, text: string): string {
  return path === '..' || path.startsWith('../') ? outside(text) : path
}

function outside(path: string): never {
  throw new UserError({
    code: 'path-outside',
    message: `${path} lies outside of the repository, whose commits alone Airlock reads`,
    fix: 'set base_path in atmos.yaml to a folder of the repository',
    exit: 2,
  })
}

/** The absolute form of a path of the tree, only to print. */
export function absolute(tree: Tree, path: string): string {
  return path === '' ? tree.root : `${tree.root.replace(/\/$/, '')}/${path}`
}
