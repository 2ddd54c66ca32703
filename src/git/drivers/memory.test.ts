import { expect, test } from 'vitest'
import { blobId } from '../blob.ts'
import { memoryTree } from './memory.ts'

test('lists files in byte order with the ids that Git gives them', () => {
  const tree = memoryTree({ '\u{1F600}': 'x', '\uFF5E': 'x', b: 'hello\n', a: { mode: 'executable', content: '' } })
  expect([...tree.files.keys()]).toEqual(['a', 'b', '\uFF5E', '\u{1F600}'])
  expect(tree.files.get('b')?.hash).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  expect(blobId(new Uint8Array())).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
})

test('reads what is there and nothing else', () => {
  const tree = memoryTree({ 'stacks/dev.yaml': 'vars: {}' })
  expect(tree.text('stacks/dev.yaml')).toBe('vars: {}')
  expect(tree.text('stacks')).toBeUndefined()
  expect(tree.text('__proto__')).toBeUndefined()
})
