import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

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
