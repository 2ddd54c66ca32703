import { readFileSync, readlinkSync } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../error.ts'
import { blobId, byteOrder } from '../blob.ts'
import { decodeText } from '../loadable.ts'
import type { TreeFile } from '../tree.ts'
import { fileMode } from './listing.ts'
import { type Git, gitIn, records } from './process.ts'

/**
 * The files on disk: tracked and untracked, not ignored. Ids of unchanged files come from the index, so that only what
 * was edited is read. Ids are what `git add` would store (line endings and LFS filters applied).
 */
export async function workTreeFiles(git: Git, algorithm: 'sha1' | 'sha256'): Promise<ReadonlyMap<string, TreeFile>> {
  const listed = await git.run([
    'ls-files',
    '-t',
    '-z',
    '--stage',
    '--cached',
    '--modified',
    '--others',
    '--exclude-standard',
  ])
  const files = new Map<string, TreeFile>()
  const onDisk = new Set<string>()
  for (const record of records(listed.stdout)) {
    const tag = record[0]
    if (tag === '?') {
      // A name that ends in a slash is a repository of its own inside this one: none of our files.
      if (!record.endsWith('/')) onDisk.add(record.slice(2))
      continue
    }
    const tab = record.indexOf('\t')
    const [octal = '', hash = '', stage] = record.slice(2, tab).split(' ')
    const path = record.slice(tab + 1)
    // Edited, or unmerged: what counts is what is in the folder.
    if (tag === 'C' || stage !== '0') onDisk.add(path)
    else files.set(path, { path, hash, mode: fileMode(octal) })
  }
  for (const path of onDisk) files.delete(path)
  for (const file of await hashed(git, [...onDisk], algorithm)) files.set(file.path, file)
  return new Map([...files].sort(([a], [b]) => byteOrder(a, b)))
}

async function hashed(git: Git, paths: readonly string[], algorithm: 'sha1' | 'sha256'): Promise<TreeFile[]> {
  const found = await Promise.all(paths.map((path) => lookAt(git, path, algorithm)))
  const plain = found.flatMap((it) => (it?.kind === 'plain' ? [it] : []))
  const ids =
    plain.length === 0
      ? []
      : await hashObjects(
          git,
          plain.map(({ path }) => path),
        )
  return [
    ...plain.map(({ path, mode }, i): TreeFile => ({ path, mode, hash: ids[i] ?? '' })),
    ...found.flatMap((it) => (it?.kind === 'known' ? [it.file] : [])),
  ]
}

type Found =
  | { readonly kind: 'plain'; readonly path: string; readonly mode: 'file' | 'executable' }
  | { readonly kind: 'known'; readonly file: TreeFile }

/** What a path is on disk; undefined when it is gone, or nothing that Git would store. */
async function lookAt(git: Git, path: string, algorithm: 'sha1' | 'sha256'): Promise<Found | undefined> {
  const absolute = join(git.cwd, path)
  const stat = await lstat(absolute).catch(() => undefined)
  if (stat?.isSymbolicLink()) {
    const target = await readlink(absolute, 'buffer')
    return { kind: 'known', file: { path, mode: 'symlink', hash: blobId(target, algorithm) } }
  }
  if (stat?.isFile()) return { kind: 'plain', path, mode: (stat.mode & 0o100) !== 0 ? 'executable' : 'file' }
  if (!stat?.isDirectory()) return undefined
  const head = await gitIn(absolute, git.env).run(['rev-parse', '--verify', '--quiet', 'HEAD'], {
    expected: [0, 1, 128],
  })
  const hash = head.stdout.toString('utf8').trim()
  return hash === '' ? undefined : { kind: 'known', file: { path, mode: 'submodule', hash } }
}

/** Ids of ordinary files in one `git hash-object`, whose list is read by lines: each path is quoted as C would. */
async function hashObjects(git: Git, paths: readonly string[]): Promise<string[]> {
  const stdin = paths.map((path) => `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"\n`).join('')
  const { stdout } = await git.run(['hash-object', '--stdin-paths'], { stdin })
  return stdout.toString('utf8').trim().split('\n')
}

/**
 * Contents of files in the work tree: of a link its target. Read one after another, without promises: for 10,000 small
 * files that takes a tenth of the time. A tracked file that is not on disk (a sparse checkout leaves some out) comes from
 * `object`.
 * @throws UserError `file-vanished`
 */
export async function workTreeContents(
  root: string,
  files: readonly TreeFile[],
  object?: (hash: string) => Promise<Uint8Array>,
): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>()
  const elsewhere: { readonly file: TreeFile; readonly cause: unknown }[] = []
  for (const file of files) {
    const absolute = join(root, file.path)
    try {
      const bytes = file.mode === 'symlink' ? readlinkSync(absolute, 'buffer') : readFileSync(absolute)
      contents.set(file.path, decodeText(bytes))
    } catch (cause) {
      elsewhere.push({ file, cause })
    }
  }
  for (const { file, cause } of elsewhere) {
    const stored = await object?.(file.hash).catch(() => undefined)
    if (stored === undefined) throw vanished(file.path, cause)
    contents.set(file.path, decodeText(stored))
  }
  return contents
}

function vanished(path: string, cause: unknown): UserError {
  return new UserError({
    code: 'file-vanished',
    message: `${path} could not be read, though it was there a moment ago: ${String(cause)}`,
    fix: 'run again when nothing else changes the folder',
    cause,
  })
}
