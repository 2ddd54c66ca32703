import { describe, expect, test } from 'vitest'
import { memoryStore } from '../store/drivers/memory.ts'
import { decidePullRequest, emptyPullRequest, type PullRequestCommand } from './decide-pull-request.ts'
import { encodeRecord } from './format.ts'
import { type Journal, transactPullRequest } from './journal.ts'
import { numberOfPullRequest, pullRequestKey } from './keys.ts'
import type { Outlook, PullRequestDocument } from './pull-request.ts'
import { parsePullRequest } from './pull-request-format.ts'
import type { Verdict } from './verdict.ts'

const open: PullRequestCommand = {
  kind: 'open',
  title: 'Enlarge',
  author: 'ann',
  branch: 'bigger',
  head: 'a'.repeat(40),
  base: { branch: 'main', commit: 'b'.repeat(40) },
}
const outlook: Outlook = {
  closure: { paths: ['stacks/dev.yaml'], stacks: 'stacks', components: 'components/terraform' },
  instances: [
    {
      id: 'vpc@dev',
      address: 'vpc-dev-0' as never,
      kind: 'update',
      target: 'fp1:2',
      before: 'fp1:1',
      approval: 'needed',
      ordered: false,
      plan: { id: 'p1' as never, digest: 'pd1:1' },
    },
  ],
  neighbours: [],
  mode: 'block',
  owners: { kind: 'off', needs: [], problems: [] },
  policies: [],
  results: [],
}
const pass: Verdict = { state: 'pass', reasons: [], changed: 1 }
const judged = (
  verdict: Verdict,
  more: Partial<Extract<PullRequestCommand, { kind: 'judge' }>> = {},
): PullRequestCommand => ({
  kind: 'judge',
  head: open.head,
  base: open.base.commit,
  outlook,
  verdict,
  ...more,
})

/** The document after these commands, one a second. */
function become(...commands: readonly PullRequestCommand[]): PullRequestDocument {
  return commands.reduce((document, command, index) => {
    const decision = decidePullRequest(document, command, (index + 1) * 1000)
    if (decision.kind === 'refused') throw new Error(`refused: ${JSON.stringify(decision.refusal)}`)
    return decision.document
  }, emptyPullRequest(7))
}

describe('what becomes of a pull request', () => {
  test('opened twice it is the same; opened with another base, nothing holds that was found', () => {
    expect(become(open, open)).toEqual(become(open))
    const moved = become(open, judged(pass), { ...open, base: { branch: 'trunk', commit: 'c' } })
    expect(moved).toMatchObject({ base: { branch: 'trunk' }, rev: 3, openedMs: 1000 })
    expect(moved.outlook).toBeUndefined()
    expect(moved.verdict).toBeUndefined()
  })

  test('a verdict that says the same keeps its time; with another base only that is noted', () => {
    const once = become(open, judged(pass))
    expect(become(open, judged(pass), judged(pass))).toEqual(once)
    const later = become(open, judged(pass), judged(pass, { base: 'c'.repeat(40) }))
    expect(later).toMatchObject({ base: { commit: 'c'.repeat(40) }, verdict: { atMs: 2000 }, rev: 3 })
    expect(become(open, judged(pass), judged({ ...pass, state: 'blocked' })).verdict?.atMs).toBe(3000)
  })

  test('what was found of another head is dropped', () => {
    const pushed = become(open, { kind: 'push', head: 'd'.repeat(40) })
    expect(become(open, { kind: 'push', head: 'd'.repeat(40) }, judged(pass))).toEqual(pushed)
  })

  test('closed and opened again it is open; merged it stays merged, even when the close came first', () => {
    expect(become(open, { kind: 'close' }, open).state).toEqual({ kind: 'open' })
    const merged = become(open, { kind: 'close' }, { kind: 'merge', commit: 'e' })
    expect(merged.state).toEqual({ kind: 'merged', commit: 'e', atMs: 3000 })
    expect(decidePullRequest(merged, open, 9000)).toMatchObject({ kind: 'refused', refusal: { kind: 'not-open' } })
    expect(decidePullRequest(merged, { kind: 'close' }, 9000)).toMatchObject({ kind: 'done', document: merged })
  })

  test.each<PullRequestCommand>([
    judged(pass),
    { kind: 'push', head: 'x' },
    { kind: 'supersede', pullRequest: 3, by: { name: 'Ann', email: 'a@b.c' }, reason: 'r' },
  ])('nothing is done to one that is closed, or that nobody opened: $kind', (command) => {
    expect(decidePullRequest(become(open, { kind: 'close' }), command, 9000)).toMatchObject({ kind: 'refused' })
    expect(decidePullRequest(emptyPullRequest(7), command, 9000)).toMatchObject({ refusal: { kind: 'unknown' } })
  })

  test('a word that another is overtaken is kept once, and never about itself', () => {
    const by = { name: 'Ann', email: 'ann@acme.test' }
    const word: PullRequestCommand = { kind: 'supersede', pullRequest: 3, by, reason: 'mine does it' }
    expect(become(open, word, { ...word, reason: 'again' }).supersedes).toEqual([
      { pullRequest: 3, by, reason: 'mine does it', atMs: 2000 },
    ])
    expect(decidePullRequest(become(open), { ...word, pullRequest: 7 }, 9000)).toMatchObject({
      refusal: { kind: 'supersedes-itself' },
    })
  })

  test('time never goes back, whatever the clock says', () => {
    const closed = decidePullRequest(become(open), { kind: 'close' }, 5)
    expect(closed).toMatchObject({ document: { atMs: 1000, state: { atMs: 1000 } } })
  })
})

describe('the record', () => {
  const full: PullRequestDocument = {
    ...become(open, judged({ ...pass, state: 'blocked', reasons: everyReason() }), {
      kind: 'supersede',
      pullRequest: 3,
      by: { name: 'Ann', email: 'ann@acme.test' },
      reason: 'r',
    }),
    nonces: ['n'],
  }

  test('is read as it was written, every reason of a verdict included', () => {
    expect(parsePullRequest(encodeRecord(full), 'pulls/7.json')).toEqual(full)
  })

  test('of another format, or cut off, is refused with its key', () => {
    expect(() => parsePullRequest(encodeRecord({ ...full, format: 9 }), 'pulls/7.json')).toThrow('newer Airlock')
    const cut = encodeRecord(full).slice(0, 200)
    expect(() => parsePullRequest(cut, 'pulls/7.json')).toThrow('the record pulls/7.json cannot be read')
    expect(() => parsePullRequest(encodeRecord({ ...full, head: 1 }), 'pulls/7.json')).toThrow('head is 1, not a text')
  })

  test('has a key that names the number, and no other does', () => {
    expect(numberOfPullRequest(pullRequestKey(12))).toBe(12)
    for (const key of ['pulls/x.json', 'pulls/0.json', 'pulls/1/2.json', 'documents/1.json'])
      expect(numberOfPullRequest(key)).toBeUndefined()
  })

  test('whose write was made though the answer was lost is not written twice', async () => {
    const store = memoryStore()
    let lost = true
    let nonces = 0
    const journal: Journal = {
      store: {
        ...store,
        async put(key, bytes, condition) {
          const answer = await store.put(key, bytes, condition)
          if (lost) {
            lost = false
            throw new Error('connection reset')
          }
          return answer
        },
      },
      nonce: () => `n${++nonces}`,
      pause: async () => {},
      chance: () => 0,
    }
    expect(await transactPullRequest(journal, 7, open)).toMatchObject({ kind: 'done', document: { rev: 1 } })
    expect(await transactPullRequest(journal, 7, { kind: 'close' })).toMatchObject({ document: { rev: 2 } })
  })
})

function everyReason(): Verdict['reasons'] {
  const by = [{ commit: 'c', subject: 's', author: 'Ann <a@b.c>', atMs: 1, pullRequest: 3 }]
  return [
    { kind: 'conflict', with: 'main', paths: ['a'] },
    { kind: 'unresolvable', message: 'm', fix: 'f' },
    { kind: 'not-planned', id: 'vpc@dev', why: 'other', removed: true },
    {
      kind: 'in-flight',
      on: 'vpc@dev',
      for: 'app@dev',
      concern: 'read',
      by,
      waiting: 'running',
      outcome: 'running',
      holder: { by: 'ann', run: 'r', sinceMs: 5 },
    },
    { kind: 'excused', on: 'vpc@dev', by, why: 'failed' },
    { kind: 'owners-missing', owners: ['@a'], file: 'CODEOWNERS', line: 1, ids: ['vpc@dev'] },
    { kind: 'owners-file', file: 'CODEOWNERS', line: 1, column: 2, problem: 'p' },
    { kind: 'owners-none' },
    { kind: 'policy', policy: 'costs', id: 'vpc@dev', how: 'timed-out', said: ['x'] },
    { kind: 'destroys', ids: ['vpc@dev'] },
    { kind: 'absent', ids: ['vpc@dev'] },
    { kind: 'not-adopted' },
  ]
}
