import { UserError } from '../../error.ts'
import type { Tree } from '../../git/tree.ts'
import type { Ambient } from '../../stacks/ambient.ts'
import type { ErrorMode, Running } from '../../stacks/answers.ts'
import type { AtmosConfig } from '../../stacks/config.ts'
import { type DescribeStacksOptions, describeStacks } from '../../stacks/describe.ts'
import { resolveStacks, type Stacks } from '../../stacks/instances.ts'
import { type Asked, validatedName } from '../../stacks/name.ts'
import { atlantisProject, spaceliftStack } from '../../stacks/project-names.ts'
import { asValue, type MapValue, type Plain, valueAt } from '../../stacks/value.ts'
import { describeAffected, describeDependents } from './affected.ts'
import { changedPaths } from './changed.ts'
import { type Described, describedComponents, type PlainMap } from './described.ts'
import type { ItemSettings } from './items.ts'
import { type AtmosPaths, fromCwd } from './paths.ts'

/** How far components are worked out before they are compared, and which are looked at. */
export interface DescribeFlags {
  readonly processTemplates: boolean
  readonly processFunctions: boolean
  readonly skip: readonly string[]
  readonly stack?: string | undefined
  readonly includeSettings: boolean
  readonly errorMode?: ErrorMode | undefined
  /** Answers what only a run can know. */
  readonly running?: Running | undefined
}

/** Flags of `describe affected`. */
export interface AffectedFlags extends DescribeFlags {
  readonly excludeLocked: boolean
  readonly includeDependents: boolean
  readonly includeSpaceliftAdminStacks: boolean
}

/** The trees that `describe affected` looks at. */
export interface AffectedTrees {
  /** The working directory, uncommitted changes included: what is compared. */
  readonly work: Tree
  /** The commit that is checked out: changed files are told from it, so uncommitted ones are not seen. */
  readonly head: Tree
  readonly base: Tree
}

/**
 * The answer of `describe affected` between two trees. The base is read with the configuration of the head; one that
 * has no manifests, or an import that leads nowhere, counts as empty.
 * @throws UserError for whatever is wrong in the head, and for all but imports in the base
 */
export function affectedBetween(
  { work, head, base }: AffectedTrees,
  ambient: Ambient,
  flags: AffectedFlags,
): PlainMap[] {
  // First, because it asks for files that were not loaded, and nothing else is worth doing twice.
  const changed = changedPaths(head, base)
  const stacks = resolveStacks(work, ambient)
  const now = describeStacks(stacks, options(flags))
  // From a folder below the root Atmos does not find the base, and takes everything for new.
  const isLost = ambient.cwd !== '' && fromRoot(stacks.config.basePath, work.root)
  const before = isLost ? undefined : describedBase(base, stacks, flags)
  const settings = itemSettings(stacks, flags)
  const comparison = {
    tree: work,
    paths: settings.paths,
    changed: changed.map((path) => fromCwd(settings.paths, path)),
    sections: comparedSections(stacks.config),
  }
  return describeAffected(now, before, comparison, { ...flags, ...settings })
}

/**
 * The answer of `describe dependents` in a tree.
 * @throws UserError `stack-unknown`, `component-unknown`
 */
export function dependentsIn(
  tree: Tree,
  ambient: Ambient,
  { component, stack }: { readonly component: string; readonly stack: string },
  flags: DescribeFlags,
): PlainMap[] {
  const stacks = resolveStacks(tree, ambient)
  const { merged, type, canonical } = stacks.find(component, stack)
  const all = describeStacks(stacks, { ...options({ ...flags, stack: undefined }), validate: false })
  const target = describedComponents(all).find(
    (it) => it.component === merged.name && it.type === type && it.stack === canonical,
  )
  return target ? describeDependents(target, all, itemSettings(stacks, flags)) : []
}

function options({ processTemplates, processFunctions, skip, stack, running }: DescribeFlags): DescribeStacksOptions {
  return { processTemplates, processFunctions, skip, running, ...(stack !== undefined && { stack }) }
}

function fromRoot(basePath: string, root: string): boolean {
  return basePath === root || basePath.startsWith('/')
}

function describedBase(tree: Tree, head: Stacks, flags: DescribeFlags): Plain | undefined {
  try {
    return describeStacks(resolveStacks(tree, head.ambient, { config: head.config, other: head }), {
      ...options(flags),
      validate: false,
    })
  } catch (error) {
    if (error instanceof UserError && ['import-not-found', 'stacks-none'].includes(error.code)) return undefined
    throw error
  }
}

/** Where Atmos looks for changed files. */
export function atmosPaths({ tree, ambient, config }: Stacks): AtmosPaths {
  return {
    root: tree.root,
    cwd: ambient.cwd,
    basePath: config.basePath,
    stacks: config.stacks.basePath,
    components: Object.fromEntries(Object.entries(config.components).map(([type, { basePath }]) => [type, basePath])),
  }
}

/** `describe.affected.sections` of `atmos.yaml`. */
export function comparedSections({ raw }: AtmosConfig): string[] | undefined {
  const sections = valueAt(raw, ['describe', 'affected', 'sections'])
  if (sections?.kind !== 'list' || sections.items.length === 0) return undefined
  return sections.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  )
}

function itemSettings(stacks: Stacks, { includeSettings }: DescribeFlags): ItemSettings {
  const { config } = stacks
  return {
    paths: atmosPaths(stacks),
    includeSettings,
    stackName: (it) => stackName(it, config),
    spacelift: (it) => spaceliftStack(asked(it, config), it.component),
    atlantis: (it) => atlantisProject(asked(it, config), it.component),
    namedByTemplate: config.stacks.nameTemplate !== '',
  }
}

/** What names are made of: the printed sections. The manifest's own name does not count. */
function asked({ section, stack }: Described, config: AtmosConfig): Asked {
  const data = asValue(section, config.raw.at) as MapValue
  return { config, manifestName: '', file: stack, data, vars: data.entries.get('vars') }
}

/** The stack's name by template or pattern; without either, the name it has. */
function stackName(it: Described, config: AtmosConfig): string {
  if (config.stacks.nameTemplate === '' && config.stacks.namePattern === '') return it.stack
  return validatedName(asked(it, config))
}
