import { describe, expect, test } from 'vitest'
import { parseEvent } from './event.ts'

const repo = { full_name: 'acme/infra' }
const pull = {
  number: 7,
  title: 'Wider network',
  user: { login: 'ann' },
  head: { ref: 'cidr', sha: 'a'.repeat(40), repo },
  base: { ref: 'main', sha: 'b'.repeat(40), repo },
  merged: false,
  merged_at: null,
  merge_commit_sha: 'c'.repeat(40),
}
const known = {
  number: 7,
  title: 'Wider network',
  author: 'ann',
  head: { branch: 'cidr', commit: 'a'.repeat(40), fork: false },
  base: { branch: 'main', commit: 'b'.repeat(40) },
  merged: false,
  mergeCommit: undefined,
}

describe('a pull request event', () => {
  test('tells the pull request; the commit that GitHub tries to merge with is no merge', () => {
    expect(parseEvent('pull_request', { action: 'synchronize', pull_request: pull })).toEqual({
      kind: 'pull_request',
      action: 'synchronize',
      pull: known,
      retargeted: false,
    })
  })

  test('that edits the base is told from one that edits the title', () => {
    const edited = (changes: unknown) => parseEvent('pull_request', { action: 'edited', pull_request: pull, changes })
    expect(edited({ base: { ref: { from: 'dev' } } })).toMatchObject({ retargeted: true })
    expect(edited({ title: { from: 'x' } })).toMatchObject({ retargeted: false })
  })

  test('of another repository is a fork, also when that repository is gone', () => {
    const from = (repo: unknown) => ({ action: 'opened', pull_request: { ...pull, head: { ...pull.head, repo } } })
    expect(parseEvent('pull_request_target', from({ full_name: 'eve/infra' }))).toMatchObject({
      pull: { head: { fork: true } },
    })
    expect(parseEvent('pull_request_target', from(null))).toMatchObject({ pull: { head: { fork: true } } })
  })

  test('of a review says that it was merged by when it was', () => {
    const { merged: _, ...less } = pull
    const merged = { ...less, merged_at: '2026-11-24T10:04:00Z' }
    expect(parseEvent('pull_request_review', { action: 'submitted', pull_request: merged })).toEqual({
      kind: 'pull_request_review',
      action: 'submitted',
      pull: { ...known, merged: true, mergeCommit: 'c'.repeat(40) },
    })
  })

  test('that is not as GitHub documents it is refused, with the field', () => {
    const odd = { action: 'opened', pull_request: { ...pull, head: { ref: 'x' } } }
    expect(() => parseEvent('pull_request', odd)).toThrow(
      'pull_request of the event pull_request has nothing at head.sha, not a text',
    )
    expect(() => parseEvent('pull_request', [])).toThrow('the event pull_request is a list, not an object')
  })
})

describe('a comment', () => {
  const comment = { id: 5, body: '/airlock plan', user: { login: 'ann' }, created_at: '2026-11-24T10:04:00Z' }

  test('is of a pull request or of an issue', () => {
    const event = (issue: unknown) => parseEvent('issue_comment', { action: 'created', issue, comment })
    expect(event({ number: 7, pull_request: { url: 'x' } })).toEqual({
      kind: 'issue_comment',
      action: 'created',
      number: 7,
      isPull: true,
      comment: { id: 5, body: '/airlock plan', author: 'ann', createdMs: Date.UTC(2026, 10, 24, 10, 4) },
    })
    expect(event({ number: 8 })).toMatchObject({ number: 8, isPull: false })
  })

  test('of an account that is gone has the author that GitHub shows', () => {
    const issue = { number: 7, pull_request: {} }
    expect(
      parseEvent('issue_comment', { action: 'created', issue, comment: { ...comment, user: null } }),
    ).toMatchObject({ comment: { author: 'ghost' } })
  })
})

describe('other events', () => {
  const zero = '0'.repeat(40)

  test('a push is of a branch; tags and deleted branches ask for nothing', () => {
    const push = (ref: string, after: string) => parseEvent('push', { ref, before: zero, after })
    expect(push('refs/heads/release/1', 'a')).toEqual({ kind: 'push', branch: 'release/1', before: zero, after: 'a' })
    expect(push('refs/tags/v1', 'a')).toEqual({ kind: 'other', name: 'push' })
    expect(push('refs/heads/main', zero)).toEqual({ kind: 'other', name: 'push' })
  })

  test('a merge group names the commits of the queue', () => {
    const group = {
      base_sha: 'b',
      base_ref: 'refs/heads/main',
      head_sha: 'h',
      head_ref: 'refs/heads/gh-readonly-queue/x',
    }
    expect(parseEvent('merge_group', { action: 'checks_requested', merge_group: group })).toEqual({
      kind: 'merge_group',
      base: 'b',
      baseBranch: 'main',
      head: 'h',
    })
  })

  test('a schedule says which, a dispatch what it was given, as texts', () => {
    expect(parseEvent('schedule', { schedule: '17 * * * *' })).toEqual({ kind: 'schedule', cron: '17 * * * *' })
    const inputs = { task: 'plan', pr: 7, force: true, environment: null }
    expect(parseEvent('workflow_dispatch', { inputs })).toEqual({
      kind: 'workflow_dispatch',
      inputs: { task: 'plan', pr: '7', force: 'true' },
    })
    expect(parseEvent('workflow_dispatch', { inputs: null })).toEqual({ kind: 'workflow_dispatch', inputs: {} })
    expect(parseEvent('watch', {})).toEqual({ kind: 'other', name: 'watch' })
  })
})
