import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Terminal } from '../../src/cli/command.ts'
import { entries } from '../../src/cli/registry.ts'
import { run } from '../../src/cli/run.ts'
import { writeMirror } from '../../src/testkit/mirror.ts'
import { planted } from './planted.ts'
import { files } from './repository.ts'

/** What a command wrote, and how it ended. */
export interface Said {
  readonly command: string
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Stage {
  readonly root: string
  readonly repo: string
  /** Folders in which Airlock keeps things, by what they are. */
  readonly kept: { readonly store: string; readonly config: string; readonly work: string; readonly temporary: string }
  airlock(...words: string[]): Promise<Said>
  write(file: string, text: string): Promise<void>
  git(...words: string[]): Promise<string>
  close(): Promise<void>
}

/** A repository in which secrets of every kind are planted, a cloud, and a server that keeps one of the states. */
export async function stage(): Promise<Stage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'airlock-secrets-')))
  const [repo, temporary, work] = [join(root, 'infra'), join(root, 'tmp'), join(root, 'work')]
  const server = await stateServer()
  const env: Record<string, string | undefined> = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
    ...(await writeMirror(join(root, 'terraform'), join(root, 'cloud'), process.env)),
    XDG_CONFIG_HOME: join(root, 'config'),
    AIRLOCK_WORK: work,
    TMPDIR: temporary,
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    AWS_SECRET_ACCESS_KEY: planted.AWS_SECRET_ACCESS_KEY,
    FOO_TOKEN: planted.FOO_TOKEN,
    DB_PASSPHRASE: planted.DB_PASSPHRASE,
    TLS_PRIVATE_KEY: planted.TLS_PRIVATE_KEY,
    STATE_PASSWORD: planted.STATE_PASSWORD,
    TF_VAR_db_password: planted.TF_VAR_db_password,
    PLAIN_NAME: planted.sensitiveFromEnv,
    DATABASE_URL: `postgres://app:${planted.urlPassword}@db.test:5432/app`,
    GOOGLE_CREDENTIALS: JSON.stringify({ type: 'service_account', private_key: planted.jsonPassword }),
    AIRLOCK_TOKEN: 'dev',
    REGION: 'us-east-1',
  }
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(repo, file)), { recursive: true })
    await writeFile(join(repo, file), text)
  }
  for (const folder of [temporary, work]) await mkdir(folder, { recursive: true })
  await writeFile(
    join(root, 'gitconfig'),
    '[user]\n\tname = Ann\n\temail = ann@example.test\n[init]\n\tdefaultBranch = main\n',
  )
  for (const [file, text] of Object.entries(files(server.port))) await write(file, text)
  const git = async (...words: string[]) => (await promisify(execFile)('git', words, { cwd: repo, env })).stdout
  await git('init', '-q')
  await git('remote', 'add', 'origin', `https://ci:${planted.gitPassword}@git.example.test/acme/infra.git`)
  await git('add', '-A')
  await git('commit', '-qm', 'Plant secrets')
  return {
    root,
    repo,
    kept: { store: join(repo, '.git', 'airlock'), config: join(root, 'config'), work, temporary },
    async airlock(...words) {
      let [out, err] = ['', '']
      const terminal: Terminal = {
        cwd: repo,
        env,
        print(text) {
          out += `${text}\n`
        },
        note(text) {
          err += `${text}\n`
        },
        draw(text) {
          err += text
        },
        write: (file, text) => writeFile(join(repo, file), text),
        append: (file, text) => writeFile(join(repo, file), text, { flag: 'a' }),
        resolve: (path) => join(repo, path),
        ask: async () => undefined,
        tty: false,
        color: false,
        noteColor: false,
        progress: 'lines',
        width: 120,
        signal: new AbortController().signal,
      }
      const code = await run(words, entries, () => terminal)
      return { command: words.join(' '), code, out, err }
    },
    write,
    git,
    async close() {
      server.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** Keeps one state in memory, for the backend `http`. */
async function stateServer(): Promise<{ readonly port: number; close(): void }> {
  let state: Buffer | undefined
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    if (request.method === 'POST') state = Buffer.concat(parts)
    response
      .writeHead(request.method === 'GET' && state === undefined ? 404 : 200)
      .end(request.method === 'GET' ? state : '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

/** Every file below a folder, with its bytes and modes; links are not followed. */
export async function filesBelow(
  folder: string,
): Promise<{ readonly path: string; readonly bytes: Buffer; readonly mode: number }[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return Promise.all(
    found
      .filter((it) => it.isFile())
      .map(async (it) => {
        const path = join(it.parentPath, it.name)
        return {
          path: path.slice(folder.length + 1),
          bytes: await readFile(path),
          mode: (await stat(path)).mode & 0o777,
        }
      }),
  )
}
