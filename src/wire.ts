import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Source } from './flows/describe.ts'
import type { DoctorWorld } from './flows/doctor.ts'
import type { InitWorld } from './flows/init.ts'
import type { Kept } from './flows/kept.ts'
import { storeSettings } from './flows/store-settings.ts'
import type { World } from './flows/world.ts'
import { gitRepo } from './git/drivers/cli.ts'
import { folderTree } from './git/drivers/folder.ts'
import { workFiles } from './git/drivers/work-files.ts'
import { emptyTree } from './git/loadable.ts'
import type { Repo } from './git/repo.ts'
import type { Atmos } from './machine/atmos.ts'
import { installedAtmos } from './machine/drivers/atmos.ts'
import { folderCache } from './machine/drivers/folder-cache.ts'
import { nodeMachine } from './machine/drivers/node.ts'
import { pathPrograms } from './machine/drivers/programs.ts'
import { processShell } from './machine/drivers/shell.ts'
import type { Programs } from './machine/programs.ts'
import type { Ambient } from './stacks/ambient.ts'
import { azureStates } from './terraform/drivers/azure-states.ts'
import { gcsStates } from './terraform/drivers/gcs-states.ts'
import { s3States } from './terraform/drivers/s3-states.ts'
import { backendStates } from './terraform/drivers/states.ts'
import { openGitHub } from './wire/github.ts'
import { installedCopy } from './wire/installed.ts'
import {
  ambientOf,
  atmosFolder,
  cacheFolder,
  configuredFolder,
  defaultBranch,
  type Here,
  repoOrNone,
} from './wire/place.ts'
import { openStore, type StoreChoice, storeOf, vaultOf } from './wire/store.ts'

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
    states: statesIn(env, choice.keysOf),
    terraform: cliTerraform({
      env,
      work: workFolder(env, tmpdir()),
      machine,
      of: `${machine.user} in ${repo.root}`,
      stop: signal,
    }),
  }
}

/** States wherever they can be read directly. */
function statesIn(env: Here['env'], keysOf?: StoreChoice['keysOf']) {
  return backendStates({
    s3: s3States({ env, keysOf }),
    gcs: gcsStates({ env }),
    azurerm: azureStates({ env }),
  })
}

/**
 * Files to describe as Atmos would, from the folder that the process stands in: the work tree of a repository, else what
 * lies in the folder of the nearest configuration.
 */
export async function openSource(
  { cwd, env, signal }: Pick<Here, 'cwd' | 'env' | 'signal'>,
  flags?: Ambient['flags'],
): Promise<Source> {
  const repo = await repoOrNone(cwd, env)
  const here = realpathSync(cwd)
  const root = repo?.root ?? configuredFolder(here)
  const { gitRoot, ...ambient } = ambientOf(root ?? here, here, env)
  return {
    ambient: { ...ambient, gitRoot: repo ? gitRoot : undefined, ...(flags && { flags }) },
    ...(repo && { repo }),
    late: {
      states: statesIn(env),
      shell: processShell({ stop: signal }),
      folder: here,
      env,
      ...(repo && { repo }),
    },
    tree: async () => (repo ? repo.workTree(() => false) : root === undefined ? emptyTree(here) : folderTree(root)),
  }
}

/**
 * What was worked out before on this machine, in the user's cache folder; undefined where `AIRLOCK_CACHE` is `off`, and where
 * the code that runs is no bundle: nothing tells one state of its source from another.
 * @param chunk URL of the file that runs: esbuild puts a hash of all that it holds and imports into its name
 */
export function openKept({ env }: Pick<Here, 'env'>, chunk: string): Kept | undefined {
  const [code] = /[^/]+-[0-9A-Z]{8}\.js$/.exec(chunk) ?? []
  if (env.AIRLOCK_CACHE === 'off' || code === undefined) return undefined
  return { code, cache: folderCache({ folder: join(cacheFolder(env), 'airlock'), maxBytes: 256 * 1024 * 1024 }) }
}

/** Programs of this machine, as the PATH finds them. */
export function openPrograms({ cwd, env }: Pick<Here, 'cwd' | 'env'>): Programs {
  return pathPrograms(cwd, env)
}

/** The Atmos of this machine: a name that the PATH finds, or a path. */
export function openAtmos({ cwd, env, signal }: Here, command: string): Atmos {
  return installedAtmos({ command, cwd, env, stop: signal })
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
    github: (repository) => openGitHub(here, repository),
    installed: () => installedCopy(env),
  }
}

/** What installing Airlock in a repository needs: its files, and where the copy that runs comes from. */
export async function openInit(here: Pick<Here, 'cwd' | 'env'>): Promise<InitWorld> {
  const [{ repo, ambient }, installed] = await Promise.all([openRepo(here), installedCopy(here.env)])
  return { repo, ambient, files: workFiles(repo.root), installed }
}
