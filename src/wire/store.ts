import { homedir } from 'node:os'
import { join } from 'node:path'
import { storeSettings } from '../flows/store-settings.ts'
import type { World } from '../flows/world.ts'
import { keepingTags } from '../records/keeping.ts'
import type { Settings, StoreRole, StoreSettings } from '../settings.ts'
import type { BucketAdmin } from '../store/bucket.ts'
import { fsStore } from '../store/drivers/fs.ts'
import { s3Store } from '../store/drivers/s3.ts'
import { s3Admin } from '../store/drivers/s3-admin.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../store/vault.ts'
import { defaultBranch, type Here } from './place.ts'

/** What somebody knows better than the settings: actions, which stand in a job with a role. */
export interface StoreChoice {
  /** A store that is open already. */
  readonly store?: Store
  /** Which of `integrations.airlock.store.roles` to take; none: what the environment has. */
  readonly role?: StoreRole
  /** Environment variables with the keys of a role. */
  readonly keysOf?: (role: string) => Promise<Readonly<Record<string, string | undefined>>>
  /** Where records lie if the settings name no bucket; undefined: beside the repository. */
  readonly folder?: string
  /** The protected branch, whose settings count; undefined: GitHub's default branch in a job, else origin's. */
  readonly branch?: string
}

/** The store of a repository: where the settings of its protected branch say, else one folder for all its worktrees. */
export async function openStore(
  { repo, ambient }: Pick<World, 'repo' | 'ambient'>,
  choice: StoreChoice = {},
): Promise<Store> {
  const branch = choice.branch ?? defaultBranch(ambient.env)
  return choice.store ?? storeOf({ repo, ambient }, await storeSettings({ repo, ambient }, branch), choice)
}

/** The store that settings name, or that somebody knows better. */
export function storeOf(
  { repo, ambient }: Pick<World, 'repo' | 'ambient'>,
  { store }: Settings,
  choice: StoreChoice,
): Store {
  if (store === undefined) return fsStore({ folder: choice.folder ?? join(repo.commonDir, 'airlock') })
  const { role, keysOf } = choice
  const arn = role && store.roles[role]
  const keys = arn !== undefined && keysOf ? { credentials: async () => awsKeys(await keysOf(arn), askAgainMs) } : {}
  return s3Store({ ...bucketIn(store, ambient.env), ...keys, tags: keepingTags })
}

/** How a bucket is reached with what the environment has; without keys there, the SDK looks where it always does. */
function bucketIn({ url, region, endpoint }: Pick<StoreSettings, 'url' | 'region' | 'endpoint'>, env: Here['env']) {
  const hasKeys = env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY && !env.AWS_PROFILE
  return {
    url,
    region: region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined),
    endpoint,
    ...(hasKeys && { credentials: async () => awsKeys(env) }),
  }
}

function awsKeys(env: Here['env'], lifeMs?: number) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) throw new Error('no keys came for a role')
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    ...(lifeMs !== undefined && { expiration: new Date(Date.now() + lifeMs) }),
  }
}

/** Keys of a role are asked for again after this long: whoever hands them out knows when they end. */
const askAgainMs = 10 * 60_000

/** The team's keys where there are any; a job that tries Airlock without a store has a key of its own; else the machine's. */
export async function vaultOf({ recipients, store }: Settings, env: Here['env']): Promise<Vault> {
  const isJob = env.GITHUB_ACTIONS === 'true'
  if (recipients.length === 0 && !isJob) {
    const { ageVault } = await import('../store/drivers/age.ts')
    return ageVault({ folder: join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'airlock') })
  }
  const { recipientVault, throwAwayVault } = await import('../store/drivers/recipients.ts')
  if (recipients.length === 0 && store === undefined) return throwAwayVault()
  return recipientVault({ recipients, identities: env.AIRLOCK_AGE_IDENTITY, readsKey: env.AIRLOCK_READS_KEY })
}

/** What makes a bucket what it is to be, with the credentials of the environment. */
export function openBucketAdmin(at: Pick<StoreSettings, 'url' | 'region' | 'endpoint'>, env: Here['env']): BucketAdmin {
  return s3Admin(bucketIn(at, env))
}

/** New keys for a team: `airlock store keygen`. */
export async function newStoreKeys(): Promise<{ identity: string; recipient: string; readsKey: string }> {
  const { newTeamKeys } = await import('../store/drivers/recipients.ts')
  return newTeamKeys()
}
