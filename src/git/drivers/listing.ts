import type { TreeFile } from '../tree.ts'
import { type Git, records } from './process.ts'

const modes: Readonly<Record<string, TreeFile['mode']>> = {
  '100644': 'file',
  '100664': 'file', // written by very old Git
  '100755': 'executable',
  '120000': 'symlink',
  '160000': 'submodule',
}

/** Git's octal mode as ours. */
export function fileMode(octal: string): TreeFile['mode'] {
  return modes[octal] ?? 'file'
}

/** Every file of a commit. Git lists them in byte order of paths. */
export async function committedFiles(git: Git, commit: string): Promise<ReadonlyMap<string, TreeFile>> {
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit])
  const files = new Map<string, TreeFile>()
  for (const record of records(stdout)) {
    const [octal = '', , hash = ''] = record.slice(0, record.indexOf('\t')).split(' ')
    const path = record.slice(record.indexOf('\t') + 1)
    files.set(path, { path, hash, mode: fileMode(octal) })
  }
  return files
}
