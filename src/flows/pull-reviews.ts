import { transact } from '../records/journal.ts'
import { asking } from './asking.ts'
import { recordApprovals } from './confirm.ts'
import { dispatchNext } from './dispatch-next.ts'
import { allDocuments } from './documents.ts'
import { flushSoon } from './flush.ts'
import { answers, keyOf } from './github-approvals.ts'
import { applyJobs } from './next-jobs.ts'
import { status } from './status.ts'
import type { GitHubWorld } from './world.ts'

/**
 * Writes down what the reviews of an open pull request come to for the plans that its head shows, so that the gate can tell whose
 * word is missing. Before anything is applied they are read again.
 * @returns how many approvals came, and how many were taken back
 */
export async function recordReviews(
  world: Omit<GitHubWorld, 'terraform'>,
  number: number,
): Promise<{ readonly given: number; readonly withdrawn: number }> {
  const ask = asking(world.github)
  const pull = await ask.pull(number)
  let given = 0
  let withdrawn = 0
  for (const document of (await allDocuments(world)).values()) {
    const shown = document.plans.filter((it) => it.pullRequest === number && it.status.kind === 'open')
    for (const target of new Set(shown.map(({ fingerprint }) => fingerprint))) {
      const question = {
        document,
        target,
        branch: pull?.base.branch ?? '',
        pulls: [],
        past: false,
        remedies: false,
        open: number,
      }
      const said = await answers(world, ask, question, ['review'])
      const now = new Set(said.given.map(keyOf))
      const known = document.approvals.filter(
        (it) => it.fingerprint === target && it.how === 'review' && it.from?.pull === number,
      )
      const why = said.why[0] ?? 'the review does not stand'
      const gone = known.filter((it) => !now.has(keyOf(it))).map((it) => ({ ...it, why }))
      if (gone.length > 0) await transact(world.journal, document.address, { kind: 'withdraw', approvals: gone })
      const before = new Set(known.map(keyOf))
      const fresh = said.given.filter((it) => !before.has(keyOf(it)))
      for (const { givenMs: _, ...approval } of fresh)
        await transact(world.journal, document.address, { kind: 'approve', ...approval })
      if (gone.length + fresh.length > 0) await flushSoon(world.journal, document.address)
      given += fresh.length
      withdrawn += gone.length
    }
  }
  return { given, withdrawn }
}

/**
 * After a review: of an open pull request it is written down for the gate; where it was merged already, what can go now is gone on
 * with by another run.
 * @returns what came of it, for the log; undefined where nothing did
 */
export async function afterReview(
  world: Omit<GitHubWorld, 'terraform'>,
  number: number,
  state: 'open' | 'closed' | 'merged',
): Promise<string | undefined> {
  if (state === 'closed') return undefined
  if (state === 'open') {
    const { given, withdrawn } = await recordReviews(world, number)
    if (given + withdrawn === 0) return undefined
    return `${given} ${given === 1 ? 'approval' : 'approvals'} written down, ${withdrawn} taken back`
  }
  await recordApprovals(world, await status(world))
  const at = await status(world)
  const canGo = applyJobs(at).waves.length > 0
  return canGo && (await dispatchNext(world, at)) ? 'Another run was started to apply what is approved now' : undefined
}
