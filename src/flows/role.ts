import type { EnvChange } from '../credentials/credentials.ts'
import { instanceSettings } from '../settings.ts'
import type { Instance } from '../stacks/instance.ts'
import { type MapValue, type Value, valueAt } from '../stacks/value.ts'
import type { World } from './world.ts'

/** What a run of Terraform is allowed to do: look, or change. */
export type Acts = 'plan' | 'apply'

/**
 * The role in the cloud for an instance's runs of Terraform: `settings.airlock.auth`, else the identity that Atmos' `auth` names as
 * the default, else `integrations.github.gitops.role`; undefined: what the environment has.
 */
export function roleOf({ sections }: Pick<Instance, 'sections'>, acts: Acts): string | undefined {
  return (
    instanceSettings(sections).auth[acts] ??
    atmosRole(sections) ??
    textAt(sections, ['settings', 'integrations', 'github', 'gitops', 'role', acts])
  )
}

/**
 * The role of the one identity that is the default, if GitHub's token alone leads to it. One that is reached through another
 * identity, a permission set or a user is for Atmos to log in to, before Airlock runs.
 */
function atmosRole(sections: MapValue): string | undefined {
  const identities = valueAt(sections, ['auth', 'identities'])
  if (identities?.kind !== 'map') return undefined
  const defaults = [...identities.entries.values()].filter((it) => isTrue(valueAt(it, ['default'])))
  const [identity, second] = defaults
  if (identity === undefined || second !== undefined) return undefined
  const isRole = textAt(identity, ['kind']) === 'aws/assume-role'
  return isRole && valueAt(identity, ['via', 'identity']) === undefined
    ? textAt(identity, ['principal', 'assume_role'])
    : undefined
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'scalar' && value.value === true
}

function textAt(value: Value, path: readonly string[]): string | undefined {
  const found = valueAt(value, path)
  return found?.kind === 'scalar' && typeof found.value === 'string' && found.value !== '' ? found.value : undefined
}

/** The role with which this process works on an instance; undefined where it takes no roles. */
export function actingRole(
  { acts = 'plan', credentials }: Pick<World, 'acts' | 'credentials'>,
  instance: Pick<Instance, 'sections'>,
) {
  return credentials && roleOf(instance, acts)
}

/** What the environment of an instance's run needs, so that it acts as the instance's role and as nobody else. */
export async function roleEnv(
  world: Pick<World, 'acts' | 'credentials'>,
  instance: Pick<Instance, 'sections'>,
): Promise<EnvChange> {
  const role = actingRole(world, instance)
  return role === undefined ? {} : ((await world.credentials?.forRole(role)) ?? {})
}
