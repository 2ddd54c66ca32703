import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blobId } from '../blob.ts'
import { NotLoaded } from '../tree.ts'
import { folderTree } from './folder.ts'

let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'airlock-folder-'))
  for (const folder of ['stacks/orgs', 'node_modules/x', 'components/.terraform'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const file of [
    'atmos.yaml',
    'stacks/orgs/ü.yaml',
    'stacks/a.yaml',
    'node_modules/x/y.yaml',
    'components/.terraform/z',
  ])
    writeFileSync(join(root, file), `# ${file}\n`)
  symlinkSync('a.yaml', join(root, 'stacks/link.yaml'))
})
afterAll(() => rmSync(root, { recursive: true }))

test('files come in byte order, without what packages and Terraform keep', async () => {
  const { files } = await folderTree(root)
  expect([...files.keys()]).toEqual(['atmos.yaml', 'stacks/a.yaml', 'stacks/link.yaml', 'stacks/orgs/ü.yaml'])
})

test('contents are loaded when asked for, links give their target', async () => {
  const tree = await folderTree(root)
  expect(() => tree.text('atmos.yaml')).toThrow(NotLoaded)
  await tree.load(['atmos.yaml', 'stacks/link.yaml'])
  expect(tree.text('atmos.yaml')).toBe('# atmos.yaml\n')
  expect(tree.text('stacks/link.yaml')).toBe('a.yaml')
  expect(tree.text('missing')).toBeUndefined()
  expect(tree.files.get('atmos.yaml')?.hash).toBe(blobId(Buffer.from('# atmos.yaml\n')))
})
