import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { AtmosConfig } from './config.ts'
import { insideRepository } from './config-base.ts'
import { glob, isValidPattern, matches } from './glob.ts'
import { refuseLinkedFolders } from './links.ts'
import { extension, joinPath } from './paths.ts'
import { valueAt } from './value.ts'

const ENDINGS = ['.yaml', '.yml', '.yaml.tmpl', '.yml.tmpl']

/**
 * The top-level manifests: what `included_paths` matches and `excluded_paths` does not, in the order of the patterns.
 * @throws UserError `stacks-unset`, `stacks-none`
 */
export function topLevelManifests(tree: Tree, config: AtmosConfig): string[] {
  const { includedPaths, excludedPaths, folder, basePath } = config.stacks
  refuseLinkedFolders(tree, insideRepository(folder))
  if (basePath === '') throw unset(config, 'stacks.base_path', 'stacks')
  if (includedPaths.length === 0) throw unset(config, 'stacks.included_paths', '["orgs/**/*"]')
  const excluded = excludedPaths.map((pattern) => joinedPattern(folder, pattern))
  const dropped = (file: string): boolean =>
    excluded.some((pattern) => !isValidPattern(pattern) || matches(pattern, file))
  const found = includedPaths.flatMap((pattern) => {
    const whole = joinedPattern(folder, pattern)
    const patterns = extension(whole) === '' ? ENDINGS.map((ending) => whole + ending) : [whole]
    return patterns.flatMap((each) => glob(each, tree.files.keys()))
  })
  const kept = [...new Set(found)].filter((file) => !dropped(file))
  if (kept.length > 0) return kept
  throw new UserError({
    code: 'stacks-none',
    message: `no stack manifests are found by ${includedPaths.map((pattern) => joinPath(folder, pattern)).join(', ')}`,
    fix: config.found
      ? 'check stacks.base_path, included_paths and excluded_paths in atmos.yaml'
      : 'there is no atmos.yaml here: create one, or go to the folder that has it',
    exit: 2,
  })
}

function joinedPattern(folder: string, pattern: string): string {
  return joinPath(folder, pattern)
}

/** Every manifest that `validate stacks` reads: all below the stacks folder, but for templates and what is excluded. */
export function allManifests(tree: Tree, config: AtmosConfig): string[] {
  const { excludedPaths, folder } = config.stacks
  const excluded = excludedPaths.map((pattern) => joinedPattern(folder, pattern))
  const below = [
    ...glob(joinPath(folder, '**/*.yaml'), tree.files.keys()),
    ...glob(joinPath(folder, '**/*.yml'), tree.files.keys()),
  ]
  return below.filter((file) => !excluded.some((pattern) => matches(pattern, file))).sort()
}

function unset(config: AtmosConfig, setting: string, example: string): UserError {
  const at = valueAt(config.raw, ['stacks'])?.at ?? config.raw.at
  return new UserError({
    code: 'stacks-unset',
    message: `${setting} is not set`,
    fix: `set ${setting} in atmos.yaml, such as ${example}`,
    at,
    exit: 2,
  })
}
