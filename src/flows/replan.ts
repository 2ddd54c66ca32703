import type { GateReason } from '../records/verdict.ts'
import type { Judged } from './gate.ts'
import type { GitHubWorld } from './world.ts'

/** Each is a request: what is beyond is left to the next sweep. */
const mostAtOnce = 20

/**
 * Starts planning again for pull requests whose plans do not count any more since their base moved, or what they read, or a
 * state. At most once for a head and a base, so that merges one after the other, and runs that see the same, start one.
 * @param workflow name of the workflow's file
 * @returns the pull requests that are planned again
 */
export async function dispatchReplans(
  { store, github, machine }: Pick<GitHubWorld, 'store' | 'github' | 'machine'>,
  judged: readonly Judged[],
  { workflow, branch }: { readonly workflow: string; readonly branch: string },
): Promise<readonly number[]> {
  const started: number[] = []
  for (const { number, head, base, verdict } of judged) {
    if (number === undefined || started.length === mostAtOnce || !verdict.reasons.some(wentStale)) continue
    const key = `runs/replan/${number}-${head.slice(0, 16)}-${base.tip.slice(0, 16)}.json`
    const bytes = new TextEncoder().encode(`${JSON.stringify({ format: 1, run: machine.run?.name ?? 'local' })}\n`)
    if ((await store.put(key, bytes, { kind: 'absent' })).kind === 'conflict') continue
    await github.runs.dispatch(workflow, branch, { task: 'plan', pr: String(number), head_sha: head })
    started.push(number)
  }
  return started
}

/** There was a plan of it, and it is none of what the merge would ask for now. What was never planned is not asked for here. */
function wentStale(reason: GateReason): boolean {
  return reason.kind === 'not-planned' && reason.why !== 'never' && reason.why !== 'change-gone'
}
