import type { MayExist } from '../plan/residual.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { StateId } from '../terraform/terraform.ts'
import type {
  AddressDocument,
  Approval,
  Attempt,
  Claim,
  DriftFinding,
  EventBody,
  Found,
  Holder,
  Outcome,
  Person,
  PlanId,
  PlanRecord,
  ReadRecord,
  SupersededWhy,
  Target,
} from './document.ts'
import type { Refusal } from './refusal.ts'

/** What is known of a holder's run or process, by whoever looked. */
export type HolderState = 'running' | 'over' | 'unknown'

/** All that can be done to an address. */
export type Command =
  | StorePlan
  | Supersede
  | Restore
  | Approve
  | Withdraw
  | Reject
  | MakeClaim
  | Renew
  | Intend
  | Conclude
  | Settle
  | ErroredState
  | NoteLock
  | LockReleased
  | Advance
  | Release
  | Unlock
  | Checked
  | Close
  | { readonly kind: 'rename'; readonly to: InstanceId }
  /** Events up to this revision are stored as objects. */
  | { readonly kind: 'flushed'; readonly rev: number }

/** Takes a plan in, from the inbox. Older open plans of the same change are superseded by it. */
export interface StorePlan {
  readonly kind: 'store-plan'
  readonly name: InstanceId
  readonly plan: Omit<PlanRecord, 'status'>
}

/** Plans that do not count any more; those that are not open are left alone. */
export interface Supersede {
  readonly kind: 'supersede'
  readonly plans: readonly PlanId[]
  readonly why: SupersededWhy
}

/** Plans count again, since the change that they were made for is back; those on whose address anything was applied since do not. */
export interface Restore {
  readonly kind: 'restore'
  readonly plans: readonly PlanId[]
}

export interface Approve extends Omit<Approval, 'atMs'> {
  readonly kind: 'approve'
}

/** Takes approvals back that nobody confirms where they were given. */
export interface Withdraw {
  readonly kind: 'withdraw'
  readonly approvals: readonly (Pick<Approval, 'fingerprint' | 'digest' | 'how' | 'by'> & { readonly why: string })[]
}

export interface Reject {
  readonly kind: 'reject'
  readonly fingerprint: Target
  readonly digest: string
  readonly by: Person
  readonly reason: string
}

/** Takes an address to work on. With a plan, every condition for applying it is looked at again. */
export interface MakeClaim {
  readonly kind: 'claim'
  readonly holder: Holder
  readonly purpose: Claim['purpose']
  /** How long it lasts without being renewed; a hold has no end. */
  readonly leaseMs: number
  readonly reason?: string
  readonly apply?: Conditions
  /** Whether the holder of claim `fence` still runs, where somebody looked. */
  readonly holderState?: { readonly fence: number; readonly is: HolderState }
}

/** What must be so for a plan to be applied, as it is at the tip of the protected branch. */
export interface Conditions {
  readonly plan: PlanId
  readonly target: Target
  readonly approval: 'needed' | 'none'
  /**
   * Digest of an approved plan of the same fingerprint that this one is covered by: only values that were unknown got
   * filled in. The caller has compared the two.
   */
  readonly coveredBy?: string
  /** The state as it is now. */
  readonly state: StateId | undefined
  /** Reads of the plan whose value has moved. */
  readonly movedReads: readonly ReadRecord[]
  /** For a removal, where more are in flight than go without saying: the number that its approval must name. */
  readonly destroys?: number
}

export interface Renew {
  readonly kind: 'renew'
  readonly fence: number
  readonly leaseMs: number
}

/** Says, before anything is done, what is about to be done; every condition for it is looked at again. */
export interface Intend {
  readonly kind: 'intend'
  readonly fence: number
  readonly attempt: string
  readonly action: Attempt['action']
  readonly commit: string
  readonly apply: Conditions
}

/** Says how an attempt ended. `done` moves the ledger. */
export interface Conclude {
  readonly kind: 'conclude'
  readonly fence: number
  readonly attempt: string
  readonly outcome: Exclude<Outcome, 'rejected'>
  readonly state: StateId | undefined
  /** What was read for it, as it was when applied. */
  readonly reads: readonly ReadRecord[]
  readonly note?: string
  /** The claim is released in the same write unless more is to be done under it. */
  readonly keepClaim?: true
}

/** Says of the state that an attempt could not store that it is kept, or what a person has decided about it. */
export interface ErroredState {
  readonly kind: 'errored-state'
  readonly attempt: string
  readonly is: NonNullable<Attempt['errored']>
  readonly by: string
  readonly reason?: string
}

/** Writes down Terraform's own lock, as soon as an attempt's Terraform has it. */
export interface NoteLock {
  readonly kind: 'note-lock'
  readonly fence: number
  readonly attempt: string
  /** Undefined: what was noted before turned out to be another one's. */
  readonly lock: string | undefined
}

/** Says that Terraform's own lock was released: that of an attempt whose run is over, or another by a person's word. */
export interface LockReleased {
  readonly kind: 'lock-released'
  readonly lock: string
  readonly by: string
  /** A person's. */
  readonly reason?: string
}

/** Says what a later run found of the last attempt, which did not end well; and whether what is left was approved. */
export interface Settle extends Pick<Found, 'by' | 'plan' | 'is'> {
  readonly kind: 'settle'
  readonly attempt: string
  /** Where nothing is left to do, the ledger advances instead. */
  readonly what: Exclude<Found['what'], 'done'>
  readonly mayExist: readonly MayExist[]
  /** The state as it is now. */
  readonly state: StateId | undefined
  /** The claim under which this is done, if any. */
  readonly fence: number | undefined
}

/** A plan of the target that changes nothing: what is asked is so already. Needs no approval. */
export interface Advance {
  readonly kind: 'advance'
  readonly plan: PlanId
  readonly target: Target
  /** The commit of the protected branch whose tip was looked at. */
  readonly commit: string
  readonly by: string
  readonly state: StateId | undefined
  readonly movedReads: readonly ReadRecord[]
  /** The claim under which this is done, if any. */
  readonly fence: number | undefined
}

export interface Release {
  readonly kind: 'release'
  readonly fence: number
}

/** Releases the claim `fence` of a holder that is gone. */
export interface Unlock {
  readonly kind: 'unlock'
  readonly fence?: number
  readonly by: string
  readonly reason: string
  readonly holder: HolderState
}

/** What a look at reality found, compared with what is applied. */
export interface Checked {
  readonly kind: 'checked'
  readonly name: InstanceId
  /** What is applied, and so what reality was compared with. */
  readonly fingerprint: Target
  /** Revision of the ledger that said so; undefined where adoption did. When it moved meanwhile, the look tells nothing. */
  readonly ledger: number | undefined
  readonly result:
    | { readonly kind: 'clean' }
    | { readonly kind: 'found'; readonly finding: Omit<DriftFinding, 'firstMs' | 'lastMs'> }
    | { readonly kind: 'failed'; readonly why: string }
}

/** What was applied at an address is not there any more: its state was moved to another one, or is empty. */
export interface Close {
  readonly kind: 'close'
  readonly name: InstanceId
  /** The commit of the protected branch whose tip was looked at. */
  readonly commit: string
  readonly by: string
}

/** The next document and what happened, nothing to do, or why not. */
export type Step =
  | { readonly kind: 'changed'; readonly document: AddressDocument; readonly events: readonly EventBody[] }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export const same: Step = { kind: 'same' }

export function refuse(refusal: Refusal): Extract<Step, { kind: 'refused' }> {
  return { kind: 'refused', refusal }
}

/** The document with nobody working on it. */
export function unclaimed(document: AddressDocument): AddressDocument {
  const { claim: _, ...rest } = document
  return rest
}
