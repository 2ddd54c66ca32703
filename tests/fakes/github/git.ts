import { execFile, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { devNull } from 'node:os'

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

/** A name's commit; undefined when there is none. */
export async function commitOf(folder: string, name: string): Promise<string | undefined> {
  const { code, out } = await tryGit(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ])
  return code === 0 ? out.trim() : undefined
}

/** A file's bytes at a commit; undefined when there is none. */
export function fileAt(folder: string, commit: string, path: string): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['cat-file', 'blob', `${commit}:${path}`], { cwd: folder, env: { ...gitEnv } })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks) : undefined))
  })
}

/** All refs and what they point to. */
export async function refsOf(folder: string): Promise<Map<string, string>> {
  const text = await git(folder, ['for-each-ref', '--format=%(objectname) %(refname)'])
  const lines = text === '' ? [] : text.split('\n')
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]))
}

/** The tree of two commits merged; undefined when they conflict. */
export async function mergedTree(folder: string, ours: string, theirs: string): Promise<string | undefined> {
  const { code, out, err } = await tryGit(folder, ['merge-tree', '--write-tree', ours, theirs])
  if (code > 1) throw new Error(`git merge-tree in ${folder}: ${err || out}`)
  return code === 0 ? out.split('\n')[0] : undefined
}

/** Makes a commit of a tree. */
export function commitTree(
  folder: string,
  tree: string,
  parents: readonly string[],
  message: string,
  author?: { readonly name: string; readonly email: string },
): Promise<string> {
  const env = author === undefined ? {} : { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email }
  return git(folder, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], {
    input: message,
    env,
  })
}

/** Whether the first commit is an ancestor of the second, or the same. */
export async function isAncestor(folder: string, older: string, newer: string): Promise<boolean> {
  return (await tryGit(folder, ['merge-base', '--is-ancestor', older, newer])).code === 0
}

/** Makes a commit with files changed (null: removed) upon another one, or the first one of a repository. */
export async function commitFiles(
  folder: string,
  parent: string | undefined,
  files: Readonly<Record<string, string | null>>,
  message: string,
  author: { readonly name: string; readonly email: string },
): Promise<string> {
  const index = `${folder}/fake-index-${process.hrtime.bigint()}`
  const env = { GIT_INDEX_FILE: index }
  if (parent !== undefined) await git(folder, ['read-tree', parent], { env })
  const lines: string[] = []
  for (const [path, text] of Object.entries(files)) {
    if (text === null) lines.push(`0 ${'0'.repeat(40)}\t${path}`)
    else {
      const blob = await git(folder, ['hash-object', '-w', '--stdin'], { input: text })
      lines.push(`100644 ${blob}\t${path}`)
    }
  }
  await git(folder, ['update-index', '--add', '--index-info'], { input: `${lines.join('\n')}\n`, env })
  const tree = await git(folder, ['write-tree'], { env })
  await rm(index, { force: true })
  return commitTree(folder, tree, parent === undefined ? [] : [parent], message, author)
}
