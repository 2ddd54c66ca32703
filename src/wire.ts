import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Credentials } from './credentials/credentials.ts'
import { oidcCredentials } from './credentials/drivers/oidc.ts'
import { UserError } from './error.ts'
import type { Source } from './flows/describe.ts'
import type { DoctorWorld } from './flows/doctor.ts'
import type { OpenedGitHub } from './flows/doctor-github.ts'
import type { InitWorld, Installed } from './flows/init.ts'
import { storeSettings } from './flows/store-settings.ts'
import type { World } from './flows/world.ts'
import { gitRepo } from './git/drivers/cli.ts'
import { folderTree } from './git/drivers/folder.ts'
import { workFiles } from './git/drivers/work-files.ts'
import { emptyTree } from './git/loadable.ts'
import { remoteIdentity } from './git/remote.ts'
import type { Repo } from './git/repo.ts'
import type { GitHub } from './github/github.ts'
import { located } from './github/server.ts'
import { actionsMachine } from './machine/drivers/actions.ts'
import { nodeMachine } from './machine/drivers/node.ts'
import { pathPrograms } from './machine/drivers/programs.ts'
import { processShell } from './machine/drivers/shell.ts'
import type { Programs } from './machine/programs.ts'
import { keepingTags } from './records/keeping.ts'
import type { Settings, StoreRole, StoreSettings } from './settings.ts'
import type { Ambient } from './stacks/ambient.ts'
import type { BucketAdmin } from './store/bucket.ts'
import { fsStore } from './store/drivers/fs.ts'
import { s3Store } from './store/drivers/s3.ts'
import { s3Admin } from './store/drivers/s3-admin.ts'
import type { Store } from './store/store.ts'
import type { Vault } from './store/vault.ts'
import { s3States } from './terraform/drivers/s3-states.ts'
import { backendStates } from './terraform/drivers/states.ts'

/** What a process knows of where it stands. */
export interface Here {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Variables for Git alone, which no other process is given. */
  readonly gitEnv?: Readonly<Record<string, string>>
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal
}

/** What somebody knows better than the settings: actions, which stand in a job with a role. */
export interface StoreChoice {
  /** A store that is open already. */
  readonly store?: Store
  /** Which of `integrations.airlock.store.roles` to take; none: what the environment has. */
  readonly role?: StoreRole
  /** Environment variables with the keys of a role. */
  readonly keysOf?: (role: string) => Promise<Readonly<Record<string, string | undefined>>>
  /** Where records lie if the settings name no bucket; undefined: beside the repository. */
  readonly folder?: string
  /** The protected branch, whose settings count; undefined: GitHub's default branch in a job, else origin's. */
  readonly branch?: string
}

/** The repository around the current directory, and what surrounds it: enough for all that only looks. */
export async function openRepo({
  cwd,
  env,
  gitEnv,
}: Pick<Here, 'cwd' | 'env' | 'gitEnv'>): Promise<Pick<World, 'repo' | 'ambient'>> {
  const repo = await gitRepo(cwd, { ...env, ...gitEnv })
  return { repo, ambient: ambientOf(repo.root, atmosFolder(repo.root, realpathSync(cwd)), env) }
}

/**
 * Everything. Records are where the settings of the protected branch say, else in the Git folder; keys are the team's where it
 * has any, else those in the user's configuration folder.
 */
export async function openWorld(here: Here, choice: StoreChoice = {}): Promise<World> {
  const { env, signal } = here
  // Encryption and Terraform's driver weigh as much as all else together: what only looks does without.
  const [{ cliTerraform, workFolder }, { repo, ambient }] = await Promise.all([
    import('./terraform/drivers/cli.ts'),
    openRepo(here),
  ])
  const machine = nodeMachine()
  const settings = await storeSettings({ repo, ambient }, choice.branch ?? defaultBranch(env))
  const store = choice.store ?? storeOf({ repo, ambient }, settings, choice)
  return {
    repo,
    ambient,
    machine,
    shell: processShell({ stop: signal }),
    store,
    journal: { store, nonce: () => randomUUID(), pause: (ms) => setTimeout(ms), chance: Math.random },
    vault: await vaultOf(settings, env),
    states: backendStates({ s3: s3States({ env, keysOf: choice.keysOf }) }),
    terraform: cliTerraform({
      env,
      work: workFolder(env, tmpdir()),
      machine,
      of: `${machine.user} in ${repo.root}`,
      stop: signal,
    }),
  }
}

/**
 * Files to describe as Atmos would, from the folder that the process stands in: the work tree of a repository, else what
 * lies in the folder of the nearest configuration.
 */
export async function openSource({ cwd, env }: Pick<Here, 'cwd' | 'env'>, flags?: Ambient['flags']): Promise<Source> {
  const repo = await repoOrNone(cwd, env)
  const here = realpathSync(cwd)
  const root = repo?.root ?? configuredFolder(here)
  const { gitRoot, ...ambient } = ambientOf(root ?? here, here, env)
  return {
    ambient: { ...ambient, gitRoot: repo ? gitRoot : undefined, ...(flags && { flags }) },
    ...(repo && { repo }),
    tree: async () => (repo ? repo.workTree(() => false) : root === undefined ? emptyTree(here) : folderTree(root)),
  }
}

/** Programs of this machine, as the PATH finds them. */
export function openPrograms({ cwd, env }: Pick<Here, 'cwd' | 'env'>): Programs {
  return pathPrograms(cwd, env)
}

/** What doctor looks at; nothing is opened before it asks. */
export function openDoctor(here: Here): DoctorWorld {
  const { cwd, env } = here
  const around = (repo: Repo) => ambientOf(repo.root, atmosFolder(repo.root, realpathSync(cwd)), env)
  return {
    programs: pathPrograms(cwd, env),
    node: { version: process.version, path: process.execPath },
    repo: () => gitRepo(cwd, env),
    store: (repo) => openStore({ repo, ambient: around(repo) }),
    ambient: around,
    github: () => openGitHub(here),
    installed: () => installedCopy(env),
  }
}

/** What installing Airlock in a repository needs: its files, and where the copy that runs comes from. */
export async function openInit(here: Pick<Here, 'cwd' | 'env'>): Promise<InitWorld> {
  const [{ repo, ambient }, installed] = await Promise.all([openRepo(here), installedCopy(here.env)])
  return { repo, ambient, files: workFiles(repo.root), installed }
}

/** Opens GitHub for a person at a terminal: with the token of the environment, else with that of `gh`. */
export async function openGitHub({ cwd, env, signal }: Here): Promise<OpenedGitHub> {
  const repo = await gitRepo(cwd, env)
  const origin = remoteIdentity((await repo.config('remote.origin.url')) ?? '')
  const place = origin === undefined ? undefined : located(origin, env)
  if (place === undefined)
    return {
      kind: 'closed',
      why: 'no-remote',
      message:
        origin === undefined ? 'the repository has no remote named origin' : `origin (${origin}) is not at GitHub`,
      fix: 'git remote add origin https://github.com/OWNER/NAME; for a GitHub Enterprise Server set GH_HOST to its host',
    }
  const token =
    env.GITHUB_TOKEN || env.GH_TOKEN || (await tokenOfGh({ cwd, env, signal }, new URL(place.serverUrl).host))
  if (!token)
    return {
      kind: 'closed',
      why: 'no-token',
      message: `there is no token for ${place.repository.owner}/${place.repository.name}`,
      fix: 'gh auth login, or set GITHUB_TOKEN or GH_TOKEN',
    }
  const { restGitHub } = await import('./github/drivers/rest.ts')
  return { kind: 'open', github: restGitHub({ token, ...place }) }
}

async function tokenOfGh({ cwd, env, signal }: Here, host: string): Promise<string | undefined> {
  const line = `gh auth token --hostname '${host}'`
  const end = await processShell({ stop: signal }).run({ line, cwd, env, timeoutMs: 5000 })
  return end.kind === 'exited' && end.code === 0 ? end.output.trim() : undefined
}

/** The copy of Airlock that runs: a clone of its repository knows the commit, a package at most what was written into it. */
async function installedCopy(env: Here['env']): Promise<Installed> {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)))
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
    readonly gitHead?: string
    readonly repository?: string | { readonly url: string }
  }
  const around = await repoOrNone(root, env)
  const clone = around?.root === realpathSync(root) ? around : undefined
  const named = typeof about.repository === 'string' ? about.repository : about.repository?.url
  const identity = remoteIdentity((await clone?.config('remote.origin.url')) ?? named?.replace(/^git\+/, '') ?? '')
  return {
    version: about.version,
    repository: identity?.split('/').slice(1).join('/'),
    commit: (await clone?.resolve('HEAD')) ?? about.gitHead,
  }
}

function packageRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageRoot(dirname(folder))
}

async function repoOrNone(cwd: string, env: Here['env']): Promise<Repo | undefined> {
  try {
    return await gitRepo(cwd, env)
  } catch (error) {
    if (error instanceof UserError && ['not-a-repository', 'git-missing', 'repository-empty'].includes(error.code))
      return undefined
    throw error
  }
}

/**
 * Where Airlock's own verbs stand: the repository's root, so that every sub-folder gives the same answer; in a repository
 * whose root has no configuration, the nearest folder upwards that has one.
 */
function atmosFolder(root: string, here: string): string {
  for (let folder = here; folder.startsWith(root) && !isConfigured(root); folder = dirname(folder)) {
    if (isConfigured(folder)) return folder
    if (folder === root) break
  }
  return root
}

/** The nearest folder upwards with a configuration of Atmos, or the folder itself where stacks lie in their default place. */
function configuredFolder(here: string): string | undefined {
  for (let folder = here; ; folder = dirname(folder)) {
    if (isConfigured(folder)) return folder
    if (folder === dirname(folder)) break
  }
  return statSync(join(here, 'stacks'), { throwIfNoEntry: false })?.isDirectory() ? here : undefined
}

function isConfigured(folder: string): boolean {
  const names = ['atmos.yaml', 'atmos.yml', '.atmos.yaml', '.atmos', '.atmos.d', 'atmos.d']
  return names.some((name) => existsSync(join(folder, name)))
}

/** The store of a repository: where the settings of its protected branch say, else one folder for all its worktrees. */
export async function openStore(
  { repo, ambient }: Pick<World, 'repo' | 'ambient'>,
  choice: StoreChoice = {},
): Promise<Store> {
  const branch = choice.branch ?? defaultBranch(ambient.env)
  return choice.store ?? storeOf({ repo, ambient }, await storeSettings({ repo, ambient }, branch), choice)
}

function storeOf({ repo, ambient }: Pick<World, 'repo' | 'ambient'>, { store }: Settings, choice: StoreChoice): Store {
  if (store === undefined) return fsStore({ folder: choice.folder ?? join(repo.commonDir, 'airlock') })
  const { role, keysOf } = choice
  const arn = role && store.roles[role]
  const keys = arn !== undefined && keysOf ? { credentials: async () => awsKeys(await keysOf(arn), askAgainMs) } : {}
  return s3Store({ ...bucketIn(store, ambient.env), ...keys, tags: keepingTags })
}

/** How a bucket is reached with what the environment has; without keys there, the SDK looks where it always does. */
function bucketIn({ url, region, endpoint }: Pick<StoreSettings, 'url' | 'region' | 'endpoint'>, env: Here['env']) {
  const hasKeys = env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY && !env.AWS_PROFILE
  return {
    url,
    region: region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined),
    endpoint,
    ...(hasKeys && { credentials: async () => awsKeys(env) }),
  }
}

function awsKeys(env: Here['env'], lifeMs?: number) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) throw new Error('no keys came for a role')
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    ...(lifeMs !== undefined && { expiration: new Date(Date.now() + lifeMs) }),
  }
}

/** Keys of a role are asked for again after this long: whoever hands them out knows when they end. */
const askAgainMs = 10 * 60_000

/** The team's keys where there are any; a job that tries Airlock without a store has a key of its own; else the machine's. */
async function vaultOf({ recipients, store }: Settings, env: Here['env']): Promise<Vault> {
  const isJob = env.GITHUB_ACTIONS === 'true'
  if (recipients.length === 0 && !isJob) {
    const { ageVault } = await import('./store/drivers/age.ts')
    return ageVault({ folder: join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'airlock') })
  }
  const { recipientVault, throwAwayVault } = await import('./store/drivers/recipients.ts')
  if (recipients.length === 0 && store === undefined) return throwAwayVault()
  return recipientVault({ recipients, identities: env.AIRLOCK_AGE_IDENTITY, readsKey: env.AIRLOCK_READS_KEY })
}

/** What makes a bucket what it is to be, with the credentials of the environment. */
export function openBucketAdmin(at: Pick<StoreSettings, 'url' | 'region' | 'endpoint'>, env: Here['env']): BucketAdmin {
  return s3Admin(bucketIn(at, env))
}

/** New keys for a team: `airlock store keygen`. */
export async function newStoreKeys(): Promise<{ identity: string; recipient: string; readsKey: string }> {
  const { newTeamKeys } = await import('./store/drivers/recipients.ts')
  return newTeamKeys()
}

/** The default branch as GitHub's event names it: in a job the clone has no HEAD of origin, and files are the author's. */
function defaultBranch(env: Here['env']): string | undefined {
  if (env.GITHUB_ACTIONS !== 'true' || !env.GITHUB_EVENT_PATH) return undefined
  try {
    const event: { readonly repository?: { readonly default_branch?: unknown } } = JSON.parse(
      readFileSync(env.GITHUB_EVENT_PATH, 'utf8'),
    )
    const branch = event.repository?.default_branch
    return typeof branch === 'string' ? branch : undefined
  } catch {
    return undefined // no event, no branch that it could name
  }
}

/**
 * What decides a resolution beside the repository. Airlock's own verbs always resolve from the repository's root, so that
 * a sub-directory gives the same answer.
 */
export function ambientOf(root: string, cwd: string, env: Readonly<Record<string, string | undefined>>): Ambient {
  const outside = ['/usr/local/etc/atmos/atmos.yaml', join(env.HOME || homedir(), '.atmos', 'atmos.yaml')].flatMap(
    (path) => {
      try {
        return [{ path, text: readFileSync(path, 'utf8') }]
      } catch {
        return []
      }
    },
  )
  return { cwd: relative(root, cwd), env, gitRoot: '', ...(outside.length > 0 && { outside }) }
}

/** What a step of a job on GitHub Actions knows of where it stands. */
export interface InJob extends Here {
  /** The run, as records name it, and the account that started it. */
  readonly run: {
    readonly id: number
    readonly attempt: number
    readonly name: string
    readonly url: string
    readonly actor: string
  }
  readonly repository: GitHub['repository']
  readonly serverUrl: string
  readonly apiUrl: string
  /** Empty in a job that asks GitHub nothing. */
  readonly token: string
  /** Folder for files of the job. */
  readonly temp: string
  /** Never shows a text in the log. */
  readonly mask: (secret: string) => void
  /** What the job may do in the store. */
  readonly role: StoreRole
  /** Jobs that run no Terraform have no way to reach states, and need none. */
  readonly runsTerraform: boolean
}

/** Everything, as a job sees it: records in the repository's store, else in a folder that the jobs of the run hand on. */
export async function openJobWorld(job: InJob): Promise<World> {
  const { token, serverUrl, repository, run, role, temp, runsTerraform } = job
  const here = { ...job, gitEnv: gitCredentials(serverUrl, token) }
  const credentials = jobCredentials(job)
  const keysOf = credentials && { keysOf: credentials.forRole }
  const world = await openWorld(here, { role, folder: join(temp, 'airlock', 'store'), ...keysOf })
  return {
    ...world,
    ...(!runsTerraform && { states: hiddenStates }),
    ...(runsTerraform && credentials && { credentials, acts: role === 'apply' ? 'apply' : 'plan' }),
    machine: actionsMachine({
      repository: `${repository.owner}/${repository.name}`,
      runId: run.id,
      attempt: run.attempt,
      run: { name: run.name, url: run.url },
      actor: run.actor,
      runner: world.machine,
    }),
    ...(token !== '' && {
      github: await openJobGitHub(job),
    }),
  }
}

/** GitHub as a job sees it: for one that has no clone of the repository, too. */
export async function openJobGitHub({
  token,
  apiUrl,
  serverUrl,
  repository,
  env,
}: Pick<InJob, 'token' | 'apiUrl' | 'serverUrl' | 'repository' | 'env'>): Promise<GitHub> {
  const { restGitHub } = await import('./github/drivers/rest.ts')
  const pace = env.AIRLOCK_GITHUB_PACE_MS
  return restGitHub({ token, apiUrl, serverUrl, repository, ...(pace && { paceMs: Number(pace) }) })
}

/** A job that may ask GitHub for a token takes roles with it; in any other every process has what the environment has. */
function jobCredentials({ env, run, mask }: Pick<InJob, 'env' | 'run' | 'mask'>): Credentials | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = env
  if (!requestUrl || !requestToken) return undefined
  return oidcCredentials({
    requestUrl,
    requestToken,
    sessionName: `airlock-${run.name}`,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
    endpoint: env.AWS_ENDPOINT_URL_STS || undefined,
    mask,
  })
}

const hiddenStates: World['states'] = {
  async read({ folder }) {
    throw new UserError({
      code: 'state-backend-unsupported',
      message: `the state of ${folder} is not read by a job that runs no Terraform`,
      fix: 'look at it where plans are made: airlock plan',
    })
  },
}

/** Git's way to be told a token by its environment alone: no process list shows it, no file keeps it. */
function gitCredentials(serverUrl: string, token: string): Record<string, string> {
  if (token === '') return {}
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  }
}
