import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTerraform } from '../../../src/terraform/drivers/cli.testkit.ts'
import { s3States } from '../../../src/terraform/drivers/s3-states.ts'
import { backendStates } from '../../../src/terraform/drivers/states.ts'
import { type Caller, type FakeS3, startS3 } from './s3.ts'

const root = mkdtempSync(join(tmpdir(), 'airlock-s3-'))
let s3: FakeS3
let keys: Caller
beforeAll(async () => {
  s3 = await startS3({ buckets: ['states'] })
  keys = s3.credentials('terraform', undefined, { session: true })
})
afterAll(async () => {
  await s3?.close()
  rmSync(root, { recursive: true })
})

const backend = () => ({
  bucket: 'states',
  key: 'terraform.tfstate',
  workspace_key_prefix: 'vpc',
  region: 'us-east-1',
  use_lockfile: true,
  use_path_style: true,
  endpoints: { s3: s3.url },
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
  skip_metadata_api_check: true,
  skip_region_validation: true,
})
const env = () => ({
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_SESSION_TOKEN: keys.sessionToken!,
})

/** A working copy of a component that says when it applies, and waits until it may end. */
function workingCopy(name: string): string {
  const folder = join(root, name)
  mkdirSync(folder)
  const wait = `touch '${folder}/applying'; while [ ! -e '${folder}/go' ]; do sleep 0.05; done`
  writeFileSync(join(folder, 'backend.tf.json'), JSON.stringify({ terraform: { backend: { s3: backend() } } }))
  writeFileSync(
    join(folder, 'main.tf.json'),
    JSON.stringify({
      resource: { terraform_data: { this: { input: name, provisioner: [{ 'local-exec': { command: wait } }] } } },
      output: {
        who: { value: `\${terraform_data.this.output}` },
        token: { value: 's3cr3t', sensitive: true },
      },
    }),
  )
  return folder
}

function terraform(folder: string, ...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
  const options = {
    cwd: folder,
    env: { ...process.env, ...env(), TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
  }
  return new Promise((resolve) => {
    execFile('terraform', [...args, '-no-color'], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, out: stdout + stderr }),
    )
  })
}

describe.skipIf(!hasTerraform)("Terraform's own s3 backend", { timeout: 60_000 }, () => {
  test('of two applies at once one holds the lock, and the other is told whose it is', async () => {
    const [a, b] = [workingCopy('a'), workingCopy('b')]
    for (const folder of [a, b]) {
      expect(await terraform(folder, 'init', '-input=false')).toMatchObject({ code: 0 })
      const made = await terraform(folder, 'workspace', 'select', '-or-create', 'plat-dev')
      expect(made, made.out).toMatchObject({ code: 0 })
    }
    const first = terraform(a, 'apply', '-auto-approve', '-input=false')
    while (!existsSync(join(a, 'applying'))) await setTimeout(20)
    writeFileSync(join(b, 'go'), '')
    const second = await terraform(b, 'apply', '-auto-approve', '-input=false', '-lock-timeout=0s')
    expect(second.code).toBe(1)
    expect(second.out).toContain('Error acquiring the state lock')
    expect(second.out).toContain('vpc/plat-dev/terraform.tfstate')
    writeFileSync(join(a, 'go'), '')
    const done = await first
    expect(done, done.out).toMatchObject({ code: 0 })
    const after = await terraform(b, 'apply', '-auto-approve', '-input=false')
    expect(after, after.out).toMatchObject({ code: 0 })
    expect([...s3.buckets.get('states')!.objects.keys()].filter((key) => key.endsWith('.tflock'))).toEqual([])
  })

  test('its states are read without Terraform: outputs, serial, what is secret', async () => {
    const states = backendStates({ s3: s3States({ env: env() }) })
    const ref = { backendType: 's3', backend: backend(), workspace: 'plat-dev', folder: '/repo/components/vpc' }
    const found = await states.read(ref)
    expect(found?.outputs).toEqual({
      who: { value: 'b', sensitive: false },
      token: { value: 's3cr3t', sensitive: true },
    })
    expect(found?.objects).toBe(1)
    const pulled = JSON.parse((await terraform(join(root, 'b'), 'state', 'pull')).out) as {
      lineage: string
      serial: number
    }
    expect(found?.id).toEqual({ lineage: pulled.lineage, serial: pulled.serial })
    expect(await states.read({ ...ref, workspace: 'plat-prod' })).toBeUndefined()
  })
})
