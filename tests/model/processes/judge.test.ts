import { describe, expect, test } from 'vitest'
import type { AddressDocument, RecordEvent } from '../../../src/records/document.ts'
import { empty } from '../../../src/records/fixtures/sample.ts'
import type { Apply, Commit, History } from './history.ts'
import { judged, unrest } from './judge.ts'
import type { Ran } from './processes.ts'

const ones = { base: 1, reader: 1, first: 1, second: 1 }
const commits: readonly Commit[] = [
  { id: 'c0', fromMs: 0, asked: ones },
  { id: 'c1', fromMs: 100, asked: { ...ones, base: 2, reader: 2 } },
]
const ran = (pid: number, fromMs: number, toMs: number, more: Partial<Ran> = {}): Ran => ({
  words: ['apply'],
  pid,
  fromMs,
  toMs,
  code: 3,
  killed: undefined,
  killedMs: undefined,
  inApply: false,
  output: '',
  ...more,
})
const apply = (name: Apply['name'], parent: number, fromMs: number, toMs?: number): Apply => ({
  name,
  pid: parent + 1,
  parent,
  fromMs,
  ...(toMs !== undefined && { end: { ms: toMs, code: 0 } }),
})
const attempt = (commit: string, startedMs: number, endedMs: number): AddressDocument['attempts'][number] => ({
  id: `${commit}-${startedMs}`,
  action: 'apply',
  fingerprint: 'fp1:a',
  digest: 'd',
  commit,
  by: 'ann',
  fence: 1,
  startedMs,
  rev: 1,
  outcome: 'done',
  endedMs,
})
type Facts = Partial<History> & {
  readonly attempts?: Readonly<Partial<Record<Apply['name'], AddressDocument['attempts']>>>
}
const history = ({ attempts = {}, ...more }: Facts): History => ({
  ran: [],
  commits,
  applies: [],
  documents: new Map(
    (['base', 'reader', 'first', 'second'] as const).map((name) => [
      name,
      { ...empty, attempts: attempts[name] ?? [attempt('c0', 1, 2)] },
    ]),
  ),
  events: new Map(),
  cloud: new Set(),
  states: new Set(),
  ...more,
})
const event = (id: string, body: object) => ({ id, atMs: 0, ...body }) as RecordEvent

describe('the judge of a storm says so when', () => {
  test('nothing is wrong', () => {
    const runs = [ran(10, 5, 60, { code: 0 })]
    expect(judged(history({ ran: runs, applies: [apply('first', 10, 10, 20), apply('first', 10, 30, 40)] }))).toEqual(
      [],
    )
  })

  test('Terraform applied an instance twice at once, be it that one was left alone', () => {
    const runs = [ran(10, 5, 15, { killed: 'alone', killedMs: 15 }), ran(20, 16, 60)]
    const applies = [apply('first', 10, 10, 30), apply('first', 20, 20, 25)]
    expect(judged(history({ ran: runs, applies }))).toEqual([
      expect.stringMatching(/^1: first is applied by process 20/),
    ])
    // Killed with all it started, it is over.
    const killed = [ran(10, 5, 15, { killed: 'all', killedMs: 15 }), ran(20, 16, 60)]
    expect(judged(history({ ran: killed, applies: [apply('first', 10, 10), applies[1]!] }))).toEqual([])
  })

  test('something was applied to which nobody agreed', () => {
    const stored = event('1', { kind: 'plan-stored', digest: 'd1', fingerprint: 'f' })
    const approved = event('2', { kind: 'approved', digest: 'd1' })
    const begun = (id: string) => event(id, { kind: 'attempt-started', attempt: id, digest: 'd1' })
    const ended = (id: string, outcome: string) => event(`${id}x`, { kind: 'attempt-ended', attempt: id, outcome })
    const of = (...all: RecordEvent[]) => judged(history({ events: new Map([['first', all]]) }))
    expect(of(stored, approved, begun('3'))).toEqual([])
    expect(of(stored, begun('3'))).toEqual([expect.stringMatching(/^2: first/)])
    expect(of(stored, approved, begun('3'), ended('3', 'partial'), begun('4'))).toEqual([])
    expect(of(stored, approved, begun('3'), ended('3', 'done'), begun('4'))).toEqual([
      expect.stringMatching(/^2: first/),
    ])
  })

  test('a commit was applied that was the tip no more, or before what it reads', () => {
    const runs = [ran(10, 150, 300)]
    const late = history({
      ran: runs,
      applies: [apply('first', 10, 160, 170)],
      attempts: { first: [attempt('c0', 155, 170)] },
    })
    expect(judged(late)).toEqual([expect.stringMatching(/^5: first is applied as commit 0 asks/)])
    const early = { applies: [apply('reader', 10, 160, 170)], attempts: { reader: [attempt('c1', 155, 170)] } }
    expect(judged(history({ ran: runs, ...early }))).toEqual([expect.stringMatching(/^5: reader/)])
    const base = [attempt('c0', 1, 2), attempt('c1', 151, 154)]
    expect(judged(history({ ran: runs, ...early, attempts: { ...early.attempts, base } }))).toEqual([])
  })

  test('a process ended well, and something was not as any tip asked meanwhile', () => {
    expect(judged(history({ ran: [ran(10, 150, 300, { code: 0 })] }))).toEqual([
      expect.stringMatching(/^9: process 10 ended with 0, and base/),
      expect.stringMatching(/^9: process 10 ended with 0, and reader/),
    ])
  })

  test('something is held, lost or doubled at the end', () => {
    const objects = ['base-one', 'base-two', 'base-three', 'base-extra', 'reader-one', 'reader-two', 'reader-three']
    const others = ['first', 'second'].flatMap((name) => ['one', 'two', 'three'].map((part) => `${name}-${part}`))
    const all = new Set([...objects, 'reader-extra', ...others])
    expect(unrest(history({ cloud: all, states: all }))).toEqual([])
    expect(unrest(history({ cloud: all, states: new Set([...all, 'lost']) }))).toEqual([
      'a state holds lost, which is not in the cloud',
    ])
    expect(unrest(history({ cloud: new Set([...all, 'twice']), states: all }))).toEqual([
      'the cloud holds twice, which no state knows',
      'twice is there, and not asked for',
    ])
    const running = { ...attempt('c1', 200, 0), outcome: undefined, endedMs: undefined }
    const { outcome: _, endedMs: __, ...open } = running
    expect(unrest(history({ cloud: all, states: all, attempts: { base: [open] } }))).toEqual([
      expect.stringMatching(/^7: attempt c1-200 at base still runs/),
    ])
  })
})
