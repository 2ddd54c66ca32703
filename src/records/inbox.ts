import type { InstanceId } from '../stacks/instance.ts'
import { addressId, type StateAddress } from './address.ts'
import { branded, type Decoder, object, oneOf } from './decode.ts'
import type { PlanRecord } from './document.ts'
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
