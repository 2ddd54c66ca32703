import { once } from 'node:events'
import { connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { rootCertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { certificate, certificateKey } from './certificate.ts'
import { grpcServer } from './grpc.ts'

const shown = { cert: certificate, key: certificateKey }

/** What a client gets as answer to an empty call: the status of gRPC, or `refused`. */
async function called(clientCert: string | undefined, client: { cert?: string; key?: string }): Promise<string> {
  const handlers = new Map([['/a/B', async () => Buffer.of(7)]])
  const server = grpcServer({ key: certificateKey, cert: certificate, clientCert, handlers }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const session = connect(`https://localhost:${port}`, { ca: certificate, ...client })
  try {
    return await new Promise<string>((resolve) => {
      session.on('error', () => resolve('refused'))
      session.on('close', () => resolve('refused'))
      const stream = session.request({ ':path': '/a/B', ':method': 'POST' })
      stream.on('error', () => resolve('refused'))
      stream.on('trailers', (trailers) => resolve(`status ${trailers['grpc-status']}`))
      stream.resume().end(Buffer.alloc(5))
    })
  } finally {
    session.destroy()
    server.close()
  }
}

test('the client with the expected certificate is answered', async () => {
  expect(await called(certificate, shown)).toBe('status 0')
})

test('a client with another certificate, or with none, is not', async () => {
  expect(await called(rootCertificates[0]!, shown)).toBe('refused')
  expect(await called(certificate, {})).toBe('refused')
})

test('where no certificate is expected, whoever reaches the socket is answered', async () => {
  expect(await called(undefined, {})).toBe('status 0')
})
