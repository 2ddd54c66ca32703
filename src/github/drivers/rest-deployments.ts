import type { Deployment, DeploymentState, Deployments } from '../deployments.ts'
import type { Payload } from '../payload.ts'
import type { RestClient } from './rest-client.ts'

const all = '/repos/{owner}/{repo}/deployments'
const states = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses'

/** Deployments over REST. */
export function restDeployments(client: RestClient): Deployments {
  return {
    async create({ environment, commit, task, description, payload }) {
      const made = await client.object(`POST ${all}`, {
        ref: commit,
        environment,
        task,
        description,
        payload,
        // Else GitHub first merges the default branch into it, or waits for checks.
        auto_merge: false,
        required_contexts: [],
      })
      return deployment(made)
    },
    async setStatus(id, { state, description, logUrl }) {
      await client.send(
        `POST ${states}`,
        { deployment_id: id, state, description, ...(logUrl !== undefined && { log_url: logUrl }) },
        { what: `deployment ${id}` },
      )
    },
    async list({ environment, task }, most) {
      const found = await client.list(`GET ${all}`, { environment, ...(task !== undefined && { task }) }, { most })
      return found.map(deployment)
    },
    async state(id) {
      const [newest] = await client.list(`GET ${states}`, { deployment_id: id }, { most: 1, what: `deployment ${id}` })
      return newest && known(newest.text('state'))
    },
  }
}

function deployment(it: Payload): Deployment {
  return {
    id: it.number('id'),
    environment: it.text('environment'),
    commit: it.text('sha'),
    task: it.text('task'),
    description: it.textIf('description') ?? '',
    payload: payloadOf(it.raw('payload')),
    creator: it.textIf('creator.login'),
    createdMs: it.time('created_at'),
  }
}

/** GitHub gives it back as it was sent, or as JSON; other programs send what they like. */
function payloadOf(raw: unknown): Deployment['payload'] {
  try {
    const value: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw
    return typeof value === 'object' && value !== null ? (value as Deployment['payload']) : {}
  } catch {
    return {}
  }
}

/** `waiting` and `pending` are set by GitHub itself, for environments that somebody must approve. */
function known(state: string): DeploymentState {
  const ours: readonly DeploymentState[] = ['in_progress', 'success', 'failure', 'error', 'inactive']
  return ours.find((it) => it === state) ?? 'queued'
}
