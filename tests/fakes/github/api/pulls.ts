import { between, isAncestor, mergeBase } from '../git.ts'
import {
  closePull,
  counts,
  dismissReview,
  editPull,
  mergePull,
  openPull,
  pullOf,
  reopenPull,
  reviewPull,
} from '../pulls.ts'
import { type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { invalid, missing, type PullRequest, Refusal } from '../state.ts'
import { pullView, reviewView } from '../views.ts'
import { commitView, filesOf, resolve, writes } from './repository.ts'

const read = [['pull-requests', 'read']] as const
const write = [['pull-requests', 'write']] as const
const of = (call: Call): PullRequest => pullOf(call.repository, numberOf(call, 'pull_number'))
const whole = async (call: Call, pull: PullRequest): Promise<unknown> =>
  pullView(call.state, call.repository, pull, await counts(call.repository, pull))

/** Pull requests, their files and their reviews. */
export const pullRoutes: readonly Route[] = [
  route('GET /pulls', read, (call) => {
    const state = call.query.get('state') ?? 'open'
    const head = call.query.get('head')
    const base = call.query.get('base')
    const found = [...call.repository.pulls.values()]
      .filter((it) => state === 'all' || it.state === state)
      .filter((it) => head === null || `${it.headRepository.split('/')[0]}:${it.headBranch}` === head)
      .filter((it) => base === null || it.baseBranch === base)
    const newest = call.query.get('direction') !== 'asc'
    return page(call, newest ? found.reverse() : found, (it) => pullView(call.state, call.repository, it))
  }),
  route('POST /pulls', write, async (call) => {
    const title = textOf(call, 'title')
    if (title === undefined) throw invalid('PullRequest', 'title', "title can't be blank", 'missing_field')
    const pull = await openPull(
      call.state,
      call.repository,
      {
        title,
        body: textOf(call, 'body') ?? null,
        head: String(call.body.head),
        base: String(call.body.base),
        draft: call.body.draft === true,
      },
      call.by,
    )
    return { status: 201, body: await whole(call, pull) }
  }),
  route('GET /pulls/{pull_number}', read, async (call) => ({ status: 200, body: await whole(call, of(call)) })),
  route('PATCH /pulls/{pull_number}', write, async (call) => {
    const pull = of(call)
    if (!writes(call) && pull.user !== (call.by.kind === 'user' ? call.by.login : '')) {
      throw new Refusal(403, 'Must have push access to Repository.')
    }
    const [title, body, base, state] = ['title', 'body', 'base', 'state'].map((name) => textOf(call, name))
    const edits = {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { body }),
      ...(base === undefined ? {} : { base }),
    }
    await editPull(call.state, call.repository, pull, edits, call.by)
    if (state === 'closed') await closePull(call.state, call.repository, pull, call.by)
    if (state === 'open') await reopenPull(call.state, call.repository, pull, call.by)
    return { status: 200, body: await whole(call, pull) }
  }),
  route('GET /pulls/{pull_number}/files', read, async (call) => {
    const pull = of(call)
    const fork = (await mergeBase(call.repository.folder, pull.baseSha, pull.headSha)) ?? pull.baseSha
    return page(call, (await filesOf(call.repository, fork, pull.headSha, call)).slice(0, 3_000), (it) => it)
  }),
  route('GET /pulls/{pull_number}/commits', read, async (call) => {
    const pull = of(call)
    const own = (await between(call.repository.folder, pull.baseSha, pull.headSha)).reverse().slice(0, 250)
    return page(call, own, (it) => commitView(call, it))
  }),
  route('GET /pulls/{pull_number}/reviews', read, (call) => {
    const pull = of(call)
    return page(call, pull.reviews, (it) => reviewView(call.state, call.repository, pull, it))
  }),
  route('POST /pulls/{pull_number}/reviews', write, async (call) => {
    const pull = of(call)
    const event = textOf(call, 'event') as 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT' | undefined
    if (event === undefined) throw new Refusal(422, 'the fake GitHub keeps no pending reviews: give an event')
    const [body, commit] = [textOf(call, 'body'), textOf(call, 'commit_id')]
    const more = { ...(body === undefined ? {} : { body }), ...(commit === undefined ? {} : { commit }) }
    const review = await reviewPull(call.state, call.repository, pull, { event, ...more }, call.by)
    return { status: 200, body: reviewView(call.state, call.repository, pull, review) }
  }),
  route('PUT /pulls/{pull_number}/reviews/{review_id}/dismissals', write, async (call) => {
    const pull = of(call)
    if (!writes(call)) throw new Refusal(403, 'Must have push access to Repository.')
    const review = await dismissReview(call.state, call.repository, pull, numberOf(call, 'review_id'), call.by)
    return { status: 200, body: reviewView(call.state, call.repository, pull, review) }
  }),
  route('GET /pulls/{pull_number}/merge', read, (call) => {
    if (of(call).merged === undefined) throw missing()
    return { status: 204 }
  }),
  route('PUT /pulls/{pull_number}/merge', [['contents', 'write']], async (call) => {
    const method = textOf(call, 'merge_method') as 'squash' | 'merge' | 'rebase' | undefined
    const [sha, title, message] = ['sha', 'commit_title', 'commit_message'].map((name) => textOf(call, name))
    const how = {
      ...(method === undefined ? {} : { method }),
      ...(sha === undefined ? {} : { sha }),
      ...(title === undefined ? {} : { title }),
      ...(message === undefined ? {} : { message }),
    }
    const merged = await mergePull(call.state, call.repository, of(call), how, call.by)
    return { status: 200, body: { sha: merged, merged: true, message: 'Pull Request successfully merged' } }
  }),
  route('GET /commits/{commit_sha}/pulls', read, async (call) => {
    const sha = await resolve(call.repository, call.params.commit_sha!)
    if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.commit_sha}`)
    const found: PullRequest[] = []
    for (const pull of call.repository.pulls.values()) if (await brought(call, pull, sha)) found.push(pull)
    return page(call, found, (it) => pullView(call.state, call.repository, it))
  }),
]

/** Whether a commit came with a pull request: its merge, or one of its own commits. */
async function brought(call: Call, pull: PullRequest, sha: string): Promise<boolean> {
  if (pull.merged?.sha === sha || pull.headSha === sha) return true
  const { folder } = call.repository
  return (await isAncestor(folder, sha, pull.headSha)) && !(await isAncestor(folder, sha, pull.baseSha))
}
