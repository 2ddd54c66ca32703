import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Delivery, FakeJob, FakeRun, Hub, Permissions, TokenOf } from '../github/hub.ts'
import { type Runner, type RunnerOptions, startRunner } from './runner.ts'

interface Environment {
  reviewers?: readonly string[]
  branches?: readonly string[]
  secrets?: Record<string, string>
  variables?: Record<string, string>
}

/** A repository, `acme/infra`, and a runner for its workflows: as much of a GitHub as the runner itself needs. */
export interface RunnerLab {
  readonly hub: Hub
  readonly runner: Runner
  readonly folder: string
  /** Tokens of jobs as they were given. */
  readonly tokens: ReadonlyMap<string, { readonly of: TokenOf; revoked: boolean }>
  readonly settings: {
    secrets: Record<string, string>
    variables: Record<string, string>
    environments: Record<string, Environment>
    untrusted: boolean
  }
  /** Commits files to `main` and tells of the push. */
  push(files: Readonly<Record<string, string>>): Promise<FakeRun[]>
  /** Commits files, and tells nobody. */
  commit(files: Readonly<Record<string, string>>, branch?: string): string
  /** Tells of something, and waits for what follows of it; the runs that it started. */
  tell(delivery: Partial<Delivery> & { event: string }): Promise<FakeRun[]>
  /** As `tell`, without waiting. */
  send(delivery: Partial<Delivery> & { event: string }): void
  job(run: FakeRun | undefined, name: string): FakeJob
  close(): Promise<void>
}

const repository = 'acme/infra'
const ann: TokenOf = { kind: 'user', login: 'ann' }

export async function runnerLab(options: Partial<RunnerOptions> = {}): Promise<RunnerLab> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  const git = gitIn(folder)
  const settings: RunnerLab['settings'] = { secrets: {}, variables: {}, environments: {}, untrusted: false }
  const tokens = new Map<string, { readonly of: TokenOf; revoked: boolean }>()
  const listeners: { event?: (delivery: Delivery) => void; run?: Parameters<Hub['onRunChange']>[0] } = {}
  const hub = memoryHub(folder, git, settings, tokens, listeners)
  const runner = await startRunner(hub, { folder: join(folder, 'host'), timing: { minuteMs: 1_000 }, ...options })
  const tip = () => git('repo', 'rev-parse', 'main')
  const send: RunnerLab['send'] = (of) => {
    const about = { repository, action: undefined, by: ann, ref: 'refs/heads/main', sha: of.sha ?? tip() }
    listeners.event?.({ ...about, payload: {}, ...of })
  }
  const tell: RunnerLab['tell'] = async (delivery) => {
    const before = runner.runs().length
    send(delivery)
    await runner.idle()
    return runner.runs().slice(before)
  }
  const commit: RunnerLab['commit'] = (files, branch = 'main') => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'repo', path)), { recursive: true })
      writeFileSync(join(folder, 'repo', path), text)
    }
    git('repo', 'add', '--all')
    git('repo', 'commit', '--quiet', '--allow-empty', '--message', 'change')
    const made = git('repo', 'rev-parse', 'HEAD')
    git('repo', 'push', '--quiet', '--force', join(folder, 'acme/infra.git'), `HEAD:refs/heads/${branch}`)
    return made
  }
  return {
    hub,
    runner,
    folder,
    tokens,
    settings,
    commit,
    send,
    tell,
    async push(files) {
      const before = listeners.event === undefined ? '' : safeTip(git)
      const after = commit(files)
      return await tell({ event: 'push', sha: after, payload: { before, after } })
    },
    job(run, name) {
      const found = run?.jobs.findLast((it) => it.name === name)
      if (found === undefined) throw new Error(`no job ${name} among ${run?.jobs.map((it) => it.name).join(', ')}`)
      return found
    },
    async close() {
      await runner.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Git = (folder: string, ...args: string[]) => string

function gitIn(folder: string): Git {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'ann',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'ann',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
  }
  const git: Git = (where, ...args) =>
    execFileSync('git', ['-C', join(folder, where), ...args], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  mkdirSync(join(folder, 'acme'), { recursive: true })
  git('', 'init', '--quiet', '--bare', '--initial-branch', 'main', 'acme/infra.git')
  git('acme/infra.git', 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  git('', 'init', '--quiet', '--initial-branch', 'main', 'repo')
  mkdirSync(join(folder, 'host'))
  return git
}

function safeTip(git: Git): string {
  try {
    return git('acme/infra.git', 'rev-parse', '--verify', 'main')
  } catch {
    return '0'.repeat(40)
  }
}

function memoryHub(
  folder: string,
  git: Git,
  settings: RunnerLab['settings'],
  tokens: Map<string, { readonly of: TokenOf; revoked: boolean }>,
  listeners: { event?: (delivery: Delivery) => void; run?: Parameters<Hub['onRunChange']>[0] },
): Hub {
  let last = 0
  const artifacts = new Map<number, Map<string, string>>()
  const show = (commit: string, path: string): string | undefined => {
    try {
      return git('acme/infra.git', 'show', `${commit}:${path}`)
    } catch {
      return undefined
    }
  }
  const may = (of: TokenOf): Permissions => (of.kind === 'user' ? {} : of.permissions)
  return {
    serverUrl: `file://${folder}`,
    apiUrl: 'http://127.0.0.1:1',
    token(of) {
      const token = `ghs_${of.kind}${++last}`
      tokens.set(token, { of, revoked: false })
      return token
    },
    revoke(token) {
      tokens.get(token)!.revoked = true
    },
    onEvent(listener) {
      listeners.event = listener
    },
    onRunChange(listener) {
      listeners.run = listener
    },
    startRun: (of) => ({
      ...of,
      id: ++last,
      attempt: 1,
      status: 'queued',
      conclusion: undefined,
      jobs: [],
      approvals: [],
    }),
    startJob(run, of) {
      const job: FakeJob = {
        ...of,
        id: ++last,
        status: 'queued',
        conclusion: undefined,
        log: '',
        summary: '',
        annotations: [],
      }
      run.jobs.push(job)
      return job
    },
    reviewEnvironments(run, { environments, state, by, comment }) {
      for (const name of environments)
        if (!settings.environments[name]?.reviewers?.includes(by)) throw new Error(`${by} is no reviewer of ${name}`)
      run.approvals.push({ state, environments: [...environments], user: by, comment: comment ?? '' })
      listeners.run?.(run, 'reviewed')
    },
    runUpdated: () => undefined,
    file: async (_repository, commit, path) => show(commit, path),
    async workflows(_repository, commit) {
      const paths = git('acme/infra.git', 'ls-tree', '--name-only', commit, '.github/workflows/').split('\n')
      return new Map(paths.filter((path) => path !== '').map((path) => [path, show(commit, path)!]))
    },
    environment(_repository, name) {
      const of = settings.environments[name] ?? {}
      return {
        reviewers: of.reviewers ?? [],
        branches: of.branches,
        secrets: new Map(Object.entries(of.secrets ?? {})),
        variables: new Map(Object.entries(of.variables ?? {})),
      }
    },
    secrets: () => new Map(Object.entries(settings.secrets)),
    variables: () => new Map(Object.entries(settings.variables)),
    defaultBranch: () => 'main',
    isUntrusted: () => settings.untrusted,
    artifacts(run) {
      if (!artifacts.has(run.id)) artifacts.set(run.id, new Map())
      return artifacts.get(run.id)!
    },
    async idToken(run, job, audience) {
      const holder = [...tokens.values()].find(({ of }) => of.kind === 'job' && of.job === job.id)!
      if (may(holder.of)['id-token'] !== 'write') throw new Error(`${job.name} may ask no token`)
      return `oidc:${run.repository}:${job.environment ?? ''}:${audience}`
    },
  }
}
