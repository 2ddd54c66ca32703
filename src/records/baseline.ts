import { countsText, type PlanCounts } from '../plan/summary.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { StateId } from '../terraform/terraform.ts'
import type { AddressId, StateAddress } from './address.ts'
import { branded, count, type Decoder, listOf, mapOf, object, oneOf, optional, text, union } from './decode.ts'
import type { AddressDocument, ReadRecord, Target } from './document.ts'
import { address, counts, encodeRecord, parseRecord, read, state } from './format.ts'
import { baselineKey } from './keys.ts'

/** What adoption found applied already: what counts for an address until it has a ledger of its own. Written once. */
export interface Baseline {
  readonly format: 1
  /** The commit of the protected branch that everything was compared with. */
  readonly commit: string
  readonly atMs: number
  /** Who: `ann, run local-63eea371`. */
  readonly by: string
  readonly addresses: Readonly<Record<AddressId, BaselineEntry>>
}

/** One address of a baseline. */
export interface BaselineEntry {
  readonly name: InstanceId
  readonly address: StateAddress
  /** What the baseline's commit asks of it. */
  readonly fingerprint: Target
  /** The state that was found, where there was one. */
  readonly state?: StateId
  /** What it read of others, as it was then; empty where it could not be planned. */
  readonly reads: readonly ReadRecord[]
  readonly standing: Standing
}

/**
 * Whether reality was found to be what the commit asks. `unknown`: it was not, or nobody could tell; that keeps nothing in
 * flight and blocks nobody, and ends with the first apply.
 */
export type Standing =
  | { readonly kind: 'applied' }
  | {
      readonly kind: 'unknown'
      readonly why: 'drifted'
      readonly changes: PlanCounts
      /** Key of the plan that was made, redacted. */
      readonly model: string
    }
  /** Without a plan where it reads what was never applied either. */
  | { readonly kind: 'unknown'; readonly why: 'never-applied'; readonly changes?: PlanCounts; readonly model?: string }
  | {
      readonly kind: 'unknown'
      readonly why: 'plan-failed'
      /** What went wrong, without secrets. */
      readonly note: string
    }

/** A standing that a person may want to look at. */
export type Unknown = Extract<Standing, { kind: 'unknown' }>

type Of<W extends Unknown['why']> = Extract<Unknown, { readonly why: W }>
const kind = oneOf('unknown')
const unknown: { readonly [W in Unknown['why']]: Decoder<Of<W>> } = {
  drifted: object<Of<'drifted'>>({ kind, why: oneOf('drifted'), changes: counts, model: text }),
  'never-applied': object<Of<'never-applied'>>({
    kind,
    why: oneOf('never-applied'),
    changes: optional(counts),
    model: optional(text),
  }),
  'plan-failed': object<Of<'plan-failed'>>({ kind, why: oneOf('plan-failed'), note: text }),
}
const reason = object<{ readonly why: Unknown['why'] }>({ why: oneOf('drifted', 'never-applied', 'plan-failed') })

const entry = object<BaselineEntry>({
  name: branded,
  address,
  fingerprint: text,
  state: optional(state),
  reads: listOf(read),
  standing: union<Standing>({
    applied: object({ kind: oneOf('applied') }),
    unknown: (value, path) => unknown[reason(value, path).why](value, path),
  }),
})

const baseline = object<Baseline>({ format: oneOf(1), commit: text, atMs: count, by: text, addresses: mapOf(entry) })

/** The baseline as it was stored. @throws UserError `record-newer`, `record-unreadable` */
export function parseBaseline(bytes: Uint8Array): Baseline {
  return parseRecord(baseline, bytes, baselineKey)
}

/** The baseline as it is stored. */
export function encodeBaseline(value: Baseline): Uint8Array {
  return encodeRecord(value)
}

/** What is applied at an address, and the commit that had it: by the ledger, else by adoption; undefined where nothing is. */
export function appliedAt(
  { ledger }: Pick<AddressDocument, 'ledger'>,
  baseline: Baseline | undefined,
  id: AddressId,
): { readonly fingerprint: Target; readonly commit: string } | undefined {
  if (ledger !== undefined) return ledger
  const found = baseline?.addresses[id]
  if (baseline === undefined || found === undefined || isNever(found)) return undefined
  return { fingerprint: found.fingerprint, commit: baseline.commit }
}

function isNever({ standing }: BaselineEntry): boolean {
  return standing.kind === 'unknown' && standing.why === 'never-applied'
}

/**
 * Why nobody knows whether an address is as it was asked to be: adoption said so, and since then nothing was applied, nor
 * was it found to be as it should.
 */
export function unknownAt(
  { ledger, drift }: Pick<AddressDocument, 'ledger' | 'drift'>,
  baseline: Baseline | undefined,
  id: AddressId,
): Unknown | undefined {
  if (baseline === undefined || ledger !== undefined || (drift?.cleanMs ?? 0) > baseline.atMs) return undefined
  const standing = baseline.addresses[id]?.standing
  return standing?.kind === 'unknown' ? standing : undefined
}

/** How an address differs between two baselines. */
export interface BaselineChange {
  readonly name: InstanceId
  readonly before: BaselineEntry | undefined
  readonly after: BaselineEntry | undefined
}

/** Addresses of which another baseline says something else, by name. */
export function baselineChanges(before: Baseline, after: Baseline): BaselineChange[] {
  const ids = new Set([...Object.keys(before.addresses), ...Object.keys(after.addresses)] as AddressId[])
  return [...ids]
    .map((id) => ({ before: before.addresses[id], after: after.addresses[id] }))
    .filter(({ before: was, after: is }) => was === undefined || is === undefined || !alike(was, is))
    .map(({ before: was, after: is }) => ({ name: (is ?? was)!.name, before: was, after: is }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function alike(a: BaselineEntry, b: BaselineEntry): boolean {
  return a.fingerprint === b.fingerprint && a.name === b.name && standingKey(a.standing) === standingKey(b.standing)
}

function standingKey(standing: Standing): string {
  return standing.kind === 'applied' ? 'applied' : JSON.stringify(standing)
}

/** How an address was found, in a few words: `drifted: 1 to change`. */
export function standingWords(standing: Standing): string {
  if (standing.kind === 'applied') return 'as applied'
  switch (standing.why) {
    case 'drifted':
      return `drifted: ${countsText(standing.changes)}`
    case 'never-applied':
      return standing.changes ? `never applied: ${countsText(standing.changes)}` : 'never applied'
    case 'plan-failed':
      return `could not be planned: ${standing.note}`
  }
}
