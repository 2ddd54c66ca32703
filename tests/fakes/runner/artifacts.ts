import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { filesBelow } from './hash-files.ts'
import { isTrue, refuseUnknown } from './inputs.ts'
import { glob } from './patterns.ts'
import type { StepRun } from './step.ts'

type Inputs = ReadonlyMap<string, string>

const uploadInputs = [
  'name',
  'path',
  'if-no-files-found',
  'retention-days',
  'compression-level',
  'overwrite',
  'include-hidden-files',
]
const downloadInputs = ['name', 'path', 'pattern', 'merge-multiple', 'run-id', 'github-token', 'repository']

/** `actions/upload-artifact@v4`: a name is used once in a run; hidden files stay out; modes are forgotten. */
export async function artifactUpload(step: StepRun, inputs: Inputs): Promise<number> {
  refuseUnknown('upload-artifact', inputs, uploadInputs)
  if ((inputs.get('path') ?? '').trim() === '') throw new Error('Input required and not supplied: path')
  const name = inputs.get('name') || 'artifact'
  if (/["<>|*?\r\n\\/:]/.test(name)) throw new Error(`The artifact name is not valid: ${name}`)
  const all = step.job.host.hub.artifacts(step.job.run)
  const { files, root } = found(
    step.job.workspace,
    inputs.get('path') ?? '',
    isTrue(inputs, 'include-hidden-files', false),
  )
  if (files.length === 0) return nothingFound(step, inputs)
  if (all.has(name)) {
    if (!isTrue(inputs, 'overwrite', false))
      throw new Error(
        `Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run`,
      )
    rmSync(all.get(name)!, { recursive: true, force: true })
  }
  const folder = join(step.job.host.folder, 'artifacts', `${step.job.run.id}-${step.job.run.attempt}`, name)
  for (const file of files) {
    const to = join(folder, relative(root, file))
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(file, to)
    chmodSync(to, 0o644)
  }
  all.set(name, folder)
  step.print.line(`Artifact ${name} has been successfully uploaded! ${files.length} file(s)`)
  return 0
}

/** `actions/download-artifact@v4`: one by name into the path; by pattern or all into folders of their names, or merged. */
export async function artifactDownload(step: StepRun, inputs: Inputs): Promise<number> {
  refuseUnknown('download-artifact', inputs, downloadInputs)
  const all = artifactsOf(step, inputs)
  const into = resolve(step.job.workspace, inputs.get('path') ?? '')
  const name = inputs.get('name') ?? ''
  if (name !== '') {
    const folder = all.get(name)
    if (folder === undefined) throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`)
    copy(folder, into)
    return 0
  }
  const pattern = inputs.get('pattern') || '*'
  const names = [...all.keys()].filter((it) => glob(pattern).test(it))
  if (names.length === 0) step.print.line(`No artifacts found that match ${pattern}`)
  const merge = isTrue(inputs, 'merge-multiple', false)
  mkdirSync(into, { recursive: true })
  for (const it of names) copy(all.get(it)!, merge ? into : join(into, it))
  step.outputs.set('download-path', into)
  return 0
}

function copy(from: string, into: string): void {
  mkdirSync(into, { recursive: true })
  cpSync(from, into, { recursive: true })
}

/** Those of the job's own run; those of another only with a token that reads actions. */
function artifactsOf(step: StepRun, inputs: Inputs): ReadonlyMap<string, string> {
  const { job } = step
  const id = inputs.get('run-id') ?? ''
  if (id === '' || (inputs.get('github-token') ?? '') === '') return job.host.hub.artifacts(job.run)
  const run = job.host.runs().find((it) => it.id === Number(id))
  if (run === undefined) throw new Error(`Unable to download artifact(s): run ${id} was not found`)
  if (job.permissions.actions === undefined)
    throw new Error('Unable to download artifact(s): Resource not accessible by integration')
  if (run.status !== 'completed') throw new Error(`Unable to download artifact(s): run ${id} is not over`)
  return job.host.hub.artifacts(run)
}

function nothingFound(step: StepRun, inputs: Inputs): number {
  const message = `No files were found with the provided path: ${inputs.get('path')}. No artifacts will be uploaded.`
  const what = inputs.get('if-no-files-found') || 'warn'
  if (what === 'error') throw new Error(message)
  if (what === 'warn') step.print.issue('warning', message)
  return 0
}

/** The files that patterns name, one a line, and the folder that their places in the artifact are counted from. */
export function found(workspace: string, text: string, hidden: boolean) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const wanted = lines.filter((line) => !line.startsWith('!')).map((line) => resolve(workspace, line))
  const unwanted = lines.filter((line) => line.startsWith('!')).map((line) => glob(resolve(workspace, line.slice(1))))
  const bases = wanted.map(baseOf)
  const files = [...new Set(wanted.flatMap((pattern, index) => matching(pattern, bases[index]!)))].filter(
    (path) => !unwanted.some((it) => it.test(path)),
  )
  const root = bases.length === 1 ? folderOf(bases[0]!) : bases.map(folderOf).reduce(shared)
  return { root, files: files.filter((path) => hidden || !isHidden(relative(root, path))) }
}

function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.'))
}

function baseOf(pattern: string): string {
  const parts = pattern.split('/')
  const wild = parts.findIndex((part) => /[*?[]/.test(part))
  return wild < 0 ? pattern : parts.slice(0, wild).join('/') || '/'
}

function matching(pattern: string, base: string): string[] {
  if (!existsSync(base)) return []
  if (!statSync(base).isDirectory()) return [base]
  const below = filesBelow(base).map((path) => join(base, path))
  return base === pattern ? below : below.filter((path) => glob(pattern).test(path))
}

function folderOf(base: string): string {
  return existsSync(base) && !statSync(base).isDirectory() ? dirname(base) : base
}

function shared(a: string, b: string): string {
  const [left, right] = [a.split('/'), b.split('/')]
  const end = left.findIndex((part, index) => part !== right[index])
  return (end < 0 ? left : left.slice(0, end)).join('/') || '/'
}
