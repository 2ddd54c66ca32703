import { UserError } from '../error.ts'
import type { PullRequestDecision, PullRequestRefusal } from '../records/decide-pull-request.ts'
import { numberOfPullRequest, pullRequestsPrefix } from '../records/keys.ts'
import type { PullRequestDocument } from '../records/pull-request.ts'
import { parsePullRequest } from '../records/pull-request-format.ts'
import { clock } from '../records/words.ts'
import type { World } from './world.ts'

/** Every pull request of the records, by number. @throws UserError `record-newer`, `record-unreadable` */
export async function allPullRequests({ store }: Pick<World, 'store'>): Promise<PullRequestDocument[]> {
  const keys = (await store.list(pullRequestsPrefix)).filter((key) => numberOfPullRequest(key) !== undefined)
  const found = await Promise.all(
    keys.map(async (key) => {
      const stored = await store.get(key)
      return stored ? [parsePullRequest(stored.bytes, key)] : []
    }),
  )
  return found.flat().sort((a, b) => a.number - b.number)
}

/** The open pull request of a branch; the newest, should there be several. */
export function openOn(
  pulls: readonly PullRequestDocument[],
  branch: string | undefined,
): PullRequestDocument | undefined {
  return pulls.findLast((it) => it.state.kind === 'open' && it.branch === branch)
}

/** The number of the open pull request of a branch; undefined where it has none. */
export async function pullRequestOf(
  world: Pick<World, 'store'>,
  branch: string | undefined,
): Promise<number | undefined> {
  return openOn(await allPullRequests(world), branch)?.number
}

/** The written document. @throws UserError `pull-request-refused` */
export function written(decision: PullRequestDecision, number: number, nowMs: number): PullRequestDocument {
  if (decision.kind === 'done') return decision.document
  const { message, fix } = refusalText(decision.refusal, number, nowMs)
  throw new UserError({ code: 'pull-request-refused', message, fix, exit: 3 })
}

function refusalText(refusal: PullRequestRefusal, number: number, nowMs: number): { message: string; fix: string } {
  switch (refusal.kind) {
    case 'unknown':
      return {
        message: `nothing is recorded of pull request #${number}`,
        fix: 'airlock gate --all lists those that are open',
      }
    case 'not-open':
      return {
        message: `pull request #${number} was ${refusal.state.kind} at ${clock(refusal.state.atMs, nowMs)}`,
        fix: 'open a new one for what is to come',
      }
    case 'supersedes-itself':
      return { message: `pull request #${number} cannot take its own place`, fix: 'name the one that is in flight' }
  }
}
