import { about, starts } from './events.ts'
import { commitOf } from './git.ts'
import type { TokenOf } from './hub.ts'
import { payload } from './schemas.ts'
import { accountOf, type IssueComment, invalid, loginOf, missing, type Repository, type State } from './state.ts'
import { commentView, issueView } from './views.ts'

export type { IssueComment as Comment } from './state.ts'

/** GitHub takes this many characters, and refuses one more. */
const maxLength = 65_536

/** Refuses a body that GitHub refuses. */
function checkBody(body: string): void {
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'body cannot be blank', 'missing_field')
  if (body.length > maxLength) {
    throw invalid('IssueComment', 'body', `body is too long (maximum is ${maxLength} characters)`)
  }
}

/** Adds a comment to an issue or pull request. */
export async function createComment(
  state: State,
  repository: Repository,
  issue: number,
  body: string,
  by: TokenOf,
): Promise<IssueComment> {
  if (!repository.issues.has(issue)) throw missing()
  checkBody(body)
  const user = accountOf(state, loginOf(by)).login
  const now = state.now()
  const comment: IssueComment = { id: state.id(), issue, user, body, createdMs: now, updatedMs: now, reactions: [] }
  repository.comments.set(comment.id, comment)
  await tell(state, repository, comment, 'created', by)
  return comment
}

/** Changes a comment's text. */
export async function editComment(
  state: State,
  repository: Repository,
  comment: IssueComment,
  body: string,
  by: TokenOf,
): Promise<void> {
  checkBody(body)
  const from = comment.body
  comment.body = body
  comment.updatedMs = state.now()
  await tell(state, repository, comment, 'edited', by, { changes: { body: { from } } })
}

/** Takes a comment away. */
export async function deleteComment(
  state: State,
  repository: Repository,
  comment: IssueComment,
  by: TokenOf,
): Promise<void> {
  repository.comments.delete(comment.id)
  await tell(state, repository, comment, 'deleted', by)
}

/** Comments start the default branch's workflows. */
async function tell(
  state: State,
  repository: Repository,
  comment: IssueComment,
  action: 'created' | 'edited' | 'deleted',
  by: TokenOf,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const on = repository.pulls.get(comment.issue)
  if (on !== undefined) on.updatedMs = state.now()
  const ref = `refs/heads/${repository.defaultBranch}`
  const body = payload('issue_comment', action, {
    action,
    ...about(state, repository, by),
    issue: issueView(state, repository, repository.issues.get(comment.issue)!),
    comment: commentView(state, repository, comment),
    ...more,
  })
  const sha = (await commitOf(repository.folder, ref))!
  state.deliver(
    { repository: repository.fullName, event: 'issue_comment', action, payload: body, by, ref, sha },
    starts(by),
  )
}
