import type { Tree } from './tree.ts'

/** A commit's full object id: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits. */
export type CommitId = string & { readonly __brand: 'CommitId' }

/** A tree's object id, where no commit has it (yet). */
export type TreeId = string & { readonly __brand: 'TreeId' }

/** What merging two commits would come to: the tree of the merge, or the paths that both sides changed differently. */
export type Merge =
  | { readonly kind: 'clean'; readonly tree: TreeId }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }

/** What `git diff` says of one path between two commits, or a commit and the working directory. Renames are a delete and an add. */
export interface ChangedFile {
  readonly path: string
  readonly change: 'added' | 'modified' | 'deleted'
}

/** A commit as people speak of it. */
export interface CommitInfo {
  readonly id: CommitId
  readonly parents: readonly CommitId[]
  readonly subject: string
  /** `Ann <ann@acme.test>` */
  readonly author: string
  /** Milliseconds since 1970. */
  readonly timeMs: number
}

/** A Git repository on this machine: any commit is read straight from the object store, nothing is ever checked out. */
export interface Repo {
  /** Absolute path of the work tree this process stands in. */
  readonly root: string
  /** Absolute path of the work tree that owns the repository (differs from `root` in a linked worktree). */
  readonly mainWorktree: string
  /** Absolute path of the common Git folder, one for all worktrees. */
  readonly commonDir: string
  /** 16 hex digits that name the repository, equal in every clone of it: from origin's URL, else the first commit. */
  readonly id: string
  /** The branch that HEAD is on; undefined when detached. */
  readonly branch: string | undefined
  readonly shallow: boolean

  /** The commit a revision names; undefined when there is none here (in a shallow clone it may exist elsewhere). */
  resolve(revision: string): Promise<CommitId | undefined>
  /** Best common ancestor; undefined when the histories share none (or it is cut off by a shallow clone). */
  mergeBase(a: CommitId, b: CommitId): Promise<CommitId | undefined>
  /** Whether `ancestor` is reachable from `commit`. */
  contains(commit: CommitId, ancestor: CommitId): Promise<boolean>
  info(commit: CommitId): Promise<CommitInfo>
  /** Commits reachable from `to` and not from `from`, newest first. */
  log(from: CommitId, to: CommitId): Promise<CommitInfo[]>
  /**
   * Merges two commits as Git would, touching no work tree and no branch.
   * @throws UserError `git-too-old`, `histories-unrelated`, `history-missing`
   */
  merge(ours: CommitId, theirs: CommitId): Promise<Merge>
  /**
   * The merge of two commits as a commit that no branch has, the same in every clone; undefined where they do not merge.
   * @throws as `merge`
   */
  mergeCommit(ours: CommitId, theirs: CommitId): Promise<CommitId | undefined>
  /** The tree of a commit, or a tree itself; contents are loaded for paths that `wanted` accepts (others through `load`). */
  tree(at: CommitId | TreeId, wanted: (path: string) => boolean): Promise<LoadableTree>
  /** The files of the work tree as they are on disk: tracked and untracked, not ignored. */
  workTree(wanted: (path: string) => boolean): Promise<LoadableTree>
  /** Paths that differ, in byte order; `to` left out means the work tree with its uncommitted changes. */
  diff(from: CommitId, to?: CommitId): Promise<ChangedFile[]>
  /** Raw content of files, by path. @throws UserError `file-not-in-commit` */
  contents(commit: CommitId, paths: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
  /**
   * Brings commits from origin, by the full names of its refs (`refs/pull/7/head`). No branch of this clone moves.
   * @throws UserError `git-failed`
   */
  bring(refs: readonly string[]): Promise<void>
  /** Brings a branch of origin, so that `origin/<branch>` is where it is there now. @throws UserError `git-failed` */
  follow(branch: string): Promise<void>
  /**
   * Fetches more history into a shallow clone: of origin's branch, which `origin/<branch>` then names, and of commits.
   * @param commits so many beyond those that are here; left out: all
   * @throws UserError `git-failed`
   */
  deepen(branch: string | undefined, tips: readonly CommitId[], commits?: number): Promise<void>
  /** Short name of origin's default branch; undefined without a remote HEAD. */
  originHead(): Promise<string | undefined>
  /** Value of a configuration key such as `user.email`. */
  config(key: string): Promise<string | undefined>
  /** Paths with uncommitted changes, untracked ones included. */
  dirty(): Promise<string[]>
}

/** A tree whose missing contents can be fetched: what `NotLoaded` asks for. */
export interface LoadableTree extends Tree {
  load(paths: readonly string[]): Promise<void>
}
