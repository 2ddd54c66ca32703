import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { dirname, resolve as resolvePath } from 'node:path'
import { UserError } from '../../error.ts'
import { changedFiles } from '../diff.ts'
import { decodeText, loadableTree } from '../loadable.ts'
import { notInCommit } from '../missing.ts'
import { remoteIdentity } from '../remote.ts'
import type { ChangedFile, CommitId, CommitInfo, LoadableTree, Repo, TreeId } from '../repo.ts'
import type { TreeFile } from '../tree.ts'
import { catFile } from './cat-file.ts'
import { committedFiles } from './listing.ts'
import { mergeCommit, merged } from './merge.ts'
import { type Git, gitEnvironment, gitIn, records } from './process.ts'
import { workTreeContents, workTreeFiles } from './work-tree.ts'

/**
 * The repository around `cwd`, read through the `git` on PATH.
 * @throws UserError `not-a-repository`, `repository-bare`, `repository-empty`, `repository-not-trusted`, `git-missing`
 */
export async function gitRepo(cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<Repo> {
  const clean = gitEnvironment(env)
  const here = gitIn(cwd, clean)
  const [places, origin, branch] = await Promise.all([locate(here, cwd), originUrl(here), currentBranch(here)])
  const git = gitIn(places.root, clean)
  const objects = catFile(git)
  const id = await identity(git, origin)
  const texts = new Map<string, Promise<string>>() // by blob id: two commits of one repository share almost all of them

  const textOf = (hash: string): Promise<string> => {
    const known = texts.get(hash)
    if (known !== undefined) return known
    const text = objects.read(hash).then(decodeText)
    texts.set(hash, text)
    text.catch(() => texts.delete(hash))
    return text
  }
  const committedContents = async (files: readonly TreeFile[]) => {
    const entries = files.map(async ({ path, hash }): Promise<[string, string]> => [path, await textOf(hash)])
    return new Map(await Promise.all(entries))
  }
  const withWanted = async (tree: LoadableTree, wanted: (path: string) => boolean) => {
    await tree.load([...tree.files.keys()].filter(wanted))
    return tree
  }
  const listings = new Map<string, Promise<ReadonlyMap<string, TreeFile>>>() // by object id: what it names never changes
  const filesOf = (commit: CommitId | TreeId): Promise<ReadonlyMap<string, TreeFile>> => {
    const known = listings.get(commit)
    if (known !== undefined) return known
    const files = committedFiles(git, commit)
    listings.set(commit, files)
    files.catch(() => listings.delete(commit))
    return files
  }
  const resolve = async (revision: string): Promise<CommitId | undefined> => {
    if (revision === '' || revision.startsWith('-') || /[\n\0]/.test(revision)) return undefined
    return (await objects.find(`${revision}^{commit}`))?.oid as CommitId | undefined
  }
  const infos = new Map<CommitId, Promise<CommitInfo>>()
  let defaultBranch: Promise<string | undefined> | undefined // asked for before each apply, and the same all along
  const workFiles = () => workTreeFiles(git, places.algorithm)

  return {
    ...places,
    id,
    branch,
    resolve,
    async mergeBase(a, b) {
      const ran = await git.run(['merge-base', a, b], { expected: [0, 1] })
      return ran.exitCode === 0 ? (text(ran.stdout) as CommitId) : undefined
    },
    async contains(commit, ancestor) {
      const ran = await git.run(['merge-base', '--is-ancestor', ancestor, commit], { expected: [0, 1] })
      return ran.exitCode === 0
    },
    info(commit) {
      const known = infos.get(commit)
      if (known !== undefined) return known
      const info = infoOf(git, commit)
      infos.set(commit, info)
      info.catch(() => infos.delete(commit))
      return info
    },
    log: (from, to) => commits(git, [`${from}..${to}`]),
    merge: (ours, theirs) => merged(git, ours, theirs, places.shallow),
    mergeCommit: (ours, theirs) => mergeCommit(git, ours, theirs, places.shallow),
    async tree(at, wanted) {
      const files = await filesOf(at)
      return withWanted(loadableTree(places.root, files, committedContents), wanted)
    },
    async workTree(wanted) {
      const files = await workFiles()
      const contents = (missing: readonly TreeFile[]) => workTreeContents(places.root, missing, objects.read)
      return withWanted(loadableTree(places.root, files, contents), wanted)
    },
    async diff(from, to) {
      if (to !== undefined) return committedChanges(git, from, to)
      const [before, after] = await Promise.all([filesOf(from), workFiles()])
      return changedFiles({ files: before }, { files: after })
    },
    async contents(commit, paths) {
      const files = await filesOf(commit)
      const entries = paths.map(async (path): Promise<[string, Uint8Array]> => {
        const file = files.get(path)
        if (file === undefined || file.mode === 'submodule') throw notInCommit(path, commit)
        return [path, await objects.read(file.hash)]
      })
      return new Map(await Promise.all(entries))
    },
    async bring(refs) {
      if (refs.length > 0) await git.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', 'origin', ...refs])
    },
    async follow(branch) {
      const ref = `+refs/heads/${branch}:refs/remotes/origin/${branch}`
      await git.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', 'origin', ref])
    },
    async deepen(branch, tips, commits) {
      const refs = branch === undefined ? [] : [`+refs/heads/${branch}:refs/remotes/origin/${branch}`]
      // Git refuses it where there is nothing left to fetch; another step may have come so far.
      const isShallow = text((await git.run(['rev-parse', '--is-shallow-repository'])).stdout) === 'true'
      const depth = !isShallow ? [] : [commits === undefined ? '--unshallow' : `--deepen=${commits}`]
      const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...depth]
      await git.run([...fetch, 'origin', ...tips, ...refs])
      objects.renew()
    },
    originHead() {
      defaultBranch ??= originHead(git)
      defaultBranch.catch(() => {
        defaultBranch = undefined
      })
      return defaultBranch
    },
    config: (key) => setting(git, key),
    async dirty() {
      const head = await resolve('HEAD')
      const [before, after] = await Promise.all([head ? filesOf(head) : new Map<string, TreeFile>(), workFiles()])
      return changedFiles({ files: before }, { files: after }).map(({ path }) => path)
    },
  }
}

interface Places {
  readonly root: string
  readonly mainWorktree: string
  readonly commonDir: string
  readonly shallow: boolean
  readonly algorithm: 'sha1' | 'sha256'
}

async function locate(git: Git, cwd: string): Promise<Places> {
  const [asked, worktrees] = await Promise.all([
    git.run(['rev-parse', ...WHICH, ...WHERE, 'HEAD^{commit}'], { expected: [0, 128] }),
    git.run(['worktree', 'list', '--porcelain', '-z'], { expected: [0, 128, 129] }),
  ])
  const [bare, inside, ...lines] = text(asked.stdout).split('\n')
  if (bare === '' || bare === undefined) throw notARepository(cwd, asked.stderr)
  if (bare === 'true' || inside !== 'true') {
    throw new UserError({
      code: 'repository-bare',
      message: `${cwd} is in a Git repository without files to work on (bare, or inside its .git folder)`,
      fix: 'run in a clone with a work tree: git clone URL, or git worktree add DIR BRANCH',
      exit: 2,
    })
  }
  const isPlain = asked.exitCode === 0 && lines.length === WHERE.length + 1
  const [root = '', common = '', shallow, format] = isPlain ? lines : await separately(git, WHERE)
  if (asked.exitCode !== 0) {
    throw new UserError({
      code: 'repository-empty',
      message: `the Git repository at ${root} has no commit yet on the branch that is checked out`,
      fix: 'commit something first: git add . && git commit',
      exit: 2,
    })
  }
  const commonDir = await realpath(resolvePath(cwd, common))
  const listed = /^worktree ([^\0]+)\0(?!bare)/.exec(worktrees.stdout.toString('utf8'))?.[1]
  return {
    root,
    mainWorktree: listed ?? dirname(commonDir),
    commonDir,
    shallow: shallow === 'true',
    algorithm: format === 'sha256' ? 'sha256' : 'sha1',
  }
}

/** What is asked of `git rev-parse` in one go: each takes a process, and a process takes longer than the answer. */
const WHICH = ['--is-bare-repository', '--is-inside-work-tree']
const WHERE = ['--show-toplevel', '--git-common-dir', '--is-shallow-repository', '--show-object-format']

/** The same asked one by one: a folder's name may have a line break in it. */
function separately(git: Git, questions: readonly string[]): Promise<string[]> {
  return Promise.all(questions.map(async (it) => text((await git.run(['rev-parse', it])).stdout)))
}

function notARepository(cwd: string, stderr: string): UserError {
  if (stderr.includes('dubious ownership')) {
    return new UserError({
      code: 'repository-not-trusted',
      message: `Git does not trust the repository at ${cwd}, because another user owns it`,
      fix: `if you do: git config --global --add safe.directory ${cwd}`,
      exit: 2,
    })
  }
  return new UserError({
    code: 'not-a-repository',
    message: `${cwd} is not in a Git repository: ${stderr.trim()}`,
    fix: 'run in a clone of your infrastructure repository, or name one: --chdir DIR',
    exit: 2,
  })
}

async function currentBranch(git: Git): Promise<string | undefined> {
  const ran = await git.run(['symbolic-ref', '--quiet', '--short', 'HEAD'], { expected: [0, 1, 128] })
  return ran.exitCode === 0 ? text(ran.stdout) : undefined
}

async function originHead(git: Git): Promise<string | undefined> {
  const ran = await git.run(['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'], { expected: [0, 1] })
  return ran.exitCode === 0 ? text(ran.stdout).replace(/^origin\//, '') : undefined
}

async function setting(git: Git, key: string): Promise<string | undefined> {
  const ran = await git.run(['config', '--get', key], { expected: [0, 1] })
  return ran.exitCode === 0 ? ran.stdout.toString('utf8').replace(/\n$/, '') : undefined
}

async function originUrl(git: Git): Promise<string | undefined> {
  const url = await git.run(['remote', 'get-url', 'origin'], { expected: [0, 2, 128] })
  return url.exitCode === 0 ? text(url.stdout) : undefined
}

/** Equal in every clone: an address on a network, else the oldest root commit (a folder as origin is only this machine's). */
async function identity(git: Git, origin: string | undefined): Promise<string> {
  const remote = origin === undefined ? undefined : remoteIdentity(origin)
  const name =
    remote ??
    text((await git.run(['rev-list', '--max-parents=0', 'HEAD'])).stdout)
      .split('\n')
      .at(-1)
  return createHash('sha256')
    .update(name ?? '')
    .digest('hex')
    .slice(0, 16)
}

async function committedChanges(git: Git, from: CommitId, to: CommitId): Promise<ChangedFile[]> {
  const { stdout } = await git.run(['diff-tree', '-r', '--no-renames', '--raw', '-z', from, to])
  const fields = records(stdout)
  const changes: ChangedFile[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const status = fields[i]?.at(-1)
    const change = status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified'
    changes.push({ path: fields[i + 1] ?? '', change })
  }
  return changes
}

async function infoOf(git: Git, commit: CommitId): Promise<CommitInfo> {
  const [info] = await commits(git, ['--max-count=1', commit])
  if (info === undefined) throw new Error(`git log answered nothing for ${commit}`)
  return info
}

async function commits(git: Git, range: readonly string[]): Promise<CommitInfo[]> {
  const format = '--format=%H%x00%P%x00%an <%ae>%x00%ct%x00%s'
  const { stdout } = await git.run(['log', '-z', '--no-show-signature', '--encoding=UTF-8', format, ...range, '--'])
  const fields = records(stdout)
  const infos: CommitInfo[] = []
  for (let i = 0; i + 4 < fields.length; i += 5) {
    const [id = '', parents = '', author = '', seconds = '', subject = ''] = fields.slice(i, i + 5)
    infos.push({
      id: id as CommitId,
      parents: (parents === '' ? [] : parents.split(' ')) as CommitId[],
      subject,
      author,
      timeMs: Number(seconds) * 1000,
    })
  }
  return infos
}

function text(output: Buffer): string {
  return output.toString('utf8').replace(/\n$/, '')
}
