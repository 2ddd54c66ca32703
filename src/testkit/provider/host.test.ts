import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:http2'
import { connect as dial } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect as secured } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostProvider, type ProviderHost } from '../mirror.ts'
import { type Sandbox, sandbox } from '../sandbox.ts'
import { certificate, certificateKey } from './certificate.ts'
import { decodeValue, encodeValue } from './cty.ts'
import { calls } from './messages.ts'
import { decode, encode, type Message } from './protobuf.ts'
import { provider } from './provider.ts'

let box: Sandbox
let host: ProviderHost
beforeEach(async () => {
  box = await sandbox()
  host = await hostProvider(join(box.root, 'terraform'))
})
afterEach(async () => {
  await host.close()
  await box.dispose()
})

/** Starts the provider's file as Terraform does, and gives the socket that it names. */
async function started(env: Readonly<Record<string, string>>) {
  const folder = join(box.root, 'terraform/mirror')
  const file = (await readdir(folder, { recursive: true })).find((it) => it.includes('terraform-provider-folder'))!
  const child = spawn(join(folder, file), {
    env: { ...(box.env as NodeJS.ProcessEnv), PLUGIN_CLIENT_CERT: certificate, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { socket: line.split('|')[3]!, ended }
}

/** Calls the provider behind a socket once, as Terraform would, and goes away. */
async function called(socket: string, name: keyof typeof calls, request: Message): Promise<Message> {
  const session = connect('https://localhost', {
    createConnection: () =>
      secured({
        socket: dial(socket),
        ca: certificate,
        cert: certificate,
        key: certificateKey,
        ALPNProtocols: ['h2'],
        servername: 'localhost',
      }),
  })
  const stream = session.request({ ':path': `/tfplugin6.Provider/${name}`, ':method': 'POST' })
  const message = encode(calls[name].request, request)
  const header = Buffer.alloc(5)
  header.writeUInt32BE(message.length, 1)
  stream.end(Buffer.concat([header, message]))
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  session.destroy()
  return decode(calls[name].response, Buffer.concat(chunks).subarray(5))
}

test('what Terraform starts is answered by the host, with the environment of that start, and ends with the connection', async () => {
  await mkdir(join(box.root, 'other/network'), { recursive: true })
  await writeFile(join(box.root, 'other/network/there.json'), '{}')
  const config = encodeValue({ path: null })
  const nowhere = await started({ ...host.env, FOLDER_CLOUD: '' })
  expect(nowhere.socket).toContain(host.env.FOLDER_HOST)
  const refusal = await called(nowhere.socket, 'ConfigureProvider', { config: { msgpack: config } })
  expect(refusal.diagnostics).toMatchObject([{ summary: 'No cloud' }])
  expect(await nowhere.ended).toEqual([0, null])
  const somewhere = await started({ ...host.env, FOLDER_CLOUD: join(box.root, 'other') })
  expect(await called(somewhere.socket, 'ConfigureProvider', { config: { msgpack: config } })).toEqual({})
  expect(await somewhere.ended).toEqual([0, null])
})

test('what waits for a host that is gone ends with it', async () => {
  const { ended } = await started(host.env)
  await host.close()
  expect(await ended).toEqual([0, null])
})

test('where no place is free, or no host is, the file is the provider itself', async () => {
  const cookie = { TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2' }
  const alone = await started({ ...cookie, FOLDER_HOST: join(box.root, 'none') })
  expect(await called(alone.socket, 'ValidateProviderConfig', {})).toEqual({})
  expect(await alone.ended).toEqual([0, null])
})

test('what waits when its Terraform goes away never happens', async () => {
  const gone = new AbortController()
  const calling = provider({ FOLDER_CLOUD: box.cloud }, gone.signal)
  const call = async (name: keyof typeof calls, request: Message) =>
    decode(calls[name].response, await calling.get(name)!(encode(calls[name].request, request)))
  await call('ConfigureProvider', { config: { msgpack: encodeValue({ path: null }) } })
  await mkdir(join(box.cloud, '.slow'), { recursive: true })
  await writeFile(join(box.cloud, '.slow/late'), '100000000')
  const planned = { name: 'late', content: null, fail_on: null, delay_ms: null, id: null, version: null }
  const applying = call('ApplyResourceChange', {
    typeName: 'folder_file',
    prior: { msgpack: encodeValue(null) },
    planned: { msgpack: encodeValue(planned) },
  })
  gone.abort()
  const { state, diagnostics } = await applying
  expect(diagnostics).toMatchObject([{ detail: 'The operation was aborted' }])
  expect(decodeValue((state as { msgpack: Uint8Array }).msgpack)).toBeNull()
  expect(await readdir(box.cloud)).toEqual(['.slow'])
})
