import { between, commitAt, commitOf, fileAt, git, isAncestor, mergeBase, tryGit } from '../git.ts'
import { entryAt, readRef, readRefs, writeRef } from '../objects.ts'
import { type Move, moved } from '../pulls.ts'
import { type Answer, type Call, page, type Route, route, textOf } from '../route.ts'
import { rulesOf } from '../rules.ts'
import { levelOf, loginOf, missing, Refusal, type Repository } from '../state.ts'
import { repositoryView, time } from '../views.ts'

type Body = Record<string, unknown>
const none = '0'.repeat(40)

/** The repository itself, its Git objects and its files. */
export const repositoryRoutes: readonly Route[] = [
  route('GET ', [['metadata', 'read']], (call) => {
    const viewer = call.by.kind === 'user' && call.by.login !== 'anonymous' ? call.by.login : undefined
    const view = repositoryView(call.state, call.repository, viewer)
    const granted = call.by.kind === 'user' ? undefined : call.by.permissions
    const shown = granted === undefined ? {} : { permissions: permissionsOf(granted) }
    return { status: 200, body: { ...view, ...shown, network_count: 0, subscribers_count: 0 } }
  }),
  route('GET /contents/{path}', [['contents', 'read']], contents),
  route('GET /git/ref/{ref}', [['contents', 'read']], async (call) => {
    const name = `refs/${call.params.ref}`
    const sha = await readRef(call.repository.folder, name)
    if (sha === undefined) throw missing()
    return { status: 200, body: refView(call, name, sha) }
  }),
  route('GET /git/matching-refs/{ref}', [['contents', 'read']], async (call) => {
    const found = [...(await readRefs(call.repository.folder))].filter(([name]) =>
      name.startsWith(`refs/${call.params.ref}`),
    )
    return page(call, found, ([name, sha]) => refView(call, name, sha))
  }),
  route('POST /git/refs', [['contents', 'write']], async (call) => {
    const name = String(call.body.ref)
    const sha = String(call.body.sha)
    if (!/^refs\/[^/]+\/.+/.test(name)) throw new Refusal(422, 'Reference name is invalid')
    if ((await readRef(call.repository.folder, name)) !== undefined) throw new Refusal(422, 'Reference already exists')
    if ((await commitOf(call.repository.folder, sha)) === undefined) throw new Refusal(422, 'Object does not exist')
    await update(call, { ref: name, before: none, after: sha })
    return { status: 201, body: refView(call, name, sha) }
  }),
  route('PATCH /git/refs/{ref}', [['contents', 'write']], async (call) => {
    const name = `refs/${call.params.ref}`
    const after = String(call.body.sha)
    const before = await readRef(call.repository.folder, name)
    if (before === undefined) throw new Refusal(422, 'Reference does not exist')
    if ((await commitOf(call.repository.folder, after)) === undefined) throw new Refusal(422, 'Object does not exist')
    const forward = await isAncestor(call.repository.folder, before, after)
    if (!forward && call.body.force !== true) throw new Refusal(422, 'Update is not a fast forward')
    const rules = rulesOf(call.repository, name.replace('refs/heads/', ''), call.by)
    if (rules.pullRequests || rules.required.length > 0 || (rules.noForcePush && !forward)) {
      throw new Refusal(422, 'Repository rule violations found')
    }
    await update(call, { ref: name, before, after })
    return { status: 200, body: refView(call, name, after) }
  }),
  route('DELETE /git/refs/{ref}', [['contents', 'write']], async (call) => {
    const name = `refs/${call.params.ref}`
    const before = await readRef(call.repository.folder, name)
    if (before === undefined) throw new Refusal(422, 'Reference does not exist')
    await update(call, { ref: name, before, after: none })
    return { status: 204 }
  }),
  route('GET /git/commits/{commit_sha}', [['contents', 'read']], async (call) => {
    const sha = await commitOf(call.repository.folder, call.params.commit_sha!)
    if (sha === undefined) throw missing()
    const { commit, parents } = (await commitView(call, sha)) as { commit: Body; parents: Body[] }
    const url = `${apiOf(call)}/git/commits/${sha}`
    const linked = parents.map((it) => ({ ...it, html_url: `${call.state.serverUrl}/${call.repository.fullName}` }))
    return { status: 200, body: { ...commit, sha, node_id: `C_${sha}`, url, html_url: url, parents: linked } }
  }),
  route('GET /branches', [['contents', 'read']], async (call) => {
    const found = [...(await readRefs(call.repository.folder))].filter(([name]) => name.startsWith('refs/heads/'))
    return page(call, found, ([name, sha]) => branchView(call, name.slice('refs/heads/'.length), sha))
  }),
  route('GET /branches/{branch}', [['contents', 'read']], async (call) => {
    const name = call.params.branch!
    const sha = await commitOf(call.repository.folder, `refs/heads/${name}`)
    if (sha === undefined) throw new Refusal(404, 'Branch not found')
    return { status: 200, body: { ...branchView(call, name, sha), commit: await commitView(call, sha) } }
  }),
  route('GET /commits', [['contents', 'read']], async (call) => {
    const from = call.query.get('sha') ?? call.repository.defaultBranch
    const sha = await resolve(call.repository, from)
    if (sha === undefined) throw missing()
    const path = call.query.get('path')
    const list = await git(call.repository.folder, [
      'rev-list',
      '--max-count=1000',
      sha,
      ...(path === null ? [] : ['--', path]),
    ])
    return page(call, list === '' ? [] : list.split('\n'), (it) => commitView(call, it))
  }),
  route('GET /commits/{ref}', [['contents', 'read']], async (call) => {
    const sha = await resolve(call.repository, call.params.ref!)
    if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`)
    return {
      status: 200,
      body: { ...(await commitView(call, sha)), files: await filesOf(call.repository, `${sha}^`, sha, call) },
    }
  }),
  route('GET /compare/{basehead}', [['contents', 'read']], compare),
]

/** A job's or app's permissions as the repository shows them. */
function permissionsOf(granted: Readonly<Partial<Record<string, 'read' | 'write'>>>): Body {
  return { admin: granted.administration === 'write', push: granted.contents === 'write', pull: true }
}

const apiOf = (call: Call): string => `${call.state.apiUrl}/repos/${call.repository.fullName}`

function refView(call: Call, name: string, sha: string): Body {
  const url = `${apiOf(call)}/git/${name}`
  return {
    ref: name,
    node_id: `REF_${name}`,
    url,
    object: { type: 'commit', sha, url: `${apiOf(call)}/git/commits/${sha}` },
  }
}

function branchView(call: Call, name: string, sha: string): Body {
  const rules = rulesOf(call.repository, name)
  const guarded = call.repository.protections.has(name) || rules.pullRequests || rules.required.length > 0
  return { name, commit: { sha, url: `${apiOf(call)}/commits/${sha}` }, protected: guarded }
}

async function update(call: Call, move: Move): Promise<void> {
  const { repository } = call
  await writeRef(repository.folder, move.ref, move.after === none ? undefined : move.after)
  await moved(call.state, repository, [move], call.by)
}

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

/** GitHub lists this many files of a comparison, and no more. */
const mostFiles = 300

async function compare(call: Call): Promise<Answer> {
  const { repository } = call
  const [baseName = '', headName = ''] = call.params.basehead!.split('...')
  const [base, head] = await Promise.all([resolve(repository, baseName), resolve(repository, headName)])
  if (base === undefined || head === undefined) throw missing()
  const fork = await mergeBase(repository.folder, base, head)
  if (fork === undefined) throw new Refusal(404, `No common ancestor between ${baseName} and ${headName}.`)
  const [onlyBase, onlyHead] = await Promise.all([
    between(repository.folder, head, base),
    between(repository.folder, base, head),
  ])
  const [behind, ahead] = [onlyBase.length, onlyHead.length]
  const url = `${apiOf(call)}/compare/${call.params.basehead}`
  const status = ahead === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged'
  return {
    status: 200,
    body: {
      url,
      html_url: url,
      permalink_url: url,
      diff_url: `${url}.diff`,
      patch_url: `${url}.patch`,
      base_commit: await commitView(call, base),
      merge_base_commit: await commitView(call, fork),
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: await Promise.all(
        onlyHead
          .reverse()
          .slice(0, 250)
          .map((it) => commitView(call, it)),
      ),
      files: (await filesOf(repository, fork, head, call)).slice(0, mostFiles),
    },
  }
}

async function contents(call: Call): Promise<Answer> {
  const { repository } = call
  const path = call.params.path!
  const ref = call.query.get('ref') ?? repository.defaultBranch
  const sha = await resolve(repository, ref)
  if (sha === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`)
  const bytes = await fileAt(repository.folder, sha, path)
  if (bytes !== undefined && call.accept.includes('raw')) {
    return { status: 200, body: bytes, headers: { 'Content-Type': 'application/vnd.github.raw; charset=utf-8' } }
  }
  const entry = async (name: string, type: 'file' | 'dir', blob: string, size: number): Promise<Body> => {
    const url = `${apiOf(call)}/contents/${name}?ref=${ref}`
    return {
      type,
      name: name.split('/').at(-1),
      path: name,
      sha: blob,
      size,
      url,
      git_url: `${apiOf(call)}/git/blobs/${blob}`,
      html_url: `${call.state.serverUrl}/${repository.fullName}/blob/${ref}/${name}`,
      download_url: null,
      _links: { self: url, git: url, html: url },
    }
  }
  if (bytes !== undefined) {
    const blob = (await entryAt(repository.folder, (await commitAt(repository.folder, sha)).tree, path))!.sha
    const content = bytes.toString('base64').replace(/.{60}/g, '$&\n')
    return { status: 200, body: { ...(await entry(path, 'file', blob, bytes.length)), encoding: 'base64', content } }
  }
  const listed = await tryGit(repository.folder, ['ls-tree', '-l', `${sha}:${path}`])
  if (listed.code !== 0) throw missing()
  const lines = listed.out.trimEnd().split('\n')
  const entries = lines.map((line) => {
    const [meta = '', name] = line.split('\t')
    const [, type, blob = '', size] = meta.split(/ +/)
    return entry(`${path}/${name}`, type === 'tree' ? 'dir' : 'file', blob, Number(size) || 0)
  })
  return { status: 200, body: await Promise.all(entries) }
}

/** The person a call is by, with the level that counts. */
export function writes(call: Call): boolean {
  return call.by.kind !== 'user' || ['write', 'maintain', 'admin'].includes(levelOf(call.repository, loginOf(call.by)))
}

/** A text of the body, or nothing where it is null or absent. */
export const optional = (call: Call, name: string): string | null => textOf(call, name) ?? null
