import type { Attempt, Found } from './document.ts'
import { clock } from './words.ts'

/** What became of an apply that was interrupted, in words. */
export function foundWords({ what, mayExist }: Pick<Found, 'what' | 'mayExist'>): string {
  const words = {
    'never-started': 'nothing of the interrupted apply was done',
    partial: 'the interrupted apply did a part of it',
    done: 'the interrupted apply had done all of it',
    unknown: 'nobody can tell what the interrupted apply did',
  }[what]
  if (mayExist.length === 0) return words
  const shown = mayExist.slice(0, 10).map(({ address }) => address)
  const more = mayExist.length > shown.length ? ` and ${mayExist.length - shown.length} more` : ''
  return `${words}; what it was creating may exist although no state knows it: ${shown.join(', ')}${more}`
}

/** How an attempt ended that was not done: who, when, why, and what a later run found of it. Undefined while it may run. */
export function attemptWords(attempt: Attempt, nowMs: number): string | undefined {
  const { action, by, outcome, startedMs, endedMs, note, found } = attempt
  if (outcome === undefined || outcome === 'done' || outcome === 'rejected') return undefined
  const end = clock(endedMs ?? startedMs, nowMs)
  // Terraform's own end always has a note.
  const ended =
    note === undefined || outcome === 'unknown'
      ? `was begun at ${clock(startedMs, nowMs)} and cut short${note === undefined ? '' : ` (${note.split('\n')[0]})`}`
      : `${outcome === 'partial' ? 'failed half-way' : 'failed'} at ${end} (${note.split('\n')[0]})`
  return [`the last ${action}, by ${by}, ${ended}`, ...(found ? [foundWords(found)] : [])].join('; ')
}
