import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import type { AddressDocument, ReadRecord } from '../records/document.ts'
import type { Checkout } from './checkout.ts'
import { fillIn } from './fill-in.ts'
import type { World } from './world.ts'

/**
 * Whether the value that a read had is another now. A job that may not look at states, or has no key to compare with, goes by
 * what others saw: plans that were made on the protected branch since. A read that cannot be answered now has not moved, nor has
 * one of the environment: every shell has its own, and a plan made from it is made again before it is applied.
 */
export async function movedReads(
  world: Omit<World, 'terraform'>,
  at: Checkout,
  subject: Subject,
  document: AddressDocument,
  adopted: readonly ReadRecord[] = [],
): Promise<(read: ReadRecord) => boolean> {
  const { ledger, plans } = document
  const recorded = [
    ...(ledger?.reads ?? adopted),
    ...plans.flatMap(({ status: { kind }, reads }) => (kind === 'open' ? reads : [])),
  ]
  if (recorded.length === 0) return () => false
  const filling = await fillIn(world, at, subject, () => undefined).catch((error: unknown) => {
    // What it reads was removed, or is kept where this job may not look.
    if (error instanceof UserError && unanswered.includes(error.code)) return undefined
    throw error
  })
  if (filling?.kind === 'deferred') return () => false
  const now = filling ? new Map(filling.reads.map(({ call, hash }) => [call, hash])) : lastSeen(document)
  return ({ call, source, hash }) => source !== 'environment' && now.has(call) && now.get(call) !== hash
}

const unanswered: readonly string[] = [
  'instance-unknown',
  'state-backend-unsupported',
  'reads-key-missing',
  'role-refused',
]

/**
 * What the newest plan of the protected branch itself took from states, where there is one since the last apply. What a pull
 * request's plan says it took is the word of that pull request.
 */
function lastSeen({ ledger, plans }: AddressDocument): ReadonlyMap<string, string> {
  const seen = plans
    .filter(({ pullRequest, createdMs }) => pullRequest === undefined && createdMs > (ledger?.atMs ?? 0))
    .toSorted((a, b) => a.createdMs - b.createdMs)
    .flatMap(({ reads }) => reads.filter(({ source }) => source === 'state'))
  return new Map(seen.map(({ call, hash }) => [call, hash]))
}
