import { type Comment, createComment, deleteComment, editComment } from '../comments.ts'
import { type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { type Issue, invalid, loginOf, missing, Refusal } from '../state.ts'
import { commentView, issueView, time, userView } from '../views.ts'
import { writes } from './repository.ts'

const read = [
  ['issues', 'read'],
  ['pull-requests', 'read'],
] as const
const write = [
  ['issues', 'write'],
  ['pull-requests', 'write'],
] as const

function commentOf(call: Call): Comment {
  const comment = call.repository.comments.get(numberOf(call, 'comment_id'))
  if (comment === undefined) throw missing()
  return comment
}

/** Somebody's own comment, or one that a writer may change. */
function changeable(call: Call): Comment {
  const comment = commentOf(call)
  if (comment.user !== loginOf(call.by) && !writes(call)) {
    throw new Refusal(403, 'Must have admin rights to Repository.')
  }
  return comment
}

function issueOf(call: Call): Issue {
  const issue = call.repository.issues.get(numberOf(call, 'issue_number'))
  if (issue === undefined) throw missing()
  return issue
}

const labelsOf = (call: Call): string[] =>
  ((call.body.labels ?? []) as (string | { name: string })[]).map((it) => (typeof it === 'string' ? it : it.name))

/** Issues, and the comments of issues and pull requests. */
export const issueRoutes: readonly Route[] = [
  route('GET /issues', [['issues', 'read']], (call) => {
    const state = call.query.get('state') ?? 'open'
    const labels = call.query.get('labels')?.split(',') ?? []
    const found = [...call.repository.issues.values()]
      .filter((it) => state === 'all' || it.state === state)
      .filter((it) => labels.every((label) => it.labels.includes(label)))
    return page(call, found.reverse(), (it) => issueView(call.state, call.repository, it))
  }),
  route('POST /issues', [['issues', 'write']], (call) => {
    const now = call.state.now()
    const issue: Issue = {
      id: call.state.id(),
      number: call.repository.nextNumber++,
      user: loginOf(call.by),
      title: String(call.body.title),
      body: textOf(call, 'body') ?? null,
      state: 'open',
      labels: labelsOf(call),
      createdMs: now,
      updatedMs: now,
      closedMs: undefined,
    }
    if ((issue.body ?? '').length > 65_536)
      throw invalid('Issue', 'body', 'body is too long (maximum is 65536 characters)')
    call.repository.issues.set(issue.number, issue)
    return { status: 201, body: issueView(call.state, call.repository, issue) }
  }),
  route('GET /issues/{issue_number}', read, (call) => ({
    status: 200,
    body: issueView(call.state, call.repository, issueOf(call)),
  })),
  route('PATCH /issues/{issue_number}', [['issues', 'write']], (call) => {
    const issue = issueOf(call)
    issue.title = textOf(call, 'title') ?? issue.title
    issue.body = textOf(call, 'body') ?? issue.body
    if (call.body.labels !== undefined) issue.labels = labelsOf(call)
    const state = textOf(call, 'state')
    if (state === 'closed' || state === 'open') {
      if (call.repository.pulls.has(issue.number)) throw new Refusal(422, 'close a pull request as a pull request')
      issue.state = state
      issue.closedMs = state === 'closed' ? call.state.now() : undefined
    }
    issue.updatedMs = call.state.now()
    return { status: 200, body: issueView(call.state, call.repository, issue) }
  }),
  route('GET /issues/{issue_number}/comments', read, (call) => {
    const { number } = issueOf(call)
    const since = call.query.get('since')
    const found = [...call.repository.comments.values()]
      .filter((it) => it.issue === number)
      .filter((it) => since === null || it.updatedMs >= Date.parse(since))
    return page(call, found, (it) => commentView(call.state, call.repository, it))
  }),
  route('POST /issues/{issue_number}/comments', write, async (call) => {
    const body = String(call.body.body)
    const comment = await createComment(call.state, call.repository, issueOf(call).number, body, call.by)
    return { status: 201, body: commentView(call.state, call.repository, comment) }
  }),
  route('GET /issues/comments/{comment_id}', read, (call) => ({
    status: 200,
    body: commentView(call.state, call.repository, commentOf(call)),
  })),
  route('PATCH /issues/comments/{comment_id}', write, async (call) => {
    const comment = changeable(call)
    await editComment(call.state, call.repository, comment, String(call.body.body), call.by)
    return { status: 200, body: commentView(call.state, call.repository, comment) }
  }),
  route('DELETE /issues/comments/{comment_id}', write, async (call) => {
    await deleteComment(call.state, call.repository, changeable(call), call.by)
    return { status: 204 }
  }),
  route('GET /issues/comments/{comment_id}/reactions', read, (call) =>
    page(call, commentOf(call).reactions, (it) => reactionView(call, it)),
  ),
  route('POST /issues/comments/{comment_id}/reactions', write, (call) => {
    const comment = commentOf(call)
    const user = loginOf(call.by)
    const content = String(call.body.content)
    const known = comment.reactions.find((it) => it.user === user && it.content === content)
    if (known !== undefined) return { status: 200, body: reactionView(call, known) }
    const reaction = { id: call.state.id(), user, content, createdMs: call.state.now() }
    comment.reactions.push(reaction)
    return { status: 201, body: reactionView(call, reaction) }
  }),
]

function reactionView(call: Call, it: Comment['reactions'][number]): unknown {
  return {
    id: it.id,
    node_id: `REA_${it.id}`,
    user: userView(call.state, it.user),
    content: it.content,
    created_at: time(it.createdMs),
  }
}
