import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Bucket, current, emptyBucket } from './bucket.ts'
import { type Answer, handle } from './handle.ts'
import { type Ask, context, needed } from './operation.ts'
import { type Policy, verdict } from './policy.ts'
import { Refusal, refusalXml } from './refusal.ts'
import { type Key, signer, type Wire } from './signature.ts'

/** Who asks: an access key, and what its role may do; without a policy it may do everything. */
export interface Caller extends Key {
  readonly name: string
  readonly policy?: Policy
}

/** One request as it was answered. */
export interface Asked {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  /** Name of the caller; undefined where no signature was accepted. */
  readonly by: string | undefined
  /** What became of it: a status, or that the caller never heard. */
  readonly status: number | 'lost'
  readonly code?: string
}

/**
 * What goes wrong with a request. `refuse`: nothing is done, this is the answer. `lost`: it is done, and the connection breaks
 * before the answer. `dropped`: the connection breaks before anything is done. `after`: it is done, and the answer says that it
 * failed. `slow`: it is done after a while.
 */
export type Fault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'after'; readonly status: number; readonly code: string }
  | { readonly kind: 'slow'; readonly ms: number }

export interface S3Options {
  readonly buckets?: readonly string[]
  readonly region?: string
  /** Machine's time of S3, milliseconds since 1970. */
  readonly clock?: () => number
  /** Keys that somebody else hands out: a fake STS. */
  readonly find?: (accessKeyId: string) => Caller | undefined
  /** Whether requests count as sent over TLS, which they never are here: as behind a proxy that ends it. */
  readonly secure?: boolean
}

/** An S3 in this process that refuses what S3 refuses: see README.md. */
export interface FakeS3 {
  readonly url: string
  readonly region: string
  /** New keys; with a policy they may do only what it allows. */
  credentials(
    name: string,
    policy?: Policy,
    options?: { readonly session?: boolean; readonly expiresMs?: number },
  ): Caller
  /** Asked before each request; undefined: nothing goes wrong. */
  faults: (ask: Ask & { readonly by: string }) => Fault | undefined
  readonly requests: Asked[]
  readonly buckets: Map<string, Bucket>
  close(): Promise<void>
}

/** Starts a fake S3 on a free port of this machine; paths hold the bucket. */
export async function startS3(options: S3Options = {}): Promise<FakeS3> {
  const { region = 'us-east-1', clock = Date.now, secure = true } = options
  const callers = new Map<string, Caller>()
  const buckets = new Map((options.buckets ?? []).map((name) => [name, emptyBucket(name, region)]))
  const requests: Asked[] = []
  const sockets = new Set<Socket>()
  const find = (id: string) => callers.get(id) ?? options.find?.(id)
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error)
      response.destroy()
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const fake: FakeS3 = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    credentials(name, policy, { session = policy !== undefined, expiresMs } = {}) {
      const caller: Caller = {
        name,
        accessKeyId: `${session ? 'ASIA' : 'AKIA'}${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        ...(session && { sessionToken: randomBytes(60).toString('base64') }),
        ...(expiresMs !== undefined && { expiresMs }),
        ...(policy && { policy }),
      }
      callers.set(caller.accessKeyId, caller)
      return caller
    },
    faults: () => undefined,
    requests,
    buckets,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
  return fake

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wire = await received(request)
    const nowMs = clock()
    const at = { bucket: '', key: '' }
    const log = (by: string | undefined, status: number | 'lost', code?: string) =>
      requests.push({
        method: wire.method,
        ...at,
        query: wire.query,
        headers: wire.headers,
        by,
        status,
        ...(code && { code }),
      })
    let by: string | undefined
    try {
      const [bucket = '', ...rest] = wire.path.slice(1).split('/').map(decodeURIComponent)
      Object.assign(at, { bucket, key: rest.join('/') })
      const { key: caller, body } = signer(wire, find, nowMs)
      by = caller.name
      const ask: Ask = {
        ...at,
        method: wire.method,
        query: new URLSearchParams(wire.query),
        headers: wire.headers,
        body,
      }
      const fault = fake.faults({ ...ask, by })
      if (fault?.kind === 'dropped') {
        log(by, 'lost')
        request.socket.destroy()
        return
      }
      if (fault?.kind === 'refuse') throw new Refusal(fault.status, fault.code, `injected: ${fault.code}`)
      if (fault?.kind === 'slow') await new Promise((done) => setTimeout(done, fault.ms))
      const answer = result(() => allowed(ask, caller))
      if (fault?.kind === 'lost') {
        log(by, 'lost')
        request.socket.destroy()
        return
      }
      if (answer instanceof Refusal) throw answer
      if (fault?.kind === 'after') throw new Refusal(fault.status, fault.code, `injected: ${fault.code}`)
      log(by, answer.status)
      send(response, answer, nowMs)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      log(by, error.status, error.code)
      const body = refusalXml(error, new Date(nowMs).toISOString())
      send(
        response,
        {
          status: error.status,
          headers: { 'content-type': 'application/xml' },
          ...(wire.method !== 'HEAD' && { body }),
        },
        nowMs,
      )
    }
  }

  /** Carries the request out if the caller's policy and the bucket's allow it. */
  function allowed(ask: Ask, caller: Caller): Answer {
    const bucket = buckets.get(ask.bucket)
    const existing = bucket && ask.key !== '' ? (current(bucket, ask.key)?.tags ?? {}) : {}
    const stored = bucket?.settings.get('policy')
    const policies = [...(caller.policy ? [caller.policy] : [])]
    const keys = context(ask, secure, existing)
    const may = (action: string, resource: string) => {
      const question = { action, resource, context: keys }
      const own = caller.policy === undefined ? 'allow' : verdict(caller.policy, question)
      const ofBucket = stored === undefined ? 'silent' : verdict(JSON.parse(stored) as Policy, question)
      return own !== 'deny' && ofBucket !== 'deny' && (own === 'allow' || (ofBucket === 'allow' && policies.length > 0))
    }
    const wanted = [...needed(ask), ...deletions(ask)]
    for (const { action, resource } of wanted)
      if (!may(action, resource))
        throw new Refusal(
          403,
          'AccessDenied',
          `User: ${caller.name} is not authorized to perform: ${action} on resource: ${resource}`,
        )
    try {
      return handle(buckets, ask, clock(), region)
    } catch (error) {
      // Who may not list is not told that an object is missing.
      const hides = error instanceof Refusal && error.code === 'NoSuchKey' && ask.method !== 'PUT'
      if (hides && !may('s3:ListBucket', `arn:aws:s3:::${ask.bucket}`))
        throw new Refusal(403, 'AccessDenied', 'Access Denied')
      throw error
    }
  }
}

function result(work: () => Answer): Answer | Refusal {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function deletions(ask: Ask): { readonly action: string; readonly resource: string }[] {
  if (ask.key !== '' || !ask.query.has('delete')) return []
  const keys = [
    ...Buffer.from(ask.body)
      .toString()
      .matchAll(/<Key>([^<]*)<\/Key>/g),
  ].map((it) => it[1]!)
  return keys.map((key) => ({ action: 's3:DeleteObject', resource: `arn:aws:s3:::${ask.bucket}/${key}` }))
}

async function received(request: IncomingMessage): Promise<Wire> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const [path = '', query = ''] = (request.url ?? '/').split('?')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  )
  return { method: request.method ?? 'GET', path, query, headers, body: Buffer.concat(chunks) }
}

function send(response: ServerResponse, { status, headers, body }: Answer, nowMs: number): void {
  response.sendDate = false
  response.writeHead(status, {
    date: new Date(Math.floor(nowMs / 1000) * 1000).toUTCString(),
    'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
    ...(typeof body === 'string' && { 'content-type': 'application/xml' }),
    ...headers,
  })
  response.end(body)
}
