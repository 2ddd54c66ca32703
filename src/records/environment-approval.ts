import { createHash } from 'node:crypto'
import type { InstanceId } from '../stacks/instance.ts'
import type { AddressId } from './address.ts'
import { branded, count, type Decoder, listOf, object, oneOf, optional, text } from './decode.ts'
import type { Target } from './document.ts'
import { encodeRecord, parseRecord } from './format.ts'

/**
 * What reviewers of an environment are asked to agree to, by one run. It is stored once, before they are asked, so that
 * nobody can change afterwards what a yes was said to.
 */
export interface EnvironmentAsk {
  readonly format: 1
  /** Id of the workflow run that waits for them. */
  readonly run: number
  readonly environment: string
  readonly plans: readonly AskedPlan[]
}

/** One plan that they are asked about. */
export interface AskedPlan {
  readonly id: InstanceId
  readonly address: AddressId
  readonly fingerprint: Target
  readonly digest: string
  /** The number of removals that is named to them, where it must be. */
  readonly destroys?: number
}

const ask: Decoder<EnvironmentAsk> = object<EnvironmentAsk>({
  format: oneOf(1),
  run: count,
  environment: text,
  plans: listOf(
    object<AskedPlan>({ id: branded, address: branded, fingerprint: text, digest: text, destroys: optional(count) }),
  ),
})

/** Where it is kept what a run asks the reviewers of an environment. */
export function environmentAskKey(run: number, environment: string): string {
  const hash = createHash('sha256').update(environment).digest('hex').slice(0, 16)
  return `runs/${run}/approvals/${hash}.json`
}

/** The object as it is stored. */
export function encodeEnvironmentAsk(of: Omit<EnvironmentAsk, 'format'>): Uint8Array {
  return encodeRecord({ format: 1, ...of })
}

/** What was asked, as it was stored under `key`. @throws UserError `record-newer`, `record-unreadable` */
export function parseEnvironmentAsk(bytes: Uint8Array, key: string): EnvironmentAsk {
  return parseRecord(ask, bytes, key)
}
