import { type Data, type DataMap, isMap, jsonText, sortedKeys } from './data.ts'

/** Variables parted by the way they reach Terraform. */
export interface Variables {
  /** Content of the variables file. */
  readonly file: string
  /** `TF_VAR_<name>` for the variables that the module declares sensitive, which are kept out of files. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Parts an instance's variables: those declared sensitive go by the environment (texts as they are, others as JSON), the
 * rest into the variables file.
 * @param who names the instance in errors: `vpc in dev`
 * @throws UserError `not-json`
 */
export function variables(vars: DataMap, sensitive: ReadonlySet<string>, who: string): Variables {
  const names = sortedKeys(vars)
  const file = Object.fromEntries(names.filter((name) => !sensitive.has(name)).map((name) => [name, vars[name]!]))
  const env: Record<string, string> = {}
  for (const name of names) {
    if (!sensitive.has(name)) continue
    const value = vars[name]!
    env[`TF_VAR_${name}`] = typeof value === 'string' ? value : jsonText(value, 0, `the variable ${name} of ${who}`)
  }
  return { file: `${jsonText(file, 2, `the variables of ${who}`)}\n`, env }
}

/** Content of `backend.tf.json`; `{terraform_workspace}` is filled in for the type `cloud`. */
export function backendFile(type: string, backend: DataMap, workspace: string, who: string): string {
  const block: DataMap =
    type === 'cloud' ? { cloud: withWorkspace(backend, workspace) } : { backend: { [type]: backend } }
  return `${jsonText({ terraform: block }, 2, `the backend of ${who}`)}\n`
}

function withWorkspace(data: Data, workspace: string): Data {
  if (typeof data === 'string') return data.replaceAll('{terraform_workspace}', workspace)
  if (Array.isArray(data)) return data.map((item) => withWorkspace(item, workspace))
  if (!isMap(data)) return data
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, withWorkspace(item, workspace)]))
}

/** Content of `providers_override.tf.json`, or undefined when the instance configures no provider. */
export function providersOverride(providers: DataMap, who: string): string | undefined {
  if (Object.keys(providers).length === 0) return undefined
  return `${jsonText({ provider: withAliases(providers) }, 2, `the providers of ${who}`)}\n`
}

/** `aws` and `aws.use1` become one list under `aws`: the plain entry first, then each alias by name. */
function withAliases(providers: DataMap): DataMap {
  const result: Record<string, Data> = {}
  const aliases = new Map<string, Data[]>()
  for (const key of sortedKeys(providers)) {
    const dot = key.indexOf('.')
    const entry = providers[key]!
    if (dot <= 0) {
      result[key] = entry
      continue
    }
    const named = isMap(entry) ? { alias: key.slice(dot + 1), ...entry } : entry
    const name = key.slice(0, dot)
    aliases.set(name, [...(aliases.get(name) ?? []), named])
  }
  for (const [name, entries] of aliases) {
    const plainEntry = result[name]
    const first = plainEntry === undefined ? [] : Array.isArray(plainEntry) ? plainEntry : [plainEntry]
    result[name] = [...first, ...entries]
  }
  return result
}

/** Content of `terraform_override.tf.json`, or undefined when the instance asks for no version. */
export function terraformOverride(
  requiredVersion: string,
  requiredProviders: DataMap,
  who: string,
): string | undefined {
  const block: Record<string, Data> = {}
  if (requiredVersion !== '') block.required_version = requiredVersion
  if (Object.keys(requiredProviders).length > 0) block.required_providers = requiredProviders
  if (Object.keys(block).length === 0) return undefined
  return `${jsonText({ terraform: block }, 2, `the required versions of ${who}`)}\n`
}
