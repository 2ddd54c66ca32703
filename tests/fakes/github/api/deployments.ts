import { deploymentStatusView, deploymentView } from '../commit-views.ts'
import { environmentOf } from '../environments.ts'
import { type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { type FakeDeployment, invalid, loginOf, missing, Refusal } from '../state.ts'
import { resolve } from './commits.ts'

function deploymentOf(call: Call): FakeDeployment {
  const deployment = call.repository.deployments.get(numberOf(call, 'deployment_id'))
  if (deployment === undefined) throw missing()
  return deployment
}

/** Deployments and their statuses. */
export const deploymentRoutes: readonly Route[] = [
  route('GET /deployments', [['deployments', 'read']], (call) => {
    const wanted = ['sha', 'ref', 'task', 'environment'] as const
    const found = [...call.repository.deployments.values()].filter((it) =>
      wanted.every((name) => (call.query.get(name) ?? 'none') === 'none' || call.query.get(name) === it[name]),
    )
    return page(call, found.reverse(), (it) => deploymentView(call.state, call.repository, it))
  }),
  route('POST /deployments', [['deployments', 'write']], async (call) => {
    const ref = String(call.body.ref)
    const sha = await resolve(call.repository, ref)
    if (sha === undefined) throw new Refusal(422, `No ref found for: ${ref}`)
    if (call.body.auto_merge !== false) {
      throw new Refusal(422, 'the fake GitHub merges nothing for a deployment: say auto_merge: false')
    }
    const statuses = call.repository.statuses.filter((it) => it.sha === sha)
    const newest = new Map(statuses.map((it) => [it.context, it.state]))
    const contexts = (call.body.required_contexts as string[] | undefined) ?? [...newest.keys()]
    if (contexts.some((it) => newest.get(it) !== 'success')) {
      throw new Refusal(409, `Conflict: Commit status checks failed for ${ref}.`, {
        errors: contexts.map((context) => ({ contexts: [{ context, state: newest.get(context) ?? 'missing' }] })),
      })
    }
    const environment = textOf(call, 'environment') ?? 'production'
    const description = textOf(call, 'description') ?? null
    if ((description ?? '').length > 140)
      throw invalid('Deployment', 'description', 'description is too long (maximum is 140 characters)')
    environmentOf(call.state, call.repository, environment)
    const deployment: FakeDeployment = {
      id: call.state.id(),
      sha,
      ref,
      task: textOf(call, 'task') ?? 'deploy',
      environment,
      description,
      payload: call.body.payload ?? {},
      transient: call.body.transient_environment === true,
      creator: loginOf(call.by),
      createdMs: call.state.now(),
      statuses: [],
    }
    call.repository.deployments.set(deployment.id, deployment)
    return { status: 201, body: deploymentView(call.state, call.repository, deployment) }
  }),
  route('GET /deployments/{deployment_id}', [['deployments', 'read']], (call) => ({
    status: 200,
    body: deploymentView(call.state, call.repository, deploymentOf(call)),
  })),
  route('GET /deployments/{deployment_id}/statuses', [['deployments', 'read']], (call) => {
    const deployment = deploymentOf(call)
    return page(call, [...deployment.statuses].reverse(), (it) =>
      deploymentStatusView(call.state, call.repository, deployment, it),
    )
  }),
  route('POST /deployments/{deployment_id}/statuses', [['deployments', 'write']], (call) => {
    const deployment = deploymentOf(call)
    const state = String(call.body.state)
    const description = textOf(call, 'description') ?? ''
    if (description.length > 140) {
      throw invalid('DeploymentStatus', 'description', 'description is too long (maximum is 140 characters)')
    }
    const status = add(call, deployment, state, description)
    if (state === 'success' && call.body.auto_inactive !== false) {
      for (const other of call.repository.deployments.values()) {
        const older = other.environment === deployment.environment && other.id < deployment.id && !other.transient
        if (older && other.statuses.at(-1)?.state === 'success') add(call, other, 'inactive', '')
      }
    }
    return { status: 201, body: deploymentStatusView(call.state, call.repository, deployment, status) }
  }),
]

function add(
  call: Call,
  deployment: FakeDeployment,
  state: string,
  description: string,
): FakeDeployment['statuses'][number] {
  const status = {
    id: call.state.id(),
    state,
    description,
    logUrl: textOf(call, 'log_url') ?? textOf(call, 'target_url') ?? '',
    environmentUrl: textOf(call, 'environment_url') ?? '',
    creator: loginOf(call.by),
    createdMs: call.state.now(),
  }
  deployment.statuses.push(status)
  return status
}
