import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '../../error.ts'
import type { Pull } from '../pulls.ts'
import type { MemoryGitHub } from './memory.ts'

/** A server's answer; `body` is sent as JSON. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A request as a server saw it. */
export interface Seen {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Readonly<Record<string, unknown>>
}

/** A server on this machine; it must be closed. */
export interface TestServer {
  readonly url: string
  readonly seen: readonly Seen[]
  close(): Promise<void>
}

/** Answers each request as it is told. */
export async function testServer(answer: (request: Seen) => Reply | Promise<Reply>): Promise<TestServer> {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const body = (text === '' ? {} : JSON.parse(text)) as Seen['body']
    const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    seen.push(asked)
    const reply = await answer(asked)
    response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', ...reply.headers })
    response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    seen,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}

type Handler = (
  github: MemoryGitHub,
  request: Seen & { readonly id: string; readonly query: URLSearchParams },
) => unknown

const time = (ms: number) => new Date(ms).toISOString()
const user = (login: string | undefined) => (login === undefined ? null : { login, id: 1, type: 'User' })
const repo = { full_name: 'acme/infra' }
const text = (value: unknown) => String(value ?? '')

const pullJson = (pull: Pull) => ({
  number: pull.number,
  title: pull.title,
  user: user(pull.author),
  state: pull.state,
  draft: pull.draft,
  head: { ref: pull.head.branch, sha: pull.head.commit, repo: pull.head.fork ? null : repo },
  base: { ref: pull.base.branch, sha: pull.base.commit, repo },
  merged_at: pull.merged ? time(pull.merged.atMs) : null,
  merge_commit_sha: pull.merged?.commit ?? 'e'.repeat(40),
  merged_by: user(pull.merged?.by),
  html_url: pull.url,
})

const commentJson = (it: Awaited<ReturnType<MemoryGitHub['comments']['create']>>) => ({
  id: it.id,
  body: it.body,
  user: user(it.author),
  created_at: time(it.createdMs),
  updated_at: time(it.updatedMs),
  html_url: it.url,
})

const deploymentJson = (it: Awaited<ReturnType<MemoryGitHub['deployments']['create']>>) => ({
  ...it,
  sha: it.commit,
  creator: user(it.creator),
  created_at: time(it.createdMs),
})

type MemoryRun = NonNullable<Awaited<ReturnType<MemoryGitHub['runs']['get']>>>

const runJson = (it: MemoryRun) => ({
  id: it.id,
  run_attempt: it.attempt,
  event: it.event,
  head_sha: it.headCommit,
  status: it.status,
  conclusion: it.conclusion ?? null,
  path: `${it.workflow}@main`,
  html_url: it.url,
})

const absent = (what: string) => new UserError({ code: 'github-missing', message: what })
const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw absent(what)
  return value
}

/** GitHub's routes, answered from a memory; `{}` in a pattern is an id, and the second one is the environment or the ruleset. */
const routes: readonly (readonly [string, RegExp, Handler])[] = [
  ['GET', /^\/issues\/(\d+)\/comments$/, async (g, { id }) => (await g.comments.list(Number(id))).map(commentJson)],
  [
    'POST',
    /^\/issues\/(\d+)\/comments$/,
    async (g, { id, body }) => commentJson(await g.comments.create(Number(id), text(body.body))),
  ],
  ['GET', /^\/issues\/comments\/(\d+)$/, async (g, { id }) => commentJson(found(await g.comments.get(Number(id)), id))],
  [
    'PATCH',
    /^\/issues\/comments\/(\d+)$/,
    async (g, { id, body }) => {
      if ((await g.comments.update(Number(id), text(body.body))) === 'gone') throw absent(id)
      return {}
    },
  ],
  [
    'POST',
    /^\/issues\/comments\/(\d+)\/reactions$/,
    (g, { id, body }) => g.comments.react(Number(id), body.content as 'eyes'),
  ],
  [
    'POST',
    /^\/statuses\/(\w+)$/,
    (g, { id, body }) =>
      g.statuses.set(id, {
        context: text(body.context),
        state: body.state as 'success',
        description: text(body.description),
        ...(body.target_url !== undefined && { targetUrl: text(body.target_url) }),
      }),
  ],
  [
    'GET',
    /^\/commits\/(\w+)\/statuses$/,
    (g, { id }) =>
      (g.has.statuses.get(id) ?? [])
        .map(({ creator, atMs, targetUrl = null, ...it }) => ({
          ...it,
          target_url: targetUrl,
          creator: user(creator),
          created_at: time(atMs),
        }))
        .reverse(),
  ],
  [
    'POST',
    /^\/check-runs$/,
    async (g, { body }) => {
      const { id, url } = await g.checks.create(checkOf(body))
      return { id, html_url: url }
    },
  ],
  [
    'PATCH',
    /^\/check-runs\/(\d+)$/,
    async (g, { id, body }) => {
      await g.checks.update(Number(id), checkOf({ head_sha: g.has.checks.get(Number(id))?.commit, ...body }))
      return { id: Number(id) }
    },
  ],
  ['GET', /^\/pulls\/(\d+)$/, async (g, { id }) => pullJson(await g.pulls.get(Number(id)))],
  ['GET', /^\/pulls$/, async (g) => (await g.pulls.open()).map(pullJson)],
  ['GET', /^\/commits\/(\w+)\/pulls$/, async (g, { id }) => (await g.pulls.ofCommit(id)).map(pullJson)],
  [
    'GET',
    /^\/pulls\/(\d+)\/reviews$/,
    async (g, { id }) =>
      (await g.pulls.reviews(Number(id))).map((it) => ({
        ...it,
        user: user(it.author),
        commit_id: it.commit,
        submitted_at: time(it.submittedMs),
        html_url: it.url,
      })),
  ],
  [
    'GET',
    /^\/collaborators\/(\w+)\/permission$/,
    async (g, { id }) => {
      const role = await g.people.permission(id)
      const simple = { maintain: 'write', triage: 'read' }[role as string] ?? role
      return { permission: simple, role_name: role }
    },
  ],
  [
    'POST',
    /^\/deployments$/,
    async (g, { body }) =>
      deploymentJson(
        await g.deployments.create({
          environment: text(body.environment),
          commit: text(body.ref),
          task: text(body.task),
          description: text(body.description),
          payload: body.payload as Record<string, unknown>,
        }),
      ),
  ],
  [
    'GET',
    /^\/deployments$/,
    async (g, { query }) => {
      const task = query.get('task')
      const of = { environment: text(query.get('environment')), ...(task !== null && { task }) }
      return (await g.deployments.list(of, 1000)).map(deploymentJson)
    },
  ],
  [
    'POST',
    /^\/deployments\/(\d+)\/statuses$/,
    (g, { id, body }) =>
      g.deployments.setStatus(Number(id), { state: body.state as 'success', description: text(body.description) }),
  ],
  [
    'GET',
    /^\/deployments\/(\d+)\/statuses$/,
    (g, { id }) =>
      found(
        g.has.deployments.find(({ is }) => is.id === Number(id)),
        id,
      )
        .states.map((state) => ({ state }))
        .reverse(),
  ],
  ['GET', /^\/actions\/runs\/(\d+)$/, async (g, { id }) => runJson(found(await g.runs.get(Number(id)), id))],
  [
    'GET',
    /^\/actions\/runs\/(\d+)\/approvals$/,
    async (g, { id }) =>
      (await g.runs.reviews(Number(id))).map((it) => ({
        state: it.state,
        comment: it.comment,
        user: user(it.by),
        environments: it.environments.map((name) => ({ name })),
      })),
  ],
  [
    'POST',
    /^\/actions\/workflows\/([\w.]+)\/dispatches$/,
    (g, { id, body }) => g.runs.dispatch(id, text(body.ref), body.inputs as Record<string, string>),
  ],
  [
    'GET',
    /^\/actions\/workflows\/([\w.]+)\/runs$/,
    (g) => ({ total_count: g.has.runs.size, workflow_runs: [...g.has.runs.values()].map(runJson) }),
  ],
  [
    'GET',
    /^$/,
    async (g) => {
      const facts = await g.governance.facts()
      return {
        default_branch: facts.defaultBranch,
        private: facts.private,
        owner: { login: 'acme', type: facts.owner },
        permissions: { admin: facts.admin },
        allow_squash_merge: facts.allowsSquash,
        allow_merge_commit: facts.allowsMergeCommit,
        allow_rebase_merge: facts.allowsRebase,
      }
    },
  ],
  [
    'GET',
    /^\/environments$/,
    async (g) => {
      const all = await g.governance.environments()
      return {
        total_count: all.length,
        environments: all.map(({ name, branches }) => ({
          name,
          protection_rules: [{ type: 'branch_policy' }],
          deployment_branch_policy:
            branches === undefined
              ? null
              : { protected_branches: branches === 'protected', custom_branch_policies: branches !== 'protected' },
        })),
      }
    },
  ],
  [
    'PUT',
    /^\/environments\/([\w-]+)$/,
    (g, { id, body }) => {
      const policy = body.deployment_branch_policy as { protected_branches: boolean } | null
      const before = g.has.environments.get(id)?.branches
      const own = Array.isArray(before) ? before : []
      return g.governance.setEnvironment({
        name: id,
        reviewers: [],
        preventsSelfReview: body.prevent_self_review === true,
        branches: policy === null ? undefined : policy.protected_branches ? 'protected' : own,
      })
    },
  ],
  [
    'GET',
    /^\/environments\/([\w-]+)\/deployment-branch-policies$/,
    (g, { id }) => ({ branch_policies: branchesOf(g, id).map((name, at) => ({ id: at + 1, name })) }),
  ],
  [
    'POST',
    /^\/environments\/([\w-]+)\/deployment-branch-policies$/,
    (g, { id, body }) => setBranches(g, id, [...branchesOf(g, id), text(body.name)]),
  ],
  [
    'DELETE',
    /^\/environments\/([\w-]+)\/deployment-branch-policies\/\d+$/,
    (g, { id, path }) => setBranches(g, id, branchesOf(g, id).toSpliced(Number(path.split('/').at(-1)) - 1, 1)),
  ],
  ['GET', /^\/rules\/branches\/(\w+)$/, (g, { id }) => (g.has.rules.has(id) ? rulesets.get(g)?.rules : [])],
  [
    'GET',
    /^\/rulesets$/,
    (g) => {
      const ruleset = rulesets.get(g)
      return ruleset ? [ruleset] : []
    },
  ],
  ['POST', /^\/rulesets$/, (g, { body }) => setRuleset(g, body)],
  ['PUT', /^\/rulesets\/(\d+)$/, (g, { body }) => setRuleset(g, body)],
  ['GET', /^\/actions\/secrets$/, (g) => ({ secrets: (g.has.secrets.get('') ?? []).map((name) => ({ name })) })],
  ...(['', '/environments/([\\w-]+)'] as const).flatMap((place): (typeof routes)[number][] => {
    const folder = place === '' ? '/actions' : place
    const of = (id: string) => (place === '' ? '' : id)
    const put =
      (isThere: boolean): Handler =>
      (g, { id, body, path }) => {
        const name = isThere ? path.split('/').at(-1)! : text(body.name)
        if (name in (g.has.variables.get(of(id)) ?? {}) !== isThere) throw absent(name)
        return g.governance.setVariable(name, text(body.value), of(id))
      }
    return [
      [
        'GET',
        new RegExp(`^${folder}/variables$`),
        (g, { id }) => ({
          variables: Object.entries(g.has.variables.get(of(id)) ?? {}).map(([name, value]) => ({ name, value })),
        }),
      ],
      ['POST', new RegExp(`^${folder}/variables$`), put(false)],
      ['PATCH', new RegExp(`^${folder}/variables/\\w+$`), put(true)],
    ]
  }),
]

/** A memory keeps no ids of rulesets: there is one. */
const rulesets = new WeakMap<MemoryGitHub, Readonly<Record<string, unknown>>>()

async function setRuleset(github: MemoryGitHub, body: Seen['body']): Promise<void> {
  const empty = { requiredChecks: [], requiredReviews: 0, codeOwnerReview: false, dismissesStaleReviews: false }
  await github.governance.setRuleset('main', { ...empty, mergeQueue: false })
  rulesets.set(github, { id: 1, ...body })
}

function branchesOf(github: MemoryGitHub, id: string): readonly string[] {
  const { branches } = found(github.has.environments.get(id), id)
  return Array.isArray(branches) ? branches : []
}

function setBranches(github: MemoryGitHub, id: string, branches: readonly string[]): void {
  github.has.environments.set(id, { ...found(github.has.environments.get(id), id), branches })
}

function checkOf(body: Seen['body']): Parameters<MemoryGitHub['checks']['create']>[0] {
  const output = body.output as {
    readonly title: string
    readonly summary: string
    readonly annotations: readonly { path: string; start_line: number; annotation_level: 'notice'; message: string }[]
  }
  if (output.annotations.length > 50)
    throw new UserError({ code: 'github-failed', message: 'No more than 50 items allowed' })
  return {
    name: text(body.name),
    commit: text(body.head_sha),
    title: output.title,
    summary: output.summary,
    annotations: output.annotations.map((it) => ({
      path: it.path,
      line: it.start_line,
      level: it.annotation_level,
      message: it.message,
    })),
    ...(body.conclusion !== undefined && { conclusion: body.conclusion as 'success' }),
  }
}

/** Serves a GitHub in memory over HTTP in GitHub's JSON: pages, ETags and refusals as there. */
export async function memoryServer(github: MemoryGitHub): Promise<TestServer> {
  const server: TestServer = await testServer(async (request) => {
    const url = new URL(request.path, 'http://127.0.0.1')
    const path = url.pathname.replace(/^\/repos\/acme\/infra/, '')
    for (const [method, pattern, handle] of routes) {
      const match = method === request.method ? pattern.exec(path) : null
      if (!match) continue
      try {
        const body = await handle(github, { ...request, path, id: match[1] ?? '', query: url.searchParams })
        return method === 'GET'
          ? ofGet(server.url, url, request, body)
          : { status: body === undefined ? 204 : 200, body }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        const status = { 'github-missing': 404, 'github-forbidden': 403 }[error.code] ?? 422
        return { status, body: { message: error.message } }
      }
    }
    return { status: 404, body: { message: 'Not Found' } }
  })
  return server
}

function ofGet(origin: string, url: URL, request: Seen, whole: unknown): Reply {
  const [size, page] = [Number(url.searchParams.get('per_page') ?? 30), Number(url.searchParams.get('page') ?? 1)]
  const body = Array.isArray(whole) ? whole.slice((page - 1) * size, page * size) : whole
  const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } }
  const more = Array.isArray(whole) && whole.length > page * size
  const next = new URL(url.pathname + url.search, origin)
  next.searchParams.set('page', String(page + 1))
  return { status: 200, headers: { etag, ...(more && { link: `<${next}>; rel="next"` }) }, body }
}
