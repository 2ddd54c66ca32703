import type { Closure } from '../affected/closure.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { AddressId } from './address.ts'
import type { Person, PlanId, Target } from './document.ts'
import type { PolicyEnd, Verdict } from './verdict.ts'

/**
 * A pull request as the merge gate knows it; on a laptop, a branch that somebody opened as one. Written whole, by
 * compare-and-swap. Commits are full object ids; times are the store's, in milliseconds since 1970.
 */
export interface PullRequestDocument {
  readonly format: 1
  readonly number: number
  readonly title: string
  readonly author: string
  readonly branch: string
  readonly state: PullRequestState
  /** The branch's tip. */
  readonly head: string
  /** What it is to be merged into, and the commit of it that was looked at last. */
  readonly base: { readonly branch: string; readonly commit: string }
  /** What merging would come to; left out until somebody has looked at this head. */
  readonly outlook?: Outlook
  readonly supersedes: readonly SupersedesRecord[]
  readonly verdict?: Verdict & { readonly atMs: number }
  /** GitHub says where its head is, whatever a branch of this name here says: in this repository, or in a fork. */
  readonly hosted?: 'here' | 'fork'
  /** The run that was last to plan a head of it, and which head that was. */
  readonly planned?: { readonly head: string; readonly run: string }
  /**
   * The comment that reviewers read: GitHub's id of it, and a hash of what it says. `over`: it is merged and all applied, so
   * that nothing more is to be said.
   */
  readonly comment?: { readonly id: number; readonly hash: string; readonly over?: boolean }
  /** The commit status that was set last. */
  readonly said?: SaidStatus
  readonly openedMs: number
  readonly rev: number
  readonly atMs: number
  readonly nonces: readonly string[]
}

/** A commit status as it was set: where, and what it says. */
export interface SaidStatus {
  readonly head: string
  readonly state: string
  readonly description: string
}

export type PullRequestState =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly atMs: number }
  /** `commit`: where it is on the protected branch. */
  | { readonly kind: 'merged'; readonly commit: string; readonly atMs: number }

/** A person's word that a change in flight is overtaken by this one, so that it need not be waited for. */
export interface SupersedesRecord {
  readonly pullRequest: number
  readonly by: Person
  readonly reason: string
  readonly atMs: number
}

/**
 * What merging would come to, as it was resolved last. It holds as long as nothing moves that `closure` names, so that a
 * verdict can be given again without resolving.
 */
export interface Outlook {
  /** Why nothing more can be said, where the two do not merge or the outcome does not resolve. */
  readonly broken?: BrokenMerge
  readonly closure: Closure
  /** What it would change, in id order. */
  readonly instances: readonly ChangedInstance[]
  /** What else must not be in flight, in id order. */
  readonly neighbours: readonly Neighbour[]
  readonly mode: 'block' | 'warn'
  readonly owners: OwnersOutlook
  readonly policies: readonly PolicyRule[]
  /** What policies said of plans; those of plans that are no more are dropped. */
  readonly results: readonly PolicyResult[]
}

export type BrokenMerge =
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  | { readonly kind: 'unresolvable'; readonly message: string; readonly fix?: string }

/** An instance that the merge would change. */
export interface ChangedInstance {
  readonly id: InstanceId
  readonly address: AddressId
  readonly kind: 'create' | 'update' | 'destroy' | 'absent' | 'may' | 'move'
  /** What its state would be asked to be after the merge; left out where nothing is asked of it. */
  readonly target?: Target
  /** What the protected branch asks of the same address now; left out where it asks nothing. */
  readonly before?: Target
  readonly approval: 'needed' | 'none'
  /** Its stack goes one change at a time. */
  readonly ordered: boolean
  /** The plan that counts for `target`, as it was seen last. */
  readonly plan?: { readonly id: PlanId; readonly digest: string }
}

/** An address whose flight concerns a change without being changed by it. */
export interface Neighbour {
  readonly id: InstanceId
  readonly address: AddressId
  readonly concern: 'read' | 'ordered'
  /** The changed instance that it concerns. */
  readonly for: InstanceId
  /** What the protected branch asks of it. */
  readonly target: Target
  readonly approval: 'needed' | 'none'
}

/** Who must agree, by the CODEOWNERS file of the protected branch. */
export interface OwnersOutlook {
  /** `none`: owners are asked for, and there is no file that names them. */
  readonly kind: 'off' | 'none' | 'file'
  readonly needs: readonly OwnersNeed[]
  readonly problems: readonly OwnersProblem[]
}

/** Any one of these owners must approve each of these instances. */
export interface OwnersNeed {
  readonly owners: readonly string[]
  readonly file: string
  readonly line: number
  readonly ids: readonly InstanceId[]
}

/** A line of CODEOWNERS that says nothing, and why. */
export interface OwnersProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly problem: string
}

/** A command that judges plans. */
export interface PolicyRule {
  readonly name: string
  readonly command: string
  readonly timeoutMs: number
}

/** What one policy said of one plan. */
export interface PolicyResult {
  /** Names the policy as it was when it ran: name, command and time. */
  readonly policy: PolicyRule
  readonly id: InstanceId
  readonly digest: string
  readonly how: PolicyEnd
  /** Its last lines. */
  readonly said: readonly string[]
}
