import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pageMark } from '../dashboard/page.ts'
import { UserError } from '../error.ts'

/**
 * Refuses a path that cannot hold a page, or that holds something else than one of ours.
 * @param given as the person typed it
 * @throws UserError `file-unwritable`, `dashboard-over-other`
 */
export async function mayReplace(path: string, given: string, force: boolean): Promise<void> {
  const folder = dirname(path)
  const around = await stat(folder).catch(() => undefined)
  if (!around?.isDirectory())
    throw unwritable(
      given,
      around ? `${folder} is no folder` : `there is no folder ${folder}`,
      'name a file in a folder that exists',
    )
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return
  if (!there.isFile())
    throw unwritable(
      given,
      there.isDirectory() ? 'it is a folder' : 'it is no ordinary file',
      there.isDirectory()
        ? `name a file in it: --out ${join(given, 'index.html')}`
        : 'name an ordinary file, or - to print the page',
    )
  if (force || there.size === 0 || (await beginning(path, given)).includes(pageMark)) return
  throw new UserError({
    code: 'dashboard-over-other',
    message: `${given} is there already and is no dashboard of Airlock`,
    fix: 'name another file, or replace it with --force',
    exit: 2,
  })
}

/** Writes a file so that nobody ever sees half of it: a link stays a link. @throws UserError `file-unwritable` */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const beside = join(dirname(target), `.${randomUUID()}.tmp`)
  try {
    await writeFile(beside, text, { flag: 'wx' })
    await rename(beside, target)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {})
    throw unwritable(path, cause instanceof Error ? cause.message : String(cause), 'name another file', cause)
  }
}

async function beginning(path: string, given: string): Promise<string> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw unwritable(given, cause instanceof Error ? cause.message : String(cause), 'name another file', cause)
  }
}

function unwritable(given: string, why: string, fix: string, cause?: unknown): UserError {
  return new UserError({ code: 'file-unwritable', message: `${given} cannot be written: ${why}`, fix, exit: 2, cause })
}
