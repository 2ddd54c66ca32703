import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localBackend } from './local.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'airlock-local-'))
  await mkdir(join(cwd, '.terraform'))
})
afterEach(() => rm(cwd, { recursive: true }))

const initialised = (backend: unknown) =>
  writeFile(join(cwd, '.terraform/terraform.tfstate'), JSON.stringify({ version: 3, backend }))
const local = (config: unknown) => initialised({ type: 'local', config })
const state = { version: 4, lineage: 'l', serial: 3, outputs: { cidr: { value: '10.0.0.0/16', type: 'string' } } }
async function stateAt(path: string, content: unknown = state) {
  await mkdir(join(cwd, path, '..'), { recursive: true })
  await writeFile(join(cwd, path), typeof content === 'string' ? content : JSON.stringify(content))
}
const read = { id: { lineage: 'l', serial: 3 }, outputs: { cidr: '10.0.0.0/16' } }

test('the workspace is chosen as Terraform chooses it: its folder is made, its name noted', async () => {
  await local({ path: null, workspace_dir: null })
  expect(await (await localBackend(cwd, {}, 'plat-ue2-dev'))?.select()).toBe(true)
  expect(await readFile(join(cwd, '.terraform/environment'), 'utf8')).toBe('plat-ue2-dev')
  await stateAt('terraform.tfstate.d/plat-ue2-dev/terraform.tfstate')
  expect(await (await localBackend(cwd, {}, 'plat-ue2-dev'))?.state()).toEqual(read)
})

test('states lie where the backend says: in a file of the default workspace, in a folder of the others', async () => {
  await local({ path: 'own.tfstate', workspace_dir: 'spaces' })
  expect(await (await localBackend(cwd, {}, 'dev'))?.state()).toBeUndefined()
  await stateAt('own.tfstate')
  await stateAt('spaces/dev/terraform.tfstate', { ...state, serial: 9 })
  expect(await (await localBackend(cwd, {}, 'default'))?.state()).toEqual(read)
  expect(await (await localBackend(cwd, {}, 'dev'))?.state()).toMatchObject({ id: { serial: 9 } })
})

test('without a backend block the defaults hold', async () => {
  await stateAt('terraform.tfstate')
  expect(await (await localBackend(cwd, {}, 'default'))?.state()).toEqual(read)
})

test('another backend, a variable that redirects Terraform and an odd name are left to Terraform', async () => {
  expect(await localBackend(cwd, {}, undefined)).toBeUndefined()
  expect(await localBackend(cwd, { TF_WORKSPACE: 'x' }, 'dev')).toBeUndefined()
  expect(await localBackend(cwd, { TF_CLI_ARGS_init: '-backend=false' }, 'dev')).toBeUndefined()
  for (const name of ['..', '.', 'a/b', 'a b', 'ä']) expect(await localBackend(cwd, {}, name)).toBeUndefined()
  await initialised({ type: 's3', config: { bucket: 'b' } })
  expect(await localBackend(cwd, {}, 'dev')).toBeUndefined()
  await writeFile(join(cwd, '.terraform/terraform.tfstate'), 'cut off')
  expect(await localBackend(cwd, {}, 'dev')).toBeUndefined()
})

test('a state that is encrypted, of another format or cut off is for Terraform to read', async () => {
  const encrypted = { version: 4, lineage: 'l', serial: 3, encrypted_data: '…', encryption_version: 'v0' }
  for (const content of [encrypted, { ...state, version: 3 }, '{"version": 4, "lin']) {
    await stateAt('terraform.tfstate', content)
    expect(await (await localBackend(cwd, {}, 'default'))?.state()).toBe('ask')
  }
  await stateAt('terraform.tfstate', '')
  expect(await (await localBackend(cwd, {}, 'default'))?.state()).toBeUndefined()
})

test('a workspace whose folder cannot be made is left to Terraform, which says why', async () => {
  await writeFile(join(cwd, 'terraform.tfstate.d'), 'a file')
  expect(await (await localBackend(cwd, {}, 'dev'))?.select()).toBe(false)
})
