import type { StatusItem } from './status.ts'

type Flying = Extract<StatusItem, { kind: 'in-flight' }>

const refusalWords: Readonly<Record<string, string>> = {
  'component-locked': 'is refused: it was locked',
  'still-read': 'is refused: others still need it',
  'state-left-behind': 'is refused: its state is left behind at another address',
}

/** What an instance in flight waits for, in a few words, the same everywhere; a removal says first that it is one. */
export function waitingWords(item: Pick<Flying, 'waitsFor' | 'why' | 'holder' | 'refusal' | 'removal'>): string {
  const words = item.refusal ? (refusalWords[item.refusal.code] ?? 'is refused') : waitWords(item)
  return item.removal ? `removed, to be destroyed ⚠: ${words}` : words
}

function waitWords({
  waitsFor,
  why,
  holder,
  removal,
}: Pick<Flying, 'waitsFor' | 'why' | 'holder' | 'removal'>): string {
  const failed = why.find((it) => it.kind === 'attempt-not-done')
  const after =
    failed?.kind === 'attempt-not-done' && failed.outcome !== 'running' ? ` (last apply: ${failed.outcome})` : ''
  switch (waitsFor.kind) {
    case 'running':
      return holder === 'over'
        ? `was left by ${waitsFor.claim.holder.by}, run ${waitsFor.claim.holder.run}, whose process is gone`
        : `is being applied by ${waitsFor.claim.holder.by}, run ${waitsFor.claim.holder.run}`
    case 'hold':
      return `is held by ${waitsFor.claim.holder.by}`
    case 'plan':
      return `waits for a plan${after}`
    case 're-plan':
      return `must be planned again: ${replanWords[waitsFor.why]}${after}`
    case 'upstream':
      return `waits for ${instanceNames(waitsFor.of)}`
    case 'approval':
      return removal?.destroys === undefined
        ? `waits for approval${after}`
        : `waits for approval, as one of ${removal.destroys}${after}`
    case 'rejected':
      return `was rejected by ${waitsFor.rejection.by}`
    case 'finish':
      return `what was left of the approved plan waits for apply${after}`
    case 'apply':
      return `approved, waits for apply${after}`
  }
}

const replanWords = {
  broken: 'its sealed plan is broken',
  'state-moved': 'the state has moved',
  'read-moved': 'a value that it reads has moved',
  'newer-plan': 'a newer plan was made',
  'change-moved': 'its change moved on',
  'change-gone': 'its change went away',
  'drift-gone': 'the drift went away',
  applied: 'it was applied once',
  expired: 'its plan has expired',
} as const

/** Components of instances, where their stack is known anyway. */
export function instanceNames(ids: readonly string[]): string {
  return ids.map((id) => id.slice(0, id.lastIndexOf('@'))).join(', ')
}
