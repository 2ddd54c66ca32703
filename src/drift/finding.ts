import type { AddressId } from '../records/address.ts'
import type { DriftFinding, Ledger } from '../records/document.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Classified } from './classify.ts'

/** All that is told of one instance that is not as it was applied. Redacted: it goes into issues and webhooks. */
export interface Finding {
  readonly id: InstanceId
  readonly address: AddressId
  readonly finding: DriftFinding
  readonly differences: readonly Classified[]
  /** What it was compared with; `adopted`: nothing was applied since adoption, and time and person are those of it. */
  readonly applied: Pick<Ledger, 'commit' | 'atMs' | 'by'> & { readonly how: 'applied' | 'adopted' }
  readonly cleanMs: number | undefined
  /** Something is in flight for it: putting back is not what is asked. */
  readonly isInFlight: boolean
  readonly owners: readonly string[]
}
