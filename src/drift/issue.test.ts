import { expect, test } from 'vitest'
import { planCounts } from '../plan/summary.ts'
import type { AddressId } from '../records/address.ts'
import type { DriftClass } from '../records/document.ts'
import { classify } from './classify.ts'
import type { Finding } from './finding.ts'
import { seen } from './fixtures/seen.ts'
import { issueMarker, issueText } from './issue.ts'
import { type DriftIssue, issueEdits } from './issue-edits.ts'
import { driftNotice } from './webhook.ts'

const T0 = Date.UTC(2026, 10, 24, 10)
const day = 86_400_000
const address = 'vpc-plat-ue2-prod-00000000000000000000000000000000' as AddressId
const was = { cidr: '10.0.0.0/16', token: 'hunter22hunter22' }
const now = { cidr: '10.9.0.0/16', token: 'changed-changed' }
const plan = seen({
  drift: { 'folder_network.this': [was, now], 'folder_file.notes': [was, null] },
  changes: { 'folder_network.this': [now, was], 'folder_file.notes': [null, was] },
  sensitive: ['token'],
})

function finding(
  given: { readonly class?: DriftClass; readonly firstMs?: number; readonly lastMs?: number } = {},
): Finding {
  const result = classify({
    plan,
    digest: 'pd1:7c0e51d2',
    state: undefined,
    applied: undefined,
    movedReads: [],
    inFlight: undefined,
    noise: [],
    nowMs: T0,
  })
  if (result.kind === 'clean') throw new Error('it is clean')
  return {
    id: 'vpc@plat-ue2-prod',
    address,
    finding: {
      class: result.class,
      digest: 'pd1:7c0e51d2',
      model: 'models/x.json',
      changes: planCounts(plan),
      firstMs: T0 - day,
      lastMs: T0,
      ...given,
    },
    differences: result.differences,
    applied: { commit: 'a91f03b0000', atMs: T0 - 12 * day, by: 'ann, run 4411', how: 'applied' },
    cleanMs: T0 - 2 * day,
    isInFlight: false,
    owners: ['@acme/network'],
  }
}

test('the issue says what differs, since when, who owns it and how to act', () => {
  expect(issueText(finding())).toEqual({
    title: 'vpc in plat-ue2-prod was changed outside',
    body: `**vpc in plat-ue2-prod was changed outside.** Last clean 2026-11-22 10:00 UTC; first seen 2026-11-23 10:00 UTC.

| object | attribute | expected (applied 2026-11-12 at a91f03b) | now |
| --- | --- | --- | --- |
| \`folder_file.notes\` |  | there | ⚠ gone |
| \`folder_network.this\` | \`cidr\` | \`"10.0.0.0/16"\` | \`"10.9.0.0/16"\` |
| \`folder_network.this\` | \`token\` | sensitive | sensitive, changed |

Nothing is in flight for it. To put it back: \`airlock drift --remediate vpc -s plat-ue2-prod\`.
To keep it: change the code so that it asks for what is there. Owner: @acme/network.

<!-- airlock:drift vpc-plat-ue2-prod-00000000000000000000000000000000 -->
`,
  })
})

test('what was adopted says so', () => {
  const { applied } = finding()
  const { body } = issueText({ ...finding(), applied: { ...applied, how: 'adopted' } })
  expect(body).toContain('expected (adopted 2026-11-12 at a91f03b)')
})

test('it holds no secret, and nothing that would change without news', () => {
  const text = JSON.stringify([issueText(finding()), driftNotice(finding())])
  expect(text).not.toMatch(/hunter22|changed-changed/)
  expect(issueText(finding({ lastMs: T0 + 9 * day }))).toEqual(issueText(finding()))
})

test('while a change is in flight nobody is told to put it back', () => {
  const { body } = issueText({ ...finding(), isInFlight: true, owners: [] })
  expect(body).not.toContain('--remediate')
  expect(body).toContain('A change of it is in flight: apply that, or reject it, before anything is put back.\n')
})

test('names from outside are no markup', () => {
  const nasty = {
    ...finding(),
    owners: ['@everyone <b>'],
    differences: finding().differences.map((it) => ({ ...it, object: 'x.`|@ann --> `' })),
  }
  const { body } = issueText(nasty)
  expect(body).not.toContain('<b>')
  expect(body).toContain('| `` x.`\\|@ann --> ` `` |')
})

test('the webhook is told names, counts and times, and a key that is equal for the same finding', () => {
  const notice = driftNotice(finding())
  expect(notice).toEqual({
    format: 1,
    kind: 'drifted',
    instance: 'vpc@plat-ue2-prod',
    component: 'vpc',
    stack: 'plat-ue2-prod',
    address,
    class: 'out-of-band',
    digest: 'pd1:7c0e51d2',
    changes: { ...planCounts(seen({})), create: 1, change: 1 },
    objects: ['folder_file.notes', 'folder_network.this'],
    owners: ['@acme/network'],
    first: '2026-11-23T10:00:00.000Z',
    last: '2026-11-24T10:00:00.000Z',
    lastClean: '2026-11-22T10:00:00.000Z',
    applied: { commit: 'a91f03b0000', at: '2026-11-12T10:00:00.000Z', by: 'ann, run 4411' },
    idempotencyKey: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(driftNotice(finding({ lastMs: T0 + day })).idempotencyKey).toBe(notice.idempotencyKey)
  expect(driftNotice(finding({ firstMs: T0 })).idempotencyKey).not.toBe(notice.idempotencyKey)
})

const issue = (number: number, state: DriftIssue['state'], text = issueText(finding())): DriftIssue => ({
  number,
  state,
  ...text,
})
const drifted = { kind: 'drifted', address, finding: finding() } as const
const edits = (...issues: DriftIssue[]) =>
  issueEdits([drifted], issues).map(({ kind, ...it }) => ['number' in it ? `${kind} ${it.number}` : kind].join())

test('one issue an address: opened, left alone, updated, opened again, and doubles closed', () => {
  expect(edits()).toEqual(['open'])
  expect(edits(issue(7, 'open'))).toEqual([])
  expect(edits(issue(7, 'open', { title: 'x', body: `edited by a stranger\n${issueMarker(address)}` }))).toEqual([
    'update 7',
  ])
  expect(edits(issue(3, 'closed'), issue(7, 'closed'))).toEqual(['reopen 7'])
  expect(edits(issue(9, 'open'), issue(7, 'open'), issue(3, 'closed'))).toEqual(['close 9'])
  expect(edits(issue(1, 'open', { title: 'x', body: issueMarker('another') }))).toEqual(['open'])
})

test('clean closes; a failed look, or none, closes nothing', () => {
  const open = [issue(7, 'open')]
  expect(issueEdits([{ kind: 'clean', address }], open)).toEqual([{ kind: 'close', number: 7 }])
  expect(issueEdits([{ kind: 'failed', address }], open)).toEqual([])
  expect(issueEdits([], open)).toEqual([])
})

test('what is expected, or merged and not applied yet, is no issue', () => {
  for (const it of ['provider-noise', 'unapplied-commit'] as const) {
    const look = { ...drifted, finding: finding({ class: it }) }
    expect(issueEdits([look], [])).toEqual([])
    expect(issueEdits([look], [issue(7, 'open')])).toEqual([{ kind: 'close', number: 7 }])
  }
})
