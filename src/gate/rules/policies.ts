import { canonicalJson } from '../../json.ts'
import type { PlanRecord } from '../../records/document.ts'
import { planFor } from '../../records/plans.ts'
import type { Outlook, PolicyResult, PolicyRule } from '../../records/pull-request.ts'
import type { GateReason } from '../../records/verdict.ts'
import type { InstanceId } from '../../stacks/instance.ts'
import type { GateFacts, GateRecords } from '../facts.ts'

/** A plan that a policy has to judge. */
export interface PolicyCase {
  readonly policy: PolicyRule
  readonly id: InstanceId
  readonly digest: string
  readonly plan: PlanRecord
}

/** Every policy passed for the plan of every changed instance. */
export function policies({ outlook, records }: GateFacts): GateReason[] {
  return policyCases(outlook, records).flatMap((it): GateReason[] => {
    const { policy, id } = it
    const result = resultOf(outlook.results, it)
    if (result?.how === 'passed') return []
    return [{ kind: 'policy', policy: policy.name, id, how: result?.how ?? 'interrupted', said: result?.said ?? [] }]
  })
}

/** What policies have to judge: each of them each plan that counts. */
export function policyCases(
  { instances, policies: all }: Pick<Outlook, 'instances' | 'policies'>,
  { documents, nowMs }: Pick<GateRecords, 'documents' | 'nowMs'>,
): PolicyCase[] {
  return instances.flatMap(({ id, address, target }) => {
    const document = documents.get(address)
    const plan = document && target !== undefined ? planFor(document, target, nowMs) : undefined
    return plan === undefined ? [] : all.map((policy) => ({ policy, id, digest: plan.digest, plan }))
  })
}

/** What a policy, as it is now, said of a plan; undefined where it was not asked. */
export function resultOf(results: readonly PolicyResult[], it: Omit<PolicyCase, 'plan'>): PolicyResult | undefined {
  return results.find(
    ({ policy, id, digest }) =>
      id === it.id && digest === it.digest && canonicalJson(policy) === canonicalJson(it.policy),
  )
}
