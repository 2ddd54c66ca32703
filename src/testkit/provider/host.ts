import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { certificate, certificateKey } from './certificate.ts'
import { grpcServer } from './grpc.ts'
import { handlers, handshake } from './handlers.ts'

/** So many places are ready at the start, and so many are added when half of them are taken. */
const batch = 16

/**
 * Plays the provider for all that Terraform starts with FOLDER_HOST set to this folder, in one process that is there
 * already: Terraform starts a provider several times in each command, and Node.js needs longer to start than the provider
 * to answer. What Terraform starts is the shell script of `relay`: it takes a place of ours, and is then nothing but the
 * process that Terraform waits for.
 *
 * A place is four files of one name: `free/` tells where to connect and can be taken by one only, since it is renamed to
 * `taken/`; in `env/` the taker leaves its environment, which is then the provider's; `end/` is a pipe that we hold open:
 * when we close it, or die, the taker ends. We end with whoever started us, which is when our standard input closes.
 */
export function host(folder: string): void {
  for (const name of ['free', 'taken', 'env', 'end', 'at'])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  let made = 0
  let free = 0

  function more(): Promise<unknown> {
    const names = Array.from({ length: batch }, () => String(made++).padStart(6, '0'))
    free += names.length
    execFileSync('mkfifo', ['-m', '600', ...names.map((name) => join(folder, 'end', name))])
    return Promise.all(names.map(place))
  }

  function place(name: string): Promise<void> {
    const at = (kind: string) => join(folder, kind, name)
    const end = openSync(at('end'), 'r+')
    const server = createServer((socket) => {
      server.close()
      free -= 1
      if (free < batch / 2) void more()
      answer(socket, parsedEnvironment(readFileSync(at('env'), 'utf8')), () => {
        closeSync(end)
        for (const kind of ['taken', 'env', 'end', 'at']) rmSync(at(kind), { force: true })
      })
    })
    return new Promise((resolve) => {
      server.listen(at('at'), () => {
        // It is whole before it can be taken.
        writeFileSync(at('taken'), handshake(at('at'), certificate))
        renameSync(at('taken'), at('free'))
        resolve()
      })
    })
  }

  process.stdin.resume().once('end', () => process.exit(0))
  void more().then(() => process.stdout.write('ready\n'))
}

/** Answers one Terraform, in the environment that it gave its provider, and stops in the middle when it goes away. */
function answer(socket: Socket, environment: Readonly<Record<string, string>>, ended: () => void): void {
  const gone = new AbortController()
  const server = grpcServer({
    key: certificateKey,
    cert: certificate,
    clientCert: environment.PLUGIN_CLIENT_CERT,
    handlers: handlers(environment, () => {}, gone.signal),
  })
  server.on('session', (session) => session.on('error', () => session.destroy()))
  socket.once('close', () => {
    gone.abort()
    ended()
  })
  socket.on('error', () => socket.destroy())
  server.emit('connection', socket)
}

/** What `env -0` printed. */
function parsedEnvironment(text: string): Record<string, string> {
  const entries = text.split('\0').filter((entry) => entry !== '')
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
}
