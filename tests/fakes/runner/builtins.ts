import { artifactDownload, artifactUpload } from './artifacts.ts'
import { cacheRestore, cacheSave } from './caches.ts'
import { checkout, forgetToken } from './checkout.ts'
import type { StepRun } from './step.ts'

/** An action that this runner does itself, as it cannot download the real one; it fails where the real one fails. */
export interface Builtin {
  /** @returns the exit code @throws Error which becomes an annotation of the step */
  readonly main: (step: StepRun, inputs: ReadonlyMap<string, string>) => Promise<number>
  readonly post?: (step: StepRun, inputs: ReadonlyMap<string, string>) => Promise<number>
  readonly postIf?: string
}

/** By owner, name and path: `actions/checkout`. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['actions/checkout', { main: checkout, post: forgetToken }],
  ['actions/upload-artifact', { main: artifactUpload }],
  ['actions/download-artifact', { main: artifactDownload }],
  ['actions/cache', { main: cacheRestore, post: cacheSave, postIf: 'success()' }],
  ['actions/cache/restore', { main: cacheRestore }],
  ['actions/cache/save', { main: cacheSave }],
  ['hashicorp/setup-terraform', { main: (step) => onPath(step, 'terraform') }],
  ['opentofu/setup-opentofu', { main: (step) => onPath(step, 'tofu') }],
])

/** The machine has one version, whatever was asked for. */
async function onPath(step: StepRun, program: string): Promise<number> {
  const code = await step.exec('sh', ['-c', `command -v ${program}`])
  if (code !== 0) throw new Error(`${program} is not on this machine`)
  return 0
}
