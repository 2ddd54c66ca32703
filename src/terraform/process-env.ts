import { handedOn } from '../secrets.ts'

/** Variables of the outer process that would change what Terraform does behind the job's back. */
const meddling = /^(TF_VAR_|TF_CLI_ARGS|TF_LOG|TF_WORKSPACE$|TF_DATA_DIR$|TF_INPUT$|TF_REATTACH_PROVIDERS$|TF_IGNORE$)/

/**
 * The whole environment of a Terraform process: the outer one without what would meddle, then the job's variables over
 * it (undefined removes one), then what we need. So `TF_VAR_*`, `TF_CLI_ARGS*`, `TF_WORKSPACE`, `TF_DATA_DIR` and
 * `TF_LOG*` of the outer process do not reach Terraform (logs would show secrets), though credentials and
 * `TF_CLI_CONFIG_FILE` do; a job may give any of them but `TF_DATA_DIR`, since the working copy is the instance's own.
 *
 * A job asks for the shared plugin cache as Atmos does: it sets `TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE`, and no
 * `TF_PLUGIN_CACHE_DIR` of its own.
 */
export function terraformEnv(
  outer: Readonly<Record<string, string | undefined>>,
  job: Readonly<Record<string, string | undefined>>,
  pluginCache: string,
): Record<string, string> {
  const kept = Object.entries(handedOn(outer)).filter(([name]) => !meddling.test(name))
  const env = new Map<string, string | undefined>([...kept, ...Object.entries(job)])
  env.delete('TF_DATA_DIR')
  env.set('TF_IN_AUTOMATION', env.get('TF_IN_AUTOMATION') ?? 'true')
  env.set('CHECKPOINT_DISABLE', env.get('CHECKPOINT_DISABLE') ?? '1')
  if ((env.get('TF_PLUGIN_CACHE_DIR') ?? '') === '')
    env.set('TF_PLUGIN_CACHE_DIR', env.get('TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE') ? pluginCache : undefined)
  return Object.fromEntries([...env].filter((entry): entry is [string, string] => entry[1] !== undefined))
}
