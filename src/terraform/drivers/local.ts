import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dataFolder } from './copy.ts'
import { type PulledState, parseState } from './pulled.ts'

/**
 * A local backend as `init` left it, for doing without a process what Terraform needs a sixth of a second for. Whatever is
 * not plainly so is left to Terraform: each answer can be that it is.
 */
export interface LocalBackend {
  /** Chooses the workspace, making it where it is not there yet; false when Terraform must be asked. */
  select(): Promise<boolean>
  /** The workspace's state, or undefined where there is none; `ask` when Terraform must be asked. */
  state(): Promise<PulledState | undefined | 'ask'>
}

/** The format of state files since Terraform 0.12. */
const stateVersion = 4

/** Names that Terraform takes for a workspace, and that mean the same as a folder's name. */
const plainName = /^[A-Za-z0-9_-][A-Za-z0-9._~-]*$/

/**
 * A workspace of the local backend that the folder `cwd` is initialised for; undefined when it is another backend, or when
 * the environment has a word in it.
 */
export async function localBackend(
  cwd: string,
  env: Readonly<Record<string, string>>,
  workspace: string | undefined,
): Promise<LocalBackend | undefined> {
  if (workspace === undefined || !plainName.test(workspace)) return undefined
  if (Object.keys(env).some((name) => name === 'TF_WORKSPACE' || name.startsWith('TF_CLI_ARGS'))) return undefined
  const settings = await localSettings(join(cwd, dataFolder, 'terraform.tfstate'))
  if (settings === undefined) return undefined
  const named = workspace !== 'default'
  const folder = resolve(cwd, settings.workspaceDir, workspace)
  const path = named ? join(folder, 'terraform.tfstate') : resolve(cwd, settings.path)
  return {
    async select() {
      try {
        if (named) await mkdir(folder, { recursive: true })
        await writeFile(join(cwd, dataFolder, 'environment'), workspace)
        return true
      } catch {
        return false
      }
    },
    async state() {
      try {
        return plainState(await readFile(path, 'utf8'))
      } catch (error) {
        return isMissing(error) ? undefined : 'ask'
      }
    },
  }
}

/** Where the backend keeps states, as `init` recorded it: no record means no backend block, and so Terraform's defaults. */
async function localSettings(
  record: string,
): Promise<{ readonly path: string; readonly workspaceDir: string } | undefined> {
  try {
    const { backend } = JSON.parse(await readFile(record, 'utf8')) as {
      readonly backend?: { readonly type?: unknown; readonly config?: Readonly<Record<string, unknown>> | null }
    }
    if (backend?.type !== 'local') return undefined
    const text = (value: unknown, otherwise: string) => (typeof value === 'string' && value !== '' ? value : otherwise)
    return {
      path: text(backend.config?.path, 'terraform.tfstate'),
      workspaceDir: text(backend.config?.workspace_dir, 'terraform.tfstate.d'),
    }
  } catch (error) {
    return isMissing(error) ? { path: 'terraform.tfstate', workspaceDir: 'terraform.tfstate.d' } : undefined
  }
}

/** What a state file says; `ask` where it is no plain one: OpenTofu may have encrypted it. */
function plainState(text: string): PulledState | undefined | 'ask' {
  if (text.trim() === '') return undefined
  const { version, encrypted_data: encrypted } = JSON.parse(text) as Readonly<Record<string, unknown>>
  return version === stateVersion && encrypted === undefined ? parseState(text) : 'ask'
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
