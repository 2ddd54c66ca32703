import type { Dialect } from './dialect.ts'
import { pinned, pins } from './pins.ts'

/** Lines of a job's steps, without indentation of their own. */
export type Lines = readonly string[]

/** Checks out a commit with all its history, and leaves no token behind in the working copy. */
export function checkout(ref: string): Lines {
  return [
    `- uses: ${pinned(pins.checkout)}`,
    '  with:',
    `    ref: ${ref}`,
    '    fetch-depth: 0',
    '    persist-credentials: false',
  ]
}

/** One of Airlock's actions. */
export function step(
  { uses }: Dialect,
  verb: string,
  {
    name,
    id,
    always,
    inputs = {},
    env = {},
  }: {
    readonly name: string
    readonly id?: string
    readonly always?: boolean
    readonly inputs?: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
  },
): Lines {
  return [
    `- name: ${name}`,
    ...(id === undefined ? [] : [`  id: ${id}`]),
    ...(always ? ['  if: always()'] : []),
    `  uses: ${uses(verb)}`,
    ...block('with', inputs),
    ...block('env', env),
  ]
}

/**
 * Keeps files for later jobs of the run; without them the job fails. Of several paths, places in the artifact are counted from the
 * folder that they share. `evenAfterFailure`: also when a step before failed.
 */
export function upload(name: string, path: string | readonly string[], { evenAfterFailure = false } = {}): Lines {
  return [
    `- uses: ${pinned(pins.upload)}`,
    ...(evenAfterFailure ? ['  if: ${{ !cancelled() }}'] : []),
    '  with:',
    `    name: ${name}`,
    ...(typeof path === 'string' ? [`    path: ${path}`] : ['    path: |', ...path.map((it) => `      ${it}`)]),
    '    if-no-files-found: error',
    '    retention-days: 3',
  ]
}

/** Fetches files that earlier jobs of the run kept. */
export function download(what: Readonly<Record<string, string>>, path: string): Lines {
  return [`- uses: ${pinned(pins.download)}`, ...block('with', { ...what, path })]
}

/** Secrets that a step may read, by the name it reads them by. */
export function secrets(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`]))
}

function block(key: string, entries: Readonly<Record<string, string>>): Lines {
  const items = Object.entries(entries)
  return items.length === 0 ? [] : [`  ${key}:`, ...items.map(([name, value]) => `    ${name}: ${value}`)]
}
