import type { LifecycleRule, S3Client } from '@aws-sdk/client-s3'
import type { BucketAdmin, BucketStep, BucketWish } from '../bucket.ts'
import { asking } from './s3-asking.ts'
import { type S3StoreOptions, s3Client } from './s3-client.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

/** Makes buckets in S3 what they are to be. */
export function s3Admin(options: Pick<S3StoreOptions, 'url' | 'region' | 'endpoint' | 'credentials'>): BucketAdmin {
  const ask = asking(options.url)
  let opened: Promise<S3Client> | undefined
  const client = () => {
    opened ??= s3Client(options, () => {})
    return opened
  }
  /** What S3 answers of one setting; undefined where it has none. */
  const look = async <T>(what: string, send: (sdk: Sdk, s3: S3Client) => Promise<T>): Promise<T | undefined> => {
    const [sdk, s3] = await Promise.all([import('@aws-sdk/client-s3'), client()])
    const found = await ask(`tell ${what}`, ['missing'], () => send(sdk, s3))
    return found.kind === 'done' ? found.value : undefined
  }
  const make = async (what: string, send: (sdk: Sdk, s3: S3Client) => Promise<unknown>): Promise<void> => {
    const [sdk, s3] = await Promise.all([import('@aws-sdk/client-s3'), client()])
    await ask(what, [], () => send(sdk, s3))
  }
  const policyOf = async (Bucket: string) => {
    const found = await look('its policy', (sdk, s3) => s3.send(new sdk.GetBucketPolicyCommand({ Bucket })))
    return found?.Policy === undefined ? undefined : (JSON.parse(found.Policy) as Policy)
  }
  const rulesOf = async (Bucket: string) =>
    (await look('its rules', (sdk, s3) => s3.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }))))
      ?.Rules ?? []

  return {
    async steps(wish) {
      const Bucket = wish.bucket
      const exists = await look('whether it exists', (sdk, s3) => s3.send(new sdk.HeadBucketCommand({ Bucket })))
      if (exists === undefined)
        return (['create', 'block-public', 'ownership', 'versions', 'encryption', 'policy', 'lifecycle'] as const).map(
          (kind): BucketStep => ({ kind, now: kind === 'create' ? 'there is no such bucket' : '' }),
        )
      const [block, owner, versions, encryption, policy, rules] = await Promise.all([
        look('its access block', (sdk, s3) => s3.send(new sdk.GetPublicAccessBlockCommand({ Bucket }))),
        look('its ownership', (sdk, s3) => s3.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }))),
        look('its versions', (sdk, s3) => s3.send(new sdk.GetBucketVersioningCommand({ Bucket }))),
        look('its encryption', (sdk, s3) => s3.send(new sdk.GetBucketEncryptionCommand({ Bucket }))),
        policyOf(Bucket),
        rulesOf(Bucket),
      ])
      const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } =
        block?.PublicAccessBlockConfiguration ?? {}
      const steps: (BucketStep | false)[] = [
        !(BlockPublicAcls && BlockPublicPolicy && IgnorePublicAcls && RestrictPublicBuckets) && {
          kind: 'block-public',
          now: 'public access is not blocked',
        },
        owner?.OwnershipControls?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerEnforced' && {
          kind: 'ownership',
          now: 'objects may have owners of their own',
        },
        versions?.Status !== 'Enabled' && { kind: 'versions', now: `versions are ${versions?.Status ?? 'off'}` },
        encryption?.ServerSideEncryptionConfiguration?.Rules?.[0] === undefined && {
          kind: 'encryption',
          now: 'no encryption is set',
        },
        !same(mergedPolicy(policy, wish), policy) && { kind: 'policy', now: 'requests without TLS are not refused' },
        !same(mergedRules(rules, wish), rules) && { kind: 'lifecycle', now: `${rules.length} rules, not all of ours` },
      ]
      return steps.filter((it) => it !== false)
    },

    async carryOut(wish, { kind }) {
      const Bucket = wish.bucket
      switch (kind) {
        case 'create': {
          // The oldest region is the one that has no name here.
          const place =
            wish.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: wish.region } }
          return make('make it', (sdk, s3) =>
            s3.send(
              new sdk.CreateBucketCommand({
                Bucket,
                ...(place as { CreateBucketConfiguration?: { LocationConstraint: 'EU' } }),
              }),
            ),
          )
        }
        case 'block-public':
          return make('block public access', (sdk, s3) =>
            s3.send(
              new sdk.PutPublicAccessBlockCommand({
                Bucket,
                PublicAccessBlockConfiguration: {
                  BlockPublicAcls: true,
                  BlockPublicPolicy: true,
                  IgnorePublicAcls: true,
                  RestrictPublicBuckets: true,
                },
              }),
            ),
          )
        case 'ownership':
          return make('take ownership', (sdk, s3) =>
            s3.send(
              new sdk.PutBucketOwnershipControlsCommand({
                Bucket,
                OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
              }),
            ),
          )
        case 'versions':
          return make('keep versions', (sdk, s3) =>
            s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
          )
        case 'encryption': {
          const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }]
          return make('encrypt', (sdk, s3) =>
            s3.send(new sdk.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } })),
          )
        }
        case 'policy': {
          const Policy = JSON.stringify(mergedPolicy(await policyOf(Bucket), wish))
          return make('set its policy', (sdk, s3) => s3.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy })))
        }
        case 'lifecycle': {
          const Rules = mergedRules(await rulesOf(Bucket), wish)
          return make('set its rules', (sdk, s3) =>
            s3.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })),
          )
        }
      }
    },
  }
}

interface Policy {
  readonly Version: string
  readonly Statement: readonly { readonly Sid?: string }[]
}

/** The policy with our statements in place of what had their names; others' are kept. */
function mergedPolicy(found: Policy | undefined, { policy }: BucketWish): Policy {
  const ours = policy.Statement.map(({ Sid }) => Sid)
  const others = (found?.Statement ?? []).filter(({ Sid }) => Sid === undefined || !ours.includes(Sid))
  return { Version: found?.Version ?? policy.Version, Statement: [...others, ...policy.Statement] }
}

function mergedRules(found: readonly LifecycleRule[], { rules, prefix }: BucketWish): LifecycleRule[] {
  const own = rules.map(({ id, tag = '', days, oldDays }): LifecycleRule => {
    const Tag = { Key: 'airlock', Value: tag }
    return {
      ID: id,
      Status: 'Enabled',
      Filter: prefix === '' ? { Tag } : { And: { Prefix: `${prefix}/`, Tags: [Tag] } },
      ...(days !== undefined && { Expiration: { Days: days } }),
      NoncurrentVersionExpiration: { NoncurrentDays: oldDays },
    }
  })
  const leftovers: LifecycleRule = {
    ID: 'airlock-leftovers',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { ExpiredObjectDeleteMarker: true },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  }
  return [...found.filter(({ ID }) => !ID?.startsWith('airlock-')), ...own, leftovers]
}

/** Whether two settings say the same; the order of keys is none of it. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]))
}
