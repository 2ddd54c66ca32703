import type { Permission } from '../github/people.ts'
import type { Pull, Review } from '../github/pulls.ts'

/** What a pull request's reviews come to for one plan that it showed. */
export interface ReviewAnswer {
  /** Reviews that count as a yes; empty where somebody asks for changes. */
  readonly yes: readonly Review[]
  /** Why there is no yes, or why a review is none, in words; each names who. */
  readonly why: readonly string[]
}

/** Whether somebody may push: the least that GitHub's own required reviews ask for. */
export function canWrite(permission: Permission): boolean {
  return permission === 'write' || permission === 'maintain' || permission === 'admin'
}

/** What each person said last; a comment takes back nothing. */
export function standing(reviews: readonly Review[]): readonly Review[] {
  const last = new Map<string, Review>()
  for (const review of reviews)
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') last.set(review.author.toLowerCase(), review)
  return [...last.values()]
}

/**
 * Who approved what a merged pull request showed: on the commit that was its head when it was merged, with a right to write
 * now, not its author, after the plan could be seen, and with nobody of that right asking for changes.
 * @param reviews oldest first
 * @param permission what each of the reviewers may do now
 * @param shownMs when the plan was taken into the records
 */
export function reviewAnswer(
  pull: Pull,
  reviews: readonly Review[],
  permission: (login: string) => Permission,
  shownMs: number,
): ReviewAnswer {
  const last = standing(reviews)
  const objections = last.filter((it) => it.state === 'CHANGES_REQUESTED' && canWrite(permission(it.author)))
  if (objections.length > 0)
    return { yes: [], why: objections.map(({ author }) => `${author} asks for changes in #${pull.number}`) }
  const judged = last
    .filter(({ state }) => state === 'APPROVED' || state === 'DISMISSED')
    .map((review) => ({ review, why: notCounted(pull, review, permission(review.author), shownMs) }))
  const yes = judged.flatMap(({ review, why }) => (why === undefined ? [review] : []))
  const why = judged.flatMap((it) => it.why ?? [])
  return { yes, why: yes.length > 0 || why.length > 0 ? why : [`nobody approved #${pull.number}`] }
}

/** GitHub tells times in whole seconds. */
const SECOND_MS = 1000

function notCounted(pull: Pull, review: Review, permission: Permission, shownMs: number): string | undefined {
  const { author, commit, state, submittedMs } = review
  const of = `the review of #${pull.number} by ${author}`
  if (state === 'DISMISSED') return `${of} was dismissed`
  if (author.toLowerCase() === pull.author.toLowerCase()) return `${of} is by its author`
  if (!canWrite(permission)) return `${of} does not count: ${author} may not write here (${permission})`
  if (commit !== pull.head.commit)
    return `${of} is of ${commit.slice(0, 7) || 'no commit'}, and ${pull.head.commit.slice(0, 7)} was merged`
  if (submittedMs + SECOND_MS <= shownMs) return `${of} was given before the plan was there to be seen`
  return undefined
}
