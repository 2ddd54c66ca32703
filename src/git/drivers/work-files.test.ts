import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { workFiles } from './work-files.ts'

const root = mkdtempSync(join(tmpdir(), 'airlock-files-'))
afterAll(() => rmSync(root, { recursive: true }))

test('a file is written with its folders, and removed, once or twice', async () => {
  const files = workFiles(root)
  await files.write('.github/workflows/a.yml', 'a\n')
  expect(readFileSync(join(root, '.github/workflows/a.yml'), 'utf8')).toBe('a\n')
  await files.remove('.github/workflows/a.yml')
  await files.remove('.github/workflows/a.yml')
  expect(() => readFileSync(join(root, '.github/workflows/a.yml'))).toThrow('ENOENT')
})

test('a file in the place of a folder is told with its name', async () => {
  writeFileSync(join(root, 'taken'), '')
  await expect(workFiles(root).write('taken/a.yml', '')).rejects.toMatchObject({
    code: 'file-unwritable',
    message: expect.stringContaining('taken/a.yml'),
  })
})
