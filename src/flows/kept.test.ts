import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import type { LoadableTree } from '../git/repo.ts'
import type { Cache } from '../machine/cache.ts'
import type { Source } from './describe.ts'
import { type Kept, keptText } from './kept.ts'

function memoryCache(): Cache {
  const entries = new Map<string, Uint8Array>()
  return {
    get: async (key) => entries.get(key),
    put: async (key, bytes) => void entries.set(key, bytes),
  }
}

function source(files: Readonly<Record<string, string>>, env: Source['ambient']['env'] = {}): Source {
  const tree: LoadableTree = { ...memoryTree(files), load: async () => {} }
  return { ambient: { cwd: '', env, gitRoot: '' }, tree: async () => tree }
}

/** The text that is printed, and whether it was worked out for it. */
async function asked(from: Source, kept: Kept | undefined, question: unknown = 'q') {
  let worked = false
  let printed = ''
  const work = async () => {
    worked = true
    return ['one\n', 'two\n']
  }
  await keptText(from, kept, question, work, (piece) => {
    printed += piece
  })
  return { printed, worked }
}

const files = { 'stacks/a.yaml': 'vars: {}\nenv:\n  A: x\n' }

test('the same question of the same files is answered from the cache, with the same text', async () => {
  const kept: Kept = { cache: memoryCache(), code: '1' }
  expect(await asked(source(files), kept)).toEqual({ printed: 'one\ntwo\n', worked: true })
  expect(await asked(source(files), kept)).toEqual({ printed: 'one\ntwo\n', worked: false })
  expect(await asked(source(files, { HOME: '/elsewhere' }), kept)).toMatchObject({ worked: false })
})

test('another question, file, setting, or another code is answered anew', async () => {
  const cache = memoryCache()
  const kept: Kept = { cache, code: '1' }
  await asked(source(files), kept)
  for (const [from, given, question] of [
    [source(files), kept, 'other'],
    [source({ 'stacks/a.yaml': 'vars: { a: 1 }\n' }), kept, 'q'],
    [source({ ...files, 'docs/new.md': '' }), kept, 'q'],
    [source({ 'stacks/b.yaml': files['stacks/a.yaml'] }), kept, 'q'],
    [source(files, { ATMOS_PROFILE: 'dev' }), kept, 'q'],
    [source(files), { cache, code: '2' }, 'q'],
  ] as const)
    expect(await asked(from, given, question)).toMatchObject({ worked: true })
})

test.each(['vars: { a: !env TOKEN }', 'vars: { a: \'{{ env "TOKEN" }}\' }', 'vars: { a: "{{ getenv `TOKEN` }}" }'])(
  'an answer that may hold what the environment says is not kept: %s',
  async (text) => {
    const kept: Kept = { cache: memoryCache(), code: '1' }
    const from = source({ 'stacks/a.yaml': text })
    await asked(from, kept)
    expect(await asked(from, kept)).toMatchObject({ worked: true })
  },
)

test('without a cache each answer is worked out', async () => {
  expect(await asked(source(files), undefined)).toEqual({ printed: 'one\ntwo\n', worked: true })
})
