import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import type { AddressId } from '../records/address.ts'
import type { AddressDocument } from '../records/document.ts'
import type { GateReason } from '../records/verdict.ts'
import { allDocuments } from './documents.ts'
import type { Judged } from './gate.ts'
import type { GitHubWorld } from './world.ts'

/** Each is a request: what is beyond is left to the next sweep. */
const mostAtOnce = 20

/**
 * Starts planning again for pull requests whose plans do not count any more since their base moved, or what they read, or a
 * state. At most once for a head, a base and the plans that went stale, so that runs that see the same start one, and a run that
 * made no plan is not followed by another.
 * @param workflow name of the workflow's file
 * @returns the pull requests that are planned again
 */
export async function dispatchReplans(
  { store, github, machine }: Pick<GitHubWorld, 'store' | 'github' | 'machine'>,
  judged: readonly Judged[],
  { workflow, branch }: { readonly workflow: string; readonly branch: string },
): Promise<readonly number[]> {
  const stale = judged.filter(({ verdict }) => verdict.reasons.some(wentStale))
  const documents = stale.length === 0 ? new Map() : await allDocuments({ store })
  const started: number[] = []
  for (const { number, head, base, verdict } of stale) {
    if (number === undefined || started.length === mostAtOnce) continue
    const facts = canonicalJson({ head, tip: base.tip, plans: stalePlans(number, verdict.reasons, documents) })
    const key = `runs/replan/${number}-${createHash('sha256').update(facts).digest('hex').slice(0, 32)}.json`
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

/** The plans that were made last of what has none that counts: those of a later run are others. */
function stalePlans(
  number: number,
  reasons: readonly GateReason[],
  documents: ReadonlyMap<AddressId, AddressDocument>,
): readonly string[] {
  const stale = new Set(reasons.flatMap((it) => (wentStale(it) && it.kind === 'not-planned' ? [it.id] : [])))
  return [...documents.values()]
    .filter(({ names }) => names.some((name) => stale.has(name)))
    .flatMap(({ plans }) => plans.findLast(({ pullRequest }) => pullRequest === number)?.id ?? [])
    .sort()
}
