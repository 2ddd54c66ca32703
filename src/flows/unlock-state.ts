import { UserError } from '../error.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { readDocument, transact } from '../records/journal.ts'
import { refusalWords } from '../records/refusal.ts'
import { secretsOf } from '../secrets.ts'
import type { Session } from '../terraform/terraform.ts'
import { addressOf } from './documents.ts'
import { fillIn } from './fill-in.ts'
import { flushSoon } from './flush.ts'
import { taskNamed } from './named.ts'
import { openSession, toolOf } from './plan-one.ts'
import { runBy } from './run-name.ts'
import type { World } from './world.ts'

/** Which of Terraform's own locks to release, and why: a person says that whoever had it is gone. */
export interface UnlockStateRequest {
  readonly component: string
  readonly stack: string
  /** Terraform's id of the lock. */
  readonly lock: string
  readonly reason: string
  readonly terraform?: string
}

/**
 * Releases Terraform's own lock on the state of an instance, by a person's word, and writes it into the audit log. Not while
 * a run of Airlock has the instance. @throws UserError `lock-not-released`, `unlock-refused`
 */
export async function unlockState(world: World, request: UnlockStateRequest): Promise<void> {
  const { component, stack, lock, reason } = request
  const task = await taskNamed(world, component, stack)
  const { at } = task
  const { id } = task.subject.instance
  const address = addressOf(task.subject.instance)
  const document = await readDocument(world.store, address)
  if (document.claim !== undefined && document.claim.purpose !== 'hold') {
    const { message, fix } = refusalWords(
      { kind: 'claimed', claim: document.claim, holder: 'unknown' },
      id,
      await world.store.now(),
    )
    throw new UserError({ code: 'unlock-refused', message, fix, exit: 3 })
  }
  const filling = await fillIn(world, at, task.subject, () => undefined)
  const fail = (why: string, fix: string) =>
    new UserError({ code: 'lock-not-released', message: `the state of ${component} in ${stack} ${why}`, fix, exit: 3 })
  if (filling.kind === 'deferred')
    throw fail(`cannot be reached before ${filling.waitsFor.join(', ')} is applied`, 'apply that first: airlock apply')
  const tool = await toolOf(world, at, request.terraform)
  const { session, hidden } = await openSession(world, { tool }, task, filling, { doing: () => {} })
  try {
    await release(session, lock, fail, [...secretsOf(world.ambient.env), ...hidden])
  } finally {
    await session.close()
  }
  await transact(world.journal, address, { kind: 'lock-released', lock, by: await runBy(world), reason })
  await flushSoon(world.journal, address)
}

async function release(
  session: Session,
  lock: string,
  fail: (why: string, fix: string) => UserError,
  known: readonly string[],
): Promise<void> {
  const seen = await session.lock()
  if (seen !== undefined && seen.id !== lock)
    throw fail(`has no lock ${lock}: its lock is ${seen.id}, of ${seen.who}`, 'name the lock that it has')
  const released = await session.unlock(lock)
  if (released.kind === 'absent') throw fail(`has no lock ${lock}: it is not locked`, 'airlock status')
  if (released.kind === 'failed')
    throw fail(
      `has no lock ${lock} that could be released: ${redactText(released.ran.output.trim(), secrets(known, []))}`,
      'see what Terraform says of the lock: airlock plan',
    )
}
