import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import { hasTask, type Status } from './status.ts'
import type { GitHubWorld } from './world.ts'

/** Where it is kept that a run was started for a state of affairs. */
function dispatchKey(affairs: string): string {
  return `runs/next/${affairs}.json`
}

/** Names what is in flight and what it waits for. Attempts are no part of it: what fails again and again changes nothing. */
export function affairsOf({ branch, items }: Status): string {
  const facts = items.flatMap((item) =>
    hasTask(item)
      ? [
          {
            id: item.id,
            target: item.task.target,
            waits: item.kind === 'in-flight' ? item.waitsFor.kind : item.kind,
            applied: item.document.ledger ? [item.document.ledger.fingerprint, item.document.ledger.rev] : [],
            approval: item.approval?.kind ?? 'none',
          },
        ]
      : [],
  )
  return createHash('sha256')
    .update(canonicalJson({ tip: branch.tip, facts }))
    .digest('hex')
    .slice(0, 32)
}

/**
 * Starts the workflow again to go on with what is in flight, at most once for a state of affairs, so that two runs which see
 * the same start one, and one that gets nowhere starts none.
 * @returns whether this call started it
 */
export async function dispatchNext(
  world: Pick<GitHubWorld, 'store' | 'github' | 'machine'>,
  at: Status,
): Promise<boolean> {
  const run = world.machine.run?.name ?? 'local'
  const bytes = new TextEncoder().encode(`${JSON.stringify({ format: 1, run })}\n`)
  const put = await world.store.put(dispatchKey(affairsOf(at)), bytes, { kind: 'absent' })
  if (put.kind === 'conflict') return false
  await world.github.runs.dispatch(at.checkout.settings.github.workflow, at.branch.name, { task: 'apply' })
  return true
}
