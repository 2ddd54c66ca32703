import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { UserError } from '../../error.ts'
import type { StateOutputs, StateRef, States, StateTexts } from '../states.ts'

/** Reads each state by the driver of its backend's type; local states have none of their own. */
export function backendStates(byType: Readonly<Record<string, States & StateTexts>>): States & StateTexts {
  const local = fileStates()
  return {
    read: (ref) => (byType[ref.backendType] ?? local).read(ref),
    text: (ref) => (byType[ref.backendType] ?? local).text(ref),
    lock: async (ref) => byType[ref.backendType]?.lock?.(ref),
  }
}

/** Reads local states from their files, where Terraform writes them. */
export function fileStates(): States & StateTexts {
  return statesOf(async (ref) => {
    const path = localStatePath(ref)
    const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return ''
      throw unreadable(path, error.message, error)
    })
    return { content, path }
  })
}

/** States by what their backend keeps of each; an empty content is none. */
export function statesOf(
  read: (ref: StateRef) => Promise<{ readonly content: string; readonly path: string }>,
): States & StateTexts {
  return {
    async read(ref) {
      const { content, path } = await read(ref)
      return content.trim() === '' ? undefined : parsedState(content, path)
    },
    async text(ref) {
      const { content } = await read(ref)
      return content.trim() === '' ? undefined : content
    },
  }
}

/**
 * The file of a local state. In a named workspace Terraform ignores `path` and uses `workspace_dir`
 * (https://developer.hashicorp.com/terraform/language/backend/local).
 */
export function localStatePath({ backendType, backend, workspace, folder }: StateRef): string {
  if (backendType !== 'local' && backendType !== '')
    throw new UserError({
      code: 'state-backend-unsupported',
      message: `the state of ${folder} lies in a "${backendType}" backend, which cannot be read directly yet`,
      fix: 'use the local, s3, gcs or azurerm backend, or write the value into the stack instead of !terraform.state',
    })
  const inFolder = (path: string) => (isAbsolute(path) ? path : join(folder, path))
  if (workspace === 'default' || workspace === '') return inFolder(text(backend.path) ?? 'terraform.tfstate')
  return join(inFolder(text(backend.workspace_dir) ?? 'terraform.tfstate.d'), workspace, 'terraform.tfstate')
}

/** What a state file holds. @throws UserError `state-unreadable` */
export function parsedState(content: string, path: string): StateOutputs {
  let state: Record<string, unknown>
  try {
    state = JSON.parse(content) as Record<string, unknown>
  } catch (error) {
    throw unreadable(path, 'it is no JSON', error)
  }
  const { lineage, serial } = state
  if (typeof lineage !== 'string' || typeof serial !== 'number') throw unreadable(path, 'it has no lineage and serial')
  const resources: readonly { mode?: string; instances?: readonly unknown[] }[] = Array.isArray(state.resources)
    ? state.resources
    : []
  const managed = resources.filter(({ mode }) => mode === 'managed')
  const outputs = Object.entries((state.outputs ?? {}) as Record<string, { value: unknown; sensitive?: boolean }>)
  return {
    id: { lineage, serial },
    objects: managed.reduce((sum, { instances }) => sum + (instances?.length ?? 0), 0),
    outputs: Object.fromEntries(
      outputs.map(([name, { value, sensitive }]) => [name, { value, sensitive: sensitive === true }]),
    ),
  }
}

/** An error for a state that cannot be read. */
export function unreadable(path: string, why: string, cause?: unknown): UserError {
  return new UserError({
    code: 'state-unreadable',
    message: `the state file ${path} cannot be read: ${why}`,
    fix: 'look at the file; terraform state pull in the component folder tells whether Terraform can read it',
    cause,
  })
}

/** A setting of a backend, or a variable; an empty one is none. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
