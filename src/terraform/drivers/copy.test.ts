import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CopyFile, copyFiles, copyOf, inside } from './copy.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'airlock-copy-'))
})
afterEach(() => rm(root, { recursive: true }))

const noLinks = new Map<string, string>()
const files = (texts: Readonly<Record<string, string>>, executable = false): Map<string, CopyFile> =>
  new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), executable }]))
const at = (links = noLinks, workspace = 'dev') => copyOf(join(root, 'tree'), { folder: 'c/vpc', links, workspace })
const list = async () => (await readdir(join(root, 'tree'), { recursive: true })).sort()

test('the copy holds the files and nothing else, but Terraform keeps its own', async () => {
  await at().write(files({ 'c/vpc/main.tf': 'a', 'modules/x/main.tf': 'b', 'old/deep/file': 'c' }))
  await mkdir(join(root, 'tree/c/vpc/.terraform/providers'), { recursive: true })
  await at().write(files({ 'c/vpc/main.tf': 'a', 'c/vpc/more.tf': 'd' }))
  expect(await list()).toEqual([
    'c',
    'c/vpc',
    'c/vpc/.terraform',
    'c/vpc/.terraform/providers',
    'c/vpc/main.tf',
    'c/vpc/more.tf',
  ])
})

test('what is right already is not rewritten; what another left wrong is', async () => {
  const wanted = files({ 'c/vpc/main.tf': 'right', 'c/vpc/other.tf': 'right' })
  await at().write(wanted)
  const before = await stat(join(root, 'tree/c/vpc/main.tf'))
  await writeFile(join(root, 'tree/c/vpc/other.tf'), 'wrong')
  await at().write(wanted)
  expect((await stat(join(root, 'tree/c/vpc/main.tf'))).mtimeMs).toBe(before.mtimeMs)
  expect(await readFile(join(root, 'tree/c/vpc/other.tf'), 'utf8')).toBe('right')
})

test('a file takes the place of a folder, a folder that of a file, and executables can be executed', async () => {
  await at().write(files({ 'c/vpc/a': '1', 'c/vpc/b/c': '2' }))
  await at().write(files({ 'c/vpc/a/d': '3', 'c/vpc/b': '4' }, true))
  expect(await list()).toEqual(['c', 'c/vpc', 'c/vpc/a', 'c/vpc/a/d', 'c/vpc/b'])
  expect((await stat(join(root, 'tree/c/vpc/b'))).mode & 0o777).toBe(0o755)
})

test('a link that a plan left in the copy is removed, not followed', async () => {
  await mkdir(join(root, 'elsewhere'))
  await at().write(files({ 'c/vpc/main.tf': 'a' }))
  await symlink(join(root, 'elsewhere'), join(root, 'tree/c/vpc/sub'))
  await at().write(files({ 'c/vpc/main.tf': 'a', 'c/vpc/sub/file': 'b' }))
  expect(await readdir(join(root, 'elsewhere'))).toEqual([])
  expect(await readFile(join(root, 'tree/c/vpc/sub/file'), 'utf8')).toBe('b')
})

test('links are there after `link` and gone after `write`, and what they lead to stays', async () => {
  const state = join(root, 'checkout/terraform.tfstate.d')
  const copy = at(new Map([['terraform.tfstate.d', state]]))
  await copy.write(files({ 'c/vpc/main.tf': 'a' }))
  await copy.link()
  await writeFile(join(root, 'tree/c/vpc/terraform.tfstate.d/x'), 'state')
  expect(await readlink(join(root, 'tree/c/vpc/terraform.tfstate.d'))).toBe(state)
  await copy.write(files({ 'c/vpc/main.tf': 'a' }))
  expect(await list()).toEqual(['c', 'c/vpc', 'c/vpc/main.tf'])
  expect(await readFile(join(state, 'x'), 'utf8')).toBe('state')
})

test('a folder of workspaces is made when it is missing, a state file is not', async () => {
  const links = new Map([['states', join(root, 'checkout/states')]])
  const folder = at(links)
  await folder.write(files({ 'c/vpc/main.tf': 'a' }))
  await folder.link()
  expect((await stat(join(root, 'checkout/states'))).isDirectory()).toBe(true)
  const file = at(new Map([['my.state', join(root, 'plain/my.state')]]), 'default')
  await file.write(files({ 'c/vpc/main.tf': 'a' }))
  await file.link()
  expect(await readdir(join(root, 'plain'))).toEqual([])
})

test('a state that was written beside its link is brought to where the link leads', async () => {
  const copy = at(new Map([['terraform.tfstate', join(root, 'checkout/terraform.tfstate')]]), 'default')
  await copy.write(files({ 'c/vpc/main.tf': 'a' }))
  await writeFile(join(root, 'tree/c/vpc/terraform.tfstate'), 'state')
  await copy.link()
  expect(await readFile(join(root, 'checkout/terraform.tfstate'), 'utf8')).toBe('state')
})

test('what a plan made is told: new files and changed ones, not what is Terraform’s own', async () => {
  const wanted = files({ 'c/vpc/main.tf': 'a', 'c/vpc/lambda.zip': 'old' })
  await at().write(wanted)
  await writeFile(join(root, 'tree/c/vpc/lambda.zip'), 'new')
  await writeFile(join(root, 'tree/c/vpc/made.json'), '{}')
  await writeFile(join(root, 'tree/c/vpc/.terraform.lock.hcl'), '')
  await writeFile(join(root, 'tree/c/vpc/terraform.tfstate.backup'), '')
  const made = await at().made(wanted)
  expect([...made].map(([path, bytes]) => `${path} ${Buffer.from(bytes)}`)).toEqual([
    'c/vpc/lambda.zip new',
    'c/vpc/made.json {}',
  ])
})

test('a plan that makes too much is an error that says so', async () => {
  await at().write(files({ 'c/vpc/main.tf': 'a' }))
  await Promise.all(Array.from({ length: 1001 }, (_, index) => writeFile(join(root, 'tree/c/vpc', `${index}`), '')))
  await expect(at().made(files({ 'c/vpc/main.tf': 'a' }))).rejects.toMatchObject({ code: 'plan-made-too-much' })
})

test('a state that could not be stored is set aside, never deleted', async () => {
  await at().write(files({ 'c/vpc/main.tf': 'a' }))
  await writeFile(join(root, 'tree/c/vpc/errored.tfstate'), 'precious')
  expect(Buffer.from((await at().errored()) ?? '').toString()).toBe('precious')
  await at().write(files({ 'c/vpc/main.tf': 'a' }))
  expect(await at().errored()).toBeUndefined()
  const aside = (await readdir(root)).filter((name) => name.startsWith('errored-'))
  expect(await Promise.all(aside.map((name) => readFile(join(root, name), 'utf8')))).toEqual(['precious'])
})

test('files of ours win over the repository’s, and none can be written outside of it', () => {
  const job = {
    folder: 'c/vpc',
    files: files({ 'c/vpc/backend.tf.json': 'theirs' }),
    generated: new Map([
      ['backend.tf.json', 'ours'],
      ['../shared.tf', 'beside'],
    ]),
  }
  const all = copyFiles({
    ...job,
    key: 'k',
    varFile: 'v',
    env: {},
    workspace: undefined,
    init: { reconfigure: false, passVars: false },
    links: noLinks,
  })
  expect([...all].map(([path, { bytes }]) => `${path} ${Buffer.from(bytes)}`)).toEqual([
    'c/vpc/backend.tf.json ours',
    'c/shared.tf beside',
  ])
  expect(() => inside('c/vpc', '../../../etc/x')).toThrow(/outside the repository/)
  expect(() => inside('c/vpc', '/etc/x')).toThrow(/outside the repository/)
})
