import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseArgs } from '../src/cli/args.ts'
import { command as doctor } from '../src/cli/doctor.ts'
import { command as init } from '../src/cli/init.ts'
import { recordedTerminal } from '../src/testkit/terminal.ts'
import { type FakeGitHub, startGitHub } from './fakes/github/github.ts'

const quickstart = fileURLToPath(new URL('../examples/quickstart', import.meta.url))
const ref = 'a'.repeat(40)
let github: FakeGitHub
let clone: string

function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return Object.fromEntries(files.map((name) => [relative('', name), readFileSync(join(folder, name), 'utf8')]))
}

beforeAll(async () => {
  github = await startGitHub()
  github.user('ann')
  github.user('bob')
  await github.createRepository({
    owner: 'acme',
    name: 'infra',
    files: filesBelow(quickstart),
    collaborators: { ann: 'admin', bob: 'write' },
  })
  clone = mkdtempSync(join(tmpdir(), 'airlock-init-'))
  const token = github.token({ kind: 'user', login: 'ann' }, 'acme/infra')
  // Not the synchronous one: the server that it clones from lives in this process.
  await promisify(execFile)('git', ['clone', '--quiet', github.cloneUrl('acme/infra', token), clone])
})

afterAll(async () => {
  rmSync(clone, { recursive: true, force: true })
  await github.close()
})

async function airlock(command: typeof init, args: readonly string[], login = 'ann') {
  const env = {
    PATH: process.env.PATH,
    HOME: clone,
    GITHUB_SERVER_URL: github.serverUrl,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: github.token({ kind: 'user', login }, 'acme/infra'),
  }
  const terminal = recordedTerminal({ cwd: clone, env })
  const code = await command.run(parseArgs(command, args), terminal)
  return { code, text: terminal.printed() }
}

test('init writes the file and makes environments and the gate; doctor then finds only what a person has to do', async () => {
  const args = ['--actions', 'acme/airlock', '--ref', ref]
  const asked = await airlock(init, args)
  expect([asked.code, asked.text.split('\n').slice(0, 3)]).toEqual([
    3,
    ['--- /dev/null', '+++ b/.github/workflows/airlock.yml', expect.stringMatching(/^@@ -0,0 \+1,\d+ @@$/)],
  ])
  const done = await airlock(init, [...args, '--yes', '--apply', '--reviewers', 'prod=ann'])
  expect(done.code).toBe(0)
  expect(done.text).toContain('+ environment prod-apply')
  expect(readFileSync(join(clone, '.github/workflows/airlock.yml'), 'utf8')).toContain(
    `acme/airlock/actions/plan@${ref}`,
  )
  expect(github.environment('acme/infra', 'prod-apply').branches).toEqual(['main'])
  expect(github.environment('acme/infra', 'airlock-plan').branches).toBeUndefined()
  expect(github.environment('acme/infra', 'prod').reviewers).toEqual(['ann'])
  const again = await airlock(init, [...args, '--yes', '--apply', '--reviewers', 'prod=ann'])
  expect(again.text).toContain('acme/infra on GitHub has all environments and rules that it needs.')

  const seen = await airlock(doctor, [])
  expect(seen.text).toMatch(/✓ environments +airlock-plan, airlock-fold, airlock-drift/)
  expect(seen.text).toMatch(/✓ merge rules +airlock\/gate is required on main/)
  expect(seen.text).toMatch(/✗ secrets +AIRLOCK_AGE_IDENTITY is missing in dev-apply, prod-apply, staging-apply/)
})

test('without the right to change settings nothing is changed, and doctor says what the token may not see', async () => {
  await expect(airlock(init, ['--apply', '--yes', '--reviewers', 'dev=ann'], 'bob')).rejects.toMatchObject({
    code: expect.stringMatching(/^github-(forbidden|missing)$/),
  })
})
