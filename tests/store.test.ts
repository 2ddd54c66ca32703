import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries } from '../src/cli/registry.ts'
import { run } from '../src/cli/run.ts'
import { recipientVault } from '../src/store/drivers/recipients.ts'
import { hasTerraform } from '../src/terraform/drivers/cli.testkit.ts'
import { recordedTerminal } from '../src/testkit/terminal.ts'
import type { Policy } from './fakes/s3/policy.ts'
import { type Caller, type FakeS3, startS3 } from './fakes/s3/s3.ts'

const root = mkdtempSync(join(tmpdir(), 'airlock-store-'))
const repo = join(root, 'repo')
let s3: FakeS3
let admin: Caller

beforeAll(async () => {
  s3 = await startS3({ region: 'eu-central-1' })
  admin = s3.credentials('admin')
  const files = {
    'atmos.yaml': `components: { terraform: { base_path: components/terraform } }
stacks: { base_path: stacks, included_paths: ["**/*"], name_pattern: "{stage}" }
integrations:
  airlock:
    store: { url: s3://acme-airlock/infra, region: eu-central-1, endpoint: "${s3.url}" }
`,
    'components/terraform/vpc/main.tf': 'variable "size" {}\n',
    'stacks/dev.yaml': 'vars: { stage: dev }\ncomponents: { terraform: { vpc: { vars: { size: 1 } } } }\n',
    'stacks/prod.yaml': 'vars: { stage: prod }\ncomponents: { terraform: { vpc: { vars: { size: 1 } } } }\n',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true })
    writeFileSync(join(repo, path), text)
  }
  const git = (...args: string[]) => execFileSync('git', ['-C', repo, ...args])
  git('init', '-q', '-b', 'main')
  git('config', 'user.name', 'Ann')
  git('config', 'user.email', 'ann@acme.test')
  git('remote', 'add', 'origin', 'git@github.com:Acme/infra.git')
  git('add', '-A')
  git('commit', '-qm', 'Begin')
})
afterAll(async () => {
  await s3.close()
  rmSync(root, { recursive: true })
})

async function airlock(line: string, caller: Caller | undefined = admin, cwd = repo) {
  const keys = caller && {
    AWS_ACCESS_KEY_ID: caller.accessKeyId,
    AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
    ...(caller.sessionToken && { AWS_SESSION_TOKEN: caller.sessionToken }),
  }
  const env = { PATH: process.env.PATH, HOME: root, ...keys }
  const terminal = recordedTerminal({ cwd, env })
  const code = await run(line.split(' '), entries, () => terminal)
  return { code, out: terminal.printed(), err: terminal.noted() }
}

test('before there is a bucket, verbs say how to make it; provision shows what is to be done, does it, and is done', async () => {
  const missing = await airlock('status')
  expect(missing.code).toBe(2)
  expect(missing.err).toContain('s3://acme-airlock/infra: there is no such bucket')
  expect(missing.err).toContain('airlock store provision')

  const shown = await airlock('store provision')
  expect(shown.out).toContain('s3://acme-airlock in eu-central-1: 7 things to do')
  expect(shown.out).toContain('Next: the same with --yes')
  expect(s3.buckets.size).toBe(0)

  const made = await airlock('store provision --yes')
  expect(made.out).toContain('did 7 things')
  expect([...s3.buckets.get('acme-airlock')!.settings.keys()].sort()).toEqual([
    'encryption',
    'lifecycle',
    'ownershipControls',
    'policy',
    'publicAccessBlock',
    'versioning',
  ])
  expect((await airlock('store provision')).out).toContain('s3://acme-airlock in eu-central-1 is as it should be.')
})

test('what looks works with the role that reads; an approval does not count from a shell', async () => {
  const design = JSON.parse((await airlock('store provision --print json --account 111122223333')).out) as {
    read: { policy: Policy }
    apply: { trust: unknown }
  }
  expect(JSON.stringify(design.apply.trust)).toContain('repo:Acme/infra:environment:prod-apply')
  const reader = s3.credentials('reader', design.read.policy)
  const status = await airlock('status', reader)
  expect(status.out).toContain('In flight: 2 of 2 instances')
  expect(status.code).toBe(3)
  expect((await airlock('show vpc -s dev', reader)).code).toBe(0)
  const doctor = await airlock('doctor', reader)
  expect(doctor.out).toContain('s3://acme-airlock/infra (empty so far)')
  const approve = await airlock('approve --all', reader)
  expect(approve.err).toContain('these are in s3://acme-airlock/infra')
  expect(approve.code).toBe(3)
})

test('a branch that names another store is not followed', async () => {
  const text = `integrations: { airlock: { store: { url: s3://elsewhere, region: x, endpoint: "${s3.url}" } } }\n`
  execFileSync('git', ['-C', repo, 'checkout', '-qb', 'evil'])
  writeFileSync(join(repo, 'atmos.yaml'), text)
  execFileSync('git', ['-C', repo, 'commit', '-qam', 'Elsewhere'])
  const doctor = await airlock('doctor')
  expect(doctor.out).toContain('s3://acme-airlock/infra')
  expect(doctor.out).not.toContain('elsewhere')
  execFileSync('git', ['-C', repo, 'checkout', '-q', 'main'])
})

test('Terraform code for all of it holds the policies of the roles', async () => {
  const { out } = await airlock('store provision --print terraform --owner-id 1 --repository-id 2')
  for (const role of ['plan', 'fold', 'apply', 'read'])
    expect(out).toContain(`resource "aws_iam_role" "airlock_${role}"`)
  const policies = [...out.matchAll(/<<-JSON\n([\s\S]*?)\n {2}JSON/g)].map(([, json]) => JSON.parse(json!) as Policy)
  expect(policies.map(({ Version }) => Version)).toEqual(Array.from({ length: 9 }, () => '2012-10-17'))
  expect(JSON.stringify(policies)).toContain('repo:Acme@1/infra@2:environment:airlock-plan')
})

test.skipIf(!hasTerraform)('Terraform code is formatted as Terraform formats it', async () => {
  for (const line of ['', ' --bucket whole --owner-id 1 --repository-id 2']) {
    const { out } = await airlock(`store provision --print terraform${line}`)
    const env = { PATH: process.env.PATH, TF_CLI_CONFIG_FILE: '/dev/null' }
    expect(execFileSync('terraform', ['fmt', '-no-color', '-'], { input: out, env }).toString()).toBe(out)
  }
})

test('keys are printed once, each with its place, and fit each other', async () => {
  const { recipient, identity, readsKey } = JSON.parse((await airlock('store keygen --json')).out) as Record<
    string,
    string
  >
  const vault = recipientVault({ recipients: [recipient!], identities: identity, readsKey })
  expect(await vault.decrypt(await vault.encrypt(Uint8Array.of(1, 2)))).toEqual(Uint8Array.of(1, 2))
  const { out } = await airlock('store keygen')
  expect(out).toMatch(/recipients:\n +- age1/)
  expect(out).toMatch(/AGE-SECRET-KEY-1[\s\S]*gh secret set AIRLOCK_AGE_IDENTITY --env prod-apply/)
})

test('a repository without a store is told what to set', async () => {
  const bare = join(root, 'bare')
  execFileSync('git', ['clone', '-q', repo, bare])
  execFileSync('git', ['-C', bare, 'remote', 'set-url', 'origin', 'git@github.com:Acme/infra.git'])
  writeFileSync(
    join(bare, 'atmos.yaml'),
    'stacks: { base_path: stacks, included_paths: ["**/*"], name_pattern: "{stage}" }\n',
  )
  execFileSync('git', ['-C', bare, '-c', 'user.name=A', '-c', 'user.email=a@acme.test', 'commit', '-qam', 'No store'])
  execFileSync('git', ['-C', bare, 'update-ref', 'refs/remotes/origin/main', 'HEAD'])
  const line = `store provision --bucket new-one --region eu-central-1 --endpoint ${s3.url} --environment dev`
  const { code, out } = await airlock(line, admin, bare)
  expect(code).toBe(0)
  expect(out).toContain('s3://new-one in eu-central-1: 7 things to do')
  expect(out).toContain('url: s3://new-one\n')
})
