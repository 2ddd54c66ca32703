import type { FakeJob, FakeRun } from './hub.ts'
import type { FakeDeployment, Repository, State } from './state.ts'

/** What a job with an environment says of its deployment. */
export type JobDeployment = 'waiting' | 'queued' | 'in_progress' | 'success' | 'failure' | 'error'

const creator = 'github-actions[bot]'
const ofJobs = new WeakMap<FakeJob, FakeDeployment>()

/** Makes the deployment that GitHub makes for a job with an environment, or sets its state; a success makes older ones inactive. */
export function jobDeployment(
  state: State,
  repository: Repository,
  run: FakeRun,
  job: FakeJob,
  to: JobDeployment,
): void {
  const known = ofJobs.get(job) ?? made(state, repository, run, job)
  ofJobs.set(job, known)
  add(state, repository, run, job, known, to)
  if (to !== 'success') return
  for (const other of repository.deployments.values())
    if (other.environment === known.environment && other.id < known.id && other.statuses.at(-1)?.state === 'success')
      add(state, repository, run, job, other, 'inactive')
}

function made(state: State, repository: Repository, run: FakeRun, job: FakeJob): FakeDeployment {
  const deployment: FakeDeployment = {
    id: state.id(),
    sha: run.sha,
    ref: run.ref.replace(/^refs\/heads\//, ''),
    task: 'deploy',
    environment: job.environment!,
    description: null,
    payload: {},
    transient: false,
    creator,
    createdMs: state.now(),
    statuses: [],
  }
  repository.deployments.set(deployment.id, deployment)
  return deployment
}

function add(
  state: State,
  repository: Repository,
  run: FakeRun,
  job: FakeJob,
  deployment: FakeDeployment,
  to: JobDeployment | 'inactive',
): void {
  const url = `${state.serverUrl}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`
  const more = { description: '', logUrl: url, environmentUrl: '', creator, createdMs: state.now() }
  deployment.statuses.push({ id: state.id(), state: to, ...more })
}
