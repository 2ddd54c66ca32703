import { commitAt, commitOf, git, tryGit } from '../git.ts'
import type { Call } from '../route.ts'
import type { Repository } from '../state.ts'
import { time } from '../views.ts'

type Body = Record<string, unknown>

/** Where the repository's own addresses in the API begin. */
export const apiOf = (call: Call): string => `${call.state.apiUrl}/repos/${call.repository.fullName}`

/** A commit by what the API takes for one: a full SHA, a branch, a tag, `heads/x`, or a short SHA. */
export async function resolve(repository: Repository, name: string): Promise<string | undefined> {
  for (const full of [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`]) {
    const found = await commitOf(repository.folder, full)
    if (found !== undefined) return found
  }
  if (/^[0-9a-f]{40}$/.test(name)) return commitOf(repository.folder, name)
  if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined
  const { code, out } = await tryGit(repository.folder, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`])
  return code === 0 ? out.trim() : undefined
}

/** How GitHub shows a commit. */
export async function commitView(call: Call, sha: string): Promise<Body> {
  const { tree, parents, author, committer, message } = await commitAt(call.repository.folder, sha)
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${apiOf(call)}/commits/${sha}`,
    html_url: `${call.state.serverUrl}/${call.repository.fullName}/commit/${sha}`,
    comments_url: `${apiOf(call)}/commits/${sha}/comments`,
    commit: {
      url: `${apiOf(call)}/git/commits/${sha}`,
      message,
      tree: { sha: tree, url: `${apiOf(call)}/git/trees/${tree}` },
      author: { name: author.name, email: author.email, date: time(author.atMs) },
      committer: { name: committer.name, email: committer.email, date: time(committer.atMs) },
      comment_count: 0,
    },
    author: null,
    committer: null,
    parents: parents.map((it) => ({ sha: it, url: `${apiOf(call)}/commits/${it}` })),
  }
}

const words: Readonly<Record<string, string>> = {
  A: 'added',
  M: 'modified',
  D: 'removed',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
}

/** Files that differ between two commits, as `compare` and pull requests list them. */
export async function filesOf(repository: Repository, base: string, head: string, call: Call): Promise<Body[]> {
  const known = await commitOf(repository.folder, base)
  const from = known ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
  const [raw, numbers] = await Promise.all([
    git(repository.folder, ['diff', '--raw', '-z', '--no-abbrev', '-M', from, head]),
    git(repository.folder, ['diff', '--numstat', '-z', '-M', from, head]),
  ])
  const sizes = numstat(numbers)
  const parts = raw.split('\0').filter((it) => it !== '')
  const files: Body[] = []
  for (let at = 0; at < parts.length; ) {
    const [, , , sha, status = ''] = parts[at++]!.split(' ')
    const first = parts[at++]!
    const renamed = status.startsWith('R') || status.startsWith('C')
    const filename = renamed ? parts[at++]! : first
    const size = sizes.get(filename) ?? { additions: 0, deletions: 0 }
    const url = `${call.state.serverUrl}/${repository.fullName}/blob/${head}/${encodeURIComponent(filename)}`
    files.push({
      sha,
      filename,
      status: words[status[0]!] ?? 'changed',
      ...size,
      changes: size.additions + size.deletions,
      blob_url: url,
      raw_url: url,
      contents_url: `${apiOf(call)}/contents/${encodeURIComponent(filename)}?ref=${head}`,
      ...(renamed ? { previous_filename: first } : {}),
    })
  }
  return files
}

function numstat(text: string): Map<string, { additions: number; deletions: number }> {
  const out = new Map<string, { additions: number; deletions: number }>()
  const parts = text.split('\0')
  for (let at = 0; at < parts.length; at++) {
    const [added, deleted, name] = parts[at]!.split('\t')
    if (deleted === undefined) continue
    const renamed = name === ''
    // Of a renamed file, the old and the new name follow.
    const path = renamed ? parts[at + 2]! : name!
    if (renamed) at += 2
    out.set(path, { additions: Number(added) || 0, deletions: Number(deleted) || 0 })
  }
  return out
}
