import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { UserError } from '../../error.ts'
import type { Job } from '../terraform.ts'

/** A file as it is to be: what is in `Job.files`. */
export interface CopyFile {
  readonly bytes: Uint8Array
  readonly executable: boolean
}

/** Where Terraform keeps what `init` makes, in the component's folder. */
export const dataFolder = '.terraform'

/** Where `init` notes which providers it chose, in the component's folder. */
export const lockFileName = '.terraform.lock.hcl'

/** What Terraform saves in the component's folder when it cannot store a state: then the only copy of it. */
export const erroredState = 'errored.tfstate'

/** What Terraform itself leaves beside the configuration: neither ours, nor made by the plan. */
const leftBehind =
  /(^|\/)(\.terraform\.lock\.hcl|errored\.tfstate|crash\.log|[^/]*\.tfstate(\.\d+)?(\.backup)?|\.[^/]*\.lock\.info)$/

const madeMaxFiles = 1_000
const madeMaxBytes = 100 * 1024 * 1024

/** `folder/path` inside the repository's layout. @throws UserError `path-outside` when it leads out of it */
export function inside(folder: string, path: string): string {
  const joined = posix.normalize(posix.join(folder, path))
  if (joined === '..' || joined.startsWith('../') || posix.isAbsolute(path))
    throw new UserError({
      code: 'path-outside',
      message: `${path}, to be written for ${folder}, is outside the repository`,
      fix: 'name a file in the component\'s folder (see "generate" in the stack)',
      exit: 2,
    })
  return joined
}

/** Every file of the job by path in the repository's layout, ours over the repository's. */
export function copyFiles(job: Job): Map<string, CopyFile> {
  const files = new Map(job.files)
  for (const [path, text] of job.generated)
    files.set(inside(job.folder, path), { bytes: Buffer.from(text), executable: false })
  return files
}

/**
 * Whether a link leads to a folder, which may not be there yet: one of workspaces, which Terraform keeps in
 * `terraform.tfstate.d` or `workspace_dir`, while the default workspace's state is a file.
 */
function isFolder(path: string, workspace: string | undefined): boolean {
  const named = workspace !== undefined && workspace !== 'default'
  return basename(path) === 'terraform.tfstate.d' || (named && !path.endsWith('.tfstate'))
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'link' | undefined> {
  const stat = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!stat) return undefined
  return stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file'
}

/** A folder that holds one instance's files in the repository's layout. */
export interface Copy {
  /** Absolute path of the layout's root. */
  readonly root: string
  /**
   * Makes the copy hold these files and nothing else but Terraform's own data; what is right already is not rewritten.
   * The links are gone then, for `init` would take what they lead to for a state to migrate.
   */
  write(files: ReadonlyMap<string, CopyFile>): Promise<void>
  /** Puts the links in place, each with its target's folder. */
  link(): Promise<void>
  /** The state that Terraform could not store, if there is one. */
  errored(): Promise<Uint8Array | undefined>
  /** Moves such a state of an earlier run out of the layout, beside `root`, where it stays. */
  setErroredAside(): Promise<void>
  /** Files that are not as `files` has them, and not Terraform's own. @throws UserError `plan-made-too-much` */
  made(files: ReadonlyMap<string, CopyFile>): Promise<Map<string, Uint8Array>>
}

/** The working copy of a job below `root`. */
export function copyOf(root: string, job: Pick<Job, 'folder' | 'links' | 'workspace'>): Copy {
  const data = posix.join(job.folder, dataFolder)
  const links = new Map([...job.links].map(([path, target]) => [posix.join(job.folder, path), { path, target }]))

  /** Paths below the root, but for Terraform's data and what links lead to. */
  async function* walk(folder: string): AsyncGenerator<{ path: string; kind: 'file' | 'folder' | 'link' }> {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name)
      if (path === data) continue
      const kind = entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : 'file'
      if (kind === 'folder') yield* walk(path)
      yield { path, kind }
    }
  }

  async function writeOne(path: string, { bytes, executable }: CopyFile): Promise<void> {
    const target = join(root, path)
    // As in a checkout: `archive_file` puts the mode into what it makes. The folder around the copy is closed to others.
    const mode = executable ? 0o755 : 0o644
    const there = await lstat(target).catch(() => undefined)
    const right = there?.isFile() && there.size === bytes.length && (await readFile(target)).equals(bytes)
    if (!right) {
      if (there) await rm(target, { recursive: true })
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, bytes)
    }
    if (!right || !there || (there.mode & 0o777) !== mode) await chmod(target, mode)
  }

  async function setAside(path: string): Promise<void> {
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-')
    await rename(join(root, path), join(dirname(root), `errored-${time}.tfstate`))
  }

  return {
    root,
    async write(files) {
      await mkdir(join(root, job.folder), { recursive: true, mode: 0o700 })
      const folders = new Set([...files.keys(), `${job.folder}/x`].flatMap(foldersOf))
      for await (const { path, kind } of walk('')) {
        if (kind === 'folder' ? folders.has(path) : kind === 'file' && files.has(path)) continue
        if (kind === 'file' && basename(path) === erroredState) await setAside(path)
        else await rm(join(root, path), { recursive: kind === 'folder', force: true })
      }
      for (const [path, file] of files) await writeOne(path, file)
    },
    async link() {
      for (const [path, { target }] of links) {
        const at = join(root, path)
        const kind = await kindOf(at)
        await mkdir(isFolder(path, job.workspace) ? target : dirname(target), { recursive: true })
        if (kind === 'link' && (await readlink(at)) === target) continue
        // A state that Terraform wrote beside the link belongs where the link leads.
        if (kind === 'file') await copyFile(at, target)
        if (kind) await rm(at, { recursive: true })
        await mkdir(dirname(at), { recursive: true, mode: 0o700 })
        await symlink(target, at)
      }
    },
    async errored() {
      const path = join(root, job.folder, erroredState)
      return (await kindOf(path)) === 'file' ? readFile(path) : undefined
    },
    async setErroredAside() {
      const path = posix.join(job.folder, erroredState)
      if ((await kindOf(join(root, path))) === 'file') await setAside(path)
    },
    async made(files) {
      const made = new Map<string, Uint8Array>()
      let sizeBytes = 0
      for await (const { path, kind } of walk('')) {
        if (kind !== 'file' || leftBehind.test(path)) continue
        const bytes = await readFile(join(root, path))
        const ours = files.get(path)
        if (ours && bytes.equals(ours.bytes)) continue
        made.set(path, bytes)
        sizeBytes += bytes.length
        if (made.size > madeMaxFiles || sizeBytes > madeMaxBytes)
          throw new UserError({
            code: 'plan-made-too-much',
            message: `the plan made more than ${madeMaxFiles} files or ${madeMaxBytes / 1024 / 1024} MiB below ${job.folder}: too much to seal`,
            fix: 'let data sources write outside the repository, or fewer files',
          })
      }
      return made
    },
  }
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
