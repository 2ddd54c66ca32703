import { unzipSync, zipSync } from 'fflate'
import { UserError } from '../error.ts'

/** Files of an archive by name. */
export type ArchiveFiles = ReadonlyMap<string, Uint8Array>

/** More than any plan needs, and less than what would exhaust a runner. */
const maxUnpackedBytes = 1 << 30

/** A zip of the files, in name order. Equal files give equal bytes: times are fixed. */
export function archive(files: ArchiveFiles): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  // The local midnight: fflate writes local time, so the bytes are the same in every time zone.
  const mtime = new Date(1980, 0, 1)
  return zipSync(Object.fromEntries(sorted.map(([name, bytes]) => [name, [bytes, { mtime, level: 6 }]])), { mtime })
}

/**
 * The files of a zip. Two readers must never see different files in it, so what is ambiguous is refused: names twice,
 * bytes before, between or after the parts, a comment, zip64.
 * @param what names the archive to people: `planfile`
 * @throws UserError `archive-unreadable`
 */
export function unarchive(bytes: Uint8Array, what: string): ArchiveFiles {
  const refuse = (why: string, cause?: unknown) =>
    new UserError({
      code: 'archive-unreadable',
      message: `the ${what} cannot be opened: ${why}`,
      fix: 'plan again',
      cause,
    })
  const ambiguity = directoryProblem(bytes)
  if (ambiguity !== undefined) throw refuse(ambiguity)
  const names = new Set<string>()
  let total = 0
  try {
    const found = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (names.has(name)) throw refuse(`it holds ${JSON.stringify(name)} twice`)
        names.add(name)
        total += originalSize
        if (total > maxUnpackedBytes) throw refuse(`it unpacks to more than ${maxUnpackedBytes} bytes`)
        return true
      },
    })
    return new Map([...names].sort().map((name) => [name, found[name]!]))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw refuse(error instanceof Error ? error.message : String(error), error)
  }
}

/** Readers find the directory from the end, each in its own way when anything is unusual there. */
function directoryProblem(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.byteLength - 22
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return 'it is no zip, or was cut short'
  const [disk, count, total] = [
    view.getUint16(end + 4, true),
    view.getUint16(end + 8, true),
    view.getUint16(end + 10, true),
  ]
  const [size, offset] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)]
  if (disk !== 0 || count !== total || count === 0xffff || offset === 0xffffffff)
    return 'it is a zip in several parts, or zip64'
  if (offset + size !== end) return 'bytes lie outside of what its directory lists'
  return undefined
}
