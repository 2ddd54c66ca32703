import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../../error.ts'
import type { WorkFiles } from '../files.ts'

/** The files below a folder. */
export function workFiles(root: string): WorkFiles {
  const trying = async (path: string, act: (file: string) => Promise<void>) => {
    try {
      await act(join(root, path))
    } catch (cause) {
      throw new UserError({
        code: 'file-unwritable',
        message: `${path} in ${root} cannot be written: ${cause instanceof Error ? cause.message : cause}`,
        fix: 'look whether the folder is there and yours to write',
        cause,
      })
    }
  }
  return {
    write: (path, text) =>
      trying(path, async (file) => {
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, text)
      }),
    remove: (path) => trying(path, (file) => rm(file, { force: true })),
  }
}
