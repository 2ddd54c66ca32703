import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import { basePath, folderAt } from './config-base.ts'
import { configFromEnv } from './config-env.ts'
import { type ConfigFiles, configFiles } from './config-files.ts'
import { type ConfigReader, configReader } from './config-reader.ts'
import { type ListStrategy, listStrategy, mergeValues } from './merge.ts'
import { asValue, type MapValue, type Plain, type Value } from './value.ts'

export type { Ambient }

/** Where a component type's code lies, and the program that runs it. */
export interface ComponentsConfig {
  /** As written. */
  readonly basePath: string
  /** Relative to the tree's root. */
  readonly folder: string
  /** Empty where unset: the type's own name. */
  readonly command: string
}

/** `components.terraform` of `atmos.yaml`. */
export interface TerraformConfig extends ComponentsConfig {
  readonly applyAutoApprove: boolean
  readonly deployRunInit: boolean
  readonly initRunReconfigure: boolean
  readonly initPassVars: boolean
  readonly skipPlanfile: boolean
  readonly autoGenerateBackendFile: boolean
  readonly autoGenerateFiles: boolean
  /** Undefined where unset, which counts as true. */
  readonly workspacesEnabled: boolean | undefined
  readonly appendUserAgent: string
  readonly pluginCache: boolean
  readonly pluginCacheDir: string
  /** Between the segments of a component's name in default backend keys; `-` where unset. */
  readonly prefixSeparator: string
}

/** `atmos.yaml` with everything that is merged into it, and its paths worked out. */
export interface AtmosConfig {
  /** `base_path` as it is printed. */
  readonly basePath: string
  /** The base path relative to the tree's root. */
  readonly folder: string
  /** False where no `atmos.yaml` was found and the built-in configuration counts. */
  readonly found: boolean
  readonly stacks: {
    readonly basePath: string
    /** Relative to the tree's root. */
    readonly folder: string
    readonly includedPaths: readonly string[]
    readonly excludedPaths: readonly string[]
    readonly namePattern: string
    readonly nameTemplate: string
    readonly inheritMetadata: boolean
    readonly inheritSource: boolean
  }
  readonly components: {
    readonly terraform: TerraformConfig
    readonly helmfile: ComponentsConfig
    readonly packer: ComponentsConfig
    readonly ansible: ComponentsConfig
    readonly kubernetes: ComponentsConfig
    readonly helm: ComponentsConfig
  }
  readonly listMergeStrategy: ListStrategy
  /** `settings.yaml.key_delimiter`; empty where unset. */
  readonly keyDelimiter: string
  readonly templates: {
    readonly enabled: boolean
    readonly sprig: boolean
    readonly gomplate: boolean
    readonly evaluations: number
    readonly delimiters: readonly [string, string]
    readonly ignoreMissing: boolean
  }
  readonly describe: { readonly includeEmpty: boolean; readonly componentFilter: string }
  readonly workflows: { readonly basePath: string; readonly folder: string }
  /** `schemas.atmos.manifest`; empty where unset. */
  readonly manifestSchema: string
  readonly integrations: Value | undefined
  readonly env: MapValue | undefined
  readonly auth: MapValue | undefined
  /** Everything, keys in lower case but for those of `env`. */
  readonly raw: MapValue
}

const NOWHERE = { file: 'atmos.yaml', line: 1, column: 1 }

/** What counts where no `atmos.yaml` is found. */
const BUILT_IN: Plain = {
  base_path: '.',
  stacks: {
    base_path: 'stacks',
    included_paths: ['orgs/**/*'],
    excluded_paths: ['**/_defaults.yaml'],
    name_pattern: '{tenant}-{environment}-{stage}',
  },
  components: {
    terraform: {
      base_path: 'components/terraform',
      deploy_run_init: true,
      init_run_reconfigure: true,
      auto_generate_backend_file: true,
    },
    helmfile: { base_path: 'components/helmfile' },
    packer: { base_path: 'components/packer' },
  },
  workflows: { base_path: 'stacks/workflows' },
  settings: { list_merge_strategy: 'replace' },
  templates: { settings: { enabled: true, sprig: { enabled: true }, gomplate: { enabled: true } } },
}

/**
 * Reads the configuration of a tree as Atmos 1.227 does: all `atmos.yaml` files, their imports, the environment.
 * @throws UserError with the place of what is wrong
 */
export function loadConfig(tree: Tree, ambient: Ambient): AtmosConfig {
  const files = configFiles(tree, ambient)
  const fromFiles = files.merged ?? (asValue(BUILT_IN, NOWHERE) as MapValue)
  const raw = mergeValues(fromFiles, configFromEnv(ambient.env), 'replace') as MapValue
  const read = configReader(raw, ambient, tree)
  refuseUnknownWays(read, ambient)
  return typed(tree, ambient, files, raw, read)
}

function typed(tree: Tree, ambient: Ambient, files: ConfigFiles, raw: MapValue, read: ConfigReader): AtmosConfig {
  const base = basePath(tree, ambient, read.text('base_path'), files.basePathFolder ?? files.folder)
  const components = (type: string): ComponentsConfig => {
    const text = read.text(`components.${type}.base_path`)
    return {
      basePath: text,
      folder: folderAt(tree, base.folder, text),
      command: read.text(`components.${type}.command`),
    }
  }
  const strategy = read.text('settings.list_merge_strategy')
  return {
    basePath: base.text,
    folder: base.folder,
    found: files.merged !== undefined,
    stacks: {
      basePath: read.text('stacks.base_path'),
      folder: folderAt(tree, base.folder, read.text('stacks.base_path')),
      includedPaths: read.texts('stacks.included_paths'),
      excludedPaths: read.texts('stacks.excluded_paths'),
      namePattern: read.text('stacks.name_pattern'),
      nameTemplate: read.text('stacks.name_template'),
      inheritMetadata: read.truth('stacks.inherit.metadata', true),
      inheritSource: read.truth('stacks.inherit.source', true),
    },
    components: {
      terraform: { ...components('terraform'), ...terraform(read) },
      helmfile: components('helmfile'),
      packer: components('packer'),
      ansible: components('ansible'),
      kubernetes: components('kubernetes'),
      helm: components('helm'),
    },
    listMergeStrategy: listStrategy(strategy || 'replace', read.value('settings.list_merge_strategy')?.at),
    keyDelimiter: read.text('settings.yaml.key_delimiter'),
    templates: templates(read),
    describe: {
      includeEmpty: read.truth('describe.settings.include_empty', true),
      componentFilter: read.text('describe.component.filter') || 'schema',
    },
    workflows: {
      basePath: read.text('workflows.base_path'),
      folder: folderAt(tree, base.folder, read.text('workflows.base_path')),
    },
    manifestSchema: read.text('schemas.atmos.manifest'),
    integrations: read.value('integrations'),
    env: read.map('env'),
    auth: read.map('auth'),
    raw,
  }
}

function terraform(read: ConfigReader): Omit<TerraformConfig, keyof ComponentsConfig> {
  const truth = (name: string, otherwise = false): boolean => read.truth(`components.terraform.${name}`, otherwise)
  const text = (name: string): string => read.text(`components.terraform.${name}`)
  return {
    applyAutoApprove: truth('apply_auto_approve'),
    deployRunInit: truth('deploy_run_init'),
    initRunReconfigure: truth('init_run_reconfigure'),
    initPassVars: truth('init.pass_vars'),
    skipPlanfile: truth('plan.skip_planfile'),
    autoGenerateBackendFile: truth('auto_generate_backend_file'),
    autoGenerateFiles: truth('auto_generate_files'),
    workspacesEnabled: read.value('components.terraform.workspaces_enabled') && truth('workspaces_enabled', true),
    appendUserAgent: text('append_user_agent'),
    pluginCache: truth('plugin_cache', true),
    pluginCacheDir: text('plugin_cache_dir'),
    prefixSeparator: text('workspace.prefix_separator') || '-',
  }
}

function templates(read: ConfigReader): AtmosConfig['templates'] {
  const [left, right] = read.texts('templates.settings.delimiters')
  return {
    enabled: read.truth('templates.settings.enabled', false),
    sprig: read.truth('templates.settings.sprig.enabled', false),
    gomplate: read.truth('templates.settings.gomplate.enabled', false),
    evaluations: Math.max(1, Number(read.text('templates.settings.evaluations') || '1')),
    delimiters: [left ?? '{{', right ?? '}}'],
    ignoreMissing: read.truth('templates.settings.ignore_missing_template_values', false),
  }
}

/** Profiles and editions change what the files mean: better no answer than another one. */
function refuseUnknownWays(read: ConfigReader, ambient: Ambient): void {
  const edition = ambient.env.ATMOS_EDITION || read.text('edition')
  if (edition) {
    const at = read.value('edition')?.at
    throw new UserError({
      code: 'not-yet',
      message: `edition ${edition} is asked for, and Airlock knows no editions yet`,
      exit: 2,
      ...(at && { at }),
    })
  }
}
