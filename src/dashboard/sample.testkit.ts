import { fixturePlan, planned as plannedOutcome } from '../plan/fixtures/sample.ts'
import type { Command } from '../records/commands.ts'
import { decide } from '../records/decide.ts'
import type { AddressDocument, Attempt, DriftFinding, PlanRecord } from '../records/document.ts'
import { emptyDocument } from '../records/document.ts'
import { ann, approving, conditions, done, holder, minute, planned, T0 } from '../records/fixtures/sample.ts'
import { flightOf } from '../records/in-flight.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { CommitView } from './dashboard.ts'
import type { Facts, InstanceFacts } from './facts.ts'
import { planView } from './plan-view.ts'

/** When the sample page is made: 12:00 UTC. */
export const nowMs = T0 + 120 * minute

export const commits: readonly CommitView[] = [
  { id: 'c0ffee0000', subject: 'Move prod to its own addresses (#41)', atMs: T0 - 5 * minute },
  { id: 'badcafe000', subject: 'Undo <b>that</b>', atMs: T0 + 60 * minute },
]

/** An instance's facts after commands, a minute apart from 10:00; `target` is what the tip asks for. */
export function after(
  id: string,
  commands: readonly Command[],
  { target = 'fp1:aaaa', change = {} }: { readonly target?: string; readonly change?: Partial<AddressDocument> } = {},
): InstanceFacts {
  const [component, stack] = id.split('@') as [string, string]
  const address = { backend: 'local', settings: { file: `${component}.tfstate` }, workspace: stack }
  const start: AddressDocument = { ...emptyDocument(address), names: [id as InstanceId] }
  const played = commands.reduce((it, command, i) => done(decide(it, command, T0 + i * minute)).document, start)
  const document = { ...played, ...change }
  const flight = flightOf({
    document,
    target,
    baseline: undefined,
    moved: () => false,
    upstreams: [],
    approval: 'needed',
    nowMs,
  })
  const standing: InstanceFacts['standing'] =
    flight.kind === 'in-flight'
      ? {
          kind: 'in-flight',
          why: flight.why,
          waitsFor: flight.waitsFor,
          holder: document.claim && 'over',
          plan: undefined,
          approval: undefined,
          commits: [commits[0]!],
        }
      : { kind: 'clean' }
  return { id: id as InstanceId, component, stack, document, standing, events: document.outbox }
}

/** Takes a plan of an instance in. */
export function storing(id: string, plan: Omit<PlanRecord, 'status'>): Command {
  return { kind: 'store-plan', name: id as InstanceId, plan }
}

/** The commands that bring a plan to its apply, which ends so; without an outcome it is left running. */
export function applied(
  id: string,
  outcome?: 'done' | 'failed' | 'partial',
  plan = planned('p1', { createdMs: T0 }),
): Command[] {
  const facts = conditions(plan)
  const state = { lineage: 'lineage-1', serial: 4 }
  return [
    storing(id, plan),
    approving(plan),
    { kind: 'claim', holder: holder('4411'), purpose: 'apply', leaseMs: 15 * minute, apply: facts },
    { kind: 'intend', fence: 1, attempt: 'apply-1', action: 'apply', commit: 'c0ffee0000', apply: facts },
    ...(outcome === undefined
      ? []
      : [
          {
            kind: 'conclude',
            fence: 1,
            attempt: 'apply-1',
            outcome,
            state,
            reads: [],
            ...(outcome !== 'done' && { note: 'terraform apply ended with 1' }),
          } as const,
        ]),
  ]
}

const plan = planned('p1')
const found: DriftFinding = {
  class: 'out-of-band',
  digest: plan.digest,
  model: plan.model,
  changes: plan.changes,
  firstMs: T0 - 26 * 60 * minute,
  lastMs: T0,
}
const rejecting: Command = {
  kind: 'reject',
  fingerprint: plan.fingerprint,
  digest: plan.digest,
  by: ann,
  reason: 'too wide',
}

/** An estate with one instance for each thing that can need a person, and some that need none. */
export function sampleFacts(): Facts {
  const clean = after('app@plat-ue2-dev', applied('app@plat-ue2-dev', 'done'))
  const attempt = clean.document.attempts[0] as Attempt
  const orphan: InstanceFacts = {
    ...after('bastion@plat-ue1-dev', applied('bastion@plat-ue1-dev', 'done')),
    standing: {
      kind: 'orphan',
      why: 'not-imported',
      words: 'its stack does not import it any more',
      attempt: undefined,
    },
  }
  const follows: InstanceFacts = {
    ...after('app@plat-ue2-prod', applied('app@plat-ue2-prod', 'done')),
    standing: {
      kind: 'follows',
      upstreams: ['vpc@plat-ue2-prod'],
      plan: { ...plan, status: { kind: 'open' } },
      approval: { kind: 'missing', others: [] },
    },
  }
  return {
    nowMs,
    repository: 'github.com/acme/infra',
    branch: { name: 'main', tip: 'badcafe000' },
    total: 9,
    instances: [
      clean,
      after('vpc@plat-ue2-prod', [storing('vpc@plat-ue2-prod', plan)]),
      after('vpc@plat-ue1-prod', applied('vpc@plat-ue1-prod', 'partial')),
      after('vpc@plat-ue2-dev', applied('vpc@plat-ue2-dev')),
      after('vpc@plat-ue1-dev', [storing('vpc@plat-ue1-dev', plan), rejecting]),
      after('infra/dns zone@plat-ue1-dev', []),
      after('cluster@plat-ue1-prod', applied('cluster@plat-ue1-prod', 'done'), {
        change: { drift: { checkedMs: T0, cleanMs: T0 - 30 * 60 * minute, found } },
      }),
      after('cluster@plat-ue2-prod', applied('cluster@plat-ue2-prod', 'done'), {
        change: {
          drift: { checkedMs: T0 - 5, failed: { sinceMs: T0 - 4, atMs: T0, why: 'the registry did not answer' } },
          claim: { purpose: 'hold', holder: { run: 'hold-1', by: 'Bob' }, fence: 2, sinceMs: T0, leasedMs: T0 },
        },
      }),
      follows,
      orphan,
    ],
    commits: new Map([...commits.map((it) => [it.id, it] as const), [attempt.commit, commits[0]!]]),
    views: new Map([[plan.model, planView(plannedOutcome(fixturePlan('change')).plan)]]),
    pulls: [
      {
        name: '#42',
        title: 'Wider',
        of: ['vpc@plat-ue2-prod'],
        gate: 'blocked',
        says: 'waits: vpc is in flight',
        atMs: T0,
      },
    ],
    baseline: { commit: { id: '1f4747d' }, atMs: T0 - 99 * 60 * minute, by: 'Ann' },
    problems: ['the record events/x/1.json cannot be read: it is empty'],
  }
}
