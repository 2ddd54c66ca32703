import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gitEnv } from './git.ts'
import { type FakeGitHub, startGitHub } from './github.ts'

let github: FakeGitHub
let folder: string
const repository = 'acme/infra'

beforeEach(async () => {
  github = await startGitHub()
  folder = mkdtempSync(join(tmpdir(), 'fake-clone-'))
  github.user('ann')
  github.user('bob')
  await github.createRepository({
    owner: 'acme',
    name: 'infra',
    files: { 'a.txt': 'a\n', 'b.txt': 'b\n' },
    collaborators: { ann: 'write', bob: 'read' },
  })
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await github.close()
})

const identity = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.com']
async function run(cwd: string, ...args: string[]): Promise<string> {
  const { execFile } = await import('node:child_process')
  return new Promise((resolve, reject) =>
    execFile('git', [...identity, ...args], { cwd, env: { ...gitEnv } }, (error, out, err) =>
      error ? reject(new Error(err)) : resolve(out),
    ),
  )
}
const clone = (token: string): Promise<string> => run(folder, 'clone', '-q', github.cloneUrl(repository, token), 'c')
const work = (): string => join(folder, 'c')
const events = (): string[] => github.deliveries.map((it) => `${it.event} ${it.action ?? ''}`.trim())

describe('Git over HTTP', () => {
  it('clones, takes a push, and tells of it', async () => {
    await clone(github.userToken('ann'))
    writeFileSync(join(work(), 'a.txt'), 'changed\n')
    await run(work(), 'commit', '-qam', 'Change a')
    await run(work(), 'push', '-q', 'origin', 'HEAD:main')
    expect(await github.commit(repository, 'main')).toBe((await run(work(), 'rev-parse', 'HEAD')).trim())
    expect(github.deliveries).toMatchObject([{ event: 'push', ref: 'refs/heads/main', by: { login: 'ann' } }])
  })

  it('takes no push from one who only reads, and no unknown token', async () => {
    await clone(github.userToken('bob'))
    await run(work(), 'commit', '-q', '--allow-empty', '-m', 'Nothing')
    await expect(run(work(), 'push', '-q', 'origin', 'HEAD:main')).rejects.toThrow('403')
    await expect(run(folder, 'clone', '-q', github.cloneUrl(repository, 'ghp_unknown'), 'd')).rejects.toThrow(
      /Authentication failed|could not read/,
    )
  })

  it('shows a private repository to nobody without a token', async () => {
    await expect(run(folder, 'clone', '-q', `${github.serverUrl}/${repository}.git`, 'd')).rejects.toThrow()
  })

  it('moves the pull request of a pushed branch, with its refs', async () => {
    await clone(github.userToken('ann'))
    const pushed = await github.push(repository, { branch: 'topic', files: { 'a.txt': '1\n' }, by: 'ann' })
    const number = await github.openPull(repository, { head: 'topic', by: 'ann' })
    expect(await github.commit(repository, `refs/pull/${number}/head`)).toBe(pushed)
    await run(work(), 'fetch', '-q', 'origin', 'topic')
    await run(work(), 'checkout', '-q', 'FETCH_HEAD')
    await run(work(), 'commit', '-q', '--allow-empty', '-m', 'More')
    await run(work(), 'push', '-q', 'origin', 'HEAD:topic')
    const head = (await run(work(), 'rev-parse', 'HEAD')).trim()
    expect(github.pull(repository, number).headSha).toBe(head)
    const parents = execFileSync('git', ['log', '-1', '--format=%P', `refs/pull/${number}/merge`], {
      cwd: github.folder(repository),
      encoding: 'utf8',
    })
    expect(parents.trim().split(' ')).toEqual([await github.commit(repository, 'main'), head])
    expect(events()).toEqual([
      'push',
      'pull_request opened',
      'pull_request_target opened',
      'push',
      'pull_request synchronize',
      'pull_request_target synchronize',
    ])
  })

  it('takes no push to the refs of pull requests', async () => {
    await clone(github.userToken('ann'))
    await expect(run(work(), 'push', '-q', 'origin', 'HEAD:refs/pull/7/head')).rejects.toThrow('hidden ref')
  })

  it('keeps refs of ours without telling anybody', async () => {
    await clone(github.userToken('ann'))
    await run(work(), 'push', '-q', 'origin', 'HEAD:refs/airlock/state')
    expect(await github.commit(repository, 'refs/airlock/state')).toBe(await github.commit(repository, 'main'))
    expect(events()).toEqual([])
  })
})

describe('the repository', () => {
  it('is sound to Git itself after pushes, merges and merge refs', async () => {
    await github.push(repository, { branch: 'topic', files: { 'x/y/z.txt': '1\n', 'a.txt': null }, by: 'ann' })
    await github.push(repository, { branch: 'main', files: { 'b.txt': 'b2\n' }, by: 'ann' })
    const number = await github.openPull(repository, { head: 'topic', by: 'ann' })
    await github.push(repository, { branch: 'topic', files: { 'x/y/z.txt': null }, by: 'ann' })
    await github.merge(repository, number, { by: 'ann', method: 'merge' })
    expect(await run(github.folder(repository), 'fsck', '--strict', '--no-dangling')).toBe('')
    expect(await run(github.folder(repository), 'ls-tree', '-r', '--name-only', 'main')).toBe('b.txt\n')
    expect(await run(github.folder(repository), 'show', 'main:b.txt')).toBe('b2\n')
  })

  it('refuses a push that a rule forbids, and says why', async () => {
    const token = github.userToken('ann')
    await clone(token)
    github.user('ada', { [repository]: 'admin' })
    const body = {
      name: 'main',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [{ type: 'non_fast_forward' }],
    }
    await fetch(`${github.apiUrl}/repos/${repository}/rulesets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${github.userToken('ada')}` },
      body: JSON.stringify(body),
    })
    await run(work(), 'commit', '-q', '--allow-empty', '-m', 'One')
    await run(work(), 'push', '-q', 'origin', 'HEAD:main')
    await run(work(), 'commit', '-q', '--amend', '--allow-empty', '-m', 'Another')
    await expect(run(work(), 'push', '-q', '--force', 'origin', 'HEAD:main')).rejects.toThrow('GH013')
    expect(github.deliveries).toHaveLength(1)
  })
})

describe('a test merge', () => {
  const merged = async (ours: Record<string, string | null>, theirs: Record<string, string | null>) => {
    const first = await github.commit(repository, 'main')
    await github.push(repository, { branch: 'main', files: ours, by: 'ann' })
    await github.push(repository, { branch: 'topic', files: theirs, by: 'ann', onto: first })
    const { mergeSha, headSha } = github.pull(
      repository,
      await github.openPull(repository, { head: 'topic', by: 'ann' }),
    )
    const main = await github.commit(repository, 'main')
    const asGit = await run(github.folder(repository), 'merge-tree', '--write-tree', main, headSha).catch(
      () => undefined,
    )
    const tree = mergeSha && (await run(github.folder(repository), 'rev-parse', `${mergeSha}^{tree}`))
    return [tree, asGit]
  }

  it.each([
    ['of different files of one folder', { 'd/a.txt': '1' }, { 'd/b.txt': '2', 'e/f/g.txt': '3' }],
    ['of a file that one side changed, and the other removed another', { 'a.txt': '1' }, { 'b.txt': null }],
    ['of the same change on both sides', { 'a.txt': '1' }, { 'a.txt': '1', 'c.txt': 'c' }],
    [
      'of a file that one side moved, and the other changed',
      { 'a.txt': 'a\nmore\n' },
      { 'a.txt': null, 'moved.txt': 'a\n' },
    ],
    ['of a file that both sides changed', { 'a.txt': '1' }, { 'a.txt': '2' }],
  ])('%s is what Git makes of it', async (_, ours, theirs) => {
    const [tree, asGit] = await merged(ours, theirs)
    expect(tree).toBe(asGit)
  })
})
