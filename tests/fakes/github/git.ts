import { execFile } from 'node:child_process'
import { devNull } from 'node:os'
import { type Commit, editedTree, entryAt, readBlob, readCommit, readRef, writeObject } from './objects.ts'
import { treeOfBoth } from './tree-merge.ts'

/** Git with no settings but the fake's own, so that a developer's machine and a CI job do the same. */
export const gitEnv: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'GitHub',
  GIT_AUTHOR_EMAIL: 'noreply@github.com',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@github.com',
}

/** What a Git command came to. */
export interface GitResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs Git in a folder, and says how it went. */
export function tryGit(
  folder: string,
  args: readonly string[],
  more: { readonly input?: string | Buffer; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      args,
      { cwd: folder, env: { ...gitEnv, ...more.env }, maxBuffer: 1 << 28, encoding: 'utf8' },
      (error, out, err) => {
        if (error !== null && typeof error.code !== 'number') reject(error)
        else resolve({ code: error === null ? 0 : Number(error.code), out, err })
      },
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end(more.input ?? '')
  })
}

/** Runs Git in a folder; the answer is what it printed, without the last line break. @throws when it fails */
export async function git(
  folder: string,
  args: readonly string[],
  more: Parameters<typeof tryGit>[2] = {},
): Promise<string> {
  const { code, out, err } = await tryGit(folder, args, more)
  if (code !== 0) throw new Error(`git ${args.join(' ')} in ${folder}: ${err || out}`)
  return out.replace(/\n$/, '')
}

/** A commit by its full SHA or the full name of a ref (`refs/heads/main`); undefined when there is none. */
export async function commitOf(folder: string, name: string): Promise<string | undefined> {
  const sha = name.startsWith('refs/') ? await readRef(folder, name) : name
  return sha !== undefined && (await readCommit(folder, sha)) !== undefined ? sha : undefined
}

/** A commit that is known to be there. @throws Error when it is not */
export async function commitAt(folder: string, sha: string): Promise<Commit> {
  const commit = await readCommit(folder, sha)
  if (commit === undefined) throw new Error(`${folder} has no commit ${sha}`)
  return commit
}

/** A file's bytes at a commit; undefined when there is none. */
export async function fileAt(folder: string, commit: string, path: string): Promise<Buffer | undefined> {
  const tree = (await readCommit(folder, commit))?.tree
  const entry = tree === undefined ? undefined : await entryAt(folder, tree, path)
  return entry === undefined ? undefined : readBlob(folder, entry.sha)
}

/** A commit and all before it, newest first. */
export async function history(folder: string, from: string): Promise<string[]> {
  const seen = new Set<string>()
  const found: { readonly sha: string; readonly atMs: number }[] = []
  const open = [from]
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (seen.has(sha)) continue
    seen.add(sha)
    const commit = await readCommit(folder, sha)
    if (commit === undefined) continue
    found.push({ sha, atMs: commit.committer.atMs })
    open.push(...[...commit.parents].reverse())
  }
  return found
    .map((it, at) => ({ ...it, at }))
    .sort((a, b) => b.atMs - a.atMs || a.at - b.at)
    .map(({ sha }) => sha)
}

/** Commits that the second has and the first has not, newest first: `git rev-list first..second`. */
export async function between(folder: string, first: string, second: string): Promise<string[]> {
  const had = new Set(await history(folder, first))
  return (await history(folder, second)).filter((sha) => !had.has(sha))
}

/** Where two commits part; undefined when they have nothing in common. */
export async function mergeBase(folder: string, ours: string, theirs: string): Promise<string | undefined> {
  const mine = new Set(await history(folder, ours))
  const common = (await history(folder, theirs)).filter((sha) => mine.has(sha))
  const parents = await Promise.all(common.map(async (sha) => (await commitAt(folder, sha)).parents))
  const older = new Set(parents.flat())
  const best = common.filter((sha) => !older.has(sha))
  if (best.length < 2) return best[0]
  const { code, out } = await tryGit(folder, ['merge-base', ours, theirs])
  return code === 0 ? out.trim() : undefined
}

/** The tree of two commits merged; undefined when they conflict. */
export async function mergedTree(folder: string, ours: string, theirs: string): Promise<string | undefined> {
  if (await isAncestor(folder, ours, theirs)) return (await commitAt(folder, theirs)).tree
  if (await isAncestor(folder, theirs, ours)) return (await commitAt(folder, ours)).tree
  const base = await mergeBase(folder, ours, theirs)
  const [from, mine, other] = await Promise.all([base, ours, theirs].map((it) => it && commitAt(folder, it)))
  const simple = from && mine && other && (await treeOfBoth(folder, from.tree, mine.tree, other.tree))
  if (simple) return simple
  const { code, out, err } = await tryGit(folder, ['merge-tree', '--write-tree', ours, theirs])
  if (code > 1) throw new Error(`git merge-tree in ${folder}: ${err || out}`)
  return code === 0 ? out.split('\n')[0] : undefined
}

/** The tree that a commit's own change makes of another commit; undefined when they conflict. */
export async function pickedTree(folder: string, onto: string, picked: string): Promise<string | undefined> {
  // Git 2.39 merges no trees with a base of one's choice: three commits that have that base say the same.
  const before = (await commitAt(folder, picked)).parents[0]!
  const base = await commitTree(folder, (await commitAt(folder, before)).tree, [], 'base')
  const ours = await commitTree(folder, (await commitAt(folder, onto)).tree, [base], 'ours')
  const theirs = await commitTree(folder, (await commitAt(folder, picked)).tree, [base], 'theirs')
  return mergedTree(folder, ours, theirs)
}

const itself = { name: 'GitHub', email: 'noreply@github.com' }

/** Makes a commit of a tree. */
export function commitTree(
  folder: string,
  tree: string,
  parents: readonly string[],
  message: string,
  author: { readonly name: string; readonly email: string } = itself,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author.name} <${author.email}> ${now} +0000`,
    `committer ${itself.name} <${itself.email}> ${now} +0000`,
  ]
  return writeObject(folder, 'commit', Buffer.from(`${lines.join('\n')}\n\n${message}\n`))
}

/** Whether the first commit is an ancestor of the second, or the same. */
export async function isAncestor(folder: string, older: string, newer: string): Promise<boolean> {
  const seen = new Set<string>()
  const open = [newer]
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (sha === older) return true
    if (seen.has(sha)) continue
    seen.add(sha)
    open.push(...((await readCommit(folder, sha))?.parents ?? []))
  }
  return false
}

/** Makes a commit with files changed (null: removed) upon another one, or the first one of a repository. */
export async function commitFiles(
  folder: string,
  parent: string | undefined,
  files: Readonly<Record<string, string | null>>,
  message: string,
  author: { readonly name: string; readonly email: string },
): Promise<string> {
  const before = parent === undefined ? undefined : (await commitAt(folder, parent)).tree
  const tree = (await editedTree(folder, before, files)) ?? (await editedTree(folder, undefined, {}))!
  return commitTree(folder, tree, parent === undefined ? [] : [parent], message, author)
}
