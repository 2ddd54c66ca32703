import type { Conditions, Settle } from '../../src/records/commands.ts'
import type { AddressDocument, PlanRecord, Target } from '../../src/records/document.ts'
import { GONE } from '../../src/records/document.ts'
import type { StateId } from '../../src/terraform/terraform.ts'

/** The three addresses: `b` reads an output of `a`; `c` stands alone. */
export const addresses = ['a', 'b', 'c'] as const
export type Address = (typeof addresses)[number]

/**
 * What the protected branch's tip is made of. `1` and `2` are pull requests that both change `a`, the first changes `b` as
 * well; `3` removes `c` by name. `p` is a direct push to `c`; `x` one that makes `c` vanish (a broken glob).
 */
export type Part = '1' | '2' | '3' | 'p' | 'x'

/** A commit of the protected branch: a number that only grows, and what it is made of. */
export interface Tip {
  readonly commit: number
  readonly parts: string
}

/** What a commit asks of an address. */
export function target({ parts }: Pick<Tip, 'parts'>, address: Address): Target | undefined {
  const has = (part: Part) => parts.includes(part)
  if (address === 'a') return `a${has('1') ? '1' : ''}${has('2') ? '2' : ''}`
  if (address === 'b') return has('1') ? 'b1' : 'b'
  if (has('x')) return undefined
  return has('3') ? GONE : has('p') ? 'cp' : 'c'
}

/** The addresses that anything offered touches. */
export function touched({ offers }: Pick<World, 'offers'>): readonly Address[] {
  return addresses.filter((address) =>
    offers.some((it) => target({ parts: it }, address) !== target({ parts: '' }, address)),
  )
}

/** The output of `a` that `b` reads, as its state has it. */
export function output(real: Reality): string {
  return /^a1/.test(real.is) ? 'v1' : 'v0'
}

/** What an address is when all of a target is applied with the values of now. */
export function wanted(address: Address, fingerprint: Target, value: string): string {
  return address === 'b' && fingerprint !== GONE ? `${fingerprint}+${value}` : fingerprint
}

/** What an address really is, beside all records. */
export interface Reality {
  readonly serial: number
  /** As `wanted` says it; `~` in front: half-way there; `by hand`: what somebody made of it outside. */
  readonly is: string
  /** Terraform's own lock: of the one that runs, of one that was killed, of a stranger. */
  readonly lock?: 'running' | 'left' | 'foreign'
  /** Terraform that goes on though the run that started it was killed: what it makes of the address. */
  readonly orphan?: string
}

/** How a run came out at an address. */
export type Result = 'applied' | 'advanced' | 'waits' | 'refused' | 'failed' | 'blocked'

/** What a run found when it looked, which the invariants compare with; no rule sees it. */
export interface Seen {
  readonly serial: number
  /** Whether the run's commit was the tip when it decided to apply. */
  readonly tip: boolean
  /** Whether what the address reads was as the run's commit asks. */
  readonly upstream: boolean
  readonly value: string
}

/** Decides between applying, advancing and waiting. */
export interface Choose {
  readonly at: 'choose'
  readonly plan: PlanRecord
  readonly coveredBy: string | undefined
  /** Whether an attempt that was interrupted was looked into. */
  readonly found: boolean
  readonly state: StateId
  readonly saw: Seen
}

/** Where a run stands. Each step makes at most one write, so that it can be killed before and after each. */
export type Stage =
  | { readonly at: 'idle' }
  /** About to look at an address; `took`: the claim that a dead run had left was dealt with. */
  | { readonly at: 'look'; readonly took?: true }
  /** Takes over the claim that a dead run has left, and gives it back, so that the records say what was left. */
  | { readonly at: 'take-over' }
  | { readonly at: 'give-back'; readonly fence: number }
  /** A plan was made in the run and sealed; the inbox has it. */
  | {
      readonly at: 'store'
      readonly plan: PlanRecord
      readonly before: PlanRecord | undefined
      /** Whether somebody had agreed to the plan before. */
      readonly approved: boolean
      readonly state: StateId
      readonly saw: Seen
    }
  /** Says what became of an attempt that was interrupted; then goes on. */
  | { readonly at: 'settle'; readonly command: Settle; readonly then: Choose | 'waits' }
  | Choose
  | { readonly at: 'advance'; readonly conditions: Conditions; readonly saw: Seen }
  | { readonly at: 'claim'; readonly conditions: Conditions; readonly saw: Seen }
  | {
      readonly at: 'intend'
      readonly conditions: Conditions
      readonly saw: Seen
      readonly fence: number
      readonly attempt: string
    }
  /** Terraform applies. */
  | { readonly at: 'terraform'; readonly makes: string; readonly fence: number; readonly attempt: string }
  | {
      readonly at: 'conclude'
      readonly outcome: 'done' | 'failed' | 'partial'
      readonly state: StateId
      readonly reads: string
      readonly fence: number
      readonly attempt: string
    }
  | { readonly at: 'release'; readonly fence: number; readonly result: Result }
  /** The answer to a write was lost: the document will be read again. */
  | { readonly at: 'doubt'; readonly stage: Writing; readonly nonce: string; readonly made: AddressDocument }

/** The stages whose step is a write. */
export type Writing = Extract<
  Stage,
  { at: 'take-over' | 'give-back' | 'store' | 'settle' | 'advance' | 'claim' | 'intend' | 'conclude' | 'release' }
>

/** One of the two runs. `life` counts the processes that were it: a holder is named by it. */
export interface Run {
  readonly life: number
  readonly stage: Stage
  readonly tip: Tip
  /** What is still to be worked on, the present one first. */
  readonly todo: readonly Address[]
  readonly results: Readonly<Partial<Record<Address, Result>>>
  /** Others believe that its process is gone, and it is not. */
  readonly thoughtOver: boolean
}

/** How often the environment may still do what it does seldom. */
export type Budget = Readonly<Record<Mishap, number>>
export type Mishap =
  | 'crash'
  | 'push'
  | 'revert'
  | 'out-of-band'
  | 'lock'
  | 'lost'
  | 'clock-back'
  | 'thought-over'
  | 'reject'
  | 'fail'

/** A yes of a person, as the person gave it: the ghost that approvals are compared with. */
export interface Yes {
  readonly address: Address
  readonly fingerprint: Target
  readonly digest: string
  readonly atMs: number
}

/** Everything that is, records and reality. */
export interface World {
  readonly nowMs: number
  readonly tip: Tip
  readonly documents: Readonly<Record<Address, AddressDocument>>
  readonly real: Readonly<Record<Address, Reality>>
  readonly runs: readonly Run[]
  /** Plans that were sealed and not taken in. */
  readonly inbox: readonly { readonly address: Address; readonly plan: PlanRecord }[]
  /** What may come into the protected branch at all. */
  readonly offers: readonly Part[]
  readonly left: Budget
  readonly yes: readonly Yes[]
  /** Names that were given: plans, attempts, nonces. */
  readonly names: number
}

/** How long a lease is; time passes by a millisecond a step, and by leases where the environment says so. */
export const leaseMs = 3_000_000

/** The state of an address as Terraform would name it. */
export function stateOf({ serial }: Reality): StateId {
  return { lineage: 'one', serial }
}

/** What of an address is not as a commit asks, whatever the records say: `undefined` asks nothing. */
export function isBehind({ real }: Pick<World, 'real'>, tip: Pick<Tip, 'parts'>, address: Address): boolean {
  const asked = target(tip, address)
  const { is } = real[address]
  // What somebody made of it by hand is drift, which no record is asked to know.
  if (is === 'by hand') return false
  if (asked === undefined) return is.startsWith('~')
  return is !== wanted(address, asked, output(real.a))
}
