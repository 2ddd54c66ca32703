import { UserError } from '../error.ts'
import type { Settings } from '../settings.ts'
import type { BucketAdmin, BucketStep, BucketWish, KeepingRule } from '../store/bucket.ts'
import { checkout } from './checkout.ts'
import { environmentOf } from './environment.ts'
import { bucketPolicy, type StoreDesign } from './provision-roles.ts'
import type { World } from './world.ts'

/** What a person says of the store; what is left out is found out. */
export interface ProvisionRequest {
  readonly bucket?: string
  readonly prefix?: string
  readonly region?: string
  readonly repository?: string
  readonly ownerId?: number
  readonly repositoryId?: number
  readonly environments?: readonly string[]
}

type Needs = Pick<World, 'repo' | 'ambient'>

/**
 * The store that settings and flags ask for.
 * @throws UserError `bucket-unknown`, `region-unknown`, `repository-unknown`, `environments-unknown`
 */
export async function storeDesign(
  world: Needs,
  { store }: Pick<Settings, 'store'>,
  request: ProvisionRequest,
  arns: Pick<StoreDesign, 'provider' | 'account'>,
): Promise<StoreDesign> {
  const [, named, folder] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(store?.url ?? '') ?? []
  const bucket = request.bucket ?? named
  if (bucket === undefined)
    throw unknown(
      'bucket-unknown',
      'no bucket is named',
      'give --bucket NAME, or set integrations.airlock.store to s3://bucket/prefix',
    )
  const region = request.region ?? store?.region ?? world.ambient.env.AWS_REGION ?? world.ambient.env.AWS_DEFAULT_REGION
  if (region === undefined)
    throw unknown(
      'region-unknown',
      `no region is named for ${bucket}`,
      'give --region, or set integrations.airlock.store.region',
    )
  const repository = request.repository ?? repositoryIn((await world.repo.config('remote.origin.url')) ?? '')
  if (repository === undefined)
    throw unknown(
      'repository-unknown',
      'which repository on GitHub this is cannot be told from origin',
      'give --repository OWNER/NAME',
    )
  const environments = request.environments ?? (await environmentsOf(world))
  if (environments.length === 0)
    throw unknown(
      'environments-unknown',
      'no environment is named, and the stacks have no instances to tell them from',
      'give --environment dev,prod: roles trust environments by name, never by a pattern',
    )
  const { ownerId, repositoryId } = request
  return {
    bucket,
    prefix: request.prefix ?? (request.bucket === undefined ? (folder ?? '') : ''),
    region,
    repository,
    ids: ownerId === undefined || repositoryId === undefined ? undefined : { owner: ownerId, repository: repositoryId },
    environments,
    ...arns,
  }
}

/** How long things are kept: records for ever; sealed plans a month longer than they may be applied. */
export function keepingRules({ planDays }: Pick<Settings, 'planDays'>): KeepingRule[] {
  return [
    { id: 'airlock-plans', tag: 'plan', days: planDays + 30, oldDays: 7 },
    { id: 'airlock-inbox', tag: 'inbox', days: 30, oldDays: 7 },
    { id: 'airlock-answers', tag: 'answer', days: 30, oldDays: 1 },
    { id: 'airlock-models', tag: 'model', days: 400, oldDays: 30 },
    { id: 'airlock-errored', tag: 'errored', days: undefined, oldDays: 365 },
    { id: 'airlock-events', tag: 'event', days: undefined, oldDays: 90 },
    { id: 'airlock-documents', tag: 'document', days: undefined, oldDays: 90 },
  ]
}

/** What the bucket of a design is to be. */
export function bucketWish(design: StoreDesign, settings: Pick<Settings, 'planDays'>): BucketWish {
  const { bucket, prefix, region } = design
  return { bucket, prefix, region, policy: bucketPolicy(design), rules: keepingRules(settings) }
}

/** Makes the bucket, or says what would be done. */
export async function provisionBucket(
  admin: BucketAdmin,
  wish: BucketWish,
  { really, done }: { readonly really: boolean; done?(step: BucketStep): void },
): Promise<BucketStep[]> {
  const steps = await admin.steps(wish)
  if (really)
    for (const step of steps) {
      await admin.carryOut(wish, step)
      done?.(step)
    }
  return steps
}

/** Environments of all instances that can be applied, as the work tree has them. */
async function environmentsOf(world: Needs): Promise<string[]> {
  const { inventory } = await checkout(world, undefined)
  const runnable = [...inventory.values()].filter(({ abstract, enabled }) => !abstract && enabled)
  return [...new Set(runnable.map(environmentOf))].sort()
}

/** `Acme/infra` of an address at GitHub, its letters as they are. */
function repositoryIn(url: string): string | undefined {
  return /[/:]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(url)?.[1]
}

function unknown(code: string, message: string, fix: string): UserError {
  return new UserError({ code, message, fix, exit: 2 })
}
