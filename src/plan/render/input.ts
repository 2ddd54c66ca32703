import type { Position } from '../../error.ts'
import type { RedactedPlan } from '../plan.ts'

/** A piece of a sentence; the renderer escapes it for where it is shown. */
export type Part =
  | string
  | { readonly code: string }
  | { readonly bold: string }
  | { readonly link: string; readonly text: string }
  /** `@acme/network`: the one thing that may notify people. */
  | { readonly owner: string }

export type Sentence = readonly Part[]

/** Why an instance is planned: `vars.cidr 10.0.0.0/16 → 10.4.0.0/16`, with where that is written. */
export interface CommentReason {
  /** Without a secret. */
  readonly text: string
  readonly at: Position | undefined
}

/** An instance as people name it. */
export interface InstanceName {
  readonly component: string
  readonly stack: string
}

/** A late value that the plan was made with. */
export interface CommentRead {
  /** `!terraform.state vpc cidr` */
  readonly call: string
  /** Whose value it is; undefined for a store or the environment. */
  readonly of: InstanceName | undefined
  readonly source: 'plan' | 'state' | 'store' | 'environment'
}

/** What planning an instance came to. */
export type CommentOutcome =
  | {
      readonly kind: 'planned'
      readonly plan: RedactedPlan
      readonly digest: string
      readonly reads: readonly CommentRead[]
      /** Upstreams whose value is known only after their apply: planned with the value of now, and planned again then. */
      readonly provisional: readonly InstanceName[]
      /** Inputs that the fingerprint cannot hold: `provider aws has no lock file`. */
      readonly uncertain: readonly string[]
      /** On the protected branch: the merged pull requests that it brings to reality; left out elsewhere. */
      readonly merged?: readonly number[]
    }
  /** Nothing of its own changed, but it reads an upstream that will change. */
  | { readonly kind: 'may'; readonly reads: readonly (InstanceName & { readonly output: string | undefined })[] }
  /** Cannot be planned before its upstreams are applied. */
  | { readonly kind: 'deferred'; readonly waitsFor: readonly InstanceName[] }
  /** `output` without secrets. */
  | { readonly kind: 'failed'; readonly step: string; readonly output: string }
  /** Not planned, since going on would do harm. */
  | { readonly kind: 'refused'; readonly message: string; readonly fix: string }
  /** No longer there, though nobody removed its declaration: nothing is destroyed. */
  | { readonly kind: 'absent'; readonly why: string }
  /** Changes, as its configuration tells; `CommentInput.unplanned` says why no plan was made. */
  | { readonly kind: 'unplanned'; readonly change: 'create' | 'update' | 'move' | 'destroy' | 'may' }

/** How far a merged change has come for one instance. */
export interface Progress {
  readonly state: 'applied' | 'running' | 'waits' | 'failed' | 'rejected'
  /** By whom and when; or what it waits for: `applied by ann, 10:04 UTC`. */
  readonly words: Sentence
}

/**
 * Why nothing was planned: Terraform runs code, so that a stranger's is run only when somebody who may says so; or there
 * was too much to plan at once.
 */
export type UnplannedWhy = 'fork' | 'dependabot' | 'on-demand'

export interface CommentInstance extends InstanceName {
  /** Column of the table: `prod · ue2`; the stack's name where it has no shorter one. */
  readonly environment: string
  /** Its declaration was removed: the plan destroys. */
  readonly removed: boolean
  readonly reasons: readonly CommentReason[]
  readonly outcome: CommentOutcome
  /** Once the pull request was merged. */
  readonly progress?: Progress
}

/** Many instances that are no longer there for one reason, though nobody removed them: nothing is destroyed. */
export interface AbsentGroup {
  readonly instances: readonly InstanceName[]
  readonly why: string
}

/** All that a pull request's comment says. Instances are in the order in which they are applied. */
export interface CommentInput {
  readonly instances: readonly CommentInstance[]
  /** Instances that are no longer there, many for one reason: said once, not for each. */
  readonly absent?: readonly AbsentGroup[]
  /** Set where some instances have no plan for a reason of the whole; `head`: the full commit that `/airlock plan` takes. */
  readonly unplanned?: { readonly why: UnplannedWhy; readonly head: string }
  /** Set once it was merged: short commit, and the moment in words. */
  readonly merged?: { readonly commit: string; readonly when: string }
  /** Affected in name only: no plan needed. */
  readonly passive: number
  /** Short commit ids and the branch's name. */
  readonly head: string
  readonly base: { readonly branch: string; readonly commit: string } | undefined
  /** `https://github.com/acme/infra/blob/<commit>`, for links to lines; undefined where there is none. */
  readonly blobUrl: string | undefined
  /** Where the whole plans are. */
  readonly plansUrl: string | undefined
  /** What must happen before the merge, one a sentence: whose approval. */
  readonly beforeMerge: readonly Sentence[]
  /** What is in the way, with what frees it. */
  readonly blockedBy: readonly Sentence[]
  /** What is to be known of the gate besides: why it holds nothing back. */
  readonly notes?: readonly Sentence[]
}
