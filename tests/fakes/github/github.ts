import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Acts, actor, actsOf } from './acts.ts'
import { routes } from './api/routes.ts'
import { environmentOf } from './environments.ts'
import { commitFiles, commitOf, git } from './git.ts'
import { type Fault, serve } from './http.ts'
import type { ApiCall, Delivery, FakeRun, Hub } from './hub.ts'
import { hubOf } from './hub-of.ts'
import { githubLimits, type Limits, meter } from './limits.ts'
import { writeRef } from './objects.ts'
import { issuer } from './oidc.ts'
import { moved } from './pulls.ts'
import { updateHook } from './smart-http.ts'
import { exclusive, type Level, type Repository, repositoryOf, type State } from './state.ts'
import { repositoryView, userView } from './views.ts'

/** What a repository starts with. */
export interface NewRepository {
  readonly owner: string
  readonly name: string
  /** Default: private. */
  readonly private?: boolean
  /** Default: an organization. */
  readonly ownerType?: 'User' | 'Organization'
  /** What the owner pays for decides what protections a private repository may have; default: `enterprise`. */
  readonly plan?: 'free' | 'team' | 'enterprise'
  readonly files: Readonly<Record<string, string>>
  readonly collaborators?: Readonly<Record<string, Level>>
}

/** A commit of files by somebody, as a push brings it. */
export interface Push {
  readonly branch: string
  readonly files: Readonly<Record<string, string | null>>
  readonly by: string
  readonly message?: string
  /** Branch or commit that it goes upon; default: the branch, or else the default branch. */
  readonly onto?: string
  /** The branch's own commits are given up. */
  readonly force?: boolean
}

/** GitHub on this machine: real bare repositories, GitHub's API with its refusals, and its events. */
export interface FakeGitHub extends Hub, Acts {
  /** Every request to the API. */
  readonly calls: ApiCall[]
  /** Everything that was delivered, also what starts no run. */
  readonly deliveries: Delivery[]
  /** The issuer of OIDC tokens, as trust policies name it; its keys are below it, at `/.well-known/jwks`. */
  readonly issuerUrl: string
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] }
  createRepository(of: NewRepository): Promise<string>
  /** A fork under another owner. */
  fork(repository: string, owner: string): Promise<string>
  /** Makes a commit and pushes it. @returns the commit */
  push(repository: string, of: Push): Promise<string>
  /** Where the bare repository lies. */
  folder(repository: string): string
  /** The commit of a branch or ref. @throws when there is none */
  commit(repository: string, ref: string): Promise<string>
  deleteBranch(repository: string, branch: string, by: string): Promise<void>
  /** Address to clone from, with a token in it. */
  cloneUrl(repository: string, token: string): string
  setSecret(repository: string, name: string, value: string, environment?: string): void
  setVariable(repository: string, name: string, value: string, environment?: string): void
  /** A schedule fires. */
  tick(repository: string, cron: string): Promise<void>
  /** Time passes at GitHub: limits start again. */
  advance(ms: number): void
  /** The next requests of an operation fail. */
  fail(fault: Omit<Fault, 'times'> & { readonly times?: number }): void
  /** The next requests are answered by the secondary limit. */
  slowDown(times: number, retryAfterSeconds: number): void
  /** Jobs of a repository have asked all that they may in this hour. */
  useUp(repository: string): void
  /** Waits for what is going on in a repository. */
  settled(repository: string): Promise<void>
  /** @throws when the fake said anything that GitHub's schemas do not know */
  close(): Promise<void>
}

/** Starts a GitHub of its own on a free port. */
export async function startGitHub(options: { readonly limits?: Partial<Limits> } = {}): Promise<FakeGitHub> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-github-'))
  const calls: ApiCall[] = []
  const deliveries: Delivery[] = []
  const wrong: Error[] = []
  const faults: Fault[] = []
  const listeners: ((delivery: Delivery) => void)[] = []
  const runListeners: ((run: FakeRun, change: 'reviewed' | 'cancel' | 'rerun') => void)[] = []
  let lastId = 1_000
  let aheadMs = 0
  const state: State = {
    folder,
    serverUrl: '',
    apiUrl: '',
    accounts: new Map(),
    teams: new Map(),
    repositories: new Map(),
    tokens: new Map(),
    limits: { ...githubLimits, ...options.limits },
    now: () => Date.now() + aheadMs,
    id: () => ++lastId,
    deliver(delivery, startsRuns) {
      deliveries.push(delivery)
      if (startsRuns) for (const listener of listeners) listener(delivery)
    },
    runChanged(run, change) {
      for (const listener of runListeners) listener(run, change)
    },
  }
  const metered = meter(state)
  const server = serve({
    state,
    routes,
    meter: metered,
    faults,
    jwks: () => keys.jwks,
    issuerUrl: () => keys.url,
    called: (call) => calls.push(call),
    wrong: (error) => wrong.push(error),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  state.apiUrl = `${state.serverUrl}/api/v3`
  const keys = issuer(state.serverUrl)

  const hub = hubOf(state, keys, listeners, runListeners)
  return {
    ...hub,
    ...actsOf(state, hub.token),
    calls,
    deliveries,
    issuerUrl: keys.url,
    jwks: keys.jwks,
    async createRepository(of) {
      const fullName = `${of.owner}/${of.name}`
      if (!state.accounts.has(of.owner.toLowerCase())) {
        state.accounts.set(of.owner.toLowerCase(), {
          id: state.id(),
          login: of.owner,
          type: of.ownerType ?? 'Organization',
        })
      }
      const bare = await bareRepository(join(folder, `${of.owner}+${of.name}.git`))
      const made = repository(state, { ...of, fullName, folder: bare, parent: undefined })
      const author = { name: of.owner, email: `${of.owner}@users.noreply.github.com` }
      await writeRef(bare, 'refs/heads/main', await commitFiles(bare, undefined, of.files, 'First', author))
      state.repositories.set(fullName.toLowerCase(), made)
      return fullName
    },
    async fork(name, owner) {
      const parent = repositoryOf(state, name)
      const fullName = `${owner}/${parent.name}`
      const bare = await bareRepository(join(folder, `${owner}+${parent.name}.git`))
      await git(bare, ['fetch', '--quiet', parent.folder, '+refs/heads/*:refs/heads/*'])
      const made = repository(state, {
        owner,
        name: parent.name,
        private: parent.private,
        plan: parent.plan,
        fullName,
        folder: bare,
        parent: name,
      })
      state.repositories.set(fullName.toLowerCase(), made)
      return fullName
    },
    async push(name, of) {
      const it = repositoryOf(state, name)
      return exclusive(it, async () => {
        const ref = `refs/heads/${of.branch}`
        const before = await commitOf(it.folder, ref)
        const onto = of.onto ?? (before === undefined ? it.defaultBranch : of.branch)
        const parent = (await commitOf(it.folder, `refs/heads/${onto}`)) ?? (await commitOf(it.folder, onto))
        const author = { name: of.by, email: `${of.by}@users.noreply.github.com` }
        const after = await commitFiles(it.folder, parent, of.files, of.message ?? 'Change', author)
        if (before !== undefined && of.force !== true && parent !== before) {
          throw new Error(`${of.branch} is at ${before}: a push of ${after} needs force`)
        }
        await writeRef(it.folder, ref, after)
        await moved(state, it, [{ ref, before: before ?? '0'.repeat(40), after }], actor(of.by))
        return after
      })
    },
    folder: (name) => repositoryOf(state, name).folder,
    async commit(name, ref) {
      const it = repositoryOf(state, name)
      const found = (await commitOf(it.folder, `refs/heads/${ref}`)) ?? (await commitOf(it.folder, ref))
      if (found === undefined) throw new Error(`${name} has no ${ref}`)
      return found
    },
    async deleteBranch(name, branch, by) {
      const it = repositoryOf(state, name)
      await exclusive(it, async () => {
        const ref = `refs/heads/${branch}`
        const before = await commitOf(it.folder, ref)
        if (before === undefined) throw new Error(`${name} has no branch ${branch}`)
        await writeRef(it.folder, ref, undefined)
        await moved(state, it, [{ ref, before, after: '0'.repeat(40) }], actor(by))
      })
    },
    cloneUrl: (name, token) => `${state.serverUrl.replace('://', `://x-access-token:${token}@`)}/${name}.git`,
    setSecret(name, key, value, environment) {
      const it = repositoryOf(state, name)
      if (environment === undefined) it.secrets.set(key, value)
      else environmentOf(state, it, environment).secrets.set(key, value)
    },
    setVariable(name, key, value, environment) {
      const it = repositoryOf(state, name)
      if (environment === undefined) it.variables.set(key, value)
      else environmentOf(state, it, environment).variables.set(key, value)
    },
    async tick(name, cron) {
      const it = repositoryOf(state, name)
      const sha = (await commitOf(it.folder, `refs/heads/${it.defaultBranch}`))!
      const by = actor(it.owner)
      const payload = { schedule: cron, repository: repositoryView(state, it), sender: userView(state, it.owner) }
      const ref = `refs/heads/${it.defaultBranch}`
      state.deliver({ repository: it.fullName, event: 'schedule', action: undefined, payload, by, ref, sha }, true)
    },
    advance(ms) {
      aheadMs += ms
    },
    fail: (fault) => void faults.push({ ...fault, times: fault.times ?? 1 }),
    slowDown: metered.slowDown,
    useUp: metered.useUp,
    async settled(name) {
      const it = repositoryOf(state, name)
      for (let last: unknown; last !== it.last; ) {
        last = it.last
        await it.last
      }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      for (const it of state.repositories.values()) await it.last
      await rm(folder, { recursive: true, force: true })
      if (wrong.length > 0) throw wrong[0]
    },
  }
}

async function bareRepository(path: string): Promise<string> {
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'hooks', 'info']) {
    await mkdir(join(path, name), { recursive: true })
  }
  await writeFile(join(path, 'HEAD'), 'ref: refs/heads/main\n')
  const settings = {
    'core.repositoryformatversion': '0',
    'core.bare': 'true',
    'http.receivepack': 'true',
    // What is pushed lies there as single objects, which the fake reads itself.
    'transfer.unpackLimit': '1000000',
    'uploadpack.allowAnySHA1InWant': 'true',
    'uploadpack.allowFilter': 'true',
    'receive.hideRefs': 'refs/pull',
    'receive.autogc': 'false',
    'gc.auto': '0',
    'core.logAllRefUpdates': 'false',
  }
  const lines = Object.entries(settings).map(([key, value]) => {
    const [section, name] = key.split('.')
    return `[${section}]\n\t${name} = ${value}\n`
  })
  await writeFile(join(path, 'config'), lines.join(''))
  await writeFile(join(path, 'hooks', 'update'), updateHook, { mode: 0o755 })
  return path
}

function repository(
  state: State,
  of: Omit<NewRepository, 'files'> & { fullName: string; folder: string; parent: string | undefined },
): Repository {
  const collaborators = Object.entries(of.collaborators ?? {})
  return {
    id: state.id(),
    owner: of.owner,
    name: of.name,
    fullName: of.fullName,
    private: of.private ?? true,
    plan: of.plan ?? 'enterprise',
    defaultBranch: 'main',
    folder: of.folder,
    parent: of.parent,
    collaborators: new Map(collaborators.map(([login, level]) => [login.toLowerCase(), level])),
    allowsSquash: true,
    allowsMergeCommit: true,
    allowsRebase: true,
    nextNumber: 1,
    pushedMs: state.now(),
    issues: new Map(),
    pulls: new Map(),
    comments: new Map(),
    statuses: [],
    checks: new Map(),
    deployments: new Map(),
    environments: new Map(),
    secrets: new Map(),
    variables: new Map(),
    rulesets: new Map(),
    protections: new Map(),
    runs: new Map(),
    jobs: new Map(),
    artifactFolders: new Map(),
    artifacts: new Map(),
    workflowIds: new Map(),
    queue: [],
    actions: { enabled: true, defaultPermissions: 'read', approvesPulls: false },
    last: Promise.resolve(),
  }
}
