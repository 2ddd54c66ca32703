import type { ChangedInstance } from '../records/pull-request.ts'
import type { GateReason, Verdict } from '../records/verdict.ts'
import type { GateFacts, GateRule } from './facts.ts'
import { inFlight } from './rules/in-flight.ts'
import { notes } from './rules/notes.ts'
import { owners } from './rules/owners.ts'
import { planned } from './rules/planned.ts'
import { policies } from './rules/policies.ts'

/** In the order in which people are told. */
const rules: readonly GateRule[] = [inFlight, planned, policies, owners, notes]

/** What the gate says of a change. */
export function verdict(facts: GateFacts): Verdict {
  const { outlook, base, adopted } = facts
  const counts = {
    changed: outlook.instances.filter(isChanged).length,
    planned: outlook.instances.filter(({ plan }) => plan !== undefined).length,
  }
  const { broken } = outlook
  if (broken !== undefined) {
    const reason: GateReason =
      broken.kind === 'conflict' ? { kind: 'conflict', with: base, paths: broken.paths } : broken
    return { state: blockedOr(facts), reasons: [reason], ...counts }
  }
  if (counts.changed === 0) return { state: 'pass', reasons: notes(facts), ...counts }
  if (!adopted) return { state: 'neutral', reasons: [{ kind: 'not-adopted' }, ...notes(facts)], ...counts }
  const found = rules.flatMap((rule) => rule(facts))
  const reasons = [...found.filter(blocks), ...found.filter((it) => !blocks(it))]
  return { state: found.some(blocks) ? blockedOr(facts) : 'pass', reasons, ...counts }
}

/** Whether a reason keeps a change from being merged. */
export function blocks({ kind }: GateReason): boolean {
  return !['excused', 'destroys', 'absent', 'not-adopted'].includes(kind)
}

function blockedOr({ outlook }: GateFacts): 'blocked' | 'advice' {
  return outlook.mode === 'warn' ? 'advice' : 'blocked'
}

/** What only reads a changed instance, or is absent, asks for nothing itself. */
function isChanged({ kind }: ChangedInstance): boolean {
  return kind !== 'may' && kind !== 'absent'
}
