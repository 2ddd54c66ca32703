import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pageMark } from '../dashboard/page.ts'
import { UserError } from '../error.ts'
import { mayReplace, replaceFile } from './page-file.ts'

let folder: string
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airlock-page-'))
  await mkdir(at('public'))
  await writeFile(at('empty'), '')
  await writeFile(at('notes.html'), '<p>mine</p>')
  await writeFile(at('old.html'), `<!doctype html>${pageMark} an old page`)
  await symlink('old.html', at('link.html'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Why a path is refused; undefined when it is not. */
async function refused(name: string, force = false): Promise<string | undefined> {
  try {
    await mayReplace(at(name), name, force)
    return undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${error.code} ${error.message.replaceAll(folder, '~')}; ${error.fix}`
  }
}

test('an earlier page, an empty file and a new file may be written', async () => {
  for (const name of ['old.html', 'link.html', 'empty', 'new.html']) expect(await refused(name)).toBeUndefined()
})

test('any other file only with force', async () => {
  expect(await refused('notes.html')).toBe(
    'dashboard-over-other notes.html is there already and is no dashboard of Airlock; name another file, or replace it with --force',
  )
  expect(await refused('notes.html', true)).toBeUndefined()
})

test('a folder, a path below a file and one in no folder are refused with what is wrong', async () => {
  expect(await refused('public', true)).toBe(
    'file-unwritable public cannot be written: it is a folder; name a file in it: --out public/index.html',
  )
  expect(await refused('nowhere/index.html')).toBe(
    'file-unwritable nowhere/index.html cannot be written: there is no folder ~/nowhere; name a file in a folder that exists',
  )
  expect(await refused('empty/index.html')).toBe(
    'file-unwritable empty/index.html cannot be written: ~/empty is no folder; name a file in a folder that exists',
  )
})

test('a page takes the place of the one before at once, a link stays a link, nothing else is left', async () => {
  await replaceFile(at('link.html'), 'new')
  expect(await readFile(at('old.html'), 'utf8')).toBe('new')
  expect((await readdir(folder, { withFileTypes: true })).find((it) => it.name === 'link.html')?.isSymbolicLink()).toBe(
    true,
  )
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('where nothing can be written, that is said, and nothing is left', async () => {
  await expect(replaceFile(at('nowhere/index.html'), 'x')).rejects.toMatchObject({ code: 'file-unwritable' })
})
