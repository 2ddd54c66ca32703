import { expect, test } from 'vitest'
import { blobId } from '../blob.ts'
import { requireCommit, requireMergeBase } from '../missing.ts'
import { repoContract } from '../repo.contract.ts'
import { memoryRepo, memoryTree } from './memory.ts'

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

repoContract('memory', async () => {
  const config: Record<string, string> = {}
  const repo = memoryRepo({ config })
  return {
    commit: async (files, subject = 'change') => repo.commit(files, { subject }),
    branch: async (name) => {
      const tip = await repo.resolve('HEAD')
      if (tip !== undefined) repo.ref(name, tip)
      repo.checkout(name)
    },
    checkout: async (name) => repo.checkout(name),
    write: async (files) => repo.write(files),
    config: async (key, value) => {
      config[key] = value
    },
    repo: async () => repo,
  }
})

test('a shallow clone says how to get the rest', async () => {
  const repo = memoryRepo()
  const base = repo.commit({ a: '1' })
  const left = repo.commit({ a: '2' }, { branch: 'left', parents: [base] })
  const right = repo.commit({ a: '3' }, { branch: 'right', parents: [base] })
  repo.forget([base])
  await expect(requireMergeBase(repo, left, right)).rejects.toMatchObject({ code: 'history-missing', exit: 2 })
  await expect(requireCommit(repo, base)).rejects.toMatchObject({ fix: expect.stringContaining('--unshallow') })
})
