import { createHash, randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from '../../error.ts'
import { type ClockMark, storeTime } from '../clock.ts'
import { validKey } from '../key.ts'
import type { Condition, PutResult, Store } from '../store.ts'
import { locked } from './file-lock.ts'
import { errno, type FileLayer, realFiles, type WholeFile } from './files.ts'

/** `~` is in no key, so that these never collide with one. */
const temporaryFolder = '~tmp'
const lockFolder = '~lock'
const clockFile = '~clock'

/** The clock's mark is written when it has moved by this much. */
const clockGrainMs = 1000

/**
 * A store in a folder, safe between the processes of one machine: an object is written aside, brought to the disk, and
 * then gets its name in one step. Needs a file system with hard links.
 */
export function fsStore(options: {
  readonly folder: string
  readonly files?: FileLayer
  readonly clock?: () => number
  /** For how long another process that writes the same key is waited for. */
  readonly waitMs?: number
}): Store {
  const { folder, files = realFiles, clock = Date.now, waitMs = 20_000 } = options
  const path = (key: string) => join(folder, validKey(key))
  const lockPath = (key: string) =>
    join(folder, lockFolder, createHash('sha256').update(key).digest('hex').slice(0, 32))
  let prepared = false
  let lastMs = 0

  const temporary = async (bytes: Uint8Array, durable: boolean): Promise<string> => {
    const aside = join(folder, temporaryFolder, randomUUID())
    const file = await files.create(aside)
    try {
      try {
        await file.write(bytes)
        if (durable) await file.sync()
      } finally {
        await file.close()
      }
    } catch (error) {
      await files.remove(aside).catch(() => {})
      throw error
    }
    return aside
  }
  const lock = { files, waitMs, temporary: (bytes: Uint8Array) => temporary(bytes, false) }

  /** Makes sure of our folders, carries out a write, and says in words what went wrong. */
  const writing = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    try {
      if (!prepared) {
        for (const name of [temporaryFolder, lockFolder]) await files.makeFolder(join(folder, name))
        await sweep(files, join(folder, temporaryFolder))
        prepared = true
      }
      return await work()
    } catch (error) {
      if (errno(error) === 'ENOENT') prepared = false // somebody removed the folder; the next write makes it again
      throw error instanceof UserError ? error : unwritable(folder, key, error)
    }
  }
  const reading = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw unreadable(folder, key, error)
    }
  }
  /** Writes aside, then lets `place` give it its name. */
  const placing = async (key: string, bytes: Uint8Array, place: (aside: string) => Promise<boolean>) => {
    const target = path(key)
    await files.makeFolder(dirname(target))
    const aside = await temporary(bytes, true)
    try {
      const file = await files.read(aside)
      if (file === undefined || !(await place(aside))) return { kind: 'conflict' } as const
      await files.syncFolder(dirname(target))
      return { kind: 'written', etag: etag(file) } as const
    } finally {
      await files.remove(aside).catch(() => {})
    }
  }
  const holds = async (key: string, condition: Condition): Promise<boolean> => {
    if (condition.kind === 'any') return true
    const found = await files.read(path(key))
    return condition.kind === 'absent' ? found === undefined : found !== undefined && etag(found) === condition.etag
  }

  return {
    url: pathToFileURL(folder).href,
    async get(key) {
      const found = await reading(key, () => files.read(path(key)))
      return found && { bytes: found.bytes, etag: etag(found) }
    },
    put(key, bytes, condition): Promise<PutResult> {
      return writing(key, () =>
        placing(key, bytes, async (aside) => {
          if (condition.kind === 'absent') return (await files.link(aside, path(key))) === 'linked'
          return locked(lock, lockPath(key), async () => {
            if (!(await holds(key, condition))) return false
            await files.rename(aside, path(key))
            return true
          })
        }),
      )
    },
    async delete(key, condition) {
      if ((await reading(key, () => files.read(path(key)))) === undefined) return { kind: 'absent' }
      return writing(key, () =>
        locked(lock, lockPath(key), async () => {
          if (!(await holds(key, condition))) return { kind: 'conflict' }
          if ((await files.remove(path(key))) === 'absent') return { kind: 'absent' }
          await files.syncFolder(dirname(path(key)))
          return { kind: 'deleted' }
        }),
      )
    },
    async list(prefix) {
      const start = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      const keys = await reading(prefix, () => below(files, folder, start))
      return keys.filter((key) => key.startsWith(prefix)).sort()
    },
    async now() {
      const mark = parseMark(await reading(clockFile, () => files.read(join(folder, clockFile))))
      const next = storeTime(clock(), mark)
      const moved = mark === undefined || next.highMs - mark.highMs >= clockGrainMs || next.offsetMs !== mark.offsetMs
      if (moved) {
        // A store that cannot be written still tells the time: whatever needs the mark has to write as well.
        await writing(clockFile, () => keepMark(next)).catch(() => {})
      }
      lastMs = Math.max(lastMs, next.highMs)
      return lastMs
    },
  }

  async function keepMark(next: ClockMark): Promise<void> {
    const markPath = join(folder, clockFile)
    const aside = await temporary(new TextEncoder().encode(JSON.stringify(next)), false)
    try {
      await locked(lock, lockPath(clockFile), async () => {
        const now = parseMark(await files.read(markPath))
        if (now === undefined || now.highMs <= next.highMs) await files.rename(aside, markPath)
      })
    } finally {
      await files.remove(aside).catch(() => {})
    }
  }
}

/** Content and file together: the same bytes written again are another version. */
function etag({ bytes, identity }: WholeFile): string {
  return `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}-${identity}`
}

async function below(files: FileLayer, folder: string, start: string): Promise<string[]> {
  const names = (await files.list(join(folder, start))).filter((name) => !name.startsWith('~'))
  const parts = names.map(async (name) => (name.endsWith('/') ? below(files, folder, start + name) : [start + name]))
  return (await Promise.all(parts)).flat()
}

/** Removes what killed processes left aside, more than an hour ago. */
async function sweep(files: FileLayer, folder: string): Promise<void> {
  for (const name of await files.list(folder)) {
    const path = join(folder, name)
    if (Date.now() - (await files.changedMs(path)) > 3_600_000) await files.remove(path)
  }
}

function parseMark(file: WholeFile | undefined): ClockMark | undefined {
  if (file === undefined) return undefined
  try {
    const { highMs, offsetMs }: Partial<ClockMark> = JSON.parse(new TextDecoder().decode(file.bytes))
    return Number.isSafeInteger(highMs) && Number.isSafeInteger(offsetMs)
      ? { highMs: Number(highMs), offsetMs: Number(offsetMs) }
      : undefined
  } catch {
    return undefined // a mark that was damaged is made again
  }
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'free space on that disk',
  EDQUOT: 'free space, or have the quota raised',
  EROFS: 'mount that file system writable, or name another store',
  EACCES: 'run as a user who may write there, or name another store',
  EPERM: 'run as a user who may write there; the file system must know hard links',
  ENOTSUP: 'put the store on a file system with hard links',
}

function unwritable(folder: string, key: string, cause: unknown): UserError {
  const code = errno(cause)
  if (code === undefined) throw cause
  return new UserError({
    code: 'store-unwritable',
    message: `${key} could not be written in the store ${folder}: ${cause instanceof Error ? cause.message : code}`,
    fix: `${advice[code] ?? 'look at that disk'}, then run again: what was there before is untouched`,
    cause,
  })
}

function unreadable(folder: string, key: string, cause: unknown): UserError {
  const code = errno(cause)
  if (code === undefined) throw cause
  return new UserError({
    code: 'store-unreadable',
    message: `${key} could not be read in the store ${folder}: ${cause instanceof Error ? cause.message : code}`,
    fix: 'look at that disk and its permissions, then run again',
    cause,
  })
}
