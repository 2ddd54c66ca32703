import { createHash } from 'node:crypto'
import type { PlanCounts } from '../plan/summary.ts'
import type { AddressId } from '../records/address.ts'
import type { DriftClass } from '../records/document.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Finding } from './finding.ts'

/** What a webhook is told of drift: names and counts, no values, no address of a web page. */
export interface DriftNotice {
  readonly format: 1
  readonly kind: 'drifted'
  readonly instance: InstanceId
  readonly component: string
  readonly stack: string
  readonly address: AddressId
  readonly class: DriftClass
  readonly digest: string
  /** What putting it back would do. */
  readonly changes: PlanCounts
  readonly objects: readonly string[]
  readonly owners: readonly string[]
  /** RFC 3339. */
  readonly first: string
  readonly last: string
  readonly lastClean: string | null
  readonly applied: { readonly commit: string; readonly at: string; readonly by: string }
  /** Equal for the same finding however often it is seen: who gets it twice drops one. */
  readonly idempotencyKey: string
}

/** The notice of a finding. */
export function driftNotice({ id, address, finding, differences, applied, cleanMs, owners }: Finding): DriftNotice {
  const cut = id.lastIndexOf('@')
  return {
    format: 1,
    kind: 'drifted',
    instance: id,
    component: id.slice(0, cut),
    stack: id.slice(cut + 1),
    address,
    class: finding.class,
    digest: finding.digest,
    changes: finding.changes,
    objects: differences.map(({ object }) => object),
    owners,
    first: time(finding.firstMs),
    last: time(finding.lastMs),
    lastClean: cleanMs === undefined ? null : time(cleanMs),
    applied: { commit: applied.commit, at: time(applied.atMs), by: applied.by },
    idempotencyKey: createHash('sha256')
      .update(['drifted', address, finding.class, finding.digest, finding.firstMs].join('\n'))
      .digest('hex'),
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
