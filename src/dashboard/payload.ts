import { driftWords } from '../drift/words.ts'
import type { AddressDocument, PlanRecord } from '../records/document.ts'
import { supersededWords } from '../records/refusal.ts'
import type {
  ClaimView,
  CommitView,
  Dashboard,
  DriftView,
  FlightView,
  InstanceView,
  PlanLine,
  Standing,
} from './dashboard.ts'
import type { Facts, InstanceFacts } from './facts.ts'
import { eventLine, historyOf } from './history.ts'
import { needsOf, needsOfOne } from './needs.ts'
import { does, isRemoved, standingOf, standingWords, waitsWords, whyWords } from './standing.ts'

/** Events shown of one instance. */
const mostEvents = 30

/** Everything that the page shows. */
export function payload(facts: Facts): Dashboard {
  const { nowMs, repository, branch, total, pulls, baseline, problems } = facts
  const commit = (id: string): CommitView => facts.commits.get(id) ?? { id }
  const instances = facts.instances
    .map((it) => instanceView(it, facts, commit))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return {
    format: 1,
    madeMs: nowMs,
    repository,
    branch,
    total,
    counts: counts(instances),
    needs: needsOf(facts.instances, nowMs),
    instances,
    history: historyOf(facts.instances, commit),
    pulls,
    ...(baseline && { baseline }),
    problems,
  }
}

/** Keys of the models that are worth showing, the most wanted first: plans that are open, drift, then what was applied last. */
export function wantedModels(instances: readonly InstanceFacts[]): string[] {
  const open = instances.flatMap(({ document }) => document.plans.filter(({ status }) => status.kind === 'open'))
  const found = instances.flatMap(({ document }) => document.drift?.found?.model ?? [])
  const applied = instances.flatMap(({ document }) => lastApplied(document) ?? [])
  const newest = applied.toSorted((a, b) => b.createdMs - a.createdMs)
  return [...new Set([...open.map(({ model }) => model), ...found, ...newest.map(({ model }) => model)])]
}

function lastApplied({ plans, ledger, attempts }: AddressDocument): PlanRecord | undefined {
  const tried = attempts.at(-1)?.plan
  return plans.findLast(
    ({ id, digest, status }) => id === tried || (status.kind === 'applied' && digest === ledger?.digest),
  )
}

function counts(instances: readonly InstanceView[]): Readonly<Record<Standing, number>> {
  const count = (standing: Standing) => instances.filter((it) => it.standing === standing).length
  return {
    failed: count('failed'),
    drifted: count('drifted'),
    'never-applied': count('never-applied'),
    'in-flight': count('in-flight'),
    clean: count('clean'),
    orphan: count('orphan'),
  }
}

function instanceView(it: InstanceFacts, facts: Facts, commit: (id: string) => CommitView): InstanceView {
  const { id, component, stack, document } = it
  const { ledger, claim, drift } = document
  const flight = flightView(it)
  return {
    id,
    component,
    stack,
    standing: standingOf(it),
    says: standingWords(it),
    formerly: document.names.filter((name) => name !== id),
    state: { backend: document.address.backend, workspace: document.address.workspace },
    ...(ledger && {
      ledger: {
        commit: commit(ledger.commit),
        atMs: ledger.atMs,
        by: ledger.by,
        digest: ledger.digest,
        ...(ledger.state && { serial: ledger.state.serial }),
        removed: isRemoved(ledger.fingerprint),
      },
    }),
    ...(flight && { flight }),
    ...(claim && { claim: claimView(claim, facts.nowMs) }),
    next: needsOfOne(it, facts.nowMs).flatMap(({ act }) => act),
    plans: document.plans.toReversed().map((plan) => planLine(plan, facts)),
    approvals: document.approvals.toReversed().map(({ by, how, atMs, digest, destroys }) => ({
      by: by.name,
      how,
      atMs,
      digest,
      ...(destroys !== undefined && { destroys }),
    })),
    attempts: document.attempts.toReversed().map((attempt) => ({
      id: attempt.id,
      action: attempt.action,
      outcome: attempt.outcome ?? 'not ended',
      by: attempt.by,
      commit: commit(attempt.commit),
      startedMs: attempt.startedMs,
      ...(attempt.endedMs !== undefined && { endedMs: attempt.endedMs }),
      ...(attempt.note !== undefined && { note: attempt.note }),
    })),
    ...(drift && { drift: driftView(drift, facts) }),
    events: it.events.slice(-mostEvents).toReversed().map(eventLine),
  }
}

function flightView({ standing }: InstanceFacts): FlightView | undefined {
  if (standing.kind !== 'in-flight') return undefined
  const times = standing.commits.flatMap(({ atMs }) => atMs ?? [])
  return {
    why: standing.why.map(whyWords),
    waits: waitsWords(standing),
    ...(times.length > 0 && { sinceMs: Math.min(...times) }),
    commits: standing.commits.slice(0, 20),
  }
}

function claimView(claim: NonNullable<AddressDocument['claim']>, nowMs: number): ClaimView {
  const { purpose, holder, fence, sinceMs, untilMs, reason } = claim
  return {
    purpose,
    by: holder.by,
    run: holder.run,
    fence,
    sinceMs,
    ...(untilMs !== undefined && { untilMs }),
    ...(reason !== undefined && { reason }),
    overdue: untilMs !== undefined && untilMs <= nowMs,
  }
}

function planLine(plan: PlanRecord, { nowMs, views }: Facts): PlanLine {
  const { status } = plan
  const open = status.kind === 'open' && nowMs < plan.expiresMs
  const view = views.get(plan.model)
  return {
    id: plan.id,
    digest: plan.digest,
    does: does(plan),
    madeMs: plan.createdMs,
    by: plan.by,
    run: plan.run,
    commit: plan.commit,
    of: planOf(plan),
    status: statusWords(plan, nowMs),
    open,
    provisional: plan.provisional,
    reads: plan.reads.map(({ call }) => call),
    uncertain: plan.uncertain,
    view: view ?? { left: 'not shown here' },
  }
}

function planOf({ pullRequest, branch, merged }: PlanRecord): string {
  if (pullRequest !== undefined) return `#${pullRequest}`
  if (merged !== undefined && merged.length > 0) return `merged ${merged.map((it) => `#${it}`).join(', ')}`
  return branch === undefined ? 'the protected branch' : `branch ${branch}`
}

function statusWords({ status, expiresMs }: PlanRecord, nowMs: number): string {
  switch (status.kind) {
    case 'open':
      return nowMs < expiresMs ? 'open' : 'expired'
    case 'applied':
      return 'applied'
    case 'superseded':
      return `superseded: ${supersededWords(status.why)}`
  }
}

function driftView(drift: NonNullable<AddressDocument['drift']>, { views }: Facts): DriftView {
  const { checkedMs, cleanMs, failed, found } = drift
  return {
    checkedMs,
    ...(cleanMs !== undefined && { cleanMs }),
    ...(failed && { failed: { sinceMs: failed.sinceMs, why: failed.why } }),
    ...(found && {
      found: {
        says: driftWords[found.class],
        does: does(found),
        firstMs: found.firstMs,
        lastMs: found.lastMs,
        view: views.get(found.model) ?? { left: 'not shown here' },
      },
    }),
  }
}
