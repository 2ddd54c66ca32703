import { randomBytes } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificate, certificateKey } from './certificate.ts'
import { grpcServer } from './grpc.ts'
import { handlers, handshake } from './handlers.ts'
import { host } from './host.ts'

// The handshake of https://github.com/hashicorp/go-plugin: a cookie in, one line out, then gRPC over the socket it names.
const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2'
const lonelyMs = 30_000

const [, , word, folder] = process.argv
if (word === 'host' && folder !== undefined) host(folder)
else if (process.env.TF_PLUGIN_MAGIC_COOKIE === cookie) serve()
else {
  process.stderr.write('This is a Terraform provider: Terraform starts it, people do not.\n')
  process.exitCode = 1
}

/** Serves the Terraform that started this process, and ends with it. */
function serve(): void {
  // Ctrl-C reaches the whole process group; Terraform then lets what runs come to its end, and ends us itself.
  process.on('SIGINT', () => {})
  const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? tmpdir(), `folder-${randomBytes(6).toString('hex')}`)
  const server = grpcServer({
    key: certificateKey,
    cert: certificate,
    clientCert: process.env.PLUGIN_CLIENT_CERT,
    handlers: handlers(process.env, () => setTimeout(() => process.exit(0), 10), new AbortController().signal),
  })
  process.on('exit', () => {
    try {
      unlinkSync(socket)
    } catch {
      // it was never made, or is gone already
    }
  })
  // Nothing of us outlives Terraform: not when it is killed, and not when it never calls.
  const lonely = setTimeout(() => process.exit(1), lonelyMs)
  server.on('session', (session) => {
    clearTimeout(lonely)
    session.on('close', () => process.exit(0))
  })
  server.listen(socket, () => process.stdout.write(handshake(socket, certificate)))
}
