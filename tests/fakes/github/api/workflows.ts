import { about, starts } from '../events.ts'
import { commitOf } from '../git.ts'
import { workflowsAt } from '../hub-of.ts'
import { type Answer, type Call, page, type Route, route, textOf } from '../route.ts'
import { payload } from '../schemas.ts'
import { missing, Refusal } from '../state.ts'
import { dispatchInputs, workflowFile } from '../workflow-file.ts'
import { runsOf } from './runs.ts'

interface Workflow {
  readonly id: number
  readonly path: string
  readonly name: string
}

/** Workflows that the default branch has; GitHub knows no others. */
async function workflowsOf(call: Call): Promise<Workflow[]> {
  const { repository, state } = call
  const sha = await commitOf(repository.folder, `refs/heads/${repository.defaultBranch}`)
  const files = sha === undefined ? [] : [...(await workflowsAt(repository, sha))]
  return files.map(([path, text]) => {
    const id = repository.workflowIds.get(path) ?? state.id()
    repository.workflowIds.set(path, id)
    return { id, path, name: workflowFile(path, text).name }
  })
}

/** A workflow by its id, or by its file's name. */
async function workflowOf(call: Call): Promise<Workflow> {
  const name = call.params.workflow_id!
  const found = (await workflowsOf(call)).find(
    (it) => String(it.id) === name || it.path === `.github/workflows/${name}`,
  )
  if (found === undefined) throw missing()
  return found
}

function workflowView(call: Call, it: Workflow): unknown {
  const url = `${call.state.apiUrl}/repos/${call.repository.fullName}/actions/workflows/${it.id}`
  const page = `${call.state.serverUrl}/${call.repository.fullName}`
  return {
    ...it,
    node_id: `W_${it.id}`,
    state: 'active',
    url,
    html_url: `${page}/blob/${call.repository.defaultBranch}/${it.path}`,
    badge_url: `${page}/workflows/badge.svg`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }
}

/** Workflows, and the two events that a program may start them with. */
export const workflowRoutes: readonly Route[] = [
  route('GET /actions/workflows', [['actions', 'read']], async (call) =>
    page(call, await workflowsOf(call), (it) => workflowView(call, it), 'workflows'),
  ),
  route('GET /actions/workflows/{workflow_id}', [['actions', 'read']], async (call) => ({
    status: 200,
    body: workflowView(call, await workflowOf(call)),
  })),
  route('GET /actions/workflows/{workflow_id}/runs', [['actions', 'read']], async (call) =>
    runsOf(call, (await workflowOf(call)).path),
  ),
  route('POST /actions/workflows/{workflow_id}/dispatches', [['actions', 'write']], dispatch),
  route('POST /dispatches', [['contents', 'write']], async (call) => {
    const { repository, state, by } = call
    const type = textOf(call, 'event_type') ?? ''
    if (type.length > 100) throw new Refusal(422, 'event_type is too long (maximum is 100 characters)')
    const ref = `refs/heads/${repository.defaultBranch}`
    const body = payload('repository_dispatch', 'event', {
      action: type,
      branch: repository.defaultBranch,
      client_payload: call.body.client_payload ?? {},
      installation: { id: 1, node_id: 'I_1' },
      ...about(state, repository, by),
    })
    const sha = (await commitOf(repository.folder, ref))!
    const event = 'repository_dispatch'
    state.deliver({ repository: repository.fullName, event, action: type, payload: body, by, ref, sha }, true)
    return { status: 204 }
  }),
]

async function dispatch(call: Call): Promise<Answer> {
  const { repository, state, by } = call
  const { path } = await workflowOf(call)
  const given = String(call.body.ref)
  const full = given.startsWith('refs/') ? given : `refs/heads/${given}`
  const ref = (await commitOf(repository.folder, full)) === undefined ? `refs/tags/${given}` : full
  const sha = await commitOf(repository.folder, ref)
  if (sha === undefined) throw new Refusal(422, `No ref found for: ${given}`)
  const text = (await workflowsAt(repository, sha)).get(path)
  if (text === undefined) throw missing()
  const { dispatch: takes } = workflowFile(path, text)
  if (takes === undefined) throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
  const inputs = dispatchInputs(takes, (call.body.inputs ?? {}) as Readonly<Record<string, unknown>>)
  if (!repository.actions.enabled) throw new Refusal(422, 'Actions has been disabled for this repository.')
  const body = payload('workflow_dispatch', 'event', {
    inputs: Object.keys(takes).length === 0 ? null : inputs,
    ref,
    workflow: path,
    ...about(state, repository, by),
  })
  const event = 'workflow_dispatch'
  // Of all that a job's token does, dispatches alone start runs.
  const runs = starts(by) || by.kind === 'job'
  state.deliver({ repository: repository.fullName, event, action: undefined, payload: body, by, ref, sha }, runs)
  return { status: 204 }
}
