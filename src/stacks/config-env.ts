import { UserError } from '../error.ts'
import { asValue, type MapValue, mapAt, type Plain } from './value.ts'

type Kind = 'text' | 'list' | 'boolean'

/** Environment variables that override `atmos.yaml`, with the path they set. */
const VARIABLES: readonly (readonly [string, string, Kind])[] = [
  ['ATMOS_VENDOR_BASE_PATH', 'vendor.base_path', 'text'],
  ['ATMOS_STACKS_BASE_PATH', 'stacks.base_path', 'text'],
  ['ATMOS_STACKS_INCLUDED_PATHS', 'stacks.included_paths', 'list'],
  ['ATMOS_STACKS_EXCLUDED_PATHS', 'stacks.excluded_paths', 'list'],
  ['ATMOS_STACKS_NAME_PATTERN', 'stacks.name_pattern', 'text'],
  ['ATMOS_STACKS_NAME_TEMPLATE', 'stacks.name_template', 'text'],
  ['ATMOS_COMPONENTS_TERRAFORM_COMMAND', 'components.terraform.command', 'text'],
  ['ATMOS_COMPONENTS_TERRAFORM_BASE_PATH', 'components.terraform.base_path', 'text'],
  ['ATMOS_COMPONENTS_TERRAFORM_APPLY_AUTO_APPROVE', 'components.terraform.apply_auto_approve', 'boolean'],
  ['ATMOS_COMPONENTS_TERRAFORM_DEPLOY_RUN_INIT', 'components.terraform.deploy_run_init', 'boolean'],
  ['ATMOS_COMPONENTS_TERRAFORM_INIT_RUN_RECONFIGURE', 'components.terraform.init_run_reconfigure', 'boolean'],
  ['ATMOS_COMPONENTS_TERRAFORM_INIT_PASS_VARS', 'components.terraform.init.pass_vars', 'boolean'],
  ['ATMOS_COMPONENTS_TERRAFORM_PLAN_SKIP_PLANFILE', 'components.terraform.plan.skip_planfile', 'boolean'],
  [
    'ATMOS_COMPONENTS_TERRAFORM_AUTO_GENERATE_BACKEND_FILE',
    'components.terraform.auto_generate_backend_file',
    'boolean',
  ],
  ['ATMOS_COMPONENTS_TERRAFORM_APPEND_USER_AGENT', 'components.terraform.append_user_agent', 'text'],
  ['ATMOS_COMPONENTS_TERRAFORM_PLUGIN_CACHE', 'components.terraform.plugin_cache', 'boolean'],
  ['ATMOS_COMPONENTS_TERRAFORM_PLUGIN_CACHE_DIR', 'components.terraform.plugin_cache_dir', 'text'],
  ['ATMOS_COMPONENTS_TERRAFORM_CACHE_ENABLED', 'components.terraform.cache.enabled', 'boolean'],
  ['ATMOS_COMPONENTS_TERRAFORM_CACHE_LOCATION', 'components.terraform.cache.location', 'text'],
  [
    'ATMOS_COMPONENTS_TERRAFORM_AUTO_PROVISION_WORKDIR_FOR_OUTPUTS',
    'components.terraform.auto_provision_workdir_for_outputs',
    'boolean',
  ],
  ['ATMOS_COMPONENTS_HELMFILE_COMMAND', 'components.helmfile.command', 'text'],
  ['ATMOS_COMPONENTS_HELMFILE_BASE_PATH', 'components.helmfile.base_path', 'text'],
  ['ATMOS_COMPONENTS_PACKER_COMMAND', 'components.packer.command', 'text'],
  ['ATMOS_COMPONENTS_PACKER_BASE_PATH', 'components.packer.base_path', 'text'],
  ['ATMOS_WORKFLOWS_BASE_PATH', 'workflows.base_path', 'text'],
  ['ATMOS_SCHEMAS_ATMOS_MANIFEST', 'schemas.atmos.manifest', 'text'],
  ['ATMOS_SETTINGS_LIST_MERGE_STRATEGY', 'settings.list_merge_strategy', 'text'],
  ['ATMOS_DESCRIBE_COMPONENT_FILTER', 'describe.component.filter', 'text'],
  ['ATMOS_DESCRIBE_ERROR_MODE', 'describe.error_mode', 'text'],
]

/**
 * The settings that the environment makes.
 * @throws UserError `env-invalid` for a boolean that Go would not read as one
 */
export function configFromEnv(env: Readonly<Record<string, string | undefined>>): MapValue {
  let result: { [key: string]: Plain } = {}
  for (const [name, path, kind] of VARIABLES) {
    const text = env[name]
    if (text === undefined || text === '') continue
    result = withPath(result, path.split('.'), read(name, text, kind))
  }
  const at = { file: 'environment', line: 1, column: 1 }
  return Object.keys(result).length === 0 ? mapAt(at) : (asValue(result, at) as MapValue)
}

function withPath(
  data: { [key: string]: Plain },
  [first, ...rest]: readonly string[],
  value: Plain,
): { [key: string]: Plain } {
  const inner = (data[first!] ?? {}) as { [key: string]: Plain }
  return { ...data, [first!]: rest.length === 0 ? value : withPath(inner, rest, value) }
}

function read(name: string, text: string, kind: Kind): Plain {
  if (kind === 'text') return text
  if (kind === 'list') return text.split(',')
  const truth = goBoolean(text)
  if (truth !== undefined) return truth
  throw new UserError({
    code: 'env-invalid',
    message: `${name} is "${text}"`,
    fix: `set ${name} to true or false, or unset it`,
    exit: 2,
  })
}

/** A boolean as Go's `ParseBool` reads it; undefined for other texts. */
export function goBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined
}
