import { approvalOf } from '../../records/approval.ts'
import type { Person } from '../../records/document.ts'
import { changesNothing, planFor } from '../../records/plans.ts'
import type { GateReason } from '../../records/verdict.ts'
import type { InstanceId } from '../../stacks/instance.ts'
import type { GateFacts } from '../facts.ts'

/** Owners of the affected stacks approved; a file of owners that cannot be read whole is not taken for one that names nobody. */
export function owners({ outlook, records }: GateFacts): GateReason[] {
  const { kind, needs, problems } = outlook.owners
  if (kind === 'off') return []
  if (kind === 'none') return [{ kind: 'owners-none' }]
  const byId = new Map(outlook.instances.map((it) => [it.id, it]))
  const lacks = (id: InstanceId, owned: readonly string[]): boolean => {
    const it = byId.get(id)
    const document = it && records.documents.get(it.address)
    const plan = it?.target === undefined || !document ? undefined : planFor(document, it.target, records.nowMs)
    if (it === undefined || it.approval === 'none' || (plan && changesNothing(plan))) return false
    if (plan === undefined || document === undefined || approvalOf(document, plan, 'needed').kind === 'rejected')
      return true
    return !document.approvals.some(
      (said) =>
        said.fingerprint === plan.fingerprint &&
        said.digest === plan.digest &&
        owned.some((owner) => isOwner(said.by, owner)),
    )
  }
  return [
    ...problems.map((it): GateReason => ({ kind: 'owners-file', ...it })),
    ...needs.flatMap(({ owners: owned, file, line, ids }): GateReason[] => {
      const missing = ids.filter((id) => lacks(id, owned))
      return missing.length === 0 ? [] : [{ kind: 'owners-missing', owners: owned, file, line, ids: missing }]
    }),
  ]
}

/** Whether a person, as Git knows them, is who CODEOWNERS names. Who is in a team nobody here can tell. */
function isOwner({ name, email }: Person, owner: string): boolean {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  return owner.startsWith('@') ? same(owner.slice(1), name) : same(owner, email)
}
