import { callsForPerson } from '../drift/issue.ts'
import { driftWords } from '../drift/words.ts'
import type { PlanRecord } from '../records/document.ts'
import { typed } from '../records/words.ts'
import type { Act, Need, NeedKind } from './dashboard.ts'
import type { InstanceFacts } from './facts.ts'
import { does, driftedWords, failure, orphanText, outcomeWords, standingWords, waitsWords } from './standing.ts'

/** What needs a person, oldest first. What any run would do next for many instances is one need. */
export function needsOf(instances: readonly InstanceFacts[], nowMs: number): Need[] {
  const all = instances.flatMap((it) => needsOfOne(it, nowMs))
  const apart = all.filter(({ kind }) => !together.has(kind))
  const merged = [...together].flatMap(([kind, act]) => {
    const same = all.filter((it) => it.kind === kind)
    return same.length < 2 ? same : [mergedNeed(same, act)]
  })
  return [...apart, ...merged].sort(
    (a, b) => (a.sinceMs ?? Number.MAX_SAFE_INTEGER) - (b.sinceMs ?? Number.MAX_SAFE_INTEGER),
  )
}

/** Kinds for which one command does for all instances at once. */
const together: ReadonlyMap<NeedKind, string> = new Map([
  ['plan', 'airlock plan'],
  ['apply', 'airlock apply'],
])

function mergedNeed(same: readonly Need[], command: string): Need {
  const times = same.flatMap(({ sinceMs }) => sinceMs ?? [])
  return {
    kind: same[0]!.kind,
    of: same.flatMap(({ of }) => of),
    says: same[0]!.kind === 'plan' ? 'wait for a plan' : 'are approved and wait for apply',
    ...(times.length > 0 && { sinceMs: Math.min(...times) }),
    act: [{ command }],
  }
}

/** What of one instance needs a person. */
export function needsOfOne(facts: InstanceFacts, nowMs: number): Need[] {
  const { id, document, standing } = facts
  const name = typed(id)
  const need = (kind: NeedKind, says: string, sinceMs: number | undefined, act: readonly Act[]): Need => ({
    kind,
    of: [id],
    says,
    ...(sinceMs !== undefined && { sinceMs }),
    act,
  })
  return [
    ...(document.claim ? claimNeeds(facts, nowMs, need) : []),
    ...(document.claim ? [] : standingNeeds(facts, need)),
    ...(['clean', 'follows', 'drifted'].includes(standing.kind) ? driftNeeds(facts, need) : []),
    ...(document.drift?.failed
      ? [
          need(
            'check-failing',
            `cannot be checked for drift: ${document.drift.failed.why}`,
            document.drift.failed.sinceMs,
            [{ command: `airlock plan ${name}` }],
          ),
        ]
      : []),
  ]
}

type MakeNeed = (kind: NeedKind, says: string, sinceMs: number | undefined, act: readonly Act[]) => Need

/** A claim needs a person when who has it is gone, when its lease is over, or when a person holds it. */
function claimNeeds({ id, document, standing }: InstanceFacts, nowMs: number, need: MakeNeed): Need[] {
  const { claim } = document
  if (claim === undefined) return []
  const { by, run } = claim.holder
  const unlock = [{ command: `airlock unlock ${typed(id)} --reason "…"` }]
  if (claim.purpose === 'hold') {
    const reason = claim.reason === undefined ? '' : `: ${claim.reason}`
    return [need('held', `is held by ${by}${reason}`, claim.sinceMs, [{ words: `ask ${by}` }, ...unlock])]
  }
  const over = claim.untilMs !== undefined && claim.untilMs <= nowMs
  const gone = standing.kind === 'in-flight' && standing.holder === 'over'
  if (!over && !gone) return []
  const why = gone ? 'whose process is gone' : 'and the lease is over'
  return [need('left', `was left by ${by}, run ${run}, ${why}`, over ? claim.untilMs : claim.sinceMs, unlock)]
}

function standingNeeds(facts: InstanceFacts, need: MakeNeed): Need[] {
  const { id, document, standing } = facts
  const name = typed(id)
  const look = { command: `airlock show ${name}` }
  const tried = failure(standing)
  if (tried !== undefined) {
    const { attempt, outcome } = tried
    const note = attempt.note === undefined ? '' : ` (${attempt.note})`
    const next = standing.kind === 'in-flight' ? `; now: ${waitsWords(standing)}` : ''
    return [
      need(
        outcome === 'unknown' ? 'unknown' : 'failed',
        `the last ${attempt.action}, by ${attempt.by}, ${outcomeWords[outcome]}${note}${next}`,
        attempt.endedMs ?? attempt.startedMs,
        nextActs(name, standing),
      ),
    ]
  }
  switch (standing.kind) {
    case 'clean':
    case 'drifted':
      return []
    case 'unknown':
      return [need('adopted', standingWords(facts), standing.sinceMs, [look, { command: `airlock plan ${name}` }])]
    case 'follows':
      return standing.approval.kind === 'missing'
        ? [
            need('approval', waitsForYes(standing.plan), standing.plan.createdMs, [
              { command: `airlock approve ${name}` },
            ]),
          ]
        : []
    case 'orphan': {
      if (['disabled', 'abstract', 'closed'].includes(standing.why)) return []
      const words =
        standing.why === 'elsewhere'
          ? 'move its state: terraform init -migrate-state'
          : 'bring it back, or remove it by name'
      const at = document.ledger?.atMs
      return [
        need('orphan', `${orphanText(standing)}${at === undefined ? '' : ' (applied last at that time)'}`, at, [
          { words },
          look,
        ]),
      ]
    }
    case 'in-flight': {
      const { waitsFor } = standing
      const since = standing.commits.flatMap(({ atMs }) => atMs ?? [])
      const first = since.length > 0 ? Math.min(...since) : undefined
      switch (waitsFor.kind) {
        case 'approval':
          return [need('approval', waitsForYes(waitsFor.plan), waitsFor.plan.createdMs, nextActs(name, standing))]
        case 'rejected':
          return [
            need('rejected', `was ${waitsWords(standing)}`, waitsFor.rejection.startedMs, nextActs(name, standing)),
          ]
        case 'plan':
          return [need('plan', waitsWords(standing), first, nextActs(name, standing))]
        case 're-plan':
          return [need('plan', waitsWords(standing), first, nextActs(name, standing))]
        case 'finish':
          return [need('apply', waitsWords(standing), waitsFor.attempt.startedMs, nextActs(name, standing))]
        case 'apply': {
          const approved =
            standing.approval?.kind === 'approved' ? standing.approval.approval.atMs : waitsFor.plan.createdMs
          return [need('apply', `is ${waitsWords(standing)}`, approved, nextActs(name, standing))]
        }
        case 'running':
        case 'hold':
        case 'upstream':
          return []
      }
    }
  }
}

function waitsForYes(plan: PlanRecord): string {
  return `waits for approval: ${does(plan)}`
}

/** What a person can do next about an instance in flight. */
function nextActs(name: string, standing: InstanceFacts['standing']): readonly Act[] {
  const look = { command: `airlock show ${name}` }
  if (standing.kind !== 'in-flight') return [look]
  switch (standing.waitsFor.kind) {
    case 'approval':
      return [{ command: `airlock approve ${name}` }]
    case 'rejected':
      return [
        { words: 'change or revert it in a pull request, or approve it after all' },
        { command: `airlock approve ${name}` },
      ]
    case 'plan':
    case 're-plan':
      return [{ command: `airlock plan ${name}` }]
    case 'apply':
    case 'finish':
      return [{ command: `airlock apply ${name}` }]
    case 'running':
      return standing.holder === 'over' ? [{ command: `airlock unlock ${name} --reason "…"` }] : [look]
    case 'hold':
      return [{ command: `airlock unlock ${name} --reason "…"` }]
    case 'upstream':
      return [look]
  }
}

function driftNeeds(facts: InstanceFacts, need: MakeNeed): Need[] {
  const { id, document, standing } = facts
  const found = document.drift?.found
  if (found === undefined || !callsForPerson(found.class)) return []
  const approval = standing.kind === 'drifted' ? standing.approval?.kind : undefined
  const command = approval === 'missing' ? `airlock approve ${typed(id)}` : `airlock drift --remediate ${typed(id)}`
  const words = standing.kind === 'drifted' ? driftedWords(facts, standing) : driftWords[found.class]
  return [need('drifted', `${words}: ${does(found)} to put it back`, found.firstMs, [{ command }])]
}
