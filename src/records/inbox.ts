import type { InstanceId } from '../stacks/instance.ts'
import { addressId, type StateAddress } from './address.ts'
import { branded, type Decoder, listOf, object, oneOf, text, union } from './decode.ts'
import type { PlanId, PlanRecord, Target } from './document.ts'
import { address, encodeRecord, parseRecord, planRecord } from './format.ts'
import { inboxKey, inboxParts, planBlobKey, planModelKey } from './keys.ts'

/** What a plan job leaves for others to take in. The job ran Terraform, so nothing of it is believed unchecked. */
export interface InboxPlan {
  readonly format: 1
  readonly address: StateAddress
  readonly name: InstanceId
  readonly plan: PlanRecord
}

const inboxPlan: Decoder<InboxPlan> = object<InboxPlan>({ format: oneOf(1), address, name: branded, plan: planRecord })

/** The object that a plan job creates, and its key. */
export function inboxObject(of: Omit<InboxPlan, 'format' | 'plan'> & { readonly plan: Omit<PlanRecord, 'status'> }): {
  readonly key: string
  readonly bytes: Uint8Array
} {
  const plan: PlanRecord = { ...of.plan, status: { kind: 'open' } }
  const content: InboxPlan = { format: 1, address: of.address, name: of.name, plan }
  return { key: inboxKey(plan.run, addressId(of.address), plan.id), bytes: encodeRecord(content) }
}

/** What a plan job says of an instance of which it has no plan; without secrets. */
export interface InboxOutcome {
  readonly format: 1
  readonly address: StateAddress
  readonly name: InstanceId
  readonly run: string
  /** The commit that was to be planned, and what it asks of the address. */
  readonly commit: string
  readonly fingerprint: Target
  readonly outcome: UnplannedOutcome
}

/** Why there is no plan. `blocked`: what it comes after has none. */
export type UnplannedOutcome =
  | { readonly kind: 'failed'; readonly step: string; readonly output: string }
  | { readonly kind: 'deferred'; readonly waitsFor: readonly InstanceId[] }
  | { readonly kind: 'blocked'; readonly by: InstanceId }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly fix: string }

type Of<K extends UnplannedOutcome['kind']> = Extract<UnplannedOutcome, { readonly kind: K }>

const inboxOutcome: Decoder<InboxOutcome> = object<InboxOutcome>({
  format: oneOf(1),
  address,
  name: branded,
  run: text,
  commit: text,
  fingerprint: text,
  outcome: union<UnplannedOutcome>({
    failed: object<Of<'failed'>>({ kind: oneOf('failed'), step: text, output: text }),
    deferred: object<Of<'deferred'>>({ kind: oneOf('deferred'), waitsFor: listOf(branded) }),
    blocked: object<Of<'blocked'>>({ kind: oneOf('blocked'), by: branded }),
    refused: object<Of<'refused'>>({ kind: oneOf('refused'), code: text, message: text, fix: text }),
  }),
})

/** Stands where the id of a plan would: one outcome an address and run. */
const outcomeId = 'outcome' as PlanId

/** The object that a plan job creates of an instance of which it has no plan, and its key. */
export function outcomeObject(of: Omit<InboxOutcome, 'format'>): { readonly key: string; readonly bytes: Uint8Array } {
  return {
    key: inboxKey(of.run, addressId(of.address), outcomeId),
    bytes: encodeRecord({ format: 1, ...of } satisfies InboxOutcome),
  }
}

/** Whether a key of the inbox is that of an outcome: for people to be shown, nothing to take into a document. */
export function isOutcomeKey(key: string): boolean {
  return inboxParts(key)?.plan === outcomeId
}

/**
 * Reads what a plan job said; undefined where its key and its content do not agree: it may only speak of its own run and of
 * the address that it names.
 * @throws UserError `record-newer`, `record-unreadable`
 */
export function receivedOutcome(key: string, bytes: Uint8Array): InboxOutcome | undefined {
  const parts = inboxParts(key)
  const of = parseRecord(inboxOutcome, bytes, key)
  return parts?.run === of.run && parts.address === addressId(of.address) ? of : undefined
}

/** An inbox object, or why it is left where it is. */
export type Received =
  | { readonly kind: 'plan'; readonly of: InboxPlan }
  | { readonly kind: 'foreign'; readonly why: string }

/**
 * Reads an inbox object. What its key and its content say must agree: a job may only speak of its own run and of the
 * address it names. A plan that would last longer than `maxAgeMs` is cut down to that.
 * @throws UserError `record-newer`, `record-unreadable`
 */
export function received(key: string, bytes: Uint8Array, maxAgeMs: number): Received {
  const parts = inboxParts(key)
  if (parts === undefined) return { kind: 'foreign', why: `${key} is no key of the inbox` }
  const of = parseRecord(inboxPlan, bytes, key)
  const { plan } = of
  const agreed: readonly (readonly [what: string, expected: string, found: string])[] = [
    ['run', parts.run, plan.run],
    ['address', parts.address, addressId(of.address)],
    ['plan', parts.plan, plan.id],
    ['blob', planBlobKey(plan.seal), plan.blob],
    ['model', planModelKey(plan.seal), plan.model],
  ]
  const wrong = agreed.find(([, expected, found]) => expected !== found)
  if (wrong !== undefined)
    return { kind: 'foreign', why: `${key} speaks of ${wrong[0]} ${wrong[2]}, where its key says ${wrong[1]}` }
  const expiresMs = Math.min(plan.expiresMs, plan.createdMs + maxAgeMs)
  return { kind: 'plan', of: { ...of, plan: { ...plan, expiresMs } } }
}
