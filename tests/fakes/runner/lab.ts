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
  commit(files: Readonly<Record<string, string>>): string
  /** Tells of something, and waits for what follows of it; the runs that it started. */
  tell(delivery: Partial<Delivery> & { event: string }): Promise<FakeRun[]>
  /** As `tell`, without waiting. */
  send(delivery: Partial<Delivery> & { event: string }): void
  job(run: FakeRun | undefined, name: string): FakeJob
  close(): Promise<void>
}

const repository = 'acme/infra'
const ann: TokenOf = { kind: 'user', login: 'ann' }

export async function runnerLab(options: Partial<RunnerOptions> & { readonly git?: boolean } = {}): Promise<RunnerLab> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  const commits = options.git ? gitRepository(folder) : memoryRepository()
  mkdirSync(join(folder, 'host'))
  const settings: RunnerLab['settings'] = { secrets: {}, variables: {}, environments: {}, untrusted: false }
  const tokens = new Map<string, { readonly of: TokenOf; revoked: boolean }>()
  const listeners: { event?: (delivery: Delivery) => void; run?: Parameters<Hub['onRunChange']>[0] } = {}
  const hub = memoryHub(folder, commits, settings, tokens, listeners)
  const runner = await startRunner(hub, { folder: join(folder, 'host'), timing: { minuteMs: 1_000 }, ...options })
  const send: RunnerLab['send'] = (of) => {
    const about = { repository, action: undefined, by: ann, ref: 'refs/heads/main', sha: of.sha ?? commits.tip() }
    listeners.event?.({ ...about, payload: {}, ...of })
  }
  const tell: RunnerLab['tell'] = async (delivery) => {
    const before = runner.runs().length
    send(delivery)
    await runner.idle()
    return runner.runs().slice(before)
  }
  return {
    hub,
    runner,
    folder,
    tokens,
    settings,
    commit: commits.commit,
    send,
    tell,
    push: async (files) => await tell({ event: 'push', sha: commits.commit(files) }),
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

/** The commits of `main`: in memory, or in a bare repository for jobs that check out. */
interface Repository {
  commit(files: Readonly<Record<string, string>>): string
  tip(): string
  files(commit: string): ReadonlyMap<string, string>
}

function memoryRepository(): Repository {
  const commits: Map<string, string>[] = []
  const name = (index: number) => String(index + 1).padStart(40, '0')
  return {
    commit(files) {
      commits.push(new Map([...(commits.at(-1) ?? []), ...Object.entries(files)]))
      return name(commits.length - 1)
    },
    tip: () => name(commits.length - 1),
    files: (commit) => commits[Number(commit) - 1] ?? new Map(),
  }
}

function gitRepository(folder: string): Repository {
  const known = memoryRepository()
  const shas: string[] = []
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'ann',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'ann',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
  }
  const git = (where: string, ...args: string[]): string =>
    execFileSync('git', ['-C', join(folder, where), ...args], { encoding: 'utf8', env, stdio: 'pipe' }).trim()
  mkdirSync(join(folder, 'acme'), { recursive: true })
  git('', 'init', '--quiet', '--bare', '--initial-branch', 'main', 'acme/infra.git')
  git('acme/infra.git', 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  git('', 'init', '--quiet', '--initial-branch', 'main', 'repo')
  return {
    commit(files) {
      known.commit(files)
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, 'repo', path)), { recursive: true })
        writeFileSync(join(folder, 'repo', path), text)
      }
      git('repo', 'add', '--all')
      git('repo', 'commit', '--quiet', '--allow-empty', '--message', 'change')
      git('repo', 'push', '--quiet', '--force', join(folder, 'acme/infra.git'), 'HEAD:refs/heads/main')
      shas.push(git('repo', 'rev-parse', 'HEAD'))
      return shas.at(-1)!
    },
    tip: () => shas.at(-1)!,
    files: (commit) => known.files(String(shas.indexOf(commit) + 1)),
  }
}

function memoryHub(
  folder: string,
  commits: Repository,
  settings: RunnerLab['settings'],
  tokens: Map<string, { readonly of: TokenOf; revoked: boolean }>,
  listeners: { event?: (delivery: Delivery) => void; run?: Parameters<Hub['onRunChange']>[0] },
): Hub {
  let last = 0
  const artifacts = new Map<number, Map<string, string>>()
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
    file: async (_repository, commit, path) => commits.files(commit).get(path),
    workflows: async (_repository, commit) =>
      new Map([...commits.files(commit)].filter(([path]) => path.startsWith('.github/workflows/'))),
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
