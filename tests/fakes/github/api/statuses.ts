import { commitOf } from '../git.ts'
import { queueMoved } from '../queue.ts'
import { type Call, page, type Route, route, textOf } from '../route.ts'
import { type CommitStatus, invalid, loginOf, missing, Refusal } from '../state.ts'
import { repositoryView, statusView } from '../views.ts'
import { resolve } from './repository.ts'

async function ofRef(call: Call): Promise<{ sha: string; found: CommitStatus[] }> {
  const sha = await resolve(call.repository, call.params.ref!)
  if (sha === undefined) throw missing()
  return { sha, found: call.repository.statuses.filter((it) => it.sha === sha).reverse() }
}

/** Commit statuses. */
export const statusRoutes: readonly Route[] = [
  route('POST /statuses/{sha}', [['statuses', 'write']], async (call) => {
    const sha = call.params.sha!
    if (!/^[0-9a-f]{40}$/.test(sha) || (await commitOf(call.repository.folder, sha)) === undefined) {
      throw new Refusal(422, `No commit found for SHA: ${sha}`)
    }
    const context = textOf(call, 'context') ?? 'default'
    const description = textOf(call, 'description') ?? null
    const targetUrl = textOf(call, 'target_url') ?? null
    if ((description ?? '').length > 140) {
      throw invalid('Status', 'description', 'description is too long (maximum is 140 characters)')
    }
    if (targetUrl !== null && targetUrl !== '' && !/^https?:\/\//.test(targetUrl)) {
      throw invalid('Status', 'target_url', 'target_url must use http(s) scheme')
    }
    const alike = call.repository.statuses.filter((it) => it.sha === sha && it.context === context)
    if (alike.length >= call.state.limits.statusesAContext) {
      throw invalid('Status', 'base', 'This SHA and context has reached the maximum number of statuses.')
    }
    const state = call.body.state as CommitStatus['state']
    const status: CommitStatus = {
      id: call.state.id(),
      sha,
      context,
      state,
      description,
      targetUrl,
      creator: loginOf(call.by),
      createdMs: call.state.now(),
    }
    call.repository.statuses.push(status)
    queueMoved(call.state, call.repository)
    return { status: 201, body: statusView(call.state, call.repository, status) }
  }),
  route('GET /commits/{ref}/statuses', [['statuses', 'read']], async (call) =>
    page(call, (await ofRef(call)).found, (it) => statusView(call.state, call.repository, it)),
  ),
  route('GET /commits/{ref}/status', [['statuses', 'read']], async (call) => {
    const { sha, found } = await ofRef(call)
    const newest = found.filter((it, at) => found.findIndex((other) => other.context === it.context) === at)
    const states = newest.map((it) => it.state)
    const bad = states.some((it) => it === 'failure' || it === 'error')
    const state = bad ? 'failure' : states.length === 0 || states.includes('pending') ? 'pending' : 'success'
    const url = `${call.state.apiUrl}/repos/${call.repository.fullName}/commits/${sha}`
    const view = (it: CommitStatus): unknown => {
      const { creator: _, ...rest } = statusView(call.state, call.repository, it)
      return rest
    }
    return page(call, newest, view, 'statuses', {
      state,
      sha,
      url: `${url}/status`,
      commit_url: url,
      repository: repositoryView(call.state, call.repository),
    })
  }),
]
