import { type ErroredState, refuse, type Step, same } from './commands.ts'
import type { AddressDocument, Attempt } from './document.ts'

/** The attempt whose state could not be stored and waits for a person: until then nothing may be planned on the old one. */
export function erroredAttempt({ attempts }: AddressDocument): Attempt | undefined {
  return attempts.findLast(({ errored }) => errored === 'kept')
}

/** Writes down that a state is kept aside, or what a person has decided about it; that is decided once. */
export function erroredState(document: AddressDocument, { attempt: id, is, by, reason }: ErroredState): Step {
  const attempt = document.attempts.find((it) => it.id === id)
  if (attempt === undefined) return refuse({ kind: 'attempt-unknown', attempt: id })
  if (attempt.errored === is || (is === 'kept' && attempt.errored !== undefined)) return same
  return {
    kind: 'changed',
    document: { ...document, attempts: document.attempts.map((it) => (it === attempt ? { ...it, errored: is } : it)) },
    events: [{ kind: 'errored-state', attempt: id, is, by, ...(reason !== undefined && { reason }) }],
  }
}
