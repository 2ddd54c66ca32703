import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { isTrue, refuseUnknown } from './inputs.ts'
import type { StepRun } from './step.ts'

type Inputs = ReadonlyMap<string, string>

const names = [
  'path',
  'key',
  'restore-keys',
  'fail-on-cache-miss',
  'lookup-only',
  'enableCrossOsArchive',
  'save-always',
]

/** `actions/cache`: the newest with the key, or with one of `restore-keys` before it, of this ref or the branches it may read. */
export async function cacheRestore(step: StepRun, inputs: Inputs): Promise<number> {
  refuseUnknown('cache', inputs, names)
  const key = inputs.get('key') ?? ''
  const exact = scopes(step)
    .map((scope) => join(scope, encodeURIComponent(key)))
    .find((it) => existsSync(it))
  const near =
    exact ??
    beginningWith(
      step,
      (inputs.get('restore-keys') ?? '')
        .split('\n')
        .map((it) => it.trim())
        .filter(Boolean),
    )
  if (near === undefined && isTrue(inputs, 'fail-on-cache-miss', false))
    throw new Error(`Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${key}`)
  if (near !== undefined)
    for (const [index, path] of paths(step, inputs).entries())
      if (existsSync(join(near, String(index)))) {
        mkdirSync(dirname(path), { recursive: true })
        cpSync(join(near, String(index)), path, { recursive: true })
      }
  step.outputs.set('cache-hit', exact !== undefined ? 'true' : near === undefined ? '' : 'false')
  step.state.set('cache-hit', String(exact !== undefined))
  return 0
}

/** Keeps the paths for later jobs; a key that is there is never changed. */
export async function cacheSave(step: StepRun, inputs: Inputs): Promise<number> {
  const folder = join(scopes(step)[0]!, encodeURIComponent(inputs.get('key') ?? ''))
  if (existsSync(folder)) return 0
  mkdirSync(folder, { recursive: true })
  for (const [index, path] of paths(step, inputs).entries())
    if (existsSync(path)) cpSync(path, join(folder, String(index)), { recursive: true })
  return 0
}

/** A run reads caches of its own ref, of its base and of the default branch, and writes its own ref's. */
function scopes(step: StepRun): string[] {
  const { github, host } = step.job
  const base = github.base_ref === '' ? [] : [`refs/heads/${String(github.base_ref)}`]
  const refs = [String(github.ref), ...base, `refs/heads/${host.hub.defaultBranch(String(github.repository))}`]
  return refs.map((ref) =>
    join(host.folder, 'caches', encodeURIComponent(String(github.repository)), encodeURIComponent(ref)),
  )
}

function beginningWith(step: StepRun, prefixes: readonly string[]): string | undefined {
  for (const prefix of prefixes)
    for (const scope of scopes(step)) {
      const fitting = (existsSync(scope) ? readdirSync(scope) : [])
        .filter((name) => decodeURIComponent(name).startsWith(prefix))
        .map((name) => join(scope, name))
        .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
      if (fitting.length > 0) return fitting[0]
    }
  return undefined
}

function paths(step: StepRun, inputs: Inputs): string[] {
  const home = step.env.HOME ?? homedir()
  return (inputs.get('path') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => resolve(step.job.workspace, line.replace(/^~/, home)))
}
