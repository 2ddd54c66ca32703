import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { environmentOf, isReviewer } from '../environments.ts'
import type { FakeJob, FakeRun } from '../hub.ts'
import { pendingOf, reviewEnvironments } from '../hub-of.ts'
import { type Answer, type Call, numberOf, page, type Route, route, textOf } from '../route.ts'
import { environmentView, jobView, reviewersView, runView } from '../run-views.ts'
import { type FakeArtifact, loginOf, missing, Refusal, type Repository, type RunDetails, type State } from '../state.ts'
import { time, userView } from '../views.ts'

type Kept = FakeRun & { readonly details: RunDetails }

function runOf(call: Call): Kept {
  const run = call.repository.runs.get(numberOf(call, 'run_id'))
  if (run === undefined) throw missing()
  return run
}

/** Runs that the request's filters leave, newest first. */
export function runsOf(call: Call, workflow?: string): Promise<Answer> {
  const status = call.query.get('status')
  const head = call.query.get('head_sha')
  const event = call.query.get('event')
  const branch = call.query.get('branch')
  const actor = call.query.get('actor')
  const found = [...call.repository.runs.values()]
    .filter((it) => workflow === undefined || it.workflow === workflow)
    .filter((it) => status === null || it.status === status || it.conclusion === status)
    .filter((it) => head === null || it.details.headSha === head)
    .filter((it) => event === null || it.event === event)
    .filter((it) => actor === null || it.actor === actor)
    .filter((it) => branch === null || runView(call.state, call.repository, it).head_branch === branch)
  return page(call, found.reverse(), (it) => runView(call.state, call.repository, it), 'workflow_runs')
}

const reads = [['actions', 'read']] as const
const acts = [['actions', 'write']] as const

/** Workflow runs, their jobs, their environments and their artifacts. */
export const runRoutes: readonly Route[] = [
  route('GET /actions/runs', reads, (call) => runsOf(call)),
  route('GET /actions/runs/{run_id}', reads, (call) => ({
    status: 200,
    body: runView(call.state, call.repository, runOf(call)),
  })),
  route('POST /actions/runs/{run_id}/cancel', acts, (call) => {
    const run = runOf(call)
    if (run.status === 'completed') throw new Refusal(409, 'Cannot cancel a workflow run that is completed.')
    call.state.runChanged(run, 'cancel')
    return { status: 202, body: {} }
  }),
  route('POST /actions/runs/{run_id}/rerun', acts, (call) => {
    const run = runOf(call)
    if (run.status !== 'completed') throw new Refusal(403, 'This workflow is already running')
    run.attempt++
    run.status = 'queued'
    run.conclusion = undefined
    run.jobs.length = 0
    run.details.triggeredBy = loginOf(call.by)
    call.state.runChanged(run, 'rerun')
    return { status: 201, body: {} }
  }),
  route('GET /actions/runs/{run_id}/approvals', reads, (call) => {
    const views = runOf(call).approvals.map((it) => ({
      state: it.state,
      comment: it.comment,
      user: userView(call.state, it.user),
      environments: it.environments.map((name) => environmentShort(call, name)),
    }))
    return { status: 200, body: views }
  }),
  route('GET /actions/runs/{run_id}/pending_deployments', reads, (call) => {
    const views = pendingOf(runOf(call)).map((name) => {
      const environment = environmentOf(call.state, call.repository, name)
      return {
        environment: environmentShort(call, name),
        wait_timer: environment.waitTimer,
        wait_timer_started_at: null,
        current_user_can_approve: isReviewer(call.state, environment, loginOf(call.by)),
        reviewers: reviewersView(call.state, environment),
      }
    })
    return { status: 200, body: views }
  }),
  route('POST /actions/runs/{run_id}/pending_deployments', [['deployments', 'write']], (call) => {
    const run = runOf(call)
    const ids = call.body.environment_ids as number[]
    const environments = [...call.repository.environments.values()].filter((it) => ids.includes(it.id))
    if (environments.length !== ids.length || ids.length === 0) throw new Refusal(422, 'No such environment')
    try {
      reviewEnvironments(call.state, call.repository, run, {
        state: call.body.state as 'approved' | 'rejected',
        environments: environments.map((it) => it.name),
        by: loginOf(call.by),
        comment: textOf(call, 'comment') ?? '',
      })
    } catch (error) {
      throw new Refusal(422, (error as Error).message)
    }
    return { status: 200, body: [] }
  }),
  route('GET /actions/runs/{run_id}/jobs', reads, (call) => {
    const run = runOf(call)
    const all = [...call.repository.jobs.values()].filter((it) => it.run === run.id)
    const latest = all.filter((it) => run.jobs.includes(it.job))
    return page(
      call,
      call.query.get('filter') === 'all' ? all : latest,
      (it) => jobView(call.state, call.repository, run, it),
      'jobs',
    )
  }),
  route('GET /actions/jobs/{job_id}', reads, (call) => {
    const { run, kept } = jobOf(call)
    return { status: 200, body: jobView(call.state, call.repository, run, kept) }
  }),
  route('GET /actions/jobs/{job_id}/logs', reads, (call) => {
    const { job } = jobOf(call).kept
    if (job.status !== 'completed') throw missing()
    return {
      status: 302,
      headers: { Location: `${call.state.serverUrl}/_blob/log/${call.repository.fullName}/${job.id}` },
    }
  }),
  route('GET /actions/runs/{run_id}/artifacts', reads, (call) => artifactsOf(call, runOf(call))),
  route('GET /actions/artifacts', reads, (call) => artifactsOf(call)),
  route('GET /actions/artifacts/{artifact_id}', reads, (call) => ({
    status: 200,
    body: artifactView(call, artifactOf(call)),
  })),
  route('GET /actions/artifacts/{artifact_id}/{archive_format}', reads, (call) => {
    if (call.params.archive_format !== 'zip') throw missing()
    const { id } = artifactOf(call)
    return {
      status: 302,
      headers: { Location: `${call.state.serverUrl}/_blob/artifact/${call.repository.fullName}/${id}` },
    }
  }),
]

function jobOf(call: Call): {
  run: Kept
  kept: { readonly run: number; readonly job: FakeJob; readonly createdMs: number }
} {
  const kept = call.repository.jobs.get(numberOf(call, 'job_id'))
  const run = kept === undefined ? undefined : call.repository.runs.get(kept.run)
  if (kept === undefined || run === undefined) throw missing()
  return { run, kept }
}

function environmentShort(call: Call, name: string): unknown {
  return environmentView(call.state, call.repository, environmentOf(call.state, call.repository, name))
}

/** Artifacts of runs that are over: those of a running one are not to be seen. */
function visible(state: State, repository: Repository): FakeArtifact[] {
  return [...repository.artifactFolders].flatMap(([run, folders]) =>
    [...folders.keys()].flatMap((name) => {
      const key = `${run}/${name}`
      const artifact = repository.artifacts.get(key) ?? { id: state.id(), name, run, createdMs: state.now() }
      repository.artifacts.set(key, artifact)
      return repository.runs.get(run)?.status === 'completed' ? [artifact] : []
    }),
  )
}

function artifactOf(call: Call): FakeArtifact {
  const id = numberOf(call, 'artifact_id')
  const found = visible(call.state, call.repository).find((it) => it.id === id)
  if (found === undefined) throw missing()
  return found
}

function artifactsOf(call: Call, run?: FakeRun): Promise<Answer> {
  const name = call.query.get('name')
  const found = visible(call.state, call.repository)
    .filter((it) => run === undefined || it.run === run.id)
    .filter((it) => name === null || it.name === name)
  return page(call, found.reverse(), (it) => artifactView(call, it), 'artifacts')
}

function artifactView(call: Call, it: FakeArtifact): unknown {
  const url = `${call.state.apiUrl}/repos/${call.repository.fullName}/actions/artifacts/${it.id}`
  const run = call.repository.runs.get(it.run)
  return {
    id: it.id,
    node_id: `AR_${it.id}`,
    name: it.name,
    size_in_bytes: 0,
    url,
    archive_download_url: `${url}/zip`,
    expired: false,
    created_at: time(it.createdMs),
    updated_at: time(it.createdMs),
    expires_at: time(it.createdMs + 90 * 86_400_000),
    workflow_run: {
      id: it.run,
      repository_id: call.repository.id,
      head_repository_id: call.repository.id,
      head_branch: run?.ref.replace('refs/heads/', ''),
      head_sha: run?.details.headSha,
    },
  }
}

/** What the addresses that the API redirects to give: an artifact as a zip, a job's log as text. */
export async function blob(state: State, path: string): Promise<Buffer | undefined> {
  const [kind, owner, name, id] = path.split('/')
  const repository = state.repositories.get(`${owner}/${name}`.toLowerCase())
  if (repository === undefined) return undefined
  if (kind === 'log') {
    const log = repository.jobs.get(Number(id))?.job.log
    return log === undefined ? undefined : Buffer.from(log)
  }
  const artifact = visible(state, repository).find((it) => it.id === Number(id))
  const folder = artifact === undefined ? undefined : repository.artifactFolders.get(artifact.run)?.get(artifact.name)
  if (folder === undefined) return undefined
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  const parts = await Promise.all(
    files.map(async (file) => [file.slice(folder.length + 1), new Uint8Array(await readFile(file))] as const),
  )
  return Buffer.from(zipSync(Object.fromEntries(parts)))
}
