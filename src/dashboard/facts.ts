import type { AbsentWhy } from '../affected/missing.ts'
import type { ApprovalState } from '../records/approval.ts'
import type { Unknown } from '../records/baseline.ts'
import type { HolderState } from '../records/commands.ts'
import type { AddressDocument, Attempt, PlanRecord, RecordEvent } from '../records/document.ts'
import type { FlightWhy, WaitsFor } from '../records/in-flight.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { BaselineView, CommitView, PullView } from './dashboard.ts'
import type { PlanView } from './plan-view.ts'

/** All that the page is made of, as it was gathered. */
export interface Facts {
  readonly nowMs: number
  readonly repository: string
  readonly branch: { readonly name: string; readonly tip: string }
  /** Instances that the tip asks for. */
  readonly total: number
  readonly instances: readonly InstanceFacts[]
  /** Commits that are in this clone, by their ids. */
  readonly commits: ReadonlyMap<string, CommitView>
  /** What reviewers saw of plans, by the key of the model, as far as there was room; or why it is not there. */
  readonly views: ReadonlyMap<string, PlanView | { readonly left: string }>
  readonly pulls: readonly PullView[]
  readonly baseline: BaselineView | undefined
  readonly problems: readonly string[]
}

/** An instance as it was gathered. */
export interface InstanceFacts {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
  readonly document: AddressDocument
  readonly standing: StandingFacts
  /** In the order in which they happened. */
  readonly events: readonly RecordEvent[]
}

/** Where an instance stands at the tip of the protected branch. */
export type StandingFacts =
  | { readonly kind: 'clean' }
  /** Reality was found to differ from what is applied; `approval` of the plan that puts it back, where there is one. */
  | { readonly kind: 'drifted'; readonly approval: ApprovalState | undefined }
  /** So adoption left it; it keeps nobody waiting. */
  | { readonly kind: 'unknown'; readonly why: Unknown; readonly sinceMs: number }
  | {
      readonly kind: 'in-flight'
      readonly why: readonly FlightWhy[]
      readonly waitsFor: WaitsFor
      readonly holder: HolderState | undefined
      readonly plan: PlanRecord | undefined
      readonly approval: ApprovalState | undefined
      readonly commits: readonly CommitView[]
    }
  | {
      readonly kind: 'follows'
      readonly upstreams: readonly InstanceId[]
      readonly plan: PlanRecord
      readonly approval: ApprovalState
    }
  | {
      readonly kind: 'orphan'
      readonly why: AbsentWhy | 'closed'
      /** What became of it: `its stack does not import it any more`. */
      readonly words: string
      readonly attempt: Attempt | undefined
    }
