import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { folderExists } from './folders.ts'
import { folderOf, joinPath } from './paths.ts'

/** The content of a file, through symbolic links to other files of the tree. @throws UserError `link-outside` */
export function linkedText(tree: Tree, path: string, way: readonly string[] = []): string | undefined {
  const text = tree.text(path)
  if (text === undefined || tree.files.get(path)?.mode !== 'symlink') return text
  const target = targetOf(path, text)
  if (tree.files.has(target) && !way.includes(target)) return linkedText(tree, target, [...way, path])
  throw new UserError({
    code: 'link-outside',
    message: `${path} is a symbolic link to ${text.trim()}, which is no file of the repository`,
    fix: 'point it to a file of the repository',
    at: { file: path, line: 1, column: 1 },
    exit: 2,
  })
}

/** Refuses links to folders below a folder: a tree does not list what lies behind them. @throws UserError `not-yet` */
export function refuseLinkedFolders(tree: Tree, folder: string): void {
  for (const { path, mode } of tree.files.values()) {
    if (mode !== 'symlink' || !path.startsWith(`${folder}/`)) continue
    const target = targetOf(path, tree.text(path) ?? '')
    if (tree.files.has(target) || !folderExists(tree, target)) continue
    throw new UserError({
      code: 'not-yet',
      message: `${path} is a symbolic link to the folder ${target}, and Airlock does not follow links to folders yet`,
      at: { file: path, line: 1, column: 1 },
      exit: 2,
    })
  }
}

function targetOf(path: string, text: string): string {
  return text.startsWith('/') ? text.trim() : joinPath(folderOf(path), text.trim())
}
