import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CopyFile } from './copy.ts'
import { type Initialised, kinship, siblings } from './siblings.ts'

const tool = { kind: 'terraform', path: '/bin/terraform', version: '1.11.4' } as const
const job = { folder: 'c', init: { reconfigure: true, passVars: false }, varFile: 'v.tfvars.json' }
const files = (texts: Readonly<Record<string, string>>): Map<string, CopyFile> =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), executable: false }]))
const given = { 'c/main.tf': 'a', 'c/backend.tf.json': 'b', 'c/v.tfvars.json': '{}' }

test('instances that differ in variables only are siblings; another backend, account, tool or file makes none', () => {
  const base = kinship(job, tool, { AWS_PROFILE: 'dev' }, files(given))
  const twin = files({ ...given, 'c/v.tfvars.json': '{"a":1}' })
  expect(kinship(job, tool, { AWS_PROFILE: 'dev', TF_VAR_token: 'x' }, twin)).toBe(base)
  const others = [
    kinship(job, tool, { AWS_PROFILE: 'prod' }, files(given)),
    kinship(job, { ...tool, version: '1.12.0' }, { AWS_PROFILE: 'dev' }, files(given)),
    kinship({ ...job, folder: 'd' }, tool, { AWS_PROFILE: 'dev' }, files(given)),
    kinship(job, tool, { AWS_PROFILE: 'dev' }, files({ ...given, 'c/backend.tf.json': 'other' })),
    kinship(job, tool, { AWS_PROFILE: 'dev' }, files({ ...given, 'c/.terraform.lock.hcl': 'x' })),
    kinship(job, tool, { AWS_PROFILE: 'dev' }, files({ ...given, 'c/x.auto.tfvars': 'x' })),
  ]
  expect(new Set([base, ...others]).size).toBe(others.length + 1)
})

test('where variables reach init, they count too; where a past may matter, there are no siblings', () => {
  const twin = files({ ...given, 'c/v.tfvars.json': '{"a":1}' })
  const passing = { ...job, init: { reconfigure: true, passVars: true } }
  expect(kinship(passing, tool, {}, twin)).not.toBe(kinship(passing, tool, {}, files(given)))
  const tofu = { ...tool, kind: 'tofu' } as const
  expect(kinship(job, tofu, {}, twin)).not.toBe(kinship(job, tofu, {}, files(given)))
  expect(kinship(job, tofu, { TF_VAR_a: '1' }, twin)).not.toBe(kinship(job, tofu, {}, twin))
  expect(kinship({ ...job, init: { reconfigure: false, passVars: false } }, tool, {}, twin)).toBeUndefined()
})

let root: string
let first: Initialised
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'airlock-siblings-'))
  const cwd = join(root, 'first')
  first = { cwd, mark: join(root, 'mark'), value: 'for this' }
  const provider = join(cwd, '.terraform/providers/h/n/t/1.0.0')
  await mkdir(provider, { recursive: true })
  await mkdir(join(root, 'cache'))
  await symlink(join(root, 'cache'), join(provider, 'linux_amd64'))
  await writeFile(join(cwd, '.terraform/environment'), 'dev')
  await writeFile(join(cwd, '.terraform/terraform.tfstate'), 'backend')
  await writeFile(join(cwd, '.terraform.lock.hcl'), 'lock')
  await writeFile(first.mark, first.value)
  await mkdir(join(root, 'second/.terraform'), { recursive: true })
  await writeFile(join(root, 'second/.terraform/stale'), '')
})
afterEach(() => rm(root, { recursive: true }))
const second = (path: string) => readFile(join(root, 'second', path), 'utf8').catch(() => 'none')

async function firstOf(family: ReturnType<typeof siblings>) {
  const turn = await family.take('kin', first.cwd)
  if (turn === 'taken') throw new Error('there is nothing to take yet')
  return turn
}

test('a sibling waits for the first, and has what that made, but for its workspace and with nothing of its own past', async () => {
  const family = siblings()
  const tell = await firstOf(family)
  const waiting = family.take('kin', join(root, 'second'))
  tell(first)
  expect(await waiting).toBe('taken')
  expect([await second('.terraform/terraform.tfstate'), await second('.terraform.lock.hcl')]).toEqual([
    'backend',
    'lock',
  ])
  expect([await second('.terraform/environment'), await second('.terraform/stale')]).toEqual(['none', 'none'])
})

test('where the first fails, it is the turn of the next', async () => {
  const family = siblings()
  const tell = await firstOf(family)
  const waiting = family.take('kin', join(root, 'second'))
  tell(undefined)
  expect(await waiting).toBeTypeOf('function')
})

test('nothing is taken of a copy that is initialised for something else now, or whose providers are gone', async () => {
  const spoil = [
    () => writeFile(first.mark, 'for another'),
    () => rm(first.mark),
    () => rm(join(root, 'cache'), { recursive: true }),
  ]
  for (const act of spoil) {
    const family = siblings()
    ;(await firstOf(family))(first)
    await writeFile(first.mark, first.value)
    await act()
    expect(await family.take('kin', join(root, 'second'))).toBeTypeOf('function')
    expect(await second('.terraform/terraform.tfstate')).toBe('none')
  }
})
