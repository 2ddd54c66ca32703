import { UserError } from '../error.ts'
import type { Comment } from '../github/comments.ts'
import type { GitHub } from '../github/github.ts'
import type { Permission } from '../github/people.ts'
import type { Pull, Review } from '../github/pulls.ts'
import type { EnvironmentReview, WorkflowRun } from '../github/runs.ts'

/** What GitHub says now, each question asked once: for one look at many approvals. */
export interface Asking {
  /** Undefined where there is no such pull request. */
  pull(number: number): Promise<Pull | undefined>
  reviews(number: number): Promise<readonly Review[]>
  permission(login: string): Promise<Permission>
  /** Undefined where the token cannot see it. */
  isMember(team: string, login: string): Promise<boolean | undefined>
  comment(id: number): Promise<Comment | undefined>
  run(id: number): Promise<WorkflowRun | undefined>
  environmentReviews(run: number): Promise<readonly EnvironmentReview[]>
  ofCommit(commit: string): Promise<readonly Pull[]>
}

/**
 * A fresh look: nothing of an earlier one is remembered.
 * @param maxAgeMs for a look that goes on: an answer that is older is asked for again
 */
export function asking({ pulls, people, comments, runs }: GitHub, maxAgeMs = Number.POSITIVE_INFINITY): Asking {
  const once = <K, V>(ask: (key: K) => Promise<V>) => remembered(ask, maxAgeMs)
  const members = once((key: string) => {
    const [team = '', login = ''] = key.split(' ')
    return people.isMember(team, login)
  })
  return {
    pull: once((number) => missing(pulls.get(number))),
    reviews: once((number) => pulls.reviews(number)),
    permission: once((login) => people.permission(login)),
    isMember: (team, login) => members(`${team} ${login}`),
    comment: once((id) => comments.get(id)),
    run: once((id) => runs.get(id)),
    environmentReviews: once(async (run) => (await missing(runs.reviews(run))) ?? []),
    ofCommit: once((commit) => pulls.ofCommit(commit)),
  }
}

/** A question whose answers count for a while, and are shared by all who ask it meanwhile. */
export function remembered<K, V>(ask: (key: K) => Promise<V>, maxAgeMs: number): (key: K) => Promise<V> {
  const known = new Map<K, { readonly answer: Promise<V>; readonly askedMs: number }>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined && performance.now() - before.askedMs < maxAgeMs) return before.answer
    const answer = ask(key)
    known.set(key, { answer, askedMs: performance.now() })
    // What failed is asked again by whoever asks next.
    answer.catch(() => known.delete(key))
    return answer
  }
}

async function missing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof UserError && error.code === 'github-missing') return undefined
    throw error
  }
}
