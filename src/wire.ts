import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { World } from './flows/world.ts'
import { gitRepo } from './git/drivers/cli.ts'
import type { Repo } from './git/repo.ts'
import { nodeMachine } from './machine/drivers/node.ts'
import type { Ambient } from './stacks/ambient.ts'
import { ageVault } from './store/drivers/age.ts'
import { fsStore } from './store/drivers/fs.ts'
import { cliTerraform, workFolder } from './terraform/drivers/cli.ts'
import { fileStates } from './terraform/drivers/states.ts'

/** What a process knows of where it stands. */
export interface Here {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal
}

/** The repository around the current directory, and what surrounds it: enough for all that only looks. */
export async function openRepo({ cwd, env }: Pick<Here, 'cwd' | 'env'>): Promise<Pick<World, 'repo' | 'ambient'>> {
  const repo = await gitRepo(cwd, env)
  return { repo, ambient: ambientOf(repo.root, repo.root, env) }
}

/** Everything, with the embedded defaults: records in the Git folder, keys in the user's configuration folder. */
export async function openWorld(here: Here): Promise<World> {
  const { env, signal } = here
  const { repo, ambient } = await openRepo(here)
  const machine = nodeMachine()
  const store = openStore(repo)
  return {
    repo,
    ambient,
    machine,
    store,
    journal: { store, nonce: () => randomUUID(), pause: (ms) => setTimeout(ms), chance: Math.random },
    vault: ageVault({ folder: join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'airlock') }),
    states: fileStates(),
    terraform: cliTerraform({
      env,
      work: workFolder(env, tmpdir()),
      machine,
      of: `${machine.user} in ${repo.root}`,
      stop: signal,
    }),
  }
}

/** The store of a repository: one folder for all its worktrees. */
export function openStore(repo: Pick<Repo, 'commonDir'>): World['store'] {
  return fsStore({ folder: join(repo.commonDir, 'airlock') })
}

/**
 * What decides a resolution beside the repository. Airlock's own verbs always resolve from the repository's root, so that
 * a sub-directory gives the same answer.
 */
export function ambientOf(root: string, cwd: string, env: Readonly<Record<string, string | undefined>>): Ambient {
  const outside = ['/usr/local/etc/atmos/atmos.yaml', join(env['HOME'] || homedir(), '.atmos', 'atmos.yaml')].flatMap(
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
