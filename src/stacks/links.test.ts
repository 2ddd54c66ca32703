import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { linkedText, refuseLinkedFolders } from './links.ts'

const tree = memoryTree({
  'stacks/a.yaml': 'vars: {}\n',
  'stacks/b.yaml': { mode: 'symlink', content: 'a.yaml' },
  'stacks/c.yaml': { mode: 'symlink', content: '../stacks/b.yaml' },
  'stacks/lost.yaml': { mode: 'symlink', content: '../../elsewhere.yaml' },
  'shared/x.yaml': '',
})

test('a link gives the content of the file that it leads to', () => {
  expect(linkedText(tree, 'stacks/c.yaml')).toBe('vars: {}\n')
})

test('a link out of the repository is refused', () => {
  expect(() => linkedText(tree, 'stacks/lost.yaml')).toThrow(
    /stacks\/lost.yaml is a symbolic link to ..\/..\/elsewhere.yaml/,
  )
})

test('a link to a folder is said not to be there yet, a link to a file is fine', () => {
  expect(() => refuseLinkedFolders(tree, 'stacks')).not.toThrow()
  const linked = memoryTree({ 'shared/x.yaml': '', 'stacks/all': { mode: 'symlink', content: '../shared' } })
  expect(() => refuseLinkedFolders(linked, 'stacks')).toThrow(expect.objectContaining({ code: 'not-yet' }))
})
