import type { InstanceId } from '../stacks/instance.ts'
import { branded, count, type Decoder, flag, listOf, object, oneOf, optional, text, union } from './decode.ts'
import type { Outcome, SupersededWhy } from './document.ts'
import { supersededWhy } from './format.ts'
import type { WaitsFor } from './in-flight.ts'

/**
 * What the merge gate says of a change. `neutral`: nothing was ever applied through Airlock, so it holds nothing back.
 * `advice`: it would be blocked, but the repository asked for advice only.
 */
export interface Verdict {
  readonly state: 'pass' | 'blocked' | 'neutral' | 'advice'
  /** All that was found, what blocks first. */
  readonly reasons: readonly GateReason[]
  /** Instances that the merge would change. */
  readonly changed: number
  /** Instances that have a plan for the merge: also such as only read what changes. Left out by older versions. */
  readonly planned?: number
}

/** A change on the protected branch, as people speak of it: by its pull request, else by its commit. */
export interface MergedChange {
  readonly commit: string
  readonly subject: string
  /** `Ann <ann@acme.test>` */
  readonly author: string
  readonly atMs: number
  readonly pullRequest?: number
}

/** How an address that is in flight concerns a change: it is its own, it reads its outputs, or its stack goes one at a time. */
export type Concern = 'own' | 'read' | 'ordered'

/** What an address in flight waits for, in one word. */
export type Waiting = WaitsFor['kind']

/** Why an instance has no plan that counts for what the merge would ask for. */
export type Unplanned = 'never' | 'other' | 'expired' | SupersededWhy

/** One thing that the gate found. Only facts: `gateWords` makes sentences of them. */
export type GateReason =
  | { readonly kind: 'conflict'; readonly with: string; readonly paths: readonly string[] }
  | { readonly kind: 'unresolvable'; readonly message: string; readonly fix?: string }
  /** `other`: there is a plan of this change, but for another outcome than the merge would have. */
  | { readonly kind: 'not-planned'; readonly id: InstanceId; readonly why: Unplanned; readonly removed?: boolean }
  | {
      readonly kind: 'in-flight'
      /** What is in flight. */
      readonly on: InstanceId
      /** The instance of this change that it concerns. */
      readonly for: InstanceId
      readonly concern: Concern
      /** Who put it there, oldest first. */
      readonly by: readonly MergedChange[]
      readonly waiting: Waiting
      readonly outcome?: Exclude<Outcome, 'done'> | 'running'
      /** Of the plan that waits for an answer. */
      readonly digest?: string
      /** Who works on it or holds it, with the run. */
      readonly holder?: { readonly by: string; readonly run: string; readonly sinceMs: number }
    }
  /** Something is in flight that does not block, and why it does not. */
  | {
      readonly kind: 'excused'
      readonly on: InstanceId
      readonly by: readonly MergedChange[]
      readonly why: 'failed' | 'rejected' | 'restores' | 'superseded'
    }
  | {
      readonly kind: 'owners-missing'
      /** Any one of them is enough. */
      readonly owners: readonly string[]
      /** The line that names them. */
      readonly file: string
      readonly line: number
      readonly ids: readonly InstanceId[]
    }
  | {
      readonly kind: 'owners-file'
      readonly file: string
      readonly line: number
      readonly column: number
      readonly problem: string
    }
  | { readonly kind: 'owners-none' }
  | {
      readonly kind: 'policy'
      readonly policy: string
      readonly id: InstanceId
      readonly how: PolicyEnd
      readonly said: readonly string[]
    }
  | { readonly kind: 'destroys'; readonly ids: readonly InstanceId[] }
  | { readonly kind: 'absent'; readonly ids: readonly InstanceId[] }
  | { readonly kind: 'not-adopted' }

/** How a policy ended. */
export type PolicyEnd = 'passed' | 'failed' | 'timed-out' | 'interrupted'

const change = object<MergedChange>({
  commit: text,
  subject: text,
  author: text,
  atMs: count,
  pullRequest: optional(count),
})
const ids: Decoder<readonly InstanceId[]> = listOf(branded)
export const policyEnd: Decoder<PolicyEnd> = oneOf('passed', 'failed', 'timed-out', 'interrupted')

const unplanned: Decoder<Unplanned> = (value, path) =>
  value === 'never' || value === 'other' || value === 'expired' ? value : supersededWhy(value, path)

type Of<K extends GateReason['kind']> = Extract<GateReason, { readonly kind: K }>

const reason = union<GateReason>({
  conflict: object<Of<'conflict'>>({ kind: oneOf('conflict'), with: text, paths: listOf(text) }),
  unresolvable: object<Of<'unresolvable'>>({ kind: oneOf('unresolvable'), message: text, fix: optional(text) }),
  'not-planned': object<Of<'not-planned'>>({
    kind: oneOf('not-planned'),
    id: branded,
    why: unplanned,
    removed: optional(flag),
  }),
  'in-flight': object<Of<'in-flight'>>({
    kind: oneOf('in-flight'),
    on: branded,
    for: branded,
    concern: oneOf('own', 'read', 'ordered'),
    by: listOf(change),
    waiting: oneOf('running', 'hold', 'plan', 're-plan', 'upstream', 'approval', 'finish', 'rejected', 'apply'),
    outcome: optional(oneOf('failed', 'partial', 'unknown', 'rejected', 'running')),
    digest: optional(text),
    holder: optional(object<NonNullable<Of<'in-flight'>['holder']>>({ by: text, run: text, sinceMs: count })),
  }),
  excused: object<Of<'excused'>>({
    kind: oneOf('excused'),
    on: branded,
    by: listOf(change),
    why: oneOf('failed', 'rejected', 'restores', 'superseded'),
  }),
  'owners-missing': object<Of<'owners-missing'>>({
    kind: oneOf('owners-missing'),
    owners: listOf(text),
    file: text,
    line: count,
    ids,
  }),
  'owners-file': object<Of<'owners-file'>>({
    kind: oneOf('owners-file'),
    file: text,
    line: count,
    column: count,
    problem: text,
  }),
  'owners-none': object<Of<'owners-none'>>({ kind: oneOf('owners-none') }),
  policy: object<Of<'policy'>>({
    kind: oneOf('policy'),
    policy: text,
    id: branded,
    how: policyEnd,
    said: listOf(text),
  }),
  destroys: object<Of<'destroys'>>({ kind: oneOf('destroys'), ids }),
  absent: object<Of<'absent'>>({ kind: oneOf('absent'), ids }),
  'not-adopted': object<Of<'not-adopted'>>({ kind: oneOf('not-adopted') }),
})

/** A verdict as it is stored. */
export const verdict: Decoder<Verdict> = object<Verdict>({
  state: oneOf('pass', 'blocked', 'neutral', 'advice'),
  reasons: listOf(reason),
  changed: count,
  planned: optional(count),
})
