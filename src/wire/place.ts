import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { UserError } from '../error.ts'
import { gitRepo } from '../git/drivers/cli.ts'
import type { Repo } from '../git/repo.ts'
import type { Ambient } from '../stacks/ambient.ts'

/** What a process knows of where it stands. */
export interface Here {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Variables for Git alone, which no other process is given. */
  readonly gitEnv?: Readonly<Record<string, string>>
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal
}

/** The repository around a folder; undefined where there is none. */
export async function repoOrNone(cwd: string, env: Here['env']): Promise<Repo | undefined> {
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
export function atmosFolder(root: string, here: string): string {
  for (let folder = here; folder.startsWith(root) && !isConfigured(root); folder = dirname(folder)) {
    if (isConfigured(folder)) return folder
    if (folder === root) break
  }
  return root
}

/** The nearest folder upwards with a configuration of Atmos, or the folder itself where stacks lie in their default place. */
export function configuredFolder(here: string): string | undefined {
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

/** Where the system keeps what programs may lose. */
export function cacheFolder(env: Here['env'], platform: NodeJS.Platform = process.platform): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME
  if (platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
  return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}

/** The default branch as GitHub's event names it: in a job the clone has no HEAD of origin, and files are the author's. */
export function defaultBranch(env: Here['env']): string | undefined {
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
