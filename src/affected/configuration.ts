import type { AtmosConfig } from '../stacks/config.ts'
import { valueAt } from '../stacks/value.ts'
import { type Difference, differences } from './differences.ts'

/** A setting of `atmos.yaml` that differs: `['stacks', 'name_pattern']`, in lower case as Atmos reads it. */
export type ConfigReason = { readonly kind: 'config' } & Difference

type Config = Pick<AtmosConfig, 'raw'>

/** What of `atmos.yaml` decides which stacks there are, and how components of them are resolved and run. */
const SECTIONS = [['base_path'], ['stacks'], ['components'], ['templates'], ['settings'], ['stores'], ['env']] as const

/** The settings that decide one thing each: which manifests are stacks, what stacks are called, where code lies, the workspace. */
const DECIDES = {
  manifests: [['base_path'], ['stacks', 'base_path'], ['stacks', 'included_paths'], ['stacks', 'excluded_paths']],
  names: [
    ['stacks', 'name_pattern'],
    ['stacks', 'name_template'],
  ],
  command: [['components', 'terraform', 'command']],
  code: [['base_path'], ['components', 'terraform', 'base_path']],
  workspace: [
    ['components', 'terraform', 'workspaces_enabled'],
    ['stacks', 'name_pattern'],
    ['stacks', 'name_template'],
  ],
} as const

/** Settings that differ between two trees; all that matter to stacks, or those that decide one thing. */
export function configReasons(before: Config, after: Config, what?: keyof typeof DECIDES): ConfigReason[] {
  if (before.raw === after.raw) return []
  const paths: readonly (readonly string[])[] = what === undefined ? SECTIONS : DECIDES[what]
  return paths
    .flatMap((path) => differences(path, valueAt(before.raw, path), valueAt(after.raw, path)))
    .map((it) => ({ kind: 'config', ...it }))
}
