import { expect, test } from 'vitest'
import type { GateReason, MergedChange, Verdict } from '../records/verdict.ts'
import { commentCommand } from './comment-command.ts'
import { gateSentences, gateWords } from './words.ts'

const nowMs = Date.UTC(2026, 10, 24, 10, 4)
const by: MergedChange[] = [
  {
    commit: '4c1d2e9aaaa',
    subject: 'Move prod (#38)',
    author: 'Ann <ann@acme.test>',
    atMs: nowMs - 23 * 60_000,
    pullRequest: 38,
  },
]
const flying: Extract<GateReason, { kind: 'in-flight' }> = {
  kind: 'in-flight',
  on: 'vpc@plat-ue2-prod',
  for: 'vpc@plat-ue2-prod',
  concern: 'own',
  by,
  waiting: 'running',
  outcome: 'running',
  holder: { by: 'bob', run: '4402', sinceMs: nowMs - 60_000 },
}
const owners = (line: number): GateReason => ({
  kind: 'owners-missing',
  owners: ['@acme/network'],
  file: 'CODEOWNERS',
  line,
  ids: ['vpc@plat-ue2-prod'],
})
const blocked = (...reasons: GateReason[]): Verdict => ({ state: 'blocked', reasons, changed: 1 })

test('the line says what, since whom and what is missing', () => {
  expect(gateWords(blocked(flying, owners(1), owners(2)), nowMs).description).toBe(
    'waits: vpc in plat-ue2-prod is in flight since #38 (apply runs); 2 owners missing',
  )
})

test('the line is one line of at most 140 characters, whatever names and messages hold', () => {
  for (const text of [
    '😀'.repeat(200),
    '漢'.repeat(200),
    'a\n\u0000\u202e'.repeat(90),
    `${'x'.repeat(98)}😀${'y'.repeat(90)}`,
  ]) {
    const { description } = gateWords(blocked({ kind: 'unresolvable', message: text }), nowMs)
    expect(description.length).toBeLessThanOrEqual(140)
    expect(description.length).toBeGreaterThan(135)
    expect(description).toMatch(/^blocked: the merge does not resolve: [^\n\u0000\u202e]*…$/)
    expect(description).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
  }
})

test('the comment links the pull requests and the run that are in the way, and nothing that only looks like one', () => {
  const links = {
    pullOf: (it: number) => `https://x.test/pull/${it}`,
    runOf: (it: string) => `https://x.test/run/${it}`,
  }
  const { blockedBy } = gateSentences(blocked({ ...flying, on: 'a#12@dev', for: 'a#12@dev' }), nowMs, {
    at: 'github',
    links,
  })
  expect(blockedBy[0]?.filter((it) => typeof it !== 'string')).toEqual([
    { link: 'https://x.test/pull/38', text: '#38' },
    { link: 'https://x.test/run/4402', text: 'run 4402' },
    { link: 'https://x.test/run/4402', text: 'run 4402' },
  ])
})

test('the whole says who, since when, and what frees it, with the command', () => {
  const words = (reason: GateReason) => gateWords(blocked(reason), nowMs).reasons[0]
  expect(words(flying)).toEqual({
    message:
      'vpc in plat-ue2-prod is in flight since #38 by Ann, merged 09:41 UTC: being applied by bob, run 4402, since 10:03 UTC',
    fix: 'it frees itself when run 4402 ends',
    blocks: true,
  })
  const { holder: _, outcome: __, ...resting } = flying
  expect(words({ ...resting, waiting: 'approval', concern: 'read', for: 'app@plat-ue2-prod' })).toEqual({
    message:
      'app in plat-ue2-prod reads vpc in plat-ue2-prod, whose outputs may change, and which is in flight since #38 by Ann, merged 09:41 UTC: waits for approval',
    fix: 'it frees when that is applied: airlock approve vpc -s plat-ue2-prod; then: airlock apply; or, if this change takes its place: airlock gate --supersede 38 --reason "…"',
    blocks: true,
  })
  expect(words({ ...resting, waiting: 're-plan', outcome: 'unknown' })?.fix).toMatch(
    /^it frees when the next apply has found out/,
  )
})

test('on GitHub, what frees a change is what can be typed there', () => {
  const said = (reason: GateReason) =>
    gateSentences(blocked(reason), nowMs, { at: 'github' })
      .blockedBy[0]?.map((it) => (typeof it === 'string' ? it : 'code' in it ? `\`${it.code}\`` : '?'))
      .join('') ?? ''
  const { holder, outcome: _, ...resting } = flying
  const digest = `pd1:7c0e51d2${'0'.repeat(56)}`
  expect(said({ ...resting, waiting: 'approval', digest })).toMatch(
    /it frees when that is applied: `\/airlock approve 7c0e51d2`; or, if this change takes its place: `\/airlock supersede #38 "…"`\.$/,
  )
  expect(said({ ...resting, waiting: 'hold', ...(holder && { holder }) })).toContain(
    '`/airlock unlock vpc -s plat-ue2-prod "…"`',
  )
  const waitings = [
    'running',
    'hold',
    'plan',
    're-plan',
    'upstream',
    'approval',
    'finish',
    'rejected',
    'apply',
  ] as const
  const all: GateReason[] = [
    ...waitings.flatMap((waiting) => [
      { ...flying, waiting, digest },
      { ...flying, waiting, digest, outcome: 'unknown' as const },
    ]),
    ...(['never', 'other', 'expired', 'state-moved'] as const).map(
      (why): GateReason => ({ kind: 'not-planned', id: 'vpc@dev', why }),
    ),
    ...(['failed', 'interrupted'] as const).map(
      (how): GateReason => ({ kind: 'policy', policy: 'costs', id: 'vpc@dev', how, said: [] }),
    ),
    { kind: 'conflict', with: 'main', paths: ['a'] },
  ]
  for (const reason of all) {
    const commands = [...said(reason).matchAll(/`([^`]*)`/g)].map(([, it]) => it!)
    for (const it of commands) expect(commentCommand(it)).toMatchObject({ kind: 'command' })
    expect(said(reason).replace(/`[^`]*`/g, '')).not.toContain('airlock ')
  }
})

test('of many instances that need one owner the stacks are named', () => {
  const ids = ['a@dev', 'b@dev', 'c@dev', 'a@prod'] as const
  const reason: GateReason = { kind: 'owners-missing', owners: ['@acme/net'], file: 'CODEOWNERS', line: 1, ids }
  expect(gateSentences(blocked(reason), nowMs, { at: 'github' }).beforeMerge).toEqual([
    [{ owner: '@acme/net' }, ' for 4 instances in dev, prod.'],
  ])
})

test('before anything was applied the comment says why nothing is held back', () => {
  const { notes } = gateSentences({ state: 'neutral', reasons: [{ kind: 'not-adopted' }], changed: 2 }, nowMs, {
    at: 'github',
  })
  expect(
    notes
      ?.flat()
      .map((it) => (typeof it === 'object' && 'code' in it ? it.code : it))
      .join(''),
  ).toBe(
    'nothing was ever applied through Airlock here, so nobody knows what is in flight, and nothing is held back; on a laptop, airlock adopt records what is applied already; so does the first apply.',
  )
})

test('no line is longer than GitHub takes, however much there is to say, and none is cut within what it says', () => {
  const long = 'component-with-a-rather-long-name-'.repeat(3)
  const reasons: GateReason[] = [
    { ...flying, on: `${long}@plat-ue2-prod` },
    { ...flying, on: 'b@prod' },
    { kind: 'not-planned', id: `${long}@prod`, why: 'never' },
    { kind: 'policy', policy: 'costs', id: `${long}@prod`, how: 'failed', said: [] },
    ...[1, 2, 3].map(owners),
  ]
  for (let some = 1; some <= reasons.length; some++)
    for (const state of ['blocked', 'advice'] as const) {
      const { description } = gateWords({ state, reasons: reasons.slice(-some), changed: 9 }, nowMs)
      expect(description.length).toBeLessThanOrEqual(140)
    }
  expect(gateWords(blocked(...reasons.slice(1)), nowMs).description).toBe(
    'waits: b in prod is in flight since #38 (apply runs); 3 more',
  )
})

test('what is open says so, and how it counts', () => {
  const say = (verdict: Verdict) => gateWords(verdict, nowMs).description
  expect(say({ state: 'pass', reasons: [], changed: 0 })).toBe('no instance changes')
  expect(say({ state: 'pass', reasons: [], changed: 2 })).toBe('2 planned, nothing in the way')
  expect(say({ state: 'neutral', reasons: [{ kind: 'not-adopted' }], changed: 2 })).toBe(
    'neutral: nothing was applied or adopted here yet, so nothing is held back',
  )
  expect(say({ state: 'advice', reasons: [owners(1)], changed: 2 })).toBe('advice: 1 owner missing')
})

test('the comment says whose approval is missing, and what else is in the way', () => {
  expect(gateSentences(blocked(flying, owners(1)), nowMs, { at: 'laptop' })).toEqual({
    notes: [],
    beforeMerge: [[{ owner: '@acme/network' }, ' for vpc in plat-ue2-prod.']],
    blockedBy: [
      [expect.stringMatching(/^vpc in plat-ue2-prod is in flight since #38 .*; it frees itself when run 4402 ends\.$/)],
    ],
  })
  expect(gateSentences({ state: 'pass', reasons: [], changed: 1 }, nowMs, { at: 'github' })).toEqual({
    beforeMerge: [],
    blockedBy: [],
    notes: [],
  })
})
