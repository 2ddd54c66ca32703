import { expect, test } from 'vitest'
import { minute, planned, T0 } from '../records/fixtures/sample.ts'
import type { Need } from './dashboard.ts'
import { payload, wantedModels } from './payload.ts'
import { after, applied, nowMs, sampleFacts, storing } from './sample.testkit.ts'

const told = ({ kind, of, says }: Need) => `${kind}: ${of.join(', ')} ${says}`
const of = (...instances: Parameters<typeof payload>[0]['instances']) => payload({ ...sampleFacts(), instances })

test('what needs a person comes oldest first, each as a sentence with the command that acts', () => {
  const { needs } = payload(sampleFacts())
  expect(needs.map(told)).toEqual([
    'drifted: cluster@plat-ue1-prod was changed outside: 1 to change to put it back',
    'plan: infra/dns zone@plat-ue1-dev waits for a plan',
    'check-failing: cluster@plat-ue2-prod cannot be checked for drift: the registry did not answer',
    'approval: vpc@plat-ue2-prod waits for approval: 1 to change',
    'held: cluster@plat-ue2-prod is held by Bob',
    'approval: app@plat-ue2-prod waits for approval: 1 to change',
    'rejected: vpc@plat-ue1-dev was rejected by Ann: too wide',
    'failed: vpc@plat-ue1-prod the last apply, by ann, run 4411, failed half-way (terraform apply ended with 1); now: what was left of the approved plan waits for apply',
    'orphan: bastion@plat-ue1-dev its stack does not import it any more; what it made stays (applied last at that time)',
    'left: vpc@plat-ue2-dev was left by ann, run 4411, whose process is gone',
  ])
  expect(needs.map(({ sinceMs }) => sinceMs)).toEqual([...needs.map(({ sinceMs }) => sinceMs!)].sort((a, b) => a - b))
  expect(needs.flatMap(({ act }) => act).filter((it) => 'command' in it)).toEqual([
    { command: 'airlock drift --remediate cluster -s plat-ue1-prod' },
    { command: 'airlock plan infra/dns zone -s plat-ue1-dev' },
    { command: 'airlock plan cluster -s plat-ue2-prod' },
    { command: 'airlock approve vpc -s plat-ue2-prod' },
    { command: 'airlock unlock cluster -s plat-ue2-prod --reason "…"' },
    { command: 'airlock approve app -s plat-ue2-prod' },
    { command: 'airlock approve vpc -s plat-ue1-dev' },
    { command: 'airlock apply vpc -s plat-ue1-prod' },
    { command: 'airlock show bastion -s plat-ue1-dev' },
    { command: 'airlock unlock vpc -s plat-ue2-dev --reason "…"' },
  ])
})

test('instances that one command serves are one need, since the oldest of them', () => {
  const { needs } = of(after('vpc@dev', []), after('app@dev', []), after('dns@dev', []))
  expect(needs).toEqual([
    {
      kind: 'plan',
      of: ['vpc@dev', 'app@dev', 'dns@dev'],
      says: 'wait for a plan',
      sinceMs: T0 - 5 * minute,
      act: [{ command: 'airlock plan' }],
    },
  ])
})

test('every instance has one standing, what is worst wins, and they are counted', () => {
  const { instances, counts } = payload(sampleFacts())
  expect(instances.map(({ id, standing, says }) => `${id} ${standing}: ${says}`)).toEqual([
    'app@plat-ue2-dev clean: applied and clean',
    'app@plat-ue2-prod clean: applied; follows vpc in plat-ue2-prod, with a plan that waits for approval: 1 to change',
    'bastion@plat-ue1-dev orphan: its stack does not import it any more; what it made stays',
    'cluster@plat-ue1-prod drifted: was changed outside',
    'cluster@plat-ue2-prod clean: applied and clean, held by Bob',
    'infra/dns zone@plat-ue1-dev never-applied: never applied; waits for a plan',
    'vpc@plat-ue1-dev never-applied: never applied; rejected by Ann: too wide',
    'vpc@plat-ue1-prod failed: never applied; last apply failed half-way; what was left of the approved plan waits for apply',
    'vpc@plat-ue2-dev failed: never applied; last apply ended nobody knows how; left by ann, run 4411, whose process is gone',
    'vpc@plat-ue2-prod never-applied: never applied; waits for approval: 1 to change',
  ])
  expect(counts).toEqual({ failed: 2, drifted: 1, 'never-applied': 3, 'in-flight': 0, clean: 3, orphan: 1 })
})

test('noise, and drift that is in flight, need nobody', () => {
  const found = sampleFacts().instances.flatMap(({ document }) => document.drift?.found ?? [])[0]!
  const drifted = (kind: typeof found.class) =>
    of(
      after('vpc@dev', applied('vpc@dev', 'done'), {
        change: { drift: { checkedMs: nowMs, found: { ...found, class: kind } } },
      }),
    )
  expect(drifted('out-of-band').needs.length).toBe(1)
  expect(drifted('external-data').needs.length).toBe(1)
  for (const kind of ['provider-noise', 'unapplied-commit'] as const) {
    expect(drifted(kind).needs).toEqual([])
    expect(drifted(kind).instances[0]?.standing).toBe('clean')
  }
})

test('drift whose mending waits for a yes says so, with the command; what adoption left unknown is told too', () => {
  const found = sampleFacts().instances.flatMap(({ document }) => document.drift?.found ?? [])[0]!
  const mended = after('vpc@dev', applied('vpc@dev', 'done'), { change: { drift: { checkedMs: nowMs, found } } })
  const unknown = {
    kind: 'unknown',
    why: { kind: 'unknown', why: 'plan-failed', note: 'no registry' },
    sinceMs: T0,
  } as const
  const { needs, instances } = of(
    { ...mended, standing: { kind: 'drifted', approval: { kind: 'missing', others: [] } } },
    { ...after('app@dev', []), standing: unknown },
  )
  expect(instances.map(({ standing }) => standing)).toEqual(['drifted', 'drifted'])
  expect(needs.map(({ kind, act }) => [kind, act.at(-1)])).toEqual([
    ['drifted', { command: 'airlock approve vpc -s dev' }],
    ['adopted', { command: 'airlock plan app -s dev' }],
  ])
})

test('an apply that runs under a living claim is in flight and needs nobody; once its lease is over it does', () => {
  const running = after('vpc@dev', applied('vpc@dev'))
  const standing =
    running.standing.kind === 'in-flight' ? { ...running.standing, holder: 'running' as const } : undefined
  const living = { ...running, standing: standing! }
  const at = (ms: number) => payload({ ...sampleFacts(), nowMs: ms, instances: [living] })
  const lease = running.document.claim!.untilMs!
  expect(at(lease - 1).needs).toEqual([])
  expect(at(lease - 1).instances[0]?.standing).toBe('in-flight')
  expect(at(lease).needs.map(told)).toEqual(['left: vpc@dev was left by ann, run 4411, and the lease is over'])
})

test('history has a line a commit, with when it was planned, approved and done, newest first', () => {
  const { history } = payload(sampleFacts())
  expect(history.map(({ kind, of: ids, commit }) => `${kind} ${commit?.id} ${ids.length}`)).toEqual([
    'applied c0ffee0000 5',
    'failed c0ffee0000 1',
    'rejected a91f03b 1',
  ])
  expect(history[0]).toMatchObject({
    plannedMs: T0,
    approvedMs: T0 + minute,
    atMs: T0 + 4 * minute,
    by: ['ann, run 4411'],
  })
  expect(history[1]?.note).toBe('terraform apply ended with 1')
  expect(history[2]).toMatchObject({ by: ['Ann'], note: 'too wide' })
})

test('a plan that changes nothing moves the ledger, and history says so', () => {
  const plan = planned('p1', { change: 0 })
  const advance = {
    kind: 'advance',
    plan: plan.id,
    target: plan.fingerprint,
    commit: 'c0ffee0000',
    by: 'ann, run 9',
    state: plan.state,
    movedReads: [],
    fence: undefined,
  } as const
  const { history } = of(after('vpc@dev', [storing('vpc@dev', plan), advance]))
  expect(history).toMatchObject([{ kind: 'applied', note: 'without a change', by: ['ann, run 9'], plannedMs: T0 }])
})

test('an attempt that was dropped from the document is still told, by its events', () => {
  const facts = after('vpc@dev', applied('vpc@dev', 'failed'), { change: { attempts: [] } })
  expect(of(facts).history).toMatchObject([{ kind: 'failed', note: 'failed, nothing was changed', by: [] }])
  expect(of(facts).history[0]).not.toHaveProperty('commit')
})

test('no e-mail, hash of a value, seal, key, or process is in the payload', () => {
  const text = JSON.stringify(payload(sampleFacts()))
  expect(text).not.toMatch(/acme\.test|"hash"|"seal"|"blob"|"model"|"process"|"laptop"|"nonces"/)
})

test('plans that are open are wanted first, then drift, then what was applied last; nothing else', () => {
  const plan = (id: string, given = {}) => planned(id, given)
  const superseded = after('a@dev', [storing('a@dev', plan('a1')), storing('a@dev', plan('a2', { digest: 'pd1:2' }))])
  const done = after('b@dev', applied('b@dev', 'done', plan('b1')))
  const found = sampleFacts().instances.flatMap(({ document }) => document.drift?.found ?? [])[0]!
  const drifted = after('c@dev', [], {
    change: { drift: { checkedMs: nowMs, found: { ...found, model: 'models/d.json' } } },
  })
  expect(wantedModels([done, drifted, superseded])).toEqual([plan('a2').model, 'models/d.json', plan('b1').model])
})
