import { describe, expect, test } from 'vitest'
import type { MemoryFiles } from './drivers/memory.ts'
import { requireCommit, requireMergeBase } from './missing.ts'
import type { CommitId, Repo } from './repo.ts'
import type { TreeFile } from './tree.ts'

/** A repository under test, and the ways to change it. It begins empty, on `main`. */
export interface RepoFixture {
  /** Commits exactly these files on the current branch. */
  commit(files: MemoryFiles, subject?: string): Promise<CommitId>
  /** Makes a branch at the current commit and goes there. */
  branch(name: string): Promise<void>
  checkout(name: string): Promise<void>
  /** Replaces the work tree's files, committing nothing. */
  write(files: MemoryFiles): Promise<void>
  config(key: string, value: string): Promise<void>
  repo(): Promise<Repo>
}

const all = () => true
const none = () => false
const link = (target: string): MemoryFiles[string] => ({ mode: 'symlink', content: target })
const modes = (files: ReadonlyMap<string, TreeFile>) => Object.fromEntries([...files].map(([k, f]) => [k, f.mode]))

/** What every driver of `Repo` does. */
export function repoContract(name: string, fixture: () => Promise<RepoFixture>): void {
  describe(name, () => {
    test('reads any commit, with modes, links as their targets, and names of every kind', async () => {
      const it = await fixture()
      const odd = { 'a b/ü 漢.yaml': 'one', 'line\nbreak"quote\\.tf': 'two', '-dash': 'three', 'tab\there': 'four' }
      const old = await it.commit({
        ...odd,
        'run.sh': { mode: 'executable', content: '#!/bin/sh\n' },
        link: link('a b'),
      })
      await it.commit({ later: '' })
      const tree = await (await it.repo()).tree(old, all)
      expect(modes(tree.files)).toEqual({
        '-dash': 'file',
        'a b/ü 漢.yaml': 'file',
        'line\nbreak"quote\\.tf': 'file',
        link: 'symlink',
        'run.sh': 'executable',
        'tab\there': 'file',
      })
      expect([...tree.files.keys()]).toEqual([...tree.files.keys()].sort())
      for (const [path, content] of Object.entries(odd)) expect(tree.text(path)).toBe(content)
      expect(tree.text('link')).toBe('a b')
      expect(tree.text('link/ü 漢.yaml')).toBeUndefined()
      expect(tree.text('later')).toBeUndefined()
    })

    test('loads only what is wanted, and the rest when asked', async () => {
      const it = await fixture()
      const commit = await it.commit({ 'a.yaml': 'a', 'b.tf': 'b' })
      const tree = await (await it.repo()).tree(commit, (path) => path.endsWith('.yaml'))
      expect(tree.text('a.yaml')).toBe('a')
      expect(() => tree.text('b.tf')).toThrow('was not loaded')
      await tree.load(['b.tf', 'no-such-file'])
      expect(tree.text('b.tf')).toBe('b')
    })

    test('sees the work tree as it is: edited, new, deleted, linked', async () => {
      const it = await fixture()
      const tip = await it.commit({ same: 's', edited: 'old', gone: 'g', 'x\ny': '1' })
      await it.write({ same: 's', edited: 'new', 'new\nfile': 'n', to: link('same'), 'x\ny': '2' })
      const repo = await it.repo()
      const tree = await repo.workTree(all)
      expect([...tree.files.keys()]).toEqual(['edited', 'new\nfile', 'same', 'to', 'x\ny'])
      expect(tree.text('edited')).toBe('new')
      expect(tree.text('to')).toBe('same')
      const changes = [
        { path: 'edited', change: 'modified' },
        { path: 'gone', change: 'deleted' },
        { path: 'new\nfile', change: 'added' },
        { path: 'to', change: 'added' },
        { path: 'x\ny', change: 'modified' },
      ]
      expect(await repo.diff(tip)).toEqual(changes)
      expect(await repo.dirty()).toEqual(changes.map(({ path }) => path))
    })

    test('gives work tree files the ids that they will have when committed', async () => {
      const it = await fixture()
      await it.commit({ a: '1' })
      const files: MemoryFiles = { a: '2', 'dir/b "q"': 'x', c: link('a'), d: { mode: 'executable', content: 'd' } }
      await it.write(files)
      const before = await (await it.repo()).workTree(none)
      const commit = await it.commit(files)
      const after = await (await it.repo()).tree(commit, none)
      expect([...before.files]).toEqual([...after.files])
    })

    test('compares two commits; a rename is a delete and an add, a mode is a modification', async () => {
      const it = await fixture()
      const from = await it.commit({ old: 'content', mode: 'm', same: 's', kind: 'target' })
      const to = await it.commit({
        new: 'content',
        mode: { mode: 'executable', content: 'm' },
        same: 's',
        kind: link('target'),
      })
      const repo = await it.repo()
      expect(await repo.diff(from, to)).toEqual([
        { path: 'kind', change: 'modified' },
        { path: 'mode', change: 'modified' },
        { path: 'new', change: 'added' },
        { path: 'old', change: 'deleted' },
      ])
      expect(await repo.diff(to, to)).toEqual([])
    })

    test('finds commits, ancestors and histories', async () => {
      const it = await fixture()
      const base = await it.commit({ a: '1' }, 'base')
      await it.branch('topic')
      const topic = await it.commit({ a: '2' }, 'on topic')
      await it.checkout('main')
      const main = await it.commit({ b: '1' }, 'on main')
      const repo = await it.repo()
      expect(repo.branch).toBe('main')
      expect(await repo.resolve('topic')).toBe(topic)
      expect(await repo.resolve('HEAD')).toBe(main)
      expect(await repo.resolve('topic~1')).toBe(base)
      expect(await repo.resolve(main.slice(0, 12))).toBe(main)
      for (const unknown of ['no-such', '', '--all', 'ffffffffff', 'HEAD:a'])
        expect(await repo.resolve(unknown)).toBeUndefined()
      expect(await repo.mergeBase(topic, main)).toBe(base)
      expect(await repo.contains(main, base)).toBe(true)
      expect(await repo.contains(main, topic)).toBe(false)
      expect((await repo.log(base, topic)).map(({ id, subject, parents }) => [id, subject, parents])).toEqual([
        [topic, 'on topic', [base]],
      ])
      const info = await repo.info(base)
      expect(info).toMatchObject({ id: base, subject: 'base', author: 'Ann <ann@acme.test>', parents: [] })
      expect(info.timeMs % 1000).toBe(0)
    })

    test('merges two commits into a tree that can be read, and touches nothing else', async () => {
      const it = await fixture()
      await it.commit({ same: 's', ours: '1', theirs: '1', gone: 'g' })
      await it.branch('topic')
      const topic = await it.commit({ same: 's', ours: '1', theirs: '2', 'dir/new': 'n' })
      await it.checkout('main')
      const main = await it.commit({ same: 's', ours: '2', theirs: '1', gone: 'g' })
      const repo = await it.repo()
      const merge = await repo.merge(main, topic)
      expect(merge.kind).toBe('clean')
      const commit = (await repo.mergeCommit(main, topic))!
      expect(await repo.mergeCommit(main, topic)).toBe(commit)
      expect((await repo.info(commit)).parents).toEqual([main, topic])
      const tree = await repo.tree(merge.kind === 'clean' ? merge.tree : main, none)
      await tree.load(['ours', 'theirs', 'dir/new'])
      expect([...tree.files.keys()]).toEqual(['dir/new', 'ours', 'same', 'theirs'])
      expect(['ours', 'theirs', 'dir/new'].map((path) => tree.text(path))).toEqual(['2', '2', 'n'])
      expect(await repo.dirty()).toEqual([])
      expect(await repo.resolve('HEAD')).toBe(main)
    })

    test('names the paths at which two commits conflict', async () => {
      const it = await fixture()
      await it.commit({ a: '1', 'dir/b c': '1', same: '1' })
      await it.branch('topic')
      const topic = await it.commit({ a: 'theirs', 'dir/b c': 'theirs', same: '1' })
      await it.checkout('main')
      const main = await it.commit({ a: 'ours', 'dir/b c': 'ours', same: '2' })
      const repo = await it.repo()
      expect(await repo.merge(main, topic)).toEqual({ kind: 'conflict', paths: ['a', 'dir/b c'] })
      expect(await repo.mergeCommit(main, topic)).toBeUndefined()
      expect(await repo.resolve('HEAD')).toBe(main)
    })

    test('gives raw contents, and refuses paths that are no files', async () => {
      const it = await fixture()
      const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256)
      const commit = await it.commit({ 'dir/binary': bytes, empty: '' })
      const repo = await it.repo()
      const contents = await repo.contents(commit, ['dir/binary', 'empty'])
      expect(Buffer.from(contents.get('dir/binary') ?? []).equals(bytes)).toBe(true)
      expect(contents.get('empty')?.length).toBe(0)
      await expect(repo.contents(commit, ['dir'])).rejects.toMatchObject({ code: 'file-not-in-commit' })
    })

    test('knows settings, and its own name', async () => {
      const it = await fixture()
      await it.commit({ a: '1' })
      await it.config('user.email', 'ann@acme.test')
      const repo = await it.repo()
      expect(await repo.config('user.email')).toBe('ann@acme.test')
      expect(await repo.config('airlock.nothing')).toBeUndefined()
      expect(await repo.originHead()).toBeUndefined()
      expect(repo.id).toMatch(/^[0-9a-f]{16}$/)
      expect((await it.repo()).id).toBe(repo.id)
    })

    test('says which revision is unknown', async () => {
      const it = await fixture()
      const commit = await it.commit({ a: '1' })
      const repo = await it.repo()
      expect(await requireCommit(repo, 'main')).toBe(commit)
      expect(await requireMergeBase(repo, commit, commit)).toBe(commit)
      await expect(requireCommit(repo, 'mian')).rejects.toMatchObject({ code: 'revision-unknown', exit: 2 })
    })
  })
}
