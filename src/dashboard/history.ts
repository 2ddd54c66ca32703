import { driftWords } from '../drift/words.ts'
import { foundWords } from '../records/attempt-words.ts'
import type { RecordEvent } from '../records/document.ts'
import { digestWords, supersededWords } from '../records/refusal.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { CommitView, EventLine, HistoryLine, InstanceFacts } from './dashboard.ts'
import { outcomeWords } from './standing.ts'

/** Lines kept: what is older is in the event objects of the store. */
const mostLines = 400

/** What was applied, failed and was rejected, a line for each commit, newest first. */
export function historyOf(instances: readonly InstanceFacts[], commit: (id: string) => CommitView): HistoryLine[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of instances.flatMap(entriesOf)) {
    const key = JSON.stringify([entry.kind, entry.commit ?? [entry.id, entry.atMs], entry.note ?? ''])
    groups.set(key, [...(groups.get(key) ?? []), entry])
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

function entriesOf({ id, events, document }: InstanceFacts): Entry[] {
  const planned = new Map<string, number>()
  const approved = new Map<string, number>()
  const begun = new Map<string, string>()
  const attempts = new Map(document.attempts.map((it) => [it.id, it]))
  let digest: string | undefined
  let by: string | undefined
  const found: Entry[] = []
  const times = (of: string | undefined) => ({
    plannedMs: of === undefined ? undefined : planned.get(of),
    approvedMs: of === undefined ? undefined : approved.get(of),
  })
  for (const event of events)
    switch (event.kind) {
      case 'plan-stored':
        planned.set(event.digest, planned.get(event.digest) ?? event.atMs)
        planned.set(event.fingerprint, planned.get(event.fingerprint) ?? event.atMs)
        break
      case 'approved':
        approved.set(event.digest, event.atMs)
        break
      case 'claimed':
        by = event.by
        break
      case 'attempt-started':
        digest = event.digest
        begun.set(event.attempt, event.digest)
        break
      case 'attempt-ended': {
        const attempt = attempts.get(event.attempt)
        digest = begun.get(event.attempt)
        if (event.outcome === 'done') break // the ledger moved in the same write, which tells the rest
        const [commit, who] = [attempt?.commit, attempt?.by ?? by]
        const note = attempt?.note ?? outcomeWords[event.outcome === 'rejected' ? 'unknown' : event.outcome]
        found.push({ id, kind: 'failed', commit, atMs: event.atMs, ...times(digest), by: who, note })
        digest = undefined
        break
      }
      case 'rejected': {
        const commit = document.attempts.find((it) => it.outcome === 'rejected' && it.digest === event.digest)?.commit
        const note = event.reason
        found.push({ id, kind: 'rejected', commit, atMs: event.atMs, ...times(event.digest), by: event.by.name, note })
        break
      }
      case 'advanced': {
        const { commit, atMs } = event
        const who = digest === undefined ? document.ledger?.by : by
        found.push({
          id,
          kind: 'applied',
          commit,
          atMs,
          ...times(digest ?? event.fingerprint),
          by: who,
          note: undefined,
        })
        digest = undefined
        break
      }
    }
  return found
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
    case 'approved':
      return `approved by ${event.by.name}, digest ${digestWords(event.digest)}`
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
