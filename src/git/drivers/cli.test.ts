import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { requireCommit } from '../missing.ts'
import { repoContract } from '../repo.contract.ts'
import type { CommitId } from '../repo.ts'
import { gitRepo } from './cli.ts'
import type { MemoryFiles } from './memory.ts'
import { gitEnvironment } from './process.ts'

const env = {
  ...gitEnvironment(process.env),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // What these tests write need not survive a power failure.
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'core.fsync',
  GIT_CONFIG_VALUE_0: 'none',
  GIT_CONFIG_KEY_1: 'gc.auto',
  GIT_CONFIG_VALUE_1: '0',
}
const identity = {
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@acme.test',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@acme.test',
}
const base = realpathSync(mkdtempSync(join(tmpdir(), 'airlock git ü-')))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const git = (dir: string, ...args: string[]) =>
  execFileSync('git', args, {
    cwd: dir,
    env: { ...env, ...identity },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

function newFolder(): string {
  return mkdtempSync(join(base, 'repo-'))
}

function newRepo(...args: string[]): string {
  const dir = newFolder()
  git(dir, 'init', '--quiet', '--initial-branch=main', ...args)
  return dir
}

function write(dir: string, files: MemoryFiles): void {
  for (const name of readdirSync(dir)) if (name !== '.git') rmSync(join(dir, name), { recursive: true, force: true })
  for (const [path, given] of Object.entries(files)) {
    const absolute = join(dir, path)
    mkdirSync(dirname(absolute), { recursive: true })
    const file = typeof given === 'string' || given instanceof Uint8Array ? { mode: 'file', content: given } : given
    if (file.mode === 'symlink') symlinkSync(String(file.content), absolute)
    else writeFileSync(absolute, file.content)
    if (file.mode === 'executable') chmodSync(absolute, 0o755)
  }
}

function commit(dir: string, files: MemoryFiles, subject = 'change'): CommitId {
  write(dir, files)
  git(dir, 'add', '--all')
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', subject)
  return git(dir, 'rev-parse', 'HEAD') as CommitId
}

for (const format of ['sha1', 'sha256']) {
  repoContract(`git, ${format}`, async () => {
    const dir = newRepo(`--object-format=${format}`)
    return {
      commit: async (files, subject) => commit(dir, files, subject),
      branch: async (name) => void git(dir, 'checkout', '--quiet', '-b', name),
      checkout: async (name) => void git(dir, 'checkout', '--quiet', name),
      write: async (files) => write(dir, files),
      config: async (key, value) => void git(dir, 'config', key, value),
      repo: () => gitRepo(dir, env),
    }
  })
}

describe('where a repository is', () => {
  test('is told apart: no repository, bare, without commits', async () => {
    await expect(gitRepo(newFolder(), { ...env, GIT_CEILING_DIRECTORIES: base })).rejects.toMatchObject({
      code: 'not-a-repository',
      exit: 2,
    })
    await expect(gitRepo(newRepo('--bare'), env)).rejects.toMatchObject({ code: 'repository-bare', exit: 2 })
    const empty = newRepo()
    await expect(gitRepo(empty, env)).rejects.toMatchObject({ code: 'repository-empty', exit: 2 })
    await expect(gitRepo(join(empty, '.git'), env)).rejects.toMatchObject({ code: 'repository-bare' })
    await expect(gitRepo(join(base, 'no-such-folder'), env)).rejects.toMatchObject({ code: 'git-missing', exit: 2 })
  })

  test('is found from a folder inside it, and from a linked worktree', async () => {
    const dir = newRepo()
    const tip = commit(dir, { 'a/b/c.yaml': 'x', root: 'y' })
    const inside = await gitRepo(join(dir, 'a/b'), env)
    expect(inside).toMatchObject({ root: dir, mainWorktree: dir, commonDir: join(dir, '.git') })
    expect([...(await inside.tree(tip, () => true)).files.keys()]).toEqual(['a/b/c.yaml', 'root'])
    expect([...(await inside.workTree(() => true)).files.keys()]).toEqual(['a/b/c.yaml', 'root'])
    const linked = `${dir} linked`
    git(dir, 'worktree', 'add', '--quiet', '-b', 'other', linked)
    const repo = await gitRepo(linked, env)
    expect(repo).toMatchObject({
      root: linked,
      mainWorktree: dir,
      commonDir: join(dir, '.git'),
      branch: 'other',
      id: inside.id,
    })
  })

  test('is where we stand, whatever the environment of a Git hook says', async () => {
    const dir = newRepo()
    const tip = commit(dir, { a: 'here' })
    const other = newRepo()
    commit(other, { a: 'elsewhere' })
    const hook = {
      ...env,
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git/index'),
    }
    const repo = await gitRepo(dir, hook)
    expect(repo.root).toBe(dir)
    expect(await repo.resolve('HEAD')).toBe(tip)
    expect(await repo.dirty()).toEqual([])
  })

  test('tells where a branch is now, however it moved since the repository was opened', async () => {
    const dir = newRepo()
    const first = commit(dir, { a: '1' })
    const repo = await gitRepo(dir, env)
    expect(await repo.resolve('main')).toBe(first)
    const second = commit(dir, { a: '2' })
    expect([await repo.resolve('main'), await repo.resolve('main^')]).toEqual([second, first])
    git(dir, 'pack-refs', '--all')
    git(dir, 'gc', '--quiet')
    const third = commit(dir, { a: '3' })
    git(dir, 'pack-refs', '--all')
    expect([await repo.resolve('refs/heads/main'), await repo.resolve('HEAD')]).toEqual([third, third])
    git(dir, 'update-ref', '-d', 'refs/heads/main')
    expect(await repo.resolve('refs/heads/main')).toBeUndefined()
    for (const odd of [`${first}\n${third}`, 'no such', `${third}:a`, 'main commit 3'])
      expect(await repo.resolve(odd)).toBeUndefined()
    expect((await repo.info(first)).subject).not.toBe('')
  })

  test('has one name in every clone', async () => {
    const dir = newRepo()
    commit(dir, { a: '1' })
    const name = (await gitRepo(dir, env)).id
    const clone = newFolder()
    git(base, 'clone', '--quiet', dir, clone)
    const cloned = await gitRepo(clone, env)
    expect(cloned.id).toBe(name)
    expect(await cloned.originHead()).toBe('main')
    git(dir, 'remote', 'add', 'origin', 'git@github.com:acme/infra.git')
    git(clone, 'remote', 'set-url', 'origin', 'https://x-access-token:s3cret@github.com/acme/infra')
    const [ssh, https] = [(await gitRepo(dir, env)).id, (await gitRepo(clone, env)).id]
    expect(ssh).toBe(https)
    expect(ssh).not.toBe(name)
  })

  test('may be a shallow clone, which then says how to get the rest', async () => {
    const dir = newRepo()
    const first = commit(dir, { a: '1' })
    commit(dir, { a: '2' })
    const clone = newFolder()
    git(base, 'clone', '--quiet', '--depth=1', `file://${dir}`, clone)
    const repo = await gitRepo(clone, env)
    expect(repo.shallow).toBe(true)
    await expect(requireCommit(repo, first)).rejects.toMatchObject({ code: 'history-missing' })
  })

  test('may be deepened, and then knows what it fetched', async () => {
    const dir = newRepo()
    const first = commit(dir, { a: '1' })
    commit(dir, { a: '2' })
    const last = commit(dir, { a: '3' })
    const clone = newFolder()
    git(base, 'clone', '--quiet', '--depth=1', `file://${dir}`, clone)
    const repo = await gitRepo(clone, env)
    expect(await repo.resolve('HEAD~1')).toBeUndefined()
    await repo.deepen(undefined, [last], 1)
    expect(await repo.resolve('HEAD~1')).toBeDefined()
    expect(await repo.resolve('HEAD~2')).toBeUndefined()
    await repo.deepen('main', [last])
    expect(await repo.resolve('HEAD~2')).toBe(first)
    expect(await repo.mergeBase(last, first)).toBe(first)
  })
})

describe('what is in the work tree', () => {
  test('leaves out ignored files and repositories inside, and keeps a submodule as its commit', async () => {
    const inner = newRepo()
    const pinned = commit(inner, { x: '1' })
    const dir = newRepo()
    commit(dir, { '.gitignore': 'secret\n.terraform/\n', a: '1' })
    git(dir, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner, 'modules/inner')
    git(dir, 'commit', '--quiet', '-m', 'add a submodule')
    mkdirSync(join(dir, '.terraform'))
    writeFileSync(join(dir, '.terraform/x'), '')
    writeFileSync(join(dir, 'secret'), '')
    git(dir, 'init', '--quiet', 'nested')
    commit(join(dir, 'nested'), { y: '1' })
    const repo = await gitRepo(dir, env)
    const tree = await repo.workTree(() => true)
    expect([...tree.files.keys()]).toEqual(['.gitignore', '.gitmodules', 'a', 'modules/inner'])
    expect(tree.files.get('modules/inner')).toEqual({ path: 'modules/inner', mode: 'submodule', hash: pinned })
    expect(tree.text('modules/inner')).toBeUndefined()
    const moved = commit(join(dir, 'modules/inner'), { x: '2' })
    expect((await repo.workTree(() => false)).files.get('modules/inner')?.hash).toBe(moved)
    expect(await repo.dirty()).toEqual(['modules/inner'])
  })

  test('holds what a sparse checkout leaves out, and misses what vanished', async () => {
    const dir = newRepo()
    commit(dir, { 'in/a': 'a', 'out/b': 'b' })
    git(dir, 'sparse-checkout', 'set', 'in')
    writeFileSync(join(dir, 'in/new'), 'n')
    const repo = await gitRepo(dir, env)
    const tree = await repo.workTree(() => false)
    expect([...tree.files.keys()]).toEqual(['in/a', 'in/new', 'out/b'])
    await tree.load(['in/a', 'out/b'])
    expect([tree.text('in/a'), tree.text('out/b')]).toEqual(['a', 'b'])
    rmSync(join(dir, 'in/new'))
    await expect(tree.load(['in/new'])).rejects.toMatchObject({ code: 'file-vanished' })
  })

  test('survives a merge conflict, and line ending filters', async () => {
    const dir = newRepo()
    commit(dir, { '.gitattributes': '*.txt text eol=crlf\n', a: 'base\n', 't.txt': 'one\r\n' })
    git(dir, 'checkout', '--quiet', '-b', 'topic')
    commit(dir, { '.gitattributes': '*.txt text eol=crlf\n', a: 'topic\n', 't.txt': 'one\r\n' })
    git(dir, 'checkout', '--quiet', 'main')
    commit(dir, { '.gitattributes': '*.txt text eol=crlf\n', a: 'main\n', 't.txt': 'one\r\n' })
    expect(() => git(dir, 'merge', 'topic')).toThrow()
    writeFileSync(join(dir, 't.txt'), 'one\r\n')
    const repo = await gitRepo(dir, env)
    expect(await repo.dirty()).toEqual(['a'])
    expect((await repo.workTree(() => true)).text('a')).toContain('<<<<<<<')
  })

  test('is listed fast: 10,000 files in little more than git itself needs', async () => {
    const dir = newRepo()
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: dir,
      env,
      input: 'vars: {}',
      encoding: 'utf8',
    })
    const entries = Array.from({ length: 10_000 }, (_, i) => `100644 ${blob.trim()}\td${i % 100}/f${i}.yaml\n`)
    execFileSync('git', ['update-index', '--index-info'], { cwd: dir, env, input: entries.join('') })
    git(dir, 'commit', '--quiet', '-m', 'ten thousand')
    git(dir, 'checkout', '--quiet', '--force', 'main')
    const tip = git(dir, 'rev-parse', 'HEAD') as CommitId
    writeFileSync(join(dir, 'd0/f0.yaml'), 'edited')
    const repo = await gitRepo(dir, env)
    const start = performance.now()
    git(dir, 'status', '--porcelain')
    const gitMs = performance.now() - start
    const work = await repo.workTree(() => false)
    const tookMs = performance.now() - start - gitMs
    const tree = await repo.tree(tip, () => true)
    expect(work.files.size).toBe(10_000)
    expect(tree.text('d99/f9999.yaml')).toBe('vars: {}')
    expect(tookMs).toBeLessThan(5 * gitMs + 1000)
  })
})
