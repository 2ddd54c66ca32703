/** Variables that the `env` section cannot change: Airlock sets them, as Atmos does. */
const RESERVED = new Set([
  'ATMOS_BASE_PATH',
  'ATMOS_CLI_CONFIG_PATH',
  'TF_IN_AUTOMATION',
  'TF_APPEND_USER_AGENT',
  'TF_PLUGIN_CACHE_DIR',
])

/** What an instance's run adds to the process environment, and what a person should know about it. */
export interface Environment {
  readonly env: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

/**
 * Variables laid over the process environment: the `env` section (null is the text `<nil>`), the
 * sensitive variables, and those that tell Terraform that nobody is there to answer.
 * @param who names the instance in warnings: `vpc in dev`
 */
export function environment({
  env,
  sensitive,
  processEnv,
  pluginCache,
  userAgent,
  who,
}: {
  /** The `env` section's values as Go prints them; null where the manifest says null. */
  readonly env: Readonly<Record<string, string | null>>
  /** `TF_VAR_*` of the sensitive variables (`variables` in files.ts). */
  readonly sensitive: Readonly<Record<string, string>>
  readonly processEnv: Readonly<Record<string, string | undefined>>
  /** `components.terraform.plugin_cache`. */
  readonly pluginCache: boolean
  readonly userAgent: string
  readonly who: string
}): Environment {
  const result: Record<string, string> = {}
  const warnings: string[] = []
  for (const [name, text] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (RESERVED.has(name)) continue
    if (text === null)
      warnings.push(
        `env.${name} of ${who} is null: Terraform gets the text <nil>, as from Atmos. Remove the key instead.`,
      )
    result[name] = text ?? '<nil>'
  }
  const ownCache = (processEnv.TF_PLUGIN_CACHE_DIR ?? '') !== ''
  return {
    env: {
      ...result,
      ...sensitive,
      TF_IN_AUTOMATION: 'true',
      TF_APPEND_USER_AGENT: processEnv.TF_APPEND_USER_AGENT ?? userAgent,
      ...(pluginCache && !ownCache ? { TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true' } : {}),
    },
    warnings,
  }
}
