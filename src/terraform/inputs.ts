import { type RunNames, runWorkspace, varFileName } from './args.ts'
import { type Data, type DataMap, isMap } from './data.ts'
import { environment } from './environment.ts'
import { backendFile, providersOverride, terraformOverride, variables } from './files.ts'
import { generatedFiles } from './generate.ts'

/** All that decides what Terraform is given for one instance. */
export interface RunInputs {
  readonly names: RunNames
  readonly workspace: string
  readonly backendType: string
  /** The instance's sections, late values filled in: `vars`, `backend`, `providers`, `required_version`, `required_providers`, `generate`. */
  readonly sections: DataMap
  /** The `env` section's values as Go prints them; null where the manifest says null. */
  readonly env: Readonly<Record<string, string | null>>
  /** Variables that the module declares `sensitive = true`. */
  readonly sensitive: ReadonlySet<string>
  /** `components.terraform` of atmos.yaml. */
  readonly settings: {
    readonly autoGenerateBackendFile: boolean
    readonly autoGenerateFiles: boolean
    readonly pluginCache: boolean
    readonly userAgent: string
  }
  readonly processEnv: Readonly<Record<string, string | undefined>>
  /** How `generate` writes (see `generatedFiles`). */
  readonly generate: {
    readonly render: (template: string, file: string) => string
    readonly yaml: (data: DataMap) => string
    readonly hasFolder: (path: string) => boolean
  }
}

/** What Terraform is given: the parts of a `Job` that the configuration decides. */
export interface RunGiven {
  /** Content by path relative to the component's folder: `generate`d files, then those that must win over them. */
  readonly generated: ReadonlyMap<string, string>
  readonly varFile: string
  readonly env: Readonly<Record<string, string>>
  readonly workspace: string | undefined
  /** What a person should know: nulls in `env`, `generate` entries that were left out. */
  readonly warnings: readonly string[]
}

/**
 * What Atmos 1.227 would give Terraform for this instance.
 * @throws UserError `not-json`
 */
export function runGiven(inputs: RunInputs): RunGiven {
  const { names, sections, settings } = inputs
  const who = `${names.component} in ${names.stack}`
  const section = (key: string): DataMap => mapOf(sections[key])
  const vars = variables(section('vars'), inputs.sensitive, who)
  const { env, warnings } = environment({
    env: inputs.env,
    sensitive: vars.env,
    processEnv: inputs.processEnv,
    pluginCache: settings.pluginCache,
    userAgent: settings.userAgent,
    who,
  })
  const { files, skipped } = settings.autoGenerateFiles
    ? generatedFiles(section('generate'), { ...inputs.generate, who })
    : { files: new Map<string, string>(), skipped: [] }
  const { required_version: version } = sections
  const varFile = varFileName(names)
  const ours: [string, string | undefined][] = [
    [varFile, vars.file],
    [
      'backend.tf.json',
      settings.autoGenerateBackendFile
        ? backendFile(inputs.backendType, section('backend'), inputs.workspace, who)
        : undefined,
    ],
    ['providers_override.tf.json', providersOverride(section('providers'), who)],
    [
      'terraform_override.tf.json',
      terraformOverride(typeof version === 'string' ? version : '', section('required_providers'), who),
    ],
  ]
  const generated = new Map(files)
  for (const [name, text] of ours) if (text !== undefined) generated.set(name, text)
  return {
    generated,
    varFile,
    env,
    workspace: runWorkspace(inputs),
    warnings: [...warnings, ...skipped.map(({ file, why }) => `generate.${file} of ${who} was left out: ${why}`)],
  }
}

function mapOf(data: Data | undefined): DataMap {
  return isMap(data) ? data : {}
}
