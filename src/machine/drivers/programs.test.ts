import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pathPrograms } from './programs.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airlock-programs-'))
  const program = async (name: string, body: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`)
    await chmod(join(folder, name), 0o755)
  }
  await program('good', 'echo "Good v1.2.3 on linux ($1)"')
  await program('speaks-on-stderr', 'echo 4.5.6-rc1 >&2; exit 1')
  await program('odd', 'echo no idea')
  await writeFile(join(folder, 'not-executable'), '#!/bin/sh\n')
})
afterAll(() => rm(folder, { recursive: true }))

const find = (command: string) => pathPrograms('/', { PATH: `:/nowhere:${folder}` }).find(command, ['version'])

test('a program is found on the PATH, and its version read', async () => {
  expect(await find('good')).toEqual({ path: join(folder, 'good'), version: '1.2.3' })
  expect(await find(join(folder, 'good'))).toEqual({ path: join(folder, 'good'), version: '1.2.3' })
  expect((await find('speaks-on-stderr'))?.version).toBe('4.5.6-rc1')
})

test('a program that says no version is there all the same', async () => {
  expect(await find('odd')).toEqual({ path: join(folder, 'odd'), version: undefined, said: 'no idea' })
})

test('what is missing or cannot be run is not there', async () => {
  expect(await find('missing')).toBeUndefined()
  expect(await find('not-executable')).toBeUndefined()
})
