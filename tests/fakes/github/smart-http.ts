import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { gitEnv, isAncestor } from './git.ts'
import type { TokenOf } from './hub.ts'
import { readRefs } from './objects.ts'
import { type Move, moved } from './pulls.ts'
import { rulesOf } from './rules.ts'
import { atLeast, exclusive, levelOf, permits, type Repository, type State, type Token } from './state.ts'

const none = '0'.repeat(40)

/** Whether a token may fetch (read) or push (write). */
function mayUse(repository: Repository, token: Token | undefined, access: 'read' | 'write'): boolean {
  if (token === undefined) return access === 'read' && !repository.private
  const { of } = token
  if (of.kind === 'user') return atLeast(levelOf(repository, of.login), access)
  if (token.repository !== repository.fullName) return access === 'read' && !repository.private
  return permits(of.permissions, 'contents', access)
}

/** Answers Git over HTTP: clone, fetch and push, with GitHub's rules about who and what. A push is over once all that follows from it was told. */
export async function answerGit(
  state: State,
  repository: Repository | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  token: Token | undefined | 'unknown',
): Promise<void> {
  const url = new URL(request.url ?? '/', state.serverUrl)
  const below = /^\/[^/]+\/[^/]+?(?:\.git)?(\/.*)$/.exec(url.pathname)?.[1] ?? '/'
  const service = url.searchParams.get('service') ?? below.slice(1)
  const access = service === 'git-receive-pack' ? 'write' : 'read'
  const known = token === 'unknown' ? undefined : token
  if (
    token === 'unknown' ||
    (known === undefined && (repository === undefined || !mayUse(repository, known, access)))
  ) {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="GitHub"' }).end('Invalid username or token.\n')
    return
  }
  if (repository === undefined || !mayUse(repository, known, 'read')) {
    response.writeHead(404).end('Repository not found.\n')
    return
  }
  if (!mayUse(repository, known, access)) {
    response.writeHead(403).end('Write access to repository not granted.\n')
    return
  }
  if (below !== '/git-receive-pack') {
    await backend(state, repository, request, response, body, below, url, [])
    response.end()
    return
  }
  const by = known!.of
  await exclusive(repository, async () => {
    const commands = pushed(body, request)
    const refused = await refusedOf(repository, commands, by)
    const before = await readRefs(repository.folder)
    await backend(state, repository, request, response, body, below, url, refused)
    const after = await readRefs(repository.folder)
    const moves = commands
      .map(({ ref }): Move => ({ ref, before: before.get(ref) ?? none, after: after.get(ref) ?? none }))
      .filter((it) => it.before !== it.after)
    await moved(state, repository, moves, by)
  })
  response.end()
}

/** The updates that a push asks for: the first lines of its body. */
function pushed(body: Buffer, request: IncomingMessage): { ref: string; after: string }[] {
  const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const out: { ref: string; after: string }[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const size = Number.parseInt(bytes.subarray(at, at + 4).toString('latin1'), 16)
    if (!(size > 4)) break
    const line = bytes
      .subarray(at + 4, at + size)
      .toString('utf8')
      .split('\0')[0]!
      .trim()
    const command = /^[0-9a-f]{40} ([0-9a-f]{40}) (\S+)$/.exec(line)
    if (command !== null) out.push({ after: command[1]!, ref: command[2]! })
    at += size
  }
  return out
}

/** Refs of a push that rules forbid to this one. What a push would do is judged before it is done, so a forced one by its ref alone. */
async function refusedOf(
  repository: Repository,
  commands: readonly { readonly ref: string; readonly after: string }[],
  by: TokenOf,
): Promise<string[]> {
  const out: string[] = []
  const refs = await readRefs(repository.folder)
  for (const { ref, after } of commands) {
    if (!ref.startsWith('refs/heads/')) continue
    const rules = rulesOf(repository, ref.slice('refs/heads/'.length), by)
    const before = refs.get(ref)
    if (before === undefined) continue
    const deletes = after === none
    if (rules.pullRequests || rules.required.length > 0 || rules.queue !== undefined || (deletes && rules.noDeletion)) {
      out.push(ref)
      continue
    }
    // The objects are not here before they were pushed: the hook asks Git for what is a forced push.
    if (rules.noForcePush && !deletes && !(await isAncestor(repository.folder, before, after))) {
      out.push(`+${ref}`)
    }
  }
  return out
}

function backend(
  state: State,
  repository: Repository,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  below: string,
  url: URL,
  refused: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], {
      env: {
        ...gitEnv,
        GIT_PROJECT_ROOT: repository.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: below,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        REMOTE_USER: 'fake',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: String(body.length),
        HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        FAKE_REFUSED: refused.join(' '),
        FAKE_URL: state.serverUrl,
      },
    })
    let head = Buffer.alloc(0)
    let started = false
    child.stdout.on('data', (chunk: Buffer) => {
      if (started) {
        response.write(chunk)
        return
      }
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      started = true
      const headers = head
        .subarray(0, end)
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.split(/: (.*)/s))
      const status = headers.find(([name]) => name === 'Status')?.[1]
      for (const [name, value] of headers) if (name !== 'Status') response.setHeader(name!, value ?? '')
      response.writeHead(status === undefined ? 200 : Number(status.slice(0, 3)))
      response.write(head.subarray(end + 4))
    })
    child.on('error', reject)
    child.on('close', () => resolve())
    child.stdin.on('error', () => {})
    child.stdin.end(body)
  })
}

/** The hook that refuses what the rules forbid, in GitHub's words. */
export const updateHook = `#!/bin/sh
for it in $FAKE_REFUSED; do
  case "$it" in
    "$1") echo "error: GH013: Repository rule violations found for $1." >&2; exit 1 ;;
    "+$1")
      if ! git merge-base --is-ancestor "$2" "$3"; then
        echo "error: GH013: Repository rule violations found for $1. Cannot force-push to this branch" >&2; exit 1
      fi ;;
  esac
done
exit 0
`
