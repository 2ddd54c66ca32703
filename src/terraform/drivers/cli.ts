import { setMaxListeners } from 'node:events'
import { constants } from 'node:fs'
import { access, lstat, mkdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { UserError } from '../../error.ts'
import { terraformEnv } from '../process-env.ts'
import type { Terraform, Tool } from '../terraform.ts'
import { type LockMachine, lock } from './lock.ts'
import { pluginCache } from './plugins.ts'
import { ask } from './run.ts'
import { clear, makeFolder, session } from './session.ts'
import { siblings } from './siblings.ts'

interface CliTerraformOptions {
  /** The process environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder of the working copies (`workFolder`). */
  readonly work: string
  readonly machine: LockMachine
  /** For whom the working copies are used, in words for people who must wait: `ann in /home/ann/infra`. */
  readonly of: string
  /** Aborted when the process is told to end: what runs is interrupted once and waited for, nothing new begins. */
  readonly stop: AbortSignal
}

/** Where working copies are: a folder of the user's own below `AIRLOCK_WORK`, else below the system's temporary folder. */
export function workFolder(env: Readonly<Record<string, string | undefined>>, temporary: string): string {
  return join(resolve(env.AIRLOCK_WORK || temporary), `airlock-${process.getuid?.() ?? userInfo().username}`)
}

/** Real Terraform or OpenTofu, as processes of this machine, each instance in its own working copy. */
export function cliTerraform({ env, work, machine, of, stop }: CliTerraformOptions): Terraform {
  setMaxListeners(0, stop) // as many as run in parallel
  const tools = new Map<string, Promise<Tool | undefined>>()
  const kin = siblings()
  return {
    tool(command) {
      const known = tools.get(command) ?? findTool(command, env)
      tools.set(command, known)
      return known
    },
    async open(job, tool, { waiting = () => {}, line }) {
      await ownFolder(work)
      const folder = join(work, ...segments(job.key))
      await makeFolder(folder)
      const held = await lock(join(folder, 'lock'), { machine, of, stop, waiting })
      try {
        await clear(folder)
        const plugins = pluginCache({ work, machine, of, stop })
        return session({
          job,
          tool,
          folder,
          env: terraformEnv(env, job.env, plugins.folder),
          held,
          plugins,
          siblings: kin,
          stop,
          line,
        })
      } catch (error) {
        await held.release()
        throw error
      }
    },
  }
}

function segments(key: string): string[] {
  const parts = key.split('/')
  if (parts.some((part) => !/^[A-Za-z0-9._@-]+$/.test(part) || part === '.' || part === '..'))
    throw new Error(`"${key}" cannot name a working copy`)
  return parts
}

/** Makes the folder of all working copies, and refuses one that others could have prepared, or can change. */
async function ownFolder(work: string): Promise<void> {
  await mkdir(work, { recursive: true, mode: 0o700 })
  const { uid, mode } = await lstat(work)
  const own = process.getuid === undefined || uid === process.getuid()
  if (own && (mode & 0o022) === 0) return
  throw new UserError({
    code: 'work-folder-unsafe',
    message: own
      ? `other users can write into ${work} (mode ${(mode & 0o777).toString(8)}), where Terraform's configuration will lie`
      : `${work} belongs to another user (uid ${uid}), and Terraform's configuration would lie in it`,
    fix: own ? `chmod go-w ${work}` : 'set AIRLOCK_WORK to a folder of your own',
    exit: 2,
  })
}

async function findExecutable(command: string, path: string): Promise<string | undefined> {
  const candidates = command.includes('/')
    ? [resolve(command)]
    : path
        .split(delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => resolve(folder, command))
  for (const candidate of candidates) {
    const usable = await access(candidate, constants.X_OK)
      .then(() => stat(candidate))
      .then(
        (it) => it.isFile(),
        () => false,
      )
    if (usable) return candidate
  }
  return undefined
}

async function findTool(command: string, env: Readonly<Record<string, string | undefined>>): Promise<Tool | undefined> {
  const path = await findExecutable(command, env.PATH ?? '')
  if (path === undefined) return undefined
  // Any folder without configuration will do: `version` would tell its providers too.
  const { ran, stdout } = await ask({ path, args: ['version'], cwd: dirname(path), env: terraformEnv(env, {}, '') })
  const [, product, version] = /^(Terraform|OpenTofu) v(\S+)/m.exec(stdout) ?? []
  if (ran.exitCode !== 0 || product === undefined || version === undefined)
    throw new UserError({
      code: 'terraform-unknown',
      message: `${path} says neither that it is Terraform nor OpenTofu (exit code ${ran.exitCode})`,
      fix: `run ${path} version, and see components.terraform.command in atmos.yaml`,
      exit: 2,
      cause: new Error(ran.output),
    })
  return { kind: product === 'OpenTofu' ? 'tofu' : 'terraform', path, version }
}
