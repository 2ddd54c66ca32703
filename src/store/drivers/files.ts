import { constants } from 'node:fs'
import { link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'

/** A file being written. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<void>
  /** Returns when the content is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** A file as read through one open descriptor: content and identity belong together even while names move. */
export interface WholeFile {
  readonly bytes: Uint8Array
  /** Tells this file from any other that had or will have its name. */
  readonly identity: string
}

/**
 * The few file operations that a store is made of, so that a test can let any of them fail. Answers, not errors, where
 * absence or presence is expected.
 */
export interface FileLayer {
  read(path: string): Promise<WholeFile | undefined>
  /** Names in a folder, those of folders with a trailing `/`; none where there is no such folder. */
  list(folder: string): Promise<string[]>
  /** When a file was last written, milliseconds since 1970; now, where it is gone. */
  changedMs(path: string): Promise<number>
  /** Creates a file that must not exist. */
  create(path: string): Promise<NewFile>
  /** Gives a file a second name; `exists` when the name is taken. */
  link(from: string, to: string): Promise<'linked' | 'exists'>
  /** Moves a file over whatever has the name. */
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<'removed' | 'absent'>
  makeFolder(path: string): Promise<void>
  /** Returns when the folder's names are on the disk. */
  syncFolder(path: string): Promise<void>
}

/** The machine's own files. */
export const realFiles: FileLayer = {
  async read(path) {
    const file = await unless(['ENOENT', 'ENOTDIR'], open(path, 'r'))
    if (file === undefined) return undefined
    try {
      const about = await file.stat({ bigint: true })
      const { ino, mtimeNs, size } = about
      if (!about.isFile()) return undefined
      return { bytes: await file.readFile(), identity: `${ino.toString(36)}-${mtimeNs.toString(36)}-${size}` }
    } finally {
      await file.close()
    }
  },
  async list(folder) {
    const entries = (await unless(['ENOENT', 'ENOTDIR'], readdir(folder, { withFileTypes: true }))) ?? []
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  },
  async changedMs(path) {
    return (await unless(['ENOENT'], stat(path)))?.mtimeMs ?? Date.now()
  },
  async create(path) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666)
    return {
      write: (bytes) => file.writeFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    }
  },
  async link(from, to) {
    return (
      (await unless(
        ['EEXIST'],
        link(from, to).then(() => 'linked' as const),
      )) ?? 'exists'
    )
  },
  rename,
  async remove(path) {
    return (
      (await unless(
        ['ENOENT'],
        unlink(path).then(() => 'removed' as const),
      )) ?? 'absent'
    )
  },
  async makeFolder(path) {
    await mkdir(path, { recursive: true })
  },
  async syncFolder(path) {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } catch (error) {
      // Some file systems cannot sync a folder, and keep its order without being asked.
      if (!['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM'].includes(errno(error) ?? '')) throw error
    } finally {
      await folder.close()
    }
  },
}

/** The code of a system error: `ENOSPC`; undefined for any other error. */
export function errno(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

async function unless<T>(codes: readonly string[], doing: Promise<T>): Promise<T | undefined> {
  try {
    return await doing
  } catch (error) {
    if (codes.includes(errno(error) ?? '')) return undefined
    throw error
  }
}
