import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from './machine.ts'
import { parseFile, type TemplateMap } from './template.ts'

/** What `uses` of a step names. */
export type Uses =
  | { readonly kind: 'local'; readonly folder: string }
  | { readonly kind: 'mapped'; readonly folder: string; readonly repository: string; readonly ref: string }
  | { readonly kind: 'builtin'; readonly name: string }

/** Finds what `uses` names. @throws Error as a runner does when it sets up a job */
export function resolveUses(
  uses: string,
  { host, workspace, home }: { readonly host: Host; readonly workspace: string; readonly home: string | undefined },
  builtins: ReadonlySet<string>,
): Uses {
  if (uses.startsWith('./')) return { kind: 'local', folder: join(workspace, uses) }
  if (uses.startsWith('$/') && home !== undefined) return { kind: 'local', folder: join(home, uses.slice(2)) }
  const found = /^([^/@]+\/[^/@]+)((?:\/[^@]+)?)@(.+)$/.exec(uses)
  if (found === null)
    throw new Error(
      `Unable to resolve action '${uses}': this runner knows owner/name/path@ref, ./path, and $/path in a workflow of 'actions'`,
    )
  const [, repository, path, ref] = found as unknown as [string, string, string, string]
  const folder = host.actions[repository]
  if (folder !== undefined) return { kind: 'mapped', folder: join(folder, path), repository, ref }
  if (builtins.has(`${repository}${path}`)) return { kind: 'builtin', name: `${repository}${path}` }
  throw new Error(`Unable to resolve action ${uses}, repository not found`)
}

/** Reads the action file of a folder. @throws Error where there is none */
export function readAction(folder: string): TemplateMap {
  const path = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((it) => existsSync(it))
  if (path === undefined)
    throw new Error(
      `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'. Did you forget to run actions/checkout before running your local action?`,
    )
  return parseFile('action', path, readFileSync(path, 'utf8'))
}
