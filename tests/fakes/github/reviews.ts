import { about, starts } from './events.ts'
import type { TokenOf } from './hub.ts'
import { queueMoved } from './queue.ts'
import { payload } from './schemas.ts'
import { loginOf, missing, type PullRequest, type PullReview, Refusal, type Repository, type State } from './state.ts'
import { pullView, reviewView } from './views.ts'

/** Adds a review. */
export async function reviewPull(
  state: State,
  repository: Repository,
  pull: PullRequest,
  of: { event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'; body?: string; commit?: string },
  by: TokenOf,
): Promise<PullReview> {
  if (of.event !== 'COMMENT' && pull.user === loginOf(by)) {
    const what = of.event === 'APPROVE' ? 'approve' : 'request changes on'
    throw new Refusal(422, 'Unprocessable Entity', { errors: [`Can not ${what} your own pull request`] })
  }
  if (by.kind === 'job' && of.event === 'APPROVE' && !repository.actions.approvesPulls) {
    throw new Refusal(422, 'Unprocessable Entity', {
      errors: ['GitHub Actions is not permitted to approve pull requests.'],
    })
  }
  if (of.event !== 'APPROVE' && (of.body ?? '') === '') {
    throw new Refusal(422, 'Unprocessable Entity', { errors: ['body can’t be blank'] })
  }
  const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const
  const review: PullReview = {
    id: state.id(),
    user: loginOf(by),
    state: states[of.event],
    body: of.body ?? '',
    commit: of.commit ?? pull.headSha,
    submittedMs: state.now(),
  }
  pull.reviews.push(review)
  await tellReview(state, repository, pull, review, 'submitted', by)
  return review
}

/** Takes away a review's say. */
export async function dismissReview(
  state: State,
  repository: Repository,
  pull: PullRequest,
  id: number,
  by: TokenOf,
): Promise<PullReview> {
  const review = pull.reviews.find((it) => it.id === id)
  if (review === undefined) throw missing()
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw new Refusal(422, 'Unprocessable Entity', { errors: ['Can not dismiss a commented pull request review'] })
  }
  review.state = 'DISMISSED'
  await tellReview(state, repository, pull, review, 'dismissed', by)
  return review
}

/** Tells what happened with a review. */
export async function tellReview(
  state: State,
  repository: Repository,
  pull: PullRequest,
  review: PullReview,
  action: 'submitted' | 'dismissed',
  by: TokenOf,
): Promise<void> {
  pull.updatedMs = state.now()
  const view = reviewView(state, repository, pull, review)
  const body = payload('pull_request_review', action, {
    action,
    ...about(state, repository, by),
    pull_request: pullView(state, repository, pull),
    review: { ...view, state: review.state.toLowerCase() },
  })
  state.deliver(
    {
      repository: repository.fullName,
      event: 'pull_request_review',
      action,
      payload: body,
      by,
      ref: `refs/pull/${pull.number}/merge`,
      sha: pull.mergeSha ?? pull.headSha,
    },
    starts(by) && pull.mergeSha !== undefined,
  )
  queueMoved(state, repository)
}
