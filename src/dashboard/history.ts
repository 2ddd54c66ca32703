import { driftWords } from '../drift/words.ts'
import { foundWords } from '../records/attempt-words.ts'
import type { RecordEvent } from '../records/document.ts'
import { digestWords, supersededWords } from '../records/refusal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { CommitView, EventLine, HistoryLine } from './dashboard.ts'
import type { InstanceFacts } from './facts.ts'
import { outcomeWords } from './standing.ts'

/** Lines kept: what is older is in the event objects of the store. */
const mostLines = 400

/** What was applied, failed and was rejected, a line for each commit, newest first. */
export function historyOf(instances: readonly InstanceFacts[], commit: (id: string) => CommitView): HistoryLine[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of instances.flatMap(entriesOf)) {
    const key = JSON.stringify([entry.kind, entry.commit ?? [entry.id, entry.atMs], entry.note ?? ''])
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return [...groups.values()]
    .map((entries) => line(entries, commit))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, mostLines)
}

interface Entry {
  readonly id: InstanceId
  readonly kind: HistoryLine['kind']
  readonly commit: string | undefined
  readonly atMs: number
  readonly plannedMs: number | undefined
  readonly approvedMs: number | undefined
  readonly by: string | undefined
  readonly note: string | undefined
}

function line(entries: readonly Entry[], commit: (id: string) => CommitView): HistoryLine {
  const first = entries[0]!
  const planned = entries.flatMap(({ plannedMs }) => plannedMs ?? [])
  const approved = entries.flatMap(({ approvedMs }) => approvedMs ?? [])
  return {
    kind: first.kind,
    ...(first.commit !== undefined && { commit: commit(first.commit) }),
    of: [...new Set(entries.map(({ id }) => id))].sort(),
    atMs: Math.max(...entries.map(({ atMs }) => atMs)),
    ...(planned.length > 0 && { plannedMs: Math.min(...planned) }),
    ...(approved.length > 0 && { approvedMs: Math.max(...approved) }),
    by: [...new Set(entries.flatMap(({ by }) => by ?? []))].sort(),
    ...(first.note !== undefined && { note: first.note }),
  }
}

/** What the events of one instance come to, an entry for each end of an attempt, each no, and each move of the ledger. */
function entriesOf({ id, events, document }: InstanceFacts): Entry[] {
  // By digest, and plans by fingerprint too: a plan that changes nothing moves the ledger without an attempt.
  const planned = new Map<string, number>()
  const approved = new Map<string, number>()
  const begun = new Map<string, string>()
  const attempts = new Map(document.attempts.map((it) => [it.id, it]))
  const entry = (event: RecordEvent, of: string | undefined, about: Partial<Entry>): Entry => ({
    id,
    kind: 'applied',
    commit: undefined,
    by: undefined,
    note: undefined,
    atMs: event.atMs,
    plannedMs: of === undefined ? undefined : planned.get(of),
    approvedMs: of === undefined ? undefined : approved.get(of),
    ...about,
  })
  return events.flatMap((event): Entry[] => {
    switch (event.kind) {
      case 'plan-stored':
        for (const of of [event.digest, event.fingerprint]) planned.set(of, planned.get(of) ?? event.atMs)
        return []
      case 'approved':
        approved.set(event.digest, event.atMs)
        return []
      case 'attempt-started':
        begun.set(event.attempt, event.digest)
        return []
      case 'attempt-ended': {
        const attempt = attempts.get(event.attempt)
        const who = { commit: attempt?.commit, by: attempt?.by }
        const { outcome } = event
        if (outcome === 'done') return [entry(event, begun.get(event.attempt), who)]
        const note = attempt?.note ?? (outcome === 'rejected' ? undefined : outcomeWords[outcome])
        return [entry(event, begun.get(event.attempt), { ...who, kind: 'failed', note })]
      }
      case 'rejected': {
        const no = document.attempts.find((it) => it.outcome === 'rejected' && it.digest === event.digest)
        const about = { kind: 'rejected', commit: no?.commit, by: event.by.name, note: event.reason } as const
        return [entry(event, event.digest, about)]
      }
      case 'advanced': {
        const { ledger } = document
        const by = ledger?.fingerprint === event.fingerprint ? ledger.by : undefined
        return [entry(event, event.fingerprint, { commit: event.commit, by, note: 'without a change' })]
      }
      default:
        return []
    }
  })
}

/** One event in words. */
export function eventLine(event: RecordEvent): EventLine {
  return { atMs: event.atMs, says: words(event) }
}

function words(event: RecordEvent): string {
  switch (event.kind) {
    case 'plan-stored':
      return `plan stored, digest ${digestWords(event.digest)}`
    case 'plan-superseded':
      return `plan superseded: ${supersededWords(event.why)}`
    case 'plan-restored':
      return 'plan counts again: its change is back'
    case 'approved':
      return `approved by ${event.by.name}, digest ${digestWords(event.digest)}`
    case 'approval-withdrawn':
      return `approval by ${event.by.name} does not count (digest ${digestWords(event.digest)}): ${event.why}`
    case 'rejected':
      return `rejected by ${event.by.name}: ${event.reason}`
    case 'claimed':
      return `claimed by ${event.by}, run ${event.run}`
    case 'taken-over':
      return `claim taken over from ${event.from}, run ${event.fromRun}`
    case 'released':
      return 'claim released'
    case 'unlocked':
      return `unlocked by ${event.by}: ${event.reason}`
    case 'attempt-started':
      return `apply begun, digest ${digestWords(event.digest)}`
    case 'attempt-ended':
      return `apply ended: ${event.outcome}`
    case 'attempt-settled':
      return `${event.by} looked: ${foundWords({ ...event, mayExist: event.mayExist.map((address) => ({ address, type: '' })) })}`
    case 'errored-state':
      return `state that could not be stored: ${event.is}, by ${event.by}${event.reason === undefined ? '' : `: ${event.reason}`}`
    case 'lock-released':
      return `Terraform's lock ${event.lock} released by ${event.by}${event.reason === undefined ? '' : `: ${event.reason}`}`
    case 'advanced':
      return `the ledger says ${event.commit.slice(0, 7)} now`
    case 'renamed':
      return `renamed from ${event.from} to ${event.to}`
    case 'drifted':
      return `drift seen: ${driftWords[event.class]}`
    case 'drift-gone':
      return 'drift gone'
    case 'drift-check-failed':
      return `cannot be checked for drift: ${event.why}`
  }
}
