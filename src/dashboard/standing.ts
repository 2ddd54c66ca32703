import { callsForPerson } from '../drift/issue.ts'
import { driftWords } from '../drift/words.ts'
import { countsText } from '../plan/summary.ts'
import { standingWords as unknownWords } from '../records/baseline.ts'
import type { Attempt, Outcome, PlanRecord, SupersededWhy } from '../records/document.ts'
import { GONE } from '../records/document.ts'
import type { FlightWhy } from '../records/in-flight.ts'
import { changesNothing } from '../records/plans.ts'
import { supersededWords } from '../records/refusal.ts'
import type { Standing } from './dashboard.ts'
import type { InstanceFacts, StandingFacts } from './facts.ts'

/** The one sign for where an instance stands: what is worst wins. */
export function standingOf({ document, standing }: InstanceFacts): Standing {
  const tried = failure(standing)
  if (tried !== undefined) return 'failed'
  if (standing.kind === 'orphan') return 'orphan'
  if (standing.kind === 'unknown') return standing.why.why === 'never-applied' ? 'never-applied' : 'drifted'
  if (standing.kind === 'in-flight')
    return standing.why.every(({ kind }) => kind === 'never-applied') ? 'never-applied' : 'in-flight'
  const found = document.drift?.found
  if (found !== undefined && callsForPerson(found.class)) return 'drifted'
  return 'clean'
}

/** The last attempt, where it did not end well: an attempt that runs under a claim of a living run is none. */
export function failure(
  standing: StandingFacts,
): { readonly attempt: Attempt; readonly outcome: Exclude<Outcome, 'done' | 'rejected'> } | undefined {
  if (standing.kind === 'orphan')
    return standing.attempt && { attempt: standing.attempt, outcome: ended(standing.attempt.outcome) }
  if (standing.kind !== 'in-flight') return undefined
  const tried = standing.why.find((it) => it.kind === 'attempt-not-done')
  if (tried?.kind !== 'attempt-not-done') return undefined
  const { attempt, outcome } = tried
  if (outcome === 'running' && standing.waitsFor.kind === 'running' && standing.holder !== 'over') return undefined
  return { attempt, outcome: ended(outcome) }
}

function ended(outcome: Outcome | 'running' | undefined): Exclude<Outcome, 'done' | 'rejected'> {
  return outcome === 'failed' || outcome === 'partial' ? outcome : 'unknown'
}

/** Where an instance stands, in words: `waits for approval: 1 to change`. */
export function standingWords(facts: InstanceFacts): string {
  const { standing, document } = facts
  switch (standing.kind) {
    case 'clean': {
      const found = document.drift?.found
      if (found !== undefined && callsForPerson(found.class)) return driftWords[found.class]
      return document.claim?.purpose === 'hold'
        ? `applied and clean, held by ${document.claim.holder.by}`
        : 'applied and clean'
    }
    case 'in-flight': {
      const tried = failure(standing)
      const after = tried === undefined ? '' : `last apply ${outcomeWords[tried.outcome]}; `
      const never = standing.why.some(({ kind }) => kind === 'never-applied') ? 'never applied; ' : ''
      return `${never}${after}${waitsWords(standing)}`
    }
    case 'drifted':
      return driftedWords(facts, standing)
    case 'unknown':
      return `unknown since adoption: ${unknownWords(standing.why)}`
    case 'follows':
      return `applied; follows ${names(standing.upstreams)}, with a plan${approvalTail(standing)}`
    case 'orphan':
      return (
        orphanText(standing) + (standing.attempt ? `; last apply ${outcomeWords[ended(standing.attempt.outcome)]}` : '')
      )
  }
}

/** What drifted, and how far putting it back has come. */
export function driftedWords(
  { document }: InstanceFacts,
  { approval }: Extract<StandingFacts, { kind: 'drifted' }>,
): string {
  const found = document.drift?.found
  const what = found === undefined ? 'differs from what was applied' : driftWords[found.class]
  const waiting = {
    missing: ', waits for approval',
    approved: ', approved, waits for apply',
    'not-needed': ', waits for apply',
    rejected: ', putting it back was rejected',
  } as const
  return what + (approval ? waiting[approval.kind] : '')
}

type Flying = Extract<StandingFacts, { kind: 'in-flight' }>

/** What an instance in flight waits for. */
export function waitsWords({ waitsFor, holder }: Pick<Flying, 'waitsFor' | 'holder'>): string {
  switch (waitsFor.kind) {
    case 'running':
      return holder === 'over'
        ? `left by ${waitsFor.claim.holder.by}, run ${waitsFor.claim.holder.run}, whose process is gone`
        : `being applied by ${waitsFor.claim.holder.by}, run ${waitsFor.claim.holder.run}`
    case 'hold':
      return `held by ${waitsFor.claim.holder.by}${waitsFor.claim.reason === undefined ? '' : `: ${waitsFor.claim.reason}`}`
    case 'plan':
      return 'waits for a plan'
    case 're-plan':
      return `must be planned again: ${replanWords(waitsFor.why)}`
    case 'upstream':
      return `waits for ${names(waitsFor.of)}`
    case 'approval':
      return `waits for approval: ${does(waitsFor.plan)}`
    case 'rejected':
      return `rejected by ${waitsFor.rejection.by}${waitsFor.rejection.note === undefined ? '' : `: ${waitsFor.rejection.note}`}`
    case 'finish':
      return 'what was left of the approved plan waits for apply'
    case 'apply':
      return changesNothing(waitsFor.plan)
        ? 'nothing to change, waits for apply'
        : `approved, waits for apply: ${does(waitsFor.plan)}`
  }
}

/** Why an instance is in flight. */
export function whyWords(why: FlightWhy): string {
  switch (why.kind) {
    case 'never-applied':
      return 'it was never applied'
    case 'changed':
      return 'it was changed'
    case 'gone':
      return 'its declaration was removed'
    case 'attempt-not-done':
      return why.outcome === 'running'
        ? `an ${why.attempt.action} by ${why.attempt.by} was begun and has not ended`
        : `the last ${why.attempt.action}, by ${why.attempt.by}, ${outcomeWords[why.outcome === 'rejected' ? 'unknown' : why.outcome]}`
    case 'read-moved':
      return `a value that it read is another now: ${why.reads.map(({ call }) => call).join(', ')}`
  }
}

/** How an attempt ended, as the end of a sentence. */
export const outcomeWords = {
  done: 'went well',
  failed: 'failed, nothing was changed',
  partial: 'failed half-way',
  unknown: 'ended nobody knows how',
} as const

/** What is told of an address of which nothing is asked, though nobody removed it by name. */
export function orphanText({ why, words }: Pick<Extract<StandingFacts, { kind: 'orphan' }>, 'why' | 'words'>): string {
  return why === 'closed' ? words : `${words}; what it made stays`
}

export function replanWords(why: SupersededWhy | 'expired'): string {
  return why === 'expired' ? 'its plan has expired' : supersededWords(why)
}

/** `vpc, cluster`; with the stack where it is not plain. */
export function names(ids: readonly string[], most = 4): string {
  const shown = ids.slice(0, most).map((id) => id.replace(/@([^@]*)$/, ' in $1'))
  return shown.join(', ') + (ids.length > most ? ` and ${ids.length - most} more` : '')
}

function approvalTail({ approval, plan }: Extract<StandingFacts, { kind: 'follows' }>): string {
  switch (approval.kind) {
    case 'missing':
      return ` that waits for approval: ${does(plan)}`
    case 'approved':
      return ` that is approved: ${does(plan)}`
    case 'rejected':
      return ` that ${approval.rejection.by} rejected`
    case 'not-needed':
      return `: ${does(plan)}`
  }
}

/** `1 to change`; `2 to destroy ⚠` where something leaves the cloud. */
export function does({ changes }: Pick<PlanRecord, 'changes'>): string {
  return countsText(changes) + (changes.destroy + changes.replace > 0 ? ' ⚠' : '')
}

/** A removal reads as words, not as a fingerprint. */
export function isRemoved(fingerprint: string): boolean {
  return fingerprint === GONE
}
