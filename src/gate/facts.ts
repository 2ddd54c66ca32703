import type { AddressId } from '../records/address.ts'
import { appliedAt, type Baseline } from '../records/baseline.ts'
import { type AddressDocument, emptyDocument, type Target } from '../records/document.ts'
import { type Flight, flightOf } from '../records/in-flight.ts'
import type { ChangedInstance, Neighbour, Outlook } from '../records/pull-request.ts'
import type { Concern, GateReason, MergedChange } from '../records/verdict.ts'
import type { InstanceId } from '../stacks/instance.ts'

/** All that decides a verdict; nothing else is looked at. */
export interface GateFacts {
  readonly outlook: Outlook
  /** The branch that is to be merged, and its pull request, where it has one. */
  readonly branch: string
  readonly number: number | undefined
  /** What it is to be merged into. */
  readonly base: string
  /** Whether anything was ever applied, or adopted, through Airlock. */
  readonly adopted: boolean
  readonly records: GateRecords
  /** What of `flyingAround` concerns it, each with who put it there. */
  readonly flying: readonly (Flying & { readonly by: readonly MergedChange[] })[]
  /** Pull requests that this one overtakes, by a person's word. */
  readonly supersedes: readonly number[]
}

/** What the records say of addresses. */
export interface GateRecords {
  readonly documents: ReadonlyMap<AddressId, AddressDocument>
  /** What adoption found, where there was one. */
  readonly baseline: Baseline | undefined
  readonly nowMs: number
}

/** A rule of the gate: what it finds, be it in the way or not. */
export type GateRule = (facts: GateFacts) => GateReason[]

/** An address in flight that concerns a change. */
export interface Flying {
  readonly on: InstanceId
  readonly for: InstanceId
  readonly concern: Concern
  readonly address: AddressId
  readonly document: AddressDocument
  /** What the protected branch asks of it. */
  readonly target: Target | undefined
  readonly flight: Extract<Flight, { readonly kind: 'in-flight' }>
}

/**
 * What is in flight of what a change touches: its own addresses, then its neighbours. Values that moved under an instance do
 * not count here: no other change waits behind them, and a plan made with older values is superseded.
 */
export function flyingAround({ instances, neighbours }: Outlook, records: GateRecords): Flying[] {
  const own = new Set(instances.map(({ address }) => address))
  return [
    ...instances.flatMap((it) => flying(it, it.id, it.before, it.ordered ? 'ordered' : 'own', records)),
    ...neighbours
      .filter(({ address }) => !own.has(address))
      .flatMap((it) => flying(it, it.for, it.target, it.concern, records)),
  ]
}

function flying(
  { id: on, address, approval }: ChangedInstance | Neighbour,
  of: InstanceId,
  target: Target | undefined,
  concern: Concern,
  { documents, baseline, nowMs }: GateRecords,
): Flying[] {
  const document = documents.get(address)
  if (document === undefined && target === undefined) return []
  const flight = flightOf({
    document: document ?? unwritten,
    target,
    baseline: document?.ledger === undefined ? baseline?.addresses[address]?.fingerprint : undefined,
    moved: () => false,
    upstreams: [],
    approval,
    nowMs,
  })
  return flight.kind === 'in-flight'
    ? [{ on, for: of, concern, address, document: document ?? unwritten, target, flight }]
    : []
}

/** What counts at an address of which nothing was ever written. */
export const unwritten: AddressDocument = emptyDocument({ backend: '', settings: {}, workspace: '' })

/** What was last applied at an address, as far as anybody knows. */
export function appliedHere(
  address: AddressId,
  { documents, baseline }: Pick<GateRecords, 'documents' | 'baseline'>,
): ReturnType<typeof appliedAt> {
  return appliedAt(documents.get(address) ?? unwritten, baseline, address)
}
