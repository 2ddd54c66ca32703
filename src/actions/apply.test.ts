import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

let program: string
beforeAll(async () => {
  program = mkdtempSync(join(tmpdir(), 'apply-bundle-'))
  await build({
    stdin: {
      contents: "import { main } from './main.ts'\nvoid main('apply', () => import('./apply.ts'))\n",
      resolveDir: dirname(fileURLToPath(import.meta.url)),
      loader: 'ts',
    },
    entryNames: 'entry',
    outdir: program,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: {
      js: "import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  writeFileSync(join(program, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(program, { recursive: true, force: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apply-action-'))
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, stdio: 'pipe' })
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, 'origin', path, '..'), { recursive: true })
    writeFileSync(join(folder, 'origin', path), text)
  }
  write(
    'atmos.yaml',
    'components: { terraform: { base_path: components } }\nstacks: { base_path: stacks, name_pattern: "{stage}", included_paths: ["**/*"] }\n',
  )
  write('components/vpc/main.tf', '')
  write(
    'stacks/dev.yaml',
    'vars: { stage: dev }\nterraform: { backend_type: local }\ncomponents: { terraform: { vpc: {} } }\n',
  )
  git(join(folder, 'origin'), 'init', '-q', '-b', 'main')
  git(join(folder, 'origin'), 'add', '-A')
  git(join(folder, 'origin'), '-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '-qm', 'first')
  git(folder, 'clone', '-q', join(folder, 'origin'), 'clone')
  for (const name of ['temp', 'home']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'event.json'), '{"inputs":{"task":"apply"}}')
  for (const name of ['summary', 'output']) writeFileSync(join(folder, name), '')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The action as the runner starts it. */
async function step(inputs: Readonly<Record<string, string>>): Promise<{ code: number | null; log: string }> {
  const child = spawn(process.execPath, [join(program, 'entry.js')], {
    cwd: join(folder, 'clone'),
    env: {
      PATH: process.env.PATH,
      HOME: join(folder, 'home'),
      GITHUB_REPOSITORY: 'acme/infra',
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_API_URL: 'https://github.test/api',
      GITHUB_RUN_ID: '4411',
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_OUTPUT: join(folder, 'output'),
      RUNNER_TEMP: join(folder, 'temp'),
      RUNNER_TRACKING_ID: 'github_1',
      INPUT_TOKEN: 'token-of-the-job',
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, log }
}

test('the work is done by a process of its own; what it says and its exit code are those of the step', async () => {
  const { code, log } = await step({ component: 'nothing', environment: 'dev' })
  expect(log).toContain('Nothing of nothing in dev is in flight at ')
  expect(log.match(/Airlock apply: run 4411 of acme\/infra/g)).toHaveLength(2)
  expect(code).toBe(0)
  expect(readFileSync(join(folder, 'temp/airlock/apply/exit'), 'utf8')).toBe('0')
  const after = await step({ component: 'nothing', environment: 'dev', phase: 'wait' })
  expect(after).toMatchObject({ code: 0, log: expect.stringContaining('No apply is left to wait for') })
})

test('what the work refuses is refused by the step', async () => {
  writeFileSync(join(folder, 'clone', 'atmos.yaml'), 'integrations: { airlock: { branch: trunk } }\n')
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '-qam', 'broken'], {
    cwd: join(folder, 'clone'),
  })
  const { code, log } = await step({ component: 'vpc', environment: 'dev' })
  expect(log).toContain('::error')
  expect(code).not.toBe(0)
  expect(readFileSync(join(folder, 'temp/airlock/apply/exit'), 'utf8')).toBe(String(code))
})

test('a job that was cancelled before its apply began has nothing to wait for', async () => {
  expect(await step({ component: 'vpc', environment: 'dev', phase: 'wait' })).toMatchObject({ code: 0 })
})
