import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CopyFile } from './copy.ts'
import { warm, warmth } from './warm.ts'

const tool = { kind: 'terraform', path: '/bin/terraform', version: '1.11.4' } as const
const job = { folder: 'c', init: { reconfigure: true, passVars: false }, workspace: 'dev' }
const files = (texts: Readonly<Record<string, string>>): Map<string, CopyFile> =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), executable: false }]))
const pinned = { 'c/main.tf': 'a', 'c/.terraform.lock.hcl': 'lock', 'c/vars.tfvars.json': '{}' }

test('configuration, lock file, tool, workspace and where providers come from decide; variables do not', () => {
  const base = warmth(job, tool, {}, files(pinned))
  expect(base).toBeDefined()
  expect(warmth(job, tool, {}, files({ ...pinned, 'c/vars.tfvars.json': '{"a":1}' }))).toBe(base)
  const others = [
    warmth(job, tool, {}, files({ ...pinned, 'c/main.tf': 'b' })),
    warmth(job, tool, {}, files({ ...pinned, 'm/x.tf': 'a' })),
    warmth(job, tool, {}, files({ ...pinned, 'c/backend.tf.json': '{}' })),
    warmth(job, tool, {}, files({ ...pinned, 'c/.terraform.lock.hcl': 'other' })),
    warmth(job, { ...tool, version: '1.12.0' }, {}, files(pinned)),
    warmth(job, tool, { TF_CLI_CONFIG_FILE: '/rc' }, files(pinned)),
    warmth({ ...job, workspace: 'prod' }, tool, {}, files(pinned)),
  ]
  expect(new Set([base, ...others]).size).toBe(others.length + 1)
})

test('without a lock file nothing is warm: init may find another version', () => {
  expect(warmth(job, tool, {}, files({ 'c/main.tf': 'a' }))).toBeUndefined()
})

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'airlock-warm-'))
  await mkdir(join(root, '.terraform/providers/h/n/t/1.0.0'), { recursive: true })
  await mkdir(join(root, 'cache'))
  await symlink(join(root, 'cache'), join(root, '.terraform/providers/h/n/t/1.0.0/linux_amd64'))
  await writeFile(join(root, '.terraform/environment'), 'dev')
})
afterEach(() => rm(root, { recursive: true }))
const memory = () => warm(join(root, 'mark'), join(root, '.terraform'), 'dev')

test('a copy is warm for what it was initialised for, and for nothing else', async () => {
  expect(await memory().is('x')).toBe(false)
  await memory().set('x')
  expect([await memory().is('x'), await memory().is('y'), await memory().is(undefined)]).toEqual([true, false, false])
  await memory().set(undefined)
  expect(await memory().is('x')).toBe(false)
})

test('a copy whose providers are gone from the cache, or whose workspace is another, is not warm', async () => {
  await memory().set('x')
  await writeFile(join(root, '.terraform/environment'), 'prod')
  expect(await memory().is('x')).toBe(false)
  await writeFile(join(root, '.terraform/environment'), 'dev')
  await rm(join(root, 'cache'), { recursive: true })
  expect(await memory().is('x')).toBe(false)
})
