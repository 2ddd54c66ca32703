import type { InstanceId } from '../stacks/instance.ts'
import type { PlanView } from './plan-view.ts'

/** Where an instance stands, as one sign on the page can say it. What is worst wins. */
export type Standing = 'failed' | 'drifted' | 'never-applied' | 'in-flight' | 'clean' | 'orphan'

/** All that the page shows, and nothing more: every text is ready to be read, and free of secrets. Times are in ms since 1970. */
export interface Dashboard {
  readonly format: 1
  readonly madeMs: number
  /** `github.com/acme/infra`, or the folder's name. */
  readonly repository: string
  readonly branch: { readonly name: string; readonly tip: string }
  /** Instances that the tip asks for. */
  readonly total: number
  readonly counts: Readonly<Record<Standing, number>>
  /** What needs a person, oldest first. */
  readonly needs: readonly Need[]
  /** By name. */
  readonly instances: readonly InstanceView[]
  /** Newest first. */
  readonly history: readonly HistoryLine[]
  /** Open changes, in the order of their numbers. */
  readonly pulls: readonly PullView[]
  /** Since when Airlock is in charge, where it was adopted. */
  readonly baseline?: BaselineView
  /** What could not be read, in words. */
  readonly problems: readonly string[]
}

/** What kind of thing a person has to look at. */
export type NeedKind =
  | 'failed'
  | 'unknown'
  | 'left'
  | 'approval'
  | 'rejected'
  | 'held'
  | 'drifted'
  | 'adopted'
  | 'check-failing'
  | 'orphan'
  | 'plan'
  | 'apply'

/** One thing that waits for a person: a sentence, since when, and the command that acts. */
export interface Need {
  readonly kind: NeedKind
  /** The instances it is about. */
  readonly of: readonly InstanceId[]
  /** Follows the names of the instances. */
  readonly says: string
  /** Undefined where nobody knows. */
  readonly sinceMs?: number
  /** Commands to choose from, or things to do in words where no command does them. */
  readonly act: readonly Act[]
}

/** `command`: to be typed; `words`: to be done elsewhere. */
export type Act = { readonly command: string } | { readonly words: string }

/** Everything about one instance. */
export interface InstanceView {
  readonly id: InstanceId
  readonly component: string
  readonly stack: string
  readonly standing: Standing
  /** `applied and clean`, `waits for approval: 1 to change` */
  readonly says: string
  /** Other names that its address had. */
  readonly formerly: readonly InstanceId[]
  readonly state: { readonly backend: string; readonly workspace: string }
  readonly ledger?: LedgerView
  readonly flight?: FlightView
  readonly claim?: ClaimView
  /** What a person can do about it now. */
  readonly next: readonly Act[]
  /** Newest first. */
  readonly plans: readonly PlanLine[]
  readonly approvals: readonly ApprovalView[]
  readonly attempts: readonly AttemptView[]
  readonly drift?: DriftView
  /** Newest first. */
  readonly events: readonly EventLine[]
}

/** A commit as people speak of it; `subject` where it is in this clone. */
export interface CommitView {
  readonly id: string
  readonly subject?: string
  readonly atMs?: number
}

export interface LedgerView {
  readonly commit: CommitView
  readonly atMs: number
  readonly by: string
  readonly digest: string
  readonly serial?: number
  readonly removed: boolean
}

export interface FlightView {
  readonly why: readonly string[]
  /** What it waits for. */
  readonly waits: string
  readonly sinceMs?: number
  /** The commits that put it in flight, newest first. */
  readonly commits: readonly CommitView[]
}

export interface ClaimView {
  readonly purpose: 'apply' | 'remediate' | 'hold'
  readonly by: string
  readonly run: string
  readonly fence: number
  readonly sinceMs: number
  readonly untilMs?: number
  readonly reason?: string
  readonly overdue: boolean
}

/** A plan in one line, and what of it reviewers saw. */
export interface PlanLine {
  readonly id: string
  readonly digest: string
  /** `1 to change` */
  readonly does: string
  readonly madeMs: number
  readonly by: string
  readonly run: string
  readonly commit: string
  /** `branch wider-dev`, `#41`, `merged #40, #41` */
  readonly of: string
  readonly status: string
  readonly open: boolean
  readonly provisional: boolean
  readonly reads: readonly string[]
  readonly uncertain: readonly string[]
  readonly view: PlanView | { readonly left: string }
}

export interface ApprovalView {
  readonly by: string
  readonly how: string
  readonly atMs: number
  readonly digest: string
  readonly destroys?: number
}

export interface AttemptView {
  readonly id: string
  readonly action: string
  readonly outcome: string
  readonly by: string
  readonly commit: CommitView
  readonly startedMs: number
  readonly endedMs?: number
  readonly note?: string
}

export interface DriftView {
  readonly checkedMs: number
  readonly cleanMs?: number
  readonly failed?: { readonly sinceMs: number; readonly why: string }
  readonly found?: {
    readonly says: string
    readonly does: string
    readonly firstMs: number
    readonly lastMs: number
    readonly view: PlanView | { readonly left: string }
  }
}

export interface EventLine {
  readonly atMs: number
  readonly says: string
}

/** What became of the instances that were applied, or tried, at one commit. */
export interface HistoryLine {
  readonly kind: 'applied' | 'failed' | 'rejected'
  readonly commit?: CommitView
  readonly of: readonly InstanceId[]
  /** When the last of it ended. */
  readonly atMs: number
  /** When the first of its plans was made, and when the last yes was given. */
  readonly plannedMs?: number
  readonly approvedMs?: number
  readonly by: readonly string[]
  readonly note?: string
}

/** An open change, as its document says. */
export interface PullView {
  /** `#41`, or a branch. */
  readonly name: string
  readonly title?: string
  readonly of: readonly InstanceId[]
  readonly gate: 'pass' | 'blocked' | 'neutral' | 'advice' | 'not judged'
  /** What the gate says of it. */
  readonly says: string
  readonly atMs?: number
}

export interface BaselineView {
  readonly commit: CommitView
  readonly atMs: number
  readonly by: string
}
