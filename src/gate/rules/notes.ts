import type { ChangedInstance } from '../../records/pull-request.ts'
import type { GateReason } from '../../records/verdict.ts'
import type { GateFacts } from '../facts.ts'

/** What is worth saying and holds nothing back: what a merge would destroy, and what vanished without being removed. */
export function notes({ outlook }: GateFacts): GateReason[] {
  const of = (kind: ChangedInstance['kind']) => outlook.instances.filter((it) => it.kind === kind).map(({ id }) => id)
  const [destroyed, absent] = [of('destroy'), of('absent')]
  return [
    ...(destroyed.length > 0 ? [{ kind: 'destroys', ids: destroyed } as const] : []),
    ...(absent.length > 0 ? [{ kind: 'absent', ids: absent } as const] : []),
  ]
}
