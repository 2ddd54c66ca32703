import { randomBytes } from 'node:crypto'
import { environmentOf, isReviewer } from './environments.ts'
import { fileAt } from './git.ts'
import type { Delivery, FakeJob, FakeRun, Hub, TokenOf } from './hub.ts'
import { jobDeployment } from './job-deployments.ts'
import { entryAt, readBlob, readCommit, readTree } from './objects.ts'
import type { Issuer } from './oidc.ts'
import { queueMoved } from './queue.ts'
import { accountOf, jobScopes, type Repository, type RunDetails, repositoryOf, type State } from './state.ts'
import { pullOfRef } from './views.ts'

type Listener = (delivery: Delivery) => void
type RunListener = (run: FakeRun, change: 'reviewed' | 'cancel' | 'rerun') => void

/** What the runner sees of the fake GitHub. */
export function hubOf(state: State, keys: Issuer, listeners: Listener[], runListeners: RunListener[]): Hub {
  const of = (name: string): Repository => repositoryOf(state, name)
  return {
    get serverUrl() {
      return state.serverUrl
    },
    get apiUrl() {
      return state.apiUrl
    },
    token: (whose, repository) => newToken(state, whose, repository),
    revoke(token) {
      const known = state.tokens.get(token)
      if (known !== undefined) known.revoked = true
    },
    onEvent: (listener) => void listeners.push(listener),
    onRunChange: (listener) => void runListeners.push(listener),
    startRun: (run) => newRun(state, of(run.repository), run),
    startJob(run, { name, key, environment, workflowRef }) {
      const repository = of(run.repository)
      if (environment !== undefined) environmentOf(state, repository, environment)
      const job: FakeJob = {
        id: state.id(),
        name,
        key,
        status: 'queued',
        conclusion: undefined,
        ...(environment === undefined ? {} : { environment }),
        ...(workflowRef === undefined ? {} : { workflowRef }),
        log: '',
        summary: '',
        annotations: [],
      }
      run.jobs.push(job)
      repository.jobs.set(job.id, { run: run.id, job, createdMs: state.now() })
      return job
    },
    reviewEnvironments: (run, review) => reviewEnvironments(state, of(run.repository), run, review),
    jobDeployment: (run, job, to) => jobDeployment(state, of(run.repository), run, job, to),
    runUpdated(run) {
      const repository = of(run.repository)
      const kept = repository.runs.get(run.id)
      if (kept !== undefined) kept.details.updatedMs = state.now()
      queueMoved(state, repository)
    },
    async file(repository, commit, path) {
      return (await fileAt(of(repository).folder, commit, path))?.toString('utf8')
    },
    workflows: (repository, commit) => workflowsAt(of(repository), commit),
    environment(repository, name) {
      const it = environmentOf(state, of(repository), name)
      const protectedOnes = [...of(repository).protections.keys()]
      return {
        reviewers: it.reviewers,
        branches:
          it.branchPolicy === undefined
            ? undefined
            : it.branchPolicy === 'protected'
              ? protectedOnes
              : it.policies.filter((policy) => policy.type === 'branch').map((policy) => policy.name),
        secrets: it.secrets,
        variables: it.variables,
      }
    },
    secrets: (repository) => of(repository).secrets,
    variables: (repository) => of(repository).variables,
    defaultBranch: (repository) => of(repository).defaultBranch,
    isUntrusted(delivery) {
      if (delivery.by.kind === 'app' && delivery.by.slug === 'dependabot') return true
      const pull = pullOfRef(of(delivery.repository), `refs/pull/${numberIn(delivery)}/head`)
      const foreign = pull !== undefined && pull.headRepository !== delivery.repository
      return foreign && (delivery.event === 'pull_request' || delivery.event.startsWith('pull_request_review'))
    },
    artifacts(run) {
      const { artifactFolders } = of(run.repository)
      const known = artifactFolders.get(run.id) ?? new Map<string, string>()
      artifactFolders.set(run.id, known)
      return known
    },
    async idToken(run, job, audience) {
      const repository = of(run.repository)
      const may = [...state.tokens.values()].some(
        (it) =>
          it.of.kind === 'job' && it.of.job === job.id && !it.revoked && it.of.permissions['id-token'] === 'write',
      )
      if (!may) throw new Error(`job ${job.name} of run ${run.id} has no permission id-token: write`)
      return keys.sign(repository, accountOf(state, repository.owner).id, run, job, audience, state.now())
    },
  }
}

function numberIn(delivery: Delivery): number {
  const pull = delivery.payload.pull_request as { readonly number?: number } | undefined
  return pull?.number ?? 0
}

function newToken(state: State, of: TokenOf, repository: string): string {
  if (of.kind === 'user') accountOf(state, of.login)
  if (of.kind === 'job') {
    const foreign = Object.keys(of.permissions).find((scope) => !jobScopes.includes(scope))
    if (foreign !== undefined) throw new Error(`a workflow cannot give its jobs the permission ${foreign}`)
  }
  const prefix = of.kind === 'user' ? 'ghp' : 'ghs'
  const token = `${prefix}_${randomBytes(18).toString('hex')}`
  state.tokens.set(token, { of, repository, revoked: false })
  return token
}

function newRun(
  state: State,
  repository: Repository,
  of: Omit<FakeRun, 'id' | 'attempt' | 'status' | 'conclusion' | 'jobs' | 'approvals'>,
): FakeRun {
  const sameWorkflow = [...repository.runs.values()].filter((it) => it.workflow === of.workflow)
  if (!repository.workflowIds.has(of.workflow)) repository.workflowIds.set(of.workflow, state.id())
  const pull = of.event.startsWith('pull_request') ? pullOfRef(repository, of.ref) : undefined
  const details: RunDetails = {
    number: sameWorkflow.length + 1,
    createdMs: state.now(),
    updatedMs: state.now(),
    triggeredBy: of.actor,
    headSha: pull?.headSha ?? of.sha,
  }
  const run: FakeRun & { readonly details: RunDetails } = {
    ...of,
    id: state.id(),
    attempt: 1,
    status: 'queued',
    conclusion: undefined,
    jobs: [],
    approvals: [],
    details,
  }
  repository.runs.set(run.id, run)
  return run
}

/** Environments that jobs of a run wait for. */
export function pendingOf(run: FakeRun): readonly string[] {
  const waiting = run.jobs.filter((it) => it.status === 'waiting' && it.environment !== undefined)
  return [...new Set(waiting.map((it) => it.environment!))]
}

/** Approves or rejects for people, if they are reviewers. */
export function reviewEnvironments(
  state: State,
  repository: Repository,
  run: FakeRun,
  review: Parameters<Hub['reviewEnvironments']>[1],
): void {
  const login = accountOf(state, review.by).login
  for (const name of review.environments) {
    if (!pendingOf(run).some((it) => it.toLowerCase() === name.toLowerCase())) {
      throw new Error(`run ${run.id} does not wait for ${name}`)
    }
    const environment = environmentOf(state, repository, name)
    if (!isReviewer(state, environment, login)) throw new Error(`${login} is no reviewer of ${name}`)
    const triggeredBy = repository.runs.get(run.id)?.details.triggeredBy
    if (environment.preventSelfReview && triggeredBy?.toLowerCase() === login.toLowerCase()) {
      throw new Error(`${login} started the run, and ${name} lets nobody review their own`)
    }
  }
  run.approvals.push({
    state: review.state,
    environments: [...review.environments],
    user: login,
    comment: review.comment ?? '',
  })
  state.runChanged(run, 'reviewed')
}

/** Contents of `.github/workflows/` at a commit. */
export async function workflowsAt(repository: Repository, commit: string): Promise<ReadonlyMap<string, string>> {
  const tree = (await readCommit(repository.folder, commit))?.tree ?? ''
  const folder = await entryAt(repository.folder, tree, '.github/workflows')
  const entries = folder === undefined ? [] : await readTree(repository.folder, folder.sha)
  const texts = await Promise.all(
    entries
      .filter(({ name }) => /\.ya?ml$/.test(name))
      .map(async ({ name, sha }) => {
        const bytes = await readBlob(repository.folder, sha)
        return [`.github/workflows/${name}`, bytes?.toString('utf8') ?? ''] as const
      }),
  )
  return new Map(texts)
}
