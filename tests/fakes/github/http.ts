import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { admit } from './access.ts'
import { blob } from './api/runs.ts'
import { answerGraphql } from './graphql.ts'
import type { ApiCall } from './hub.ts'
import type { Meter } from './limits.ts'
import { answerOrgs } from './people.ts'
import type { Answer, Call, Route } from './route.ts'
import { bodyProblem, isPublished, reply } from './schemas.ts'
import { answerGit } from './smart-http.ts'
import { exclusive, missing, Refusal, type State, type Token } from './state.ts'

/** A fault that a test asks for: the next matching requests fail, before they did anything or after. */
export interface Fault {
  /** `POST /repos/{owner}/{repo}/statuses/{sha}` */
  readonly operation: string
  /** 0: the connection breaks. */
  readonly status: number
  /** `after`: it was done, and only the answer was lost. */
  readonly when: 'before' | 'after'
  times: number
}

/** What the server needs beside the state. */
export interface Surface {
  readonly state: State
  readonly routes: readonly Route[]
  readonly meter: Meter
  readonly faults: readonly Fault[]
  readonly jwks: () => unknown
  readonly issuerUrl: () => string
  called(call: ApiCall): void
  /** A reply that GitHub's schemas do not know: a mistake in the fake. */
  wrong(error: Error): void
}

interface Matcher {
  readonly route: Route
  readonly method: string
  readonly pattern: RegExp
  readonly names: readonly string[]
}

const long = new Set(['path', 'ref', 'basehead', 'branch'])

function matcher(route: Route): Matcher {
  const [method, path] = route.operation.split(' ') as [string, string]
  if (!isPublished(route.operation)) throw new Error(`GitHub publishes no ${route.operation}`)
  const names: string[] = []
  const source = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name)
    return long.has(name) ? '(.+)' : '([^/]+)'
  })
  return { route, method, pattern: new RegExp(`^${source}$`), names }
}

/** Serves the API, Git, and the OIDC issuer's keys. */
export function serve(surface: Surface): Server {
  const matchers = surface.routes
    .map(matcher)
    .sort((a, b) => b.route.operation.replace(/\{\w+\}/g, '').length - a.route.operation.replace(/\{\w+\}/g, '').length)
  return createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      answer(surface, matchers, request, response, Buffer.concat(chunks)).catch((error: Error) => {
        surface.wrong(error)
        if (!response.headersSent) send(response, { status: 500, body: { message: error.message } })
        else response.end()
      })
    })
  })
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { 'Content-Type': 'application/octet-stream', ...headers }).end(body)
    return
  }
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers })
  response.end(body === undefined || status === 204 || status === 304 ? undefined : JSON.stringify(body))
}

/** GitHub's: over what was asked for, by which token, and the body as it is sent. Another token has another one of the same. */
function etagOf(body: string, { accept, authorization, cookie }: IncomingMessage['headers']): string {
  const asked = [accept, authorization, cookie].filter((it) => it !== undefined).map((it) => `${it}:`)
  return `"${createHash('sha256')
    .update(`${asked.join('')}${body}`)
    .digest('hex')}"`
}

/** The token of a request: undefined when there is none, `unknown` when GitHub would not know it. */
function tokenOf(state: State, request: IncomingMessage): Token | undefined | 'unknown' {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  const [kind, value = ''] = header.split(' ')
  const text =
    kind?.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : value
  const token = state.tokens.get(text)
  return token === undefined || token.revoked ? 'unknown' : token
}

async function answer(
  surface: Surface,
  matchers: readonly Matcher[],
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const { state } = surface
  const url = new URL(request.url ?? '/', state.serverUrl)
  const token = tokenOf(state, request)
  if (url.pathname === '/_oidc/.well-known/jwks') return send(response, { status: 200, body: surface.jwks() })
  if (url.pathname === '/_oidc/.well-known/openid-configuration') {
    const issuer = surface.issuerUrl()
    return send(response, { status: 200, body: { issuer, jwks_uri: `${issuer}/.well-known/jwks` } })
  }
  if (url.pathname.startsWith('/_blob/')) {
    const bytes = await blob(state, url.pathname.slice('/_blob/'.length))
    return send(response, bytes === undefined ? { status: 404 } : { status: 200, body: bytes })
  }
  if (!url.pathname.startsWith('/api/')) {
    const [owner, name] = url.pathname.slice(1).split('/')
    const repository = state.repositories.get(`${owner}/${name?.replace(/\.git$/, '')}`.toLowerCase())
    return answerGit(state, repository, request, response, body, token)
  }
  await answerApi(surface, matchers, request, response, body, url, token)
}

async function answerApi(
  surface: Surface,
  matchers: readonly Matcher[],
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  url: URL,
  token: Token | undefined | 'unknown',
): Promise<void> {
  const method = request.method ?? 'GET'
  const path = url.pathname.slice('/api/v3'.length)
  const match = matchers.find((it) => it.method === method && it.pattern.test(path))
  const operation =
    match?.route.operation ??
    (path === '/graphql' || url.pathname === '/api/graphql' ? 'POST /graphql' : `${method} ${path}`)
  const by = token === 'unknown' ? undefined : token
  let limits: Record<string, string> = {}
  const finish = (it: Answer): void => {
    surface.called({
      method,
      route: operation.slice(operation.indexOf(' ') + 1),
      path: `${path}${url.search}`,
      status: it.status,
      by: by?.of,
    })
    send(response, { ...it, headers: { ...limits, ...it.headers } })
  }
  try {
    if (token === 'unknown') throw new Refusal(401, 'Bad credentials')
    limits = surface.meter.take(by, method)
    if (breaks(surface, operation, 'before', response, finish)) return
    const parsed = parse(body)
    const done =
      match === undefined
        ? await elsewhere(surface, operation, path, url, parsed, by)
        : await within(surface, match, method, path, url, parsed, by, request.headers.accept ?? '')
    if (breaks(surface, operation, 'after', response, finish)) return
    const tagged = method === 'GET' && done.status === 200 && !Buffer.isBuffer(done.body)
    const etag = tagged ? etagOf(JSON.stringify(done.body), request.headers) : undefined
    if (etag !== undefined && request.headers['if-none-match']?.replace(/^W\//, '') === etag) {
      limits = surface.meter.giveBack(by)
      return finish({ status: 304, headers: { ETag: etag } })
    }
    finish({ ...done, headers: { ...done.headers, ...(etag === undefined ? {} : { ETag: etag }) } })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    finish({
      status: error.status,
      headers: error.headers,
      body: {
        message: error.message,
        ...(error.errors === undefined ? {} : { errors: error.errors }),
        documentation_url: 'https://docs.github.com/rest',
        status: String(error.status),
      },
    })
  }
}

function parse(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {}
  throw new Refusal(400, 'Problems parsing JSON')
}

function breaks(
  surface: Surface,
  operation: string,
  when: Fault['when'],
  response: ServerResponse,
  finish: (it: Answer) => void,
): boolean {
  const fault = surface.faults.find((it) => it.times > 0 && it.when === when && it.operation === operation)
  if (fault === undefined) return false
  fault.times--
  if (fault.status === 0) response.destroy()
  else finish({ status: fault.status, body: { message: 'Server Error' } })
  return true
}

async function within(
  surface: Surface,
  { route, pattern, names }: Matcher,
  method: string,
  path: string,
  url: URL,
  body: Record<string, unknown>,
  token: Token | undefined,
  accept: string,
): Promise<Answer> {
  const { state } = surface
  const found = pattern.exec(path)!
  const params: Record<string, string> = { '': path }
  for (const [at, name] of names.entries()) params[name] = decodeURIComponent(found[at + 1]!)
  const repository = state.repositories.get(`${params.owner}/${params.repo}`.toLowerCase())
  if (repository === undefined) throw missing()
  admit(repository, token, route.needs)
  const wrong = method === 'GET' ? undefined : bodyProblem(route.operation, body)
  if (wrong !== undefined) throw new Refusal(422, `Invalid request.\n\n${wrong}`)
  const by = token?.of ?? { kind: 'user' as const, login: 'anonymous' }
  const call: Call = { state, repository, params, query: url.searchParams, body, by, accept }
  const done = method === 'GET' ? await route.handle(call) : await exclusive(repository, async () => route.handle(call))
  if (Buffer.isBuffer(done.body)) return done
  return { ...done, body: reply(route.operation, done.status, done.body) }
}

async function elsewhere(
  surface: Surface,
  operation: string,
  path: string,
  url: URL,
  body: Record<string, unknown>,
  token: Token | undefined,
): Promise<Answer> {
  if (operation === 'POST /graphql') return answerGraphql(surface.state, body, token)
  return answerOrgs(surface.state, operation, path, url, token)
}
