import { randomBytes } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificate, certificateKey } from './certificate.ts'
import { grpcServer, type Handler } from './grpc.ts'
import { provider } from './provider.ts'

// The handshake of https://github.com/hashicorp/go-plugin: a cookie in, one line out, then gRPC over the socket it names.
const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2'
const coreProtocol = 1
const pluginProtocol = 6
const lonelyMs = 30_000
const served = Buffer.from([1]) // HealthCheckResponse{status: SERVING}

if (process.env.TF_PLUGIN_MAGIC_COOKIE !== cookie) {
  process.stderr.write('This is a Terraform provider: Terraform starts it, people do not.\n')
  process.exit(1)
}

// Ctrl-C reaches the whole process group; Terraform then lets what runs come to its end, and ends us itself.
process.on('SIGINT', () => {})

const handlers = new Map<string, Handler>([
  ...[...provider(process.env)].map(([name, handler]) => [`/tfplugin6.Provider/${name}`, handler] as const),
  ['/grpc.health.v1.Health/Check', async () => Buffer.concat([Buffer.from([8]), served])],
  ['/plugin.GRPCStdio/StreamStdio', 'open'],
  ['/plugin.GRPCBroker/StartStream', 'open'],
  [
    '/plugin.GRPCController/Shutdown',
    async () => {
      setTimeout(() => process.exit(0), 10)
      return Buffer.alloc(0)
    },
  ],
])

const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? tmpdir(), `folder-${randomBytes(6).toString('hex')}`)
const server = grpcServer({
  key: certificateKey,
  cert: certificate,
  clientCert: process.env.PLUGIN_CLIENT_CERT,
  handlers,
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

server.listen(socket, () => {
  const der = certificate.replace(/-----[A-Z ]+-----|\s/g, '').replace(/=+$/, '')
  process.stdout.write(`${coreProtocol}|${pluginProtocol}|unix|${socket}|grpc|${der}\n`)
})
