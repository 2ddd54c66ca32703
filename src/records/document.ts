import type { ProcessId } from '../machine/machine.ts'
import type { MayExist } from '../plan/residual.ts'
import type { PlanCounts } from '../plan/summary.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { StateId } from '../terraform/terraform.ts'
import type { StateAddress } from './address.ts'

/**
 * All coordination state of one state address. Written whole, by compare-and-swap; `decide` makes the next one.
 * All times are the store's, in milliseconds since 1970.
 */
export interface AddressDocument {
  readonly format: 2
  readonly address: StateAddress
  /** Instances that had this address, or have it on some branch; the present one first. Only a `rename` changes which that is. */
  readonly names: readonly InstanceId[]
  readonly ledger?: Ledger
  /** Oldest first. */
  readonly attempts: readonly Attempt[]
  /** Oldest first. */
  readonly plans: readonly PlanRecord[]
  readonly approvals: readonly Approval[]
  readonly claim?: Claim
  /** The highest fencing number ever given; it never goes back. */
  readonly fence: number
  readonly drift?: DriftRecord
  /** Events not stored as objects yet. */
  readonly outbox: readonly RecordEvent[]
  /** Counts writes. */
  readonly rev: number
  /** When it was last written. */
  readonly atMs: number
  /** Marks of the last writes, newest first: who wrote, even when the answer was lost. */
  readonly nonces: readonly string[]
}

/** What is asked of an address: a fingerprint, or `gone`: its declaration was removed by name. */
export type Target = string

/** The target, and the fingerprint of plans, of an address whose declaration was removed. */
export const GONE: Target = 'gone'

/** What was last applied with success. */
export interface Ledger {
  readonly fingerprint: Target
  /** A commit of the protected branch. */
  readonly commit: string
  readonly atMs: number
  /** Who: `ann, run 4411`. */
  readonly by: string
  readonly digest: string
  readonly state?: StateId
  readonly reads: readonly ReadRecord[]
  /** The document's revision at which this was written: attempts begun later count since then. */
  readonly rev: number
}

/** A late value that an instance took, and a keyed hash of it. */
export interface ReadRecord {
  /** `!terraform.state vpc .id` */
  readonly call: string
  readonly of?: InstanceId
  readonly source: 'plan' | 'state' | 'store' | 'environment'
  readonly hash: string
}

/** How an attempt ended. Left out while it runs, or when nobody ever said. */
export type Outcome = 'done' | 'failed' | 'partial' | 'unknown' | 'rejected'

/** One try to make an address be its target. */
export interface Attempt {
  readonly id: string
  readonly action: 'apply' | 'destroy' | 'remediate'
  readonly fingerprint: Target
  readonly digest: string
  readonly plan?: PlanId
  readonly commit: string
  readonly by: string
  readonly fence: number
  readonly startedMs: number
  /** The document's revision at which it was begun. */
  readonly rev: number
  /** The state as it was before. */
  readonly before?: StateId
  /** Terraform's own lock, by its id, as soon as it was seen: the only one that is ever released for its run. */
  readonly lock?: string
  readonly outcome?: Outcome
  readonly endedMs?: number
  readonly after?: StateId
  /** Why it did not end well, without secrets; for a rejection, the reason given. */
  readonly note?: string
  readonly found?: Found
  /** The state that it could not store, kept aside: whether it waits for a person, was pushed since, or is not needed. */
  readonly errored?: 'kept' | 'pushed' | 'dropped'
}

/**
 * What a later run found of an attempt that did not end well: `never-started` (nothing of it was done), `partial`, `done`,
 * or `unknown` (nothing of it can be seen, and objects may exist that no state knows).
 */
export interface Found {
  readonly what: 'never-started' | 'partial' | 'done' | 'unknown'
  readonly atMs: number
  readonly by: string
  /** The fresh plan that was compared with what was approved: what is left of it, or another plan. */
  readonly plan: PlanId
  readonly is: 'residual' | 'different'
  /** Objects that may exist although no state knows them. */
  readonly mayExist: readonly MayExist[]
}

export type PlanId = string & { readonly __brand: 'PlanId' }

/** A sealed plan of this address. */
export interface PlanRecord {
  readonly id: PlanId
  readonly fingerprint: Target
  readonly digest: string
  /** Planned with values that an upstream's apply may still change. */
  readonly provisional: boolean
  readonly changes: PlanCounts
  /** SHA-256 of the sealed archive. */
  readonly seal: string
  /** Keys of the encrypted archive, and of the redacted plan in the clear. */
  readonly blob: string
  readonly model: string
  readonly commit: string
  readonly branch?: string
  /** The pull request whose branch it was made for. */
  readonly pullRequest?: number
  /** For a plan of the protected branch: the merged pull requests that it would bring to reality, oldest first. */
  readonly merged?: readonly number[]
  readonly run: string
  readonly by: string
  readonly createdMs: number
  /** When it was taken into the records, by the store's clock: nobody can have seen it before. */
  readonly takenMs?: number
  /** How long Terraform took to make it. */
  readonly durationMs?: number
  readonly expiresMs: number
  /** The state that it was planned on; left out where there was none. */
  readonly state?: StateId
  readonly tool: { readonly kind: 'terraform' | 'tofu'; readonly version: string }
  readonly reads: readonly ReadRecord[]
  /** Inputs that the fingerprint cannot hold, in words. */
  readonly uncertain: readonly string[]
  readonly status: PlanStatus
}

export type PlanStatus =
  | { readonly kind: 'open' }
  | { readonly kind: 'superseded'; readonly why: SupersededWhy; readonly atMs: number }
  | { readonly kind: 'applied'; readonly atMs: number }

/**
 * Why a plan does not count any more: what is stored of it is not what was sealed or not what the tip asks for, the state it was made on has moved, a read's value has moved, a newer plan of the
 * same change was made, its change moved on or went away, the drift that it was to put back went away, or the same was applied already.
 */
export type SupersededWhy =
  | 'broken'
  | 'state-moved'
  | 'read-moved'
  | 'newer-plan'
  | 'change-moved'
  | 'change-gone'
  | 'drift-gone'
  | 'applied'

/** A person's yes to one plan: bound to what is asked and to what it would do. */
export interface Approval {
  readonly fingerprint: Target
  readonly digest: string
  readonly how: 'local' | 'environment' | 'review' | 'comment'
  readonly by: Person
  readonly atMs: number
  /** The number of instances whose removal was named when it was given. */
  readonly destroys?: number
  /** Where it was given on GitHub, so that it can be looked at again. */
  readonly from?: ApprovalSource
}

/** The review, comment or run on GitHub that an approval came with, by its number there. */
export interface ApprovalSource {
  /** The pull request that was reviewed, or in whose conversation it was said. */
  readonly pull?: number
  readonly review?: number
  readonly comment?: number
  /** The run that waited for the environment. */
  readonly run?: number
  readonly environment?: string
  /** The commit that was reviewed. */
  readonly commit?: string
}

export interface Person {
  readonly name: string
  readonly email: string
}

/** Who works on an address. */
export interface Holder {
  readonly run: string
  /** A person or machine account, as people know it. */
  readonly by: string
  /** Where it runs, when that can be looked up later. */
  readonly process?: ProcessId
}

export interface Claim {
  readonly purpose: 'apply' | 'remediate' | 'hold'
  readonly holder: Holder
  readonly fence: number
  readonly sinceMs: number
  /** When the lease was given or renewed last, and when it ends. A hold has no end. */
  readonly leasedMs: number
  readonly untilMs?: number
  readonly plan?: PlanId
  readonly reason?: string
}

/** What the looks at reality found. A look that failed changes nothing but `failed`. */
export interface DriftRecord {
  /** The last look that succeeded; 0 when none did. */
  readonly checkedMs: number
  /** The last look that found reality as it was applied. */
  readonly cleanMs?: number
  readonly found?: DriftFinding
  /** The looks since `checkedMs` that failed: when first, and why the last one did. */
  readonly failed?: { readonly sinceMs: number; readonly atMs: number; readonly why: string }
}

/**
 * `out-of-band`: somebody changed it outside. `unapplied-commit`: what is in flight explains it. `provider-noise`: the
 * provider reports what nobody changed. `external-data`: what a data source or a read says is another now.
 */
export type DriftClass = 'out-of-band' | 'unapplied-commit' | 'provider-noise' | 'external-data'

/** How reality differs from the ledger. */
export interface DriftFinding {
  readonly class: DriftClass
  /** Digest of the plan that would put it back. */
  readonly digest: string
  /** Key of that plan, redacted. */
  readonly model: string
  readonly changes: PlanCounts
  readonly firstMs: number
  readonly lastMs: number
}

/** Something that happened to an address, in the order of `id`: revision and position. */
export type RecordEvent = EventBody & { readonly id: string; readonly atMs: number; readonly name?: InstanceId }

export type EventBody =
  | { readonly kind: 'plan-stored'; readonly plan: PlanId; readonly digest: string; readonly fingerprint: Target }
  | {
      readonly kind: 'plan-superseded'
      readonly plan: PlanId
      readonly why: SupersededWhy
      readonly pullRequest?: number
    }
  | { readonly kind: 'plan-restored'; readonly plan: PlanId; readonly pullRequest?: number }
  | { readonly kind: 'approved'; readonly digest: string; readonly by: Person }
  /** GitHub does not confirm (any more) what somebody was recorded to have approved. */
  | { readonly kind: 'approval-withdrawn'; readonly digest: string; readonly by: Person; readonly why: string }
  | { readonly kind: 'rejected'; readonly digest: string; readonly by: Person; readonly reason: string }
  | { readonly kind: 'claimed'; readonly fence: number; readonly by: string; readonly run: string }
  | { readonly kind: 'taken-over'; readonly fence: number; readonly from: string; readonly fromRun: string }
  | { readonly kind: 'released'; readonly fence: number }
  | { readonly kind: 'unlocked'; readonly fence: number; readonly by: string; readonly reason: string }
  | { readonly kind: 'attempt-started'; readonly attempt: string; readonly digest: string }
  | { readonly kind: 'attempt-ended'; readonly attempt: string; readonly outcome: Outcome }
  /** A later run found out what an attempt has come to. */
  | {
      readonly kind: 'attempt-settled'
      readonly attempt: string
      readonly outcome: Outcome
      readonly what: Found['what']
      readonly by: string
      /** Addresses of objects that may exist although no state knows them. */
      readonly mayExist: readonly string[]
    }
  /** The state that an attempt could not store. */
  | {
      readonly kind: 'errored-state'
      readonly attempt: string
      readonly is: NonNullable<Attempt['errored']>
      readonly by: string
      readonly reason?: string
    }
  /** Terraform's own lock. */
  | {
      readonly kind: 'lock-released'
      readonly lock: string
      /** The attempt under which it was taken; left out for one that is none of Airlock's. */
      readonly attempt?: string
      readonly by: string
      readonly reason?: string
    }
  | { readonly kind: 'advanced'; readonly fingerprint: Target; readonly commit: string }
  | { readonly kind: 'renamed'; readonly from: InstanceId; readonly to: InstanceId }
  /** Reality was found to differ, or to differ in another way than before. */
  | { readonly kind: 'drifted'; readonly class: DriftClass; readonly digest: string }
  | { readonly kind: 'drift-gone'; readonly class: DriftClass; readonly digest: string }
  /** The first of looks in a row that failed. */
  | { readonly kind: 'drift-check-failed'; readonly why: string }

/** The document of an address of which nothing was ever written. */
export function emptyDocument(address: StateAddress): AddressDocument {
  return {
    format: 2,
    address,
    names: [],
    attempts: [],
    plans: [],
    approvals: [],
    fence: 0,
    outbox: [],
    rev: 0,
    atMs: 0,
    nonces: [],
  }
}
