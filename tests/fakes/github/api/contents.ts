import { commitAt, commitFiles, commitOf, fileAt, tryGit } from '../git.ts'
import { entryAt, writeRef } from '../objects.ts'
import { moved } from '../pulls.ts'
import { type Answer, type Call, type Route, route, textOf } from '../route.ts'
import { rulesOf } from '../rules.ts'
import { loginOf, missing, Refusal } from '../state.ts'
import { apiOf, commitView, resolve } from './commits.ts'

type Body = Record<string, unknown>

/** Files and trees. */
export const contentRoutes: readonly Route[] = [
  route('GET /contents/{path}', [['contents', 'read']], contents),
  route('PUT /contents/{path}', [['contents', 'write']], writeContents),
  route('GET /git/trees/{tree_sha}', [['contents', 'read']], async (call) => {
    const commit = await resolve(call.repository, call.params.tree_sha!)
    const name = commit === undefined ? call.params.tree_sha! : (await commitAt(call.repository.folder, commit)).tree
    const deep = call.query.has('recursive') ? ['-r', '-t'] : []
    const { code, out } = await tryGit(call.repository.folder, [
      'ls-tree',
      '-l',
      '-z',
      ...deep,
      '--end-of-options',
      name,
    ])
    if (code !== 0) throw missing()
    const tree = out
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [meta = '', path] = line.split('\t')
        const [mode, type, sha, size] = meta.split(/ +/)
        return { path, mode, type, sha, ...(type === 'blob' ? { size: Number(size) } : {}) }
      })
    return { status: 200, body: { sha: name, url: `${apiOf(call)}/git/trees/${name}`, tree, truncated: false } }
  }),
]

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

/** Commits one file, as somebody who edits it in the browser. */
async function writeContents(call: Call): Promise<Answer> {
  const { repository } = call
  const path = call.params.path!
  const branch = textOf(call, 'branch') ?? repository.defaultBranch
  const before = await commitOf(repository.folder, `refs/heads/${branch}`)
  if (before === undefined) throw new Refusal(404, `Branch ${branch} not found`)
  const old = await entryAt(repository.folder, (await commitAt(repository.folder, before)).tree, path)
  const given = textOf(call, 'sha')
  if (old !== undefined && given === undefined) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  if (old !== undefined && given !== old.sha) throw new Refusal(409, `${path} does not match ${given}`)
  const rules = rulesOf(repository, branch, call.by)
  if (rules.pullRequests || rules.required.length > 0) throw new Refusal(409, 'Repository rule violations found')
  const text = Buffer.from(String(call.body.content), 'base64').toString('utf8')
  const login = loginOf(call.by)
  const author = { name: login, email: `${login}@users.noreply.github.com` }
  const after = await commitFiles(repository.folder, before, { [path]: text }, String(call.body.message), author)
  const ref = `refs/heads/${branch}`
  await writeRef(repository.folder, ref, after, before)
  await moved(call.state, repository, [{ ref, before, after }], call.by)
  const { commit, sha, html_url, node_id, parents } = (await commitView(call, after)) as Record<string, Body>
  const entry = await entryAt(repository.folder, (await commitAt(repository.folder, after)).tree, path)
  return {
    status: old === undefined ? 201 : 200,
    body: {
      content: { name: path.split('/').at(-1), path, sha: entry!.sha, type: 'file' },
      commit: { ...commit, sha, html_url, node_id, parents },
    },
  }
}
