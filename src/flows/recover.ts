import { UserError } from '../error.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { addressId } from '../records/address.ts'
import type { Attempt } from '../records/document.ts'
import { erroredAttempt } from '../records/errored-state.ts'
import { readDocument, transact } from '../records/journal.ts'
import { erroredStateKey } from '../records/keys.ts'
import { refusalWords } from '../records/refusal.ts'
import { secretsOf } from '../secrets.ts'
import { addressOf } from './documents.ts'
import { fillIn } from './fill-in.ts'
import { flushSoon } from './flush.ts'
import { taskNamed } from './named.ts'
import { openSession, toolOf } from './plan-one.ts'
import { runBy } from './run-name.ts'
import type { World } from './world.ts'

/** What to do with the state that an apply could not store: make it the state, do without it, or only look at it. */
export interface RecoverRequest {
  readonly component: string
  readonly stack: string
  readonly how:
    | { readonly kind: 'push' }
    | { readonly kind: 'drop'; readonly reason: string }
    | { readonly kind: 'look' }
  readonly terraform?: string
}

/**
 * Deals with the state that an apply could not store, by a person's word, and writes it into the audit log.
 * @returns the attempt, and the state as Terraform saved it
 * @throws UserError `nothing-to-recover`, `recover-failed`, `unlock-refused`
 */
export async function recoverState(
  world: World,
  { component, stack, how, terraform }: RecoverRequest,
): Promise<{ readonly attempt: Attempt; readonly state: Uint8Array }> {
  const task = await taskNamed(world, component, stack)
  const { at } = task
  const { id } = task.subject.instance
  const address = addressOf(task.subject.instance)
  const document = await readDocument(world.store, address)
  const attempt = erroredAttempt(document)
  const stored = attempt && (await world.store.get(erroredStateKey(addressId(address), attempt.id)))
  if (attempt === undefined || stored === undefined)
    throw new UserError({
      code: 'nothing-to-recover',
      message: `no state of ${component} in ${stack} is kept that an apply could not store`,
      fix: 'airlock status tells what is in flight',
      exit: 3,
    })
  const state = await world.vault.decrypt(stored.bytes)
  if (how.kind === 'look') return { attempt, state }
  if (document.claim !== undefined) {
    const claimed = { kind: 'claimed', claim: document.claim, holder: 'unknown' } as const
    const { message, fix } = refusalWords(claimed, id, await world.store.now())
    throw new UserError({ code: 'unlock-refused', message, fix, exit: 3 })
  }
  if (how.kind === 'push') {
    const filling = await fillIn(world, at, task.subject, () => undefined)
    const fail = (why: string) =>
      new UserError({
        code: 'recover-failed',
        message: `the state of ${component} in ${stack} could not be pushed: ${why}`,
        fix: `the copy stays; look at it: airlock recover ${component} -s ${stack} --out FILE`,
      })
    if (filling.kind === 'deferred') throw fail(`it reads ${filling.waitsFor.join(', ')}, which is not applied`)
    const tool = await toolOf(world, at, terraform)
    const { session, hidden } = await openSession(world, { tool }, task, filling, { doing: () => {} })
    try {
      const pushed = await session.push(state)
      if (pushed.kind === 'failed')
        throw fail(redactText(pushed.ran.output.trim(), secrets([...secretsOf(world.ambient.env), ...hidden], [])))
    } finally {
      await session.close()
    }
  }
  await transact(world.journal, address, {
    kind: 'errored-state',
    attempt: attempt.id,
    is: how.kind === 'push' ? 'pushed' : 'dropped',
    by: await runBy(world),
    ...(how.kind === 'drop' && { reason: how.reason }),
  })
  await flushSoon(world.journal, address)
  return { attempt, state }
}
