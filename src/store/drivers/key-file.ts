import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../../error.ts'

/**
 * The text of a key file that only its owner may read; made at first use. Of several processes that make it at once, all
 * get the key of the one that was first. A key once made is never written over.
 * @throws UserError `key-exposed` when others may read it, `key-unwritable` when it cannot be made, `key-unreadable`
 */
export function keyFile(path: string, make: () => string): string {
  const found = readKey(path)
  if (found !== undefined) return found
  const aside = `${path}.${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    try {
      const file = openSync(aside, 'wx', 0o600)
      try {
        writeSync(file, make())
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      linkSync(aside, path)
    } finally {
      unlinkQuietly(aside)
    }
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST')
      throw new UserError({
        code: 'key-unwritable',
        message: `a key for plans cannot be made at ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
        fix: 'make that folder writable, or set XDG_CONFIG_HOME to one that is',
        cause,
      })
  }
  const made = readKey(path)
  if (made === undefined)
    throw new UserError({ code: 'key-unreadable', message: `the key at ${path} went away while it was made` })
  return made
}

function readKey(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined
    throw new UserError({
      code: 'key-unreadable',
      message: `the key at ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      fix: 'give the account that runs this access to it',
      cause,
    })
  }
  try {
    const mode = fstatSync(file).mode & 0o777
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new UserError({
        code: 'key-exposed',
        message: `the key at ${path} can be read by others (mode ${mode.toString(8)})`,
        fix: `chmod 600 ${path}`,
        exit: 2,
      })
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was never made, or is gone already.
  }
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}
