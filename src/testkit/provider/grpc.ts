import { X509Certificate } from 'node:crypto'
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'

/** Answers one call: bytes of the request in, bytes of the answer out. `open` leaves the stream open and silent. */
export type Handler = ((request: Uint8Array) => Promise<Uint8Array>) | 'open'

const frameHeaderBytes = 5
const unimplemented = '12'
const internal = '13'

function framed(message: Uint8Array): Buffer {
  const header = Buffer.alloc(frameHeaderBytes)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}

function fail(stream: ServerHttp2Stream, status: string, message: string): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': status,
      'grpc-message': encodeURIComponent(message),
    },
    { endStream: true },
  )
}

async function body(stream: ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, handlers: ReadonlyMap<string, Handler>) {
  const path = headers[':path'] ?? ''
  const handler = handlers.get(path)
  if (!handler) return fail(stream, unimplemented, `${path} is not here`)
  if (handler === 'open') return stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
  const request = await body(stream)
  let response: Uint8Array
  try {
    response = await handler(request.subarray(frameHeaderBytes))
  } catch (error) {
    return fail(stream, internal, error instanceof Error ? error.message : String(error))
  }
  if (stream.destroyed) return
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(framed(response))
}

interface GrpcOptions {
  readonly key: string
  readonly cert: string
  /** The only client certificate that is let in; undefined lets in everybody who can reach the socket. */
  readonly clientCert: string | undefined
  readonly handlers: ReadonlyMap<string, Handler>
}

/**
 * A gRPC server over TLS for calls of one request and one answer, by hand on `node:http2`: a provider is started several
 * times in each Terraform command, and the usual library takes longer to load than the rest of the start.
 */
export function grpcServer({ key, cert, clientCert, handlers }: GrpcOptions): Http2SecureServer {
  const server = createSecureServer({
    key,
    cert,
    // An authority, or none at all, would make Node.js read the more than a hundred that it brings along: a third of our
    // start. So the client's certificate is compared here, and TLS proves only that the client has its key.
    ca: [],
    requestCert: clientCert !== undefined,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256',
  })
  const wanted = clientCert === undefined ? undefined : new X509Certificate(clientCert).raw
  server.on('session', (session) => {
    if (wanted !== undefined && !peerCertificate(session)?.equals(wanted)) session.destroy()
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.destroy()) // the caller went away: nobody is left to tell
    answer(stream, headers, handlers).catch(() => stream.destroy())
  })
  return server
}

function peerCertificate({ socket }: ServerHttp2Session): Buffer | undefined {
  return (socket as TLSSocket).getPeerX509Certificate()?.raw
}
