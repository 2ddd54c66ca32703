import { createHash } from 'node:crypto'
import { blobId, byteOrder } from '../blob.ts'
import { changedFiles } from '../diff.ts'
import { decodeText, loadableTree } from '../loadable.ts'
import { notInCommit, requireMergeBase } from '../missing.ts'
import type { CommitId, CommitInfo, LoadableTree, Repo, TreeId } from '../repo.ts'
import type { TreeFile } from '../tree.ts'

/** A file's content; with a mode where it is not an ordinary file (a link's content is its target). */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly mode: TreeFile['mode']; readonly content: string | Uint8Array }

/** Files by path relative to the root. */
export type MemoryFiles = Readonly<Record<string, MemoryFile>>

/** A tree over the given files, all loaded. */
export function memoryTree(files: MemoryFiles, root = '/repo'): LoadableTree {
  return eagerTree(snapshot(files), root)
}

/** What a commit made in memory may say of itself; parents default to the branch's tip. */
export interface MemoryCommit {
  readonly parents?: readonly CommitId[]
  readonly branch?: string
  readonly subject?: string
  readonly author?: string
  readonly timeMs?: number
}

/** A repository in memory, and the ways to change it that Git's own commands are for the real one. */
export interface MemoryRepo extends Repo {
  /** Makes a commit of exactly these files, moves its branch there and the work tree with it. */
  commit(files: MemoryFiles, about?: MemoryCommit): CommitId
  checkout(branch: string): void
  /** Points a name at a commit: a branch, a tag, `origin/main`. */
  ref(name: string, commit: CommitId): void
  /** Replaces the work tree's files. */
  write(files: MemoryFiles): void
  /** Forgets commits, as a shallow clone does. */
  forget(commits: readonly CommitId[]): void
}

interface Content {
  readonly file: TreeFile
  readonly bytes: Uint8Array
}
type Snapshot = ReadonlyMap<string, Content>

/** An empty repository on branch `main`; it is usable after its first commit. */
export function memoryRepo(
  options: {
    readonly root?: string
    readonly config?: Readonly<Record<string, string>>
    readonly originHead?: string
    readonly shallow?: boolean
  } = {},
): MemoryRepo {
  const root = options.root ?? '/repo'
  const commits = new Map<CommitId, { readonly info: CommitInfo; readonly files: Snapshot }>()
  const trees = new Map<string, Snapshot>()
  const refs = new Map<string, CommitId>()
  let branch = 'main'
  let work: Snapshot = new Map()
  let first: CommitId | undefined
  let shallow = options.shallow ?? false

  const commitAt = (id: CommitId) => {
    const found = commits.get(id)
    if (found === undefined) throw new Error(`no commit ${id}`)
    return found
  }
  const reachable = (from: CommitId): Set<CommitId> => {
    const seen = new Set<CommitId>()
    const next = [from]
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      const commit = commits.get(id)
      if (commit === undefined || seen.has(id)) continue
      seen.add(id)
      next.push(...commit.info.parents)
    }
    return seen
  }
  const newestFirst = (ids: Iterable<CommitId>): CommitInfo[] => {
    const made = [...commits.keys()]
    return [...ids].sort((a, b) => made.indexOf(b) - made.indexOf(a)).map((id) => commitAt(id).info)
  }

  return {
    root,
    mainWorktree: root,
    commonDir: `${root}/.git`,
    get id() {
      return createHash('sha256')
        .update(first ?? '')
        .digest('hex')
        .slice(0, 16)
    },
    get branch() {
      return branch
    },
    get shallow() {
      return shallow
    },
    async resolve(revision) {
      const name = revision === 'HEAD' ? branch : revision.replace(/^refs\/(heads|remotes|tags)\//, '')
      const parent = /^(.+)(\^|~1)$/.exec(name)
      if (parent?.[1] !== undefined) {
        const child = await this.resolve(parent[1])
        return child && commits.get(child)?.info.parents.find((id) => commits.has(id))
      }
      const id = refs.get(name)
      if (id !== undefined) return commits.has(id) ? id : undefined
      if (!/^[0-9a-f]{4,64}$/.test(name)) return undefined
      const matches = [...commits.keys()].filter((commit) => commit.startsWith(name))
      return matches.length === 1 ? matches[0] : undefined
    },
    async mergeBase(a, b) {
      const ofA = reachable(a)
      const common = newestFirst([...reachable(b)].filter((id) => ofA.has(id)))
      return common[0]?.id
    },
    async contains(commit, ancestor) {
      return reachable(commit).has(ancestor)
    },
    async info(commit) {
      return commitAt(commit).info
    },
    async log(from, to) {
      const old = reachable(from)
      return newestFirst([...reachable(to)].filter((id) => !old.has(id)))
    },
    async merge(ours, theirs) {
      const base = commitAt(await requireMergeBase(this, ours, theirs)).files
      const { files, conflicts } = threeWay(base, commitAt(ours).files, commitAt(theirs).files)
      if (conflicts.length > 0) return { kind: 'conflict', paths: conflicts }
      const hash = createHash('sha1')
      for (const { file } of files.values()) hash.update(`${file.path}\0${file.hash}\0${file.mode}\0`)
      const tree = hash.digest('hex') as TreeId
      trees.set(tree, files)
      return { kind: 'clean', tree }
    },
    async mergeCommit(ours, theirs) {
      const merge = await this.merge(ours, theirs)
      if (merge.kind === 'conflict') return undefined
      const id = createHash('sha1').update(`${merge.tree}\0${ours}\0${theirs}`).digest('hex') as CommitId
      const info = { id, parents: [ours, theirs], subject: 'Merge', author: 'Airlock <airlock@localhost>', timeMs: 0 }
      commits.set(id, { info, files: trees.get(merge.tree)! })
      return id
    },
    async tree(at, wanted) {
      return lazyTree(trees.get(at) ?? commitAt(at as CommitId).files, root, wanted)
    },
    async workTree(wanted) {
      return lazyTree(work, root, wanted)
    },
    async diff(from, to) {
      const target = to === undefined ? work : commitAt(to).files
      return changedFiles({ files: listing(commitAt(from).files) }, { files: listing(target) })
    },
    async contents(commit, paths) {
      const { files } = commitAt(commit)
      return new Map(
        paths.map((path) => {
          const content = files.get(path)
          if (content === undefined || content.file.mode === 'submodule') throw notInCommit(path, commit)
          return [path, content.bytes]
        }),
      )
    },
    async bring() {}, // all there is lies here
    async deepen() {}, // there is no origin to fetch from
    async follow() {},
    async originHead() {
      return options.originHead
    },
    async config(key) {
      return options.config?.[key]
    },
    async dirty() {
      const tip = refs.get(branch)
      const clean: Snapshot = tip === undefined ? new Map() : commitAt(tip).files
      return changedFiles({ files: listing(clean) }, { files: listing(work) }).map(({ path }) => path)
    },
    commit(files, about = {}) {
      branch = about.branch ?? branch
      const tip = refs.get(branch)
      const parents = about.parents ?? (tip === undefined ? [] : [tip])
      const content = snapshot(files)
      const {
        subject = 'change',
        author = 'Ann <ann@acme.test>',
        timeMs = 1_700_000_000_000 + commits.size * 1000,
      } = about
      const hash = createHash('sha1').update(JSON.stringify([parents, subject, author, timeMs]))
      for (const { file } of content.values()) hash.update(`${file.path}\0${file.hash}\0${file.mode}\0`)
      const id = hash.digest('hex') as CommitId
      commits.set(id, { info: { id, parents, subject, author, timeMs }, files: content })
      refs.set(branch, id)
      first ??= id
      work = content
      return id
    },
    checkout(name) {
      const tip = refs.get(name)
      if (tip === undefined) throw new Error(`no branch ${name}`)
      branch = name
      work = commitAt(tip).files
    },
    ref(name, commit) {
      refs.set(name, commit)
    },
    write(files) {
      work = snapshot(files)
    },
    forget(ids) {
      for (const id of ids) commits.delete(id)
      shallow = true
    },
  }
}

/** A merge by whole files: a path that both sides changed differently is a conflict. */
function threeWay(
  base: Snapshot,
  ours: Snapshot,
  theirs: Snapshot,
): { readonly files: Snapshot; readonly conflicts: readonly string[] } {
  const same = (a: Content | undefined, b: Content | undefined) =>
    a?.file.hash === b?.file.hash && a?.file.mode === b?.file.mode
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].sort(byteOrder)
  const conflicts: string[] = []
  const files = paths.flatMap((path): [string, Content][] => {
    const [was, a, b] = [base.get(path), ours.get(path), theirs.get(path)]
    if (!same(a, b) && !same(was, a) && !same(was, b)) conflicts.push(path)
    const result = same(was, a) ? b : a
    return result ? [[path, result]] : []
  })
  return { files: new Map(files), conflicts }
}

function snapshot(files: MemoryFiles): Snapshot {
  const encoder = new TextEncoder()
  const entries = Object.entries(files).map(([path, given]): [string, Content] => {
    const { mode, content } =
      typeof given === 'string' || given instanceof Uint8Array ? { mode: 'file' as const, content: given } : given
    const bytes = typeof content === 'string' ? encoder.encode(content) : content
    const hash = mode === 'submodule' ? decodeText(bytes) : blobId(bytes)
    return [path, { file: { path, hash, mode }, bytes }]
  })
  return new Map(entries.sort(([a], [b]) => byteOrder(a, b)))
}

function listing(files: Snapshot): ReadonlyMap<string, TreeFile> {
  return new Map([...files].map(([path, { file }]) => [path, file]))
}

function eagerTree(files: Snapshot, root: string): LoadableTree {
  return {
    root,
    files: listing(files),
    text(path) {
      const content = files.get(path)
      return content === undefined || content.file.mode === 'submodule' ? undefined : decodeText(content.bytes)
    },
    async load() {},
  }
}

async function lazyTree(files: Snapshot, root: string, wanted: (path: string) => boolean): Promise<LoadableTree> {
  const tree = loadableTree(root, listing(files), async (missing) => {
    return new Map(missing.map(({ path }) => [path, decodeText(files.get(path)?.bytes ?? new Uint8Array())]))
  })
  await tree.load([...files.keys()].filter(wanted))
  return tree
}
